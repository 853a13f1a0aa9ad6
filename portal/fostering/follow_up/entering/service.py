"""Accepting an enquiry that a member of staff typed in: the same record, received when it reached us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.council import Council
from portal.fostering.models import Enquiry
from portal.fostering.options import Channel
from portal.fostering.service import insert_once, new_enquiry, note_acceptance, queue_answers


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """How an enquiry came; `received_at` is in UTC."""

    channel: Channel
    received_at: datetime
    hub_ref: str = ""


def enter_enquiry(
    session: Session,
    answers: Mapping[str, Any],
    snapshot: dict[str, Any],
    *,
    arrival: Arrival,
    submission_key: str,
    by: Actor,
    at: datetime,
    council: Council,
    form_version: str,
) -> Enquiry:
    """Write the enquiry with its links, audit event and the word to the team; one submission gives one.

    Nothing is mailed to the household now, whom somebody has talked to or written with.
    """
    enquiry = new_enquiry(
        answers,
        snapshot,
        submission_key=submission_key,
        channel=arrival.channel,
        by=by,
        at=arrival.received_at,
        council=council,
        form_version=form_version,
    )
    enquiry.hub_origin = arrival.channel is Channel.HUB
    enquiry.hub_ref = arrival.hub_ref or None
    if enquiry.updates_opt_in:
        enquiry.updates_opt_in_at = at
    first = insert_once(session, enquiry, council)
    if first is enquiry:
        note_acceptance(session, enquiry, by=by, at=at)
        queue_answers(session, enquiry, council, at=at)
    return first
