"""Rows of the lists as they are drawn; who somebody is, only where the veil lets it be seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from portal.applications import veil
from portal.applications.apply.options import RegistrationStatus
from portal.applications.history.options import Flag
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import RightToWork, Tab
from portal.applications.transitions import ENDED
from portal.core.wording import local_date, short_day, short_moment
from portal.vacancies.options import Status as VacancyStatus

REGISTRATION = {
    RegistrationStatus.APPLIED.value: "Has applied for registration",
    RegistrationStatus.QUALIFYING.value: "Due to qualify",
    RegistrationStatus.LAPSED.value: "Was registered before",
    RegistrationStatus.NONE.value: "Not registered",
}


RIGHT_TO_WORK = {
    RightToWork.LIMITED: "Right to work: with a time limit",
    RightToWork.SPONSORSHIP: "Right to work: would need sponsorship",
    RightToWork.UNSURE: "Right to work: is not sure",
}
"""What is looked at before somebody is shortlisted; it names nobody, so the veil lets it be seen."""

FLAGS = {
    Flag.FREE_MAIL.value: "Look at a referee’s email address",
    Flag.RELATIVE.value: "A referee may be family",
    Flag.EDUCATION.value: "Work and education do not fit together",
    Flag.ASK_FIRST.value: "Ask before writing to a referee",
    Flag.NEVER_WORKED.value: "Has not worked",
}
"""Flags in a few words; the application’s page has the whole of them."""

LATE = "Sent just after closing, within the time allowed"
ADMITTED = "Sent after closing, admitted late by HR"


class Counted(NamedTuple):
    """One vacancy with its counts."""

    reference: str
    title: str
    team: str
    manager: str
    status: str
    fresh: int
    tabs: list[tuple[Tab, int]]
    answers: int
    closes: str
    decision: str
    urgent: bool
    is_demo: bool


class Listed(NamedTuple):
    """One application in a list."""

    reference: str
    version: int
    name: str
    veiled: bool
    received: str
    late: bool
    status: Status
    since: str
    now: str
    """Their post, unless it is hidden."""
    marks: list[tuple[str, str]]
    """Words and how they are drawn, for people to look at."""
    is_demo: bool


def counted(row: Any, at: datetime) -> Counted:
    """A vacancy’s row."""
    closed = min((end for end in (row.closes_at, row.closed_early_at) if end), default=None)
    promised = row.decision_promised_on
    undecided = row.new + row.shortlisted + row.interviewing
    waiting = undecided > 0 or row.answers > 0
    late = promised is not None and promised < local_date(at) and waiting
    closes = "" if closed is None else f"{'Closes' if closed > at else 'Closed'} {short_day(closed)}"
    return Counted(
        reference=row.reference,
        title=row.title,
        team=row.team,
        manager=row.manager or "",
        status=VacancyStatus(row.status).label,
        fresh=row.fresh,
        tabs=[(tab, getattr(row, tab.value)) for tab in Tab],
        answers=row.answers,
        closes=closes,
        decision=short_day(promised) if promised else "",
        urgent=late,
        is_demo=row.is_demo,
    )


def listed(row: Any, *, anonymised: bool) -> Listed:
    """An application’s row."""
    veiled = veil.is_veiled(row, anonymised)
    post = [part for part in (row.current_job_title, row.current_employer) if part]
    return Listed(
        reference=row.reference,
        version=row.version,
        name=veil.shown_name(row, veiled),
        veiled=veiled,
        received=short_moment(row.submitted_at),
        late=row.late,
        status=row.status,
        since=since_of(row),
        now=", ".join(post),
        marks=marks_of(row),
        is_demo=row.is_demo,
    )


def since_of(row: Any) -> str:
    """The date that matters where an application stands."""
    if row.status is Status.INTERVIEW_INVITED and row.interview_at:
        return f"on {short_moment(row.interview_at)}"
    if row.status in (Status.CLEARED, Status.STARTED) and row.starts_on:
        return f"from {short_day(row.starts_on)}"
    return f"since {short_day(row.status_since)}"


def marks_of(row: Any) -> list[tuple[str, str]]:
    """What to look at: people decide what it means."""
    marks = []
    if row.disability_confident:
        marks.append(("Disability Confident", "good"))
    if row.other_schemes:
        marks.append(("Interview scheme", "good"))
    if row.late:
        marks.append((ADMITTED if row.admitted else LATE, ""))
    if row.internal:
        marks.append(("Works for the council", ""))
    if row.right_to_work in RIGHT_TO_WORK:
        marks.append((RIGHT_TO_WORK[row.right_to_work], "warn"))
    if row.registration_status not in (None, RegistrationStatus.REGISTERED):
        marks.append((REGISTRATION.get(row.registration_status, "Registration to look at"), "warn"))
    if row.gap_count:
        marks.append((f"{row.gap_count} explained {'gap' if row.gap_count == 1 else 'gaps'}", "warn"))
    marks += [(FLAGS.get(code, code.replace("_", " ").capitalize()), "warn") for code in row.flags]
    if row.status in ENDED and row.told_status is not row.status:
        marks.append(("Not told yet", "warn"))
    return marks
