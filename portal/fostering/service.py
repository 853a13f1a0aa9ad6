"""Accepting an enquiry: what was answered becomes a record with a promised day, in one transaction.

Nothing here refuses anybody. Doubts become flags, likenesses become links for staff, and whoever sends is
told the same in every case.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.audit import record
from portal.core.clock import add_months, london
from portal.core.database import violates
from portal.core.jobs import enqueue
from portal.core.mail import queue_mail
from portal.core.options import Option
from portal.council import Council
from portal.fostering import clocks
from portal.fostering.area import place_of
from portal.fostering.closing import close_enquiry, reopen_enquiry
from portal.fostering.closures import Closure
from portal.fostering.events import CLOSED_UNANSWERED, ENQUIRY_ACCEPTED, REOPENED
from portal.fostering.flags import QUARANTINE, Flag, flags_for, flags_of_sending
from portal.fostering.models import Enquiry, PossibleDuplicate, name_key
from portal.fostering.options import (
    Availability,
    Channel,
    ContactMethod,
    Driver,
    EnquirerType,
    FosteringStatus,
    HeardFrom,
    Housing,
    NextStep,
    Smoking,
    SpareBedroom,
    UkResidency,
    YesNo,
    YesNoUnsure,
)
from portal.fostering.promises import ACKNOWLEDGEMENT, promised_on
from portal.fostering.queries import enquiry_by_submission, likely_same_household
from portal.fostering.references import new_reference

FOLLOW_UP = "fostering.follow_up"
CLOSE_UNANSWERED = "fostering.close_unanswered"
REFERENCE_TRIES = 20
LIKENESS = "fostering.likeness"
"""Keeps these locks apart from those of other parts."""

CODES: dict[str, type[Option]] = {
    "age_21_plus": YesNo,
    "spare_bedroom": SpareBedroom,
    "uk_residency": UkResidency,
    "fostering_status": FosteringStatus,
    "open_to_siblings": YesNoUnsure,
    "availability": Availability,
    "enquirer_type": EnquirerType,
    "housing": Housing,
    "smoking": Smoking,
    "driver": Driver,
    "contact_method": ContactMethod,
    "voicemail_ok": YesNo,
    "next_step": NextStep,
    "heard_from": HeardFrom,
}
LISTS = ("care_types", "age_groups", "experience", "pets", "contact_times")
NUMBERS = (
    "other_adults",
    "children_0_4",
    "children_5_10",
    "children_11_15",
    "children_16_17",
    "spare_bedrooms",
)
TEXTS = (
    "current_agency",
    "motivation",
    "second_first_name",
    "second_last_name",
    "postcode",
    "email",
    "phone",
    "contact_needs",
    "heard_detail",
    "utm_source",
    "utm_medium",
    "utm_campaign",
)


def accept_enquiry(
    session: Session,
    answers: Mapping[str, Any],
    snapshot: dict[str, Any],
    *,
    submission_key: str,
    channel: Channel,
    by: Actor,
    at: datetime,
    council: Council,
    form_version: str,
    signs: Iterable[str] = (),
    started_at: datetime | None = None,
) -> Enquiry:
    """Write the enquiry, its links, its audit event and its mails; one submission gives one enquiry.

    `answers` are the fields of forms.py, validated. `signs` are what the last page noticed of machines and
    `started_at` is when the first page was answered.
    """
    sending = flags_of_sending(signs, at - started_at) if started_at else []
    enquiry = new_enquiry(
        answers,
        snapshot,
        submission_key=submission_key,
        channel=channel,
        by=by,
        at=at,
        council=council,
        form_version=form_version,
        more_flags=sending,
    )
    first = insert_once(session, enquiry, council)
    if first is enquiry:
        note_acceptance(session, enquiry, by=by, at=at)
        queue_answers(session, enquiry, council, at=at)
    return first


def new_enquiry(
    answers: Mapping[str, Any],
    snapshot: dict[str, Any],
    *,
    submission_key: str,
    channel: Channel,
    by: Actor,
    at: datetime,
    council: Council,
    form_version: str,
    more_flags: Iterable[Flag] = (),
) -> Enquiry:
    """The record of these answers, received at `at`, not stored yet and without its reference."""
    enquiry = Enquiry(
        submission_key=submission_key,
        received_at=at,
        channel=channel,
        entered_by_id=by.id,
        form_version=form_version,
        notice_version=council.data_protection.notice_version,
        snapshot=snapshot,
        sla_due_at=clocks.first_contact_due(at, council.fostering),
        due_at=clocks.first_contact_due(at, council.fostering),
        **answer_columns(answers),
    )
    enquiry.updates_opt_in_at = at if enquiry.updates_opt_in else None
    set_flags(enquiry, [*flags_for(answers), *more_flags])
    set_place(enquiry)
    set_keys(enquiry)
    return enquiry


def answer_columns(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as the columns take them: what was not asked or left empty is None, or an empty list."""
    columns: dict[str, Any] = {name: answers.get(name) or None for name in TEXTS}
    columns |= {name: kind(answers[name]) if answers.get(name) else None for name, kind in CODES.items()}
    columns |= {name: list(answers.get(name) or ()) for name in LISTS}
    columns |= {name: answers.get(name) for name in NUMBERS}
    columns |= {"first_name": answers["first_name"], "last_name": answers["last_name"]}
    columns["updates_opt_in"] = answers.get("updates_opt_in") is True
    return columns


def set_flags(enquiry: Enquiry, flags: Iterable[Flag]) -> None:
    """Keep the flags; some of them mark the enquiry as perhaps a machine's."""
    enquiry.flags = [flag.value for flag in flags]
    enquiry.quarantined = bool(QUARANTINE.intersection(enquiry.flags))


def set_place(enquiry: Enquiry) -> None:
    """Where the household lives, as far as its postcode tells."""
    place = place_of(enquiry.postcode)
    enquiry.area, enquiry.area_confidence = place.area, place.confidence
    enquiry.district, enquiry.local_authority = place.district, place.local_authority


def set_keys(enquiry: Enquiry) -> None:
    """What a new enquiry is searched and compared by, and a household of its own."""
    set_name_keys(enquiry)
    enquiry.email_key = enquiry.email.lower() if enquiry.email else None
    enquiry.household_key = secrets.token_hex(16)


def set_name_keys(enquiry: Enquiry) -> None:
    """What names are searched and compared by."""
    enquiry.first_name_key = name_key(enquiry.first_name)
    enquiry.last_name_key = name_key(enquiry.last_name)
    enquiry.second_first_name_key = name_key(enquiry.second_first_name or "") or None
    enquiry.second_last_name_key = name_key(enquiry.second_last_name or "") or None


def insert_once(session: Session, enquiry: Enquiry, council: Council) -> Enquiry:
    """Insert under a new reference, linked to what looks like it; gives back the row that stands.

    A likeness is for staff to judge: each enquiry is a household of its own until they have.

    When the same submission arrives twice at once, the database lets one in and the other finds it.
    """
    wait_for_likely(session, enquiry)
    since = add_months(london(enquiry.received_at).date(), -council.fostering.duplicate_months)
    matches = likely_same_household(session, enquiry, clocks.start_of(since))
    for _ in range(REFERENCE_TRIES):
        enquiry.public_ref = new_reference(enquiry.received_at)
        try:
            with session.begin_nested():
                session.add(enquiry)
        except IntegrityError as error:
            if violates(error, "uq_fostering_enquiries_submission_key"):
                known = enquiry_by_submission(session, enquiry.submission_key)
                if known is not None:
                    return known
            if not violates(error, "uq_fostering_enquiries_public_ref"):
                raise
            continue
        session.add_all(
            PossibleDuplicate(enquiry_id=enquiry.id, other_id=match.id, matched_on=match.matched_on)
            for match in matches
        )
        return enquiry
    raise RuntimeError("no free reference was found")


def wait_for_likely(session: Session, enquiry: Enquiry) -> None:
    """Let one at a time in of enquiries that are alike: the second sees the first and is linked to it.

    SQLite has one writer anyway. PostgreSQL lets go of these locks when the transaction ends.
    """
    locks = likeness_locks(enquiry)
    if locks and session.get_bind().dialect.name == "postgresql":
        session.execute(locking(len(locks)), {f"lock_{number}": key for number, key in enumerate(locks)})


@cache
def locking(number: int) -> Select[Any]:
    """Take so many locks, `lock_0` first."""
    keys = (bindparam(f"lock_{n}", type_=BigInteger) for n in range(number))
    return select(*(func.pg_advisory_xact_lock(key) for key in keys))


def likeness_locks(enquiry: Enquiry) -> list[int]:
    """A number for each thing that is compared (queries.likely_same_household), always in the same order.

    The order keeps two that share more than one thing from waiting for each other.
    """
    compared = {
        "email": [enquiry.email_key],
        "phone": [enquiry.phone],
        "name and postcode": [enquiry.last_name_key, enquiry.postcode],
    }
    texts = ["\0".join([kind, *filter(None, parts)]) for kind, parts in compared.items() if all(parts)]
    digests = [hashlib.sha256(f"{LIKENESS}\0{text}".encode()).digest() for text in texts]
    return sorted(int.from_bytes(digest[:8], signed=True) for digest in digests)


def note_acceptance(session: Session, enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """The audit event of a new enquiry; whoever reads the log learns nothing that was answered."""
    record(
        session,
        ENQUIRY_ACCEPTED,
        by=by,
        at=at,
        subject=enquiry.public_ref,
        channel=enquiry.channel.value,
        quarantined=enquiry.quarantined,
    )


def queue_answers(session: Session, enquiry: Enquiry, council: Council, *, at: datetime) -> None:
    """An answer to the household, word to the team without personal data, and perhaps a message later."""
    if enquiry.email and enquiry.channel is Channel.WEB:
        queue_mail(
            session,
            to=enquiry.email,
            template="fostering_acknowledgement",
            facts={"reference": enquiry.public_ref, "promised_on": promised_on(enquiry)},
            at=at,
            purpose=ACKNOWLEDGEMENT,
            about=enquiry.public_ref,
        )
        if council.fostering.information_pack_url:
            enquiry.pack_settled_at = at
    queue_mail(
        session,
        to=council.fostering.alert_email,
        template="fostering_alert",
        facts={
            "reference": enquiry.public_ref,
            "area": enquiry.area.label,
            "asked_for": enquiry.next_step.label if enquiry.next_step else "not said",
            "flags": [Flag(flag).label for flag in enquiry.flags],
            "due_at": enquiry.sla_due_at,
        },
        at=at,
        purpose="fostering.alert",
        about=enquiry.public_ref,
    )
    if enquiry.next_step is NextStep.INFO_PACK_ONLY:
        run_at = max(at, clocks.follow_up_at(enquiry.received_at, council.fostering))
        enqueue(session, FOLLOW_UP, {"ref": enquiry.public_ref}, run_at=run_at, key=enquiry.public_ref)


def wants_no_call(enquiry: Enquiry) -> bool:
    """Whether they asked for the information pack only, and have not agreed on a call since."""
    return enquiry.next_step is NextStep.INFO_PACK_ONLY and not enquiry.agreed_to_call


def close_unanswered(
    session: Session, enquiry: Enquiry, *, by: Actor, at: datetime, council: Council
) -> None:
    """Close what was not answered: nothing more was promised, and nothing is due."""
    close_enquiry(session, enquiry, Closure.X01, by=by, at=at, council=council)
    record(session, CLOSED_UNANSWERED, by=by, at=at, subject=enquiry.public_ref)


def reopen(session: Session, enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """Take up an enquiry that was closed for want of an answer: its first days and its owner stay."""
    reopen_enquiry(session, enquiry, by=by, at=at, due_at=at)
    record(session, REOPENED, by=by, at=at, subject=enquiry.public_ref)
