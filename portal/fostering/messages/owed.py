"""The letter that a family is owed after a visit or a closing: by when, and how late it is."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from portal.council import FosteringTeam
from portal.fostering.clocks import visit_letter_due
from portal.fostering.limits import Lateness, lateness_of_letter
from portal.fostering.models import Enquiry
from portal.fostering.options import Status

AFTER_CLOSING = "The letter after the closing"
AFTER_VISIT = "The letter after the visit"


class LetterDue(NamedTuple):
    """Which letter, in words that are the same for every reason and every way of writing it, and by when."""

    what: str
    due_at: datetime
    lateness: Lateness


def letter_due(enquiry: Enquiry, team: FosteringTeam, at: datetime) -> LetterDue | None:
    """The clock of the letter that this family waits for; None where it waits for none."""
    since = enquiry.letter_owed_since
    if since is None:
        return None
    due_at = visit_letter_due(since, team)
    what = AFTER_CLOSING if enquiry.status is Status.CLOSED else AFTER_VISIT
    return LetterDue(what, due_at, lateness_of_letter(due_at, team, at))
