"""What somebody types on the pages of a history, with months counted from today."""

from __future__ import annotations

from typing import Any

from portal.applications.history.months import Month
from portal.core import clock


def ago(months: int) -> Month:
    """The month so many months ago."""
    return Month.on(clock.today()).plus(-months)


def typed(name: str, month: Month | None) -> dict[str, str]:
    """The two parts of a month as they are typed; nothing for none."""
    if month is None:
        return {}
    word, year = str(month).split()
    return {f"{name}-month": word, f"{name}-year": year}


def left(months: int) -> dict[str, str]:
    """Left full-time education so many months ago."""
    return {"education_left": "yes", **typed("left_education", ago(months))}


def qualification(**changes: Any) -> dict[str, str]:
    """A degree."""
    return {
        "title": "BA (Hons)", "subject": "Social work", "level": "degree",
        "institution": "A university",
        "grade": "2:1", "finished": "yes", **typed("awarded", ago(60)), **changes,
    }  # fmt: skip


def job(began: int, ended: int | None = None, **changes: Any) -> dict[str, str]:
    """A job from so many months ago until so many months ago, or until now."""
    return {
        "employer": "Example County Council", "town": "Winchester", "title": "Social worker",
        "post_type": "paid",
        "agency": "no", **typed("start", ago(began)), "current": "yes" if ended is None else "no",
        **typed("end", None if ended is None else ago(ended)), "duties": "Assessments and plans",
        "leaving_reason": "To live nearer to my family", "with_children": "yes", **changes,
    }  # fmt: skip


def referee(kind: str = "current_employer", **changes: Any) -> dict[str, str]:
    """Somebody who can speak for the candidate."""
    return {
        "referee_kind": kind, "name": "Dr Ngozi Ó Briain", "job_title": "Team manager",
        "organisation": "Example County Council", "relationship": "My line manager",
        "email": f"{kind}@example.org", **typed("known_from", ago(40)), "contact": "yes",
        "not_relative": "yes", **changes,
    }  # fmt: skip


REASON = {"reason": "travel", "explanation": "I walked from Inverness to Athens."}
DONE = {"section_completed": "yes"}
