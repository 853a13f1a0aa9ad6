"""What lists and exports read of a history, taken from the answers when they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.applications.history.free_mail import is_free_mail
from portal.applications.history.months import Month
from portal.applications.history.options import Contact, Flag, Level, RefereeKind, WorkKind
from portal.applications.history.record import QUALIFICATIONS, REFEREE_LIST, History, Post, history_of
from portal.applications.history.relatives import sounds_like_family
from portal.journeys.answers import Answers, Stored
from portal.journeys.engine import Facts

COLUMN = 200
"""Characters that a column of an application holds."""

LEVELS = [Level.OTHER, *(level for level in Level if level is not Level.OTHER)]
"""Lowest first; what nobody could place comes before all."""

AT_WORK = frozenset(kind for kind in RefereeKind if kind is not RefereeKind.PERSONAL)
"""Referees who write for an organisation."""


WORK_BESIDE_EDUCATION = 60
"""Months in which pupils and students have jobs; longer, and leaving education is dated too late."""


@dataclass(frozen=True, slots=True)
class HistoryFacts:
    """What a history comes to."""

    highest_qualification: str | None
    current_employer: str | None
    current_job_title: str | None
    gap_count: int
    """Gaps between learning and work, all of them explained."""
    flags: list[str]


def facts_of_history(answers: Answers, on: date, facts: Facts) -> HistoryFacts:
    """The facts at the day of sending; `facts` are the journey's, with the council's shortest gap."""
    history = history_of(answers, Month.on(on), facts)
    current = current_post(history)
    return HistoryFacts(
        highest_qualification=highest_qualification(history),
        current_employer=fitting(employer_of(current.answers)) if current else None,
        current_job_title=fitting(str(current.answers.get("title") or "")) if current else None,
        gap_count=len(history.gaps),
        flags=[flag.value for flag in Flag if raised(flag, history)],
    )


def earliest_work(history: History) -> Month:
    """Work from before this month does not fit with when full-time education was left.

    No gap is found before that, so somebody who gives it too late, or says that they never left, is to be
    looked at: for them all work counts.
    """
    left = history.left_education
    return left.plus(-WORK_BESIDE_EDUCATION) if left is not None else history.now.plus(1)


def fitting(text: str) -> str | None:
    """Text as the column holds it; none where there is none."""
    return (text if len(text) <= COLUMN else f"{text[: COLUMN - 1]}…") or None


def current_post(history: History) -> Post | None:
    """What somebody does now; paid work before other work, the newest first."""
    current = [post for post in history.posts if post.current]
    return min(current, key=lambda post: post.answers.get("post_type") == WorkKind.VOLUNTARY, default=None)


def employer_of(job: Stored) -> str:
    """The employer; for agency work with the organisation where the work is."""
    employer, placement = str(job.get("employer") or ""), job.get("placement")
    return f"{employer} (placed with {placement})" if placement else employer


def highest_qualification(history: History) -> str | None:
    """The highest that is finished; else the highest that somebody studies for."""
    held = [item.answers for item in history.entries(QUALIFICATIONS)]
    best = max(held, key=rank, default=None)
    if best is None:
        return None
    words = ", ".join(str(best[name]) for name in ("title", "subject") if best.get(name))
    return fitting(f"{words} (still studying)" if best.get("finished") == "no" else words)


def rank(qualification: Stored) -> tuple[bool, int, str]:
    """Finished before unfinished, then by level, then by how new it is."""
    level = qualification.get("level")
    place = LEVELS.index(Level(level)) if level in LEVELS else 0
    awarded = Month.read(qualification.get("awarded"))
    return (qualification.get("finished") != "no", place, awarded.code if awarded else "")


def raised(flag: Flag, history: History) -> bool:
    """Whether HR is to look at this."""
    referees = [item.answers for item in history.entries(REFEREE_LIST)]
    if flag is Flag.FREE_MAIL:
        return any(
            referee.get("referee_kind") in AT_WORK and is_free_mail(str(referee.get("email") or ""))
            for referee in referees
        )
    if flag is Flag.RELATIVE:
        return any(sounds_like_family(str(referee.get("relationship") or "")) for referee in referees)
    if flag is Flag.EDUCATION:
        return any(post.started < earliest_work(history) for post in history.posts)
    if flag is Flag.ASK_FIRST:
        return any(referee.get("contact") == Contact.ASK_FIRST for referee in referees)
    return not history.has_worked
