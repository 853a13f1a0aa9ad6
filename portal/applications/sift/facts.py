"""What is recorded with a move: dates that follow from it, dates that somebody enters, and the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import InterviewMode
from portal.applications.reasons import Reason, essential_criteria, reason_of, reasons_for
from portal.applications.transitions import ENDED, NEEDS_REASON
from portal.core.errors import InvalidInput
from portal.core.wording import local_date

LONGEST_NOTE = 1_000
FURTHEST = timedelta(days=366)
"""Nobody is invited to an interview, and hardly anybody starts, more than a year ahead."""
LONG_AGO = timedelta(days=31)
BEFORE_SENT = "The first day must not be before the application was sent"

KEPT = (
    *("status", "status_since", "outcome_reasons", "shortlisted_at", "interview_at"),
    *("interview_mode", "interview_place", "withdrawn_from"),
    *("offered_at", "accepted_at", "starts_on", "decided_at"),
)
"""What a move may overwrite; an undo puts back all of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """What somebody enters with a move."""

    reasons: tuple[str, ...] = ()
    note: str = ""
    interview_at: datetime | None = None
    interview_mode: InterviewMode | None = None
    interview_place: str = ""
    starts_on: date | None = None


class Dates(TypedDict, total=False):
    """What has a time or a place of its own."""

    interview_at: datetime | None
    interview_mode: InterviewMode | None
    interview_place: str
    starts_on: date | None


def before_of(application: Application) -> dict[str, Any]:
    """What an undo will need, as JSON."""
    return {name: packed(getattr(application, name)) for name in KEPT}


def packed(value: Any) -> Any:
    """An instant or a day as text; everything else is JSON already."""
    return value.isoformat() if isinstance(value, date) else value


def put_back(application: Application, before: dict[str, Any]) -> None:
    """Restore what a move overwrote, to the microsecond."""
    for name in KEPT:
        setattr(application, name, unpacked(name, before[name]))


def unpacked(name: str, value: Any) -> Any:
    """The column’s value again."""
    if value is None:
        return None
    if name in ("status", "withdrawn_from"):
        return Status(value)
    if name == "interview_mode":
        return InterviewMode(value)
    if name == "starts_on":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name.endswith(("_at", "_since")) else value


def check(application: Application, to: Status, entered: Entered, *, hr: bool, at: datetime) -> None:
    """Raise InvalidInput, beside its field, for what is missing or cannot be."""
    check_reasons(application, to, entered, hr=hr)
    if len(entered.note) > LONGEST_NOTE:
        raise InvalidInput("note", f"Note must be {LONGEST_NOTE:,} characters or fewer")
    if to is Status.INTERVIEW_INVITED:
        check_interview(entered.interview_at, entered.interview_mode, entered.interview_place, at)
    if to is Status.STARTED:
        check_start(entered.starts_on, application.submitted_at, at)
    if to is Status.CLEARED and entered.starts_on:
        check_agreed(entered.starts_on, application.submitted_at, at)


def check_reasons(application: Application, to: Status, entered: Entered, *, hr: bool) -> None:
    """A negative outcome has its reasons, and nothing else has any."""
    codes = entered.reasons
    offered = reasons_for(to, hr=hr)
    if to not in NEEDS_REASON:
        if codes:
            raise InvalidInput("reasons", f"“{to.label}” takes no reason")
        return
    if not codes:
        raise InvalidInput("reasons", f"Select why it becomes “{to.label}”")
    if any(code.partition(":")[0] not in offered for code in codes):
        raise InvalidInput("reasons", "Select reasons from the list")
    chosen = [reason_of(code) for code in codes]
    if Reason.ESSENTIAL in chosen:
        check_criteria(application, codes)
    if Reason.OTHER in chosen and not entered.note.strip():
        raise InvalidInput("note", "Enter what the other reason is")


def check_criteria(application: Application, codes: Sequence[str]) -> None:
    """Which criteria were not met, where the advert has any."""
    known = {f"{Reason.ESSENTIAL}:{number}" for number, _wording in essential_criteria(application.advert)}
    named = {code for code in codes if code.partition(":")[0] == Reason.ESSENTIAL}
    if known and not (named and named <= known):
        raise InvalidInput("criteria", "Select which essential criteria are not met")


def check_interview(
    interview_at: datetime | None, mode: InterviewMode | None, place: str, at: datetime
) -> None:
    """An interview lies ahead, within a year; whoever is to come is told where."""
    if interview_at is None:
        raise InvalidInput("interview_on", "Enter the day of the interview")
    if interview_at <= at:
        raise InvalidInput("interview_on", "The interview must be in the future")
    if interview_at > at + FURTHEST:
        raise InvalidInput("interview_on", "The interview must be within a year")
    if mode is InterviewMode.IN_PERSON and not place.strip():
        raise InvalidInput("interview_place", "Enter where the interview takes place")


def check_start(starts_on: date | None, sent_at: datetime, at: datetime) -> None:
    """Whoever has started did so today or before, and after applying.

    An application is kept for so long after this day: a wrong year would delete it the next night.
    """
    if starts_on is None:
        raise InvalidInput("starts_on", "Enter the first day")
    if starts_on > local_date(at):
        raise InvalidInput("starts_on", "The first day must be today or in the past")
    if starts_on < local_date(sent_at):
        raise InvalidInput("starts_on", BEFORE_SENT)


def check_agreed(agreed_on: date, sent_at: datetime, at: datetime) -> None:
    """A first day that was agreed lies ahead, or not long behind: some offers are confirmed late."""
    if agreed_on > local_date(at) + FURTHEST:
        raise InvalidInput("agreed_on", "The first day must be within a year")
    if agreed_on < local_date(sent_at):
        raise InvalidInput("agreed_on", BEFORE_SENT)
    if agreed_on < local_date(at) - LONG_AGO:
        raise InvalidInput("agreed_on", f"The first day must not be more than {LONG_AGO.days} days ago")


def apply(application: Application, to: Status, entered: Entered, at: datetime) -> None:
    """Set the status and what goes with it. The first shortlisting is the one that counts."""
    if to is Status.POST_ENDED:
        application.withdrawn_from = application.status
    application.status, application.status_since = to, at
    application.outcome_reasons = list(entered.reasons)
    if to is Status.SHORTLISTED:
        application.shortlisted_at = application.shortlisted_at or at
    if to is Status.INTERVIEW_INVITED:
        application.interview_at = entered.interview_at
        application.interview_mode = entered.interview_mode
        application.interview_place = entered.interview_place or None
    if to is Status.OFFERED:
        application.offered_at = at
    if to is Status.CHECKS:
        application.accepted_at = at
    if to in (Status.CLEARED, Status.STARTED) and entered.starts_on:
        application.starts_on = entered.starts_on
    if to in ENDED | {Status.OFFERED}:
        application.decided_at = at
