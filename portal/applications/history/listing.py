"""What the lists of jobs and gaps show and say: jobs and gaps in one line of time, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.applications.history.gaps import Gap
from portal.applications.history.months import Month
from portal.applications.history.record import GAPS, JOBS, History, Post, explained, history_of, post_of
from portal.applications.history.spans import Span
from portal.core import clock
from portal.core.forms import Linked
from portal.journeys.answers import Stored
from portal.journeys.engine import Progress


@dataclass(frozen=True, slots=True)
class Notice:
    """A gap on a page."""

    code: str
    """The first month, which names the gap in addresses; no two gaps begin in one month."""
    dates: str
    """From month to month; one that reaches today says so."""
    message: str
    """What to do about it."""
    after_education: bool
    before: int = -1
    """The number of the job above which it stands; -1 for the end of the list."""


@dataclass(frozen=True, slots=True)
class Line:
    """When and where a job was."""

    dates: str
    place: str


def history_on(progress: Progress) -> History:
    """The history that is told so far, at this month."""
    return history_of(progress.on_path, Month.on(clock.today()), progress.facts)


def notice_of(gap: Gap, before: int = -1) -> Notice:
    """A gap in words."""
    dates = f"{gap.span.first} to now" if gap.to_now else str(gap.span)
    return Notice(gap.span.first.code, dates, message_of(gap), gap.after_education, before)


def message_of(gap: Gap) -> str:
    """What to do about a gap, in the words of the error."""
    return f"Explain the gap {gap.span.between}"


def timeline(progress: Progress) -> Mapping[str, Any]:
    """The unexplained gaps, each above the first job that began before it."""
    history = history_on(progress)
    told = [(post_of(item.answers), item) for item in progress.entries_of(JOBS)]
    posts = [post for post, _item in told]
    return {
        "gaps": [notice_of(gap, place_of(gap.span, posts)) for gap in reversed(history.unexplained)],
        "education_known": history.begins,
        "posts": [Line(period_of(post), str(item.answers.get("town") or "")) for post, item in told],
    }


def place_of(gap: Span, posts: Sequence[Post | None]) -> int:
    """The number of the first job, newest first, that began before the gap."""
    return next((number for number, post in enumerate(posts) if post and post.started < gap.first), -1)


def period_of(post: Post | None) -> str:
    """From when to when a job was done."""
    if post is None:
        return ""
    return f"{post.started} to {post.ended or 'now'}"


def gaps_and_explanations(progress: Progress) -> Mapping[str, Any]:
    """What is still to be explained, and which explanations are about time that has been filled since."""
    history = history_on(progress)
    entries = progress.entries_of(GAPS)
    return {
        "gaps": [notice_of(gap) for gap in reversed(history.unexplained)],
        "filled": [not history.still_needed(item.answers) for item in entries],
        "education_known": history.begins,
        "has_worked": history.has_worked,
    }


def unexplained_gaps(progress: Progress) -> Sequence[str]:
    """A message for each gap without an explanation, leading to it on the page."""
    history = history_on(progress)
    if not history.begins:
        return ["Enter when you left full-time education, in “Education and qualifications”"]
    return [Linked(message_of(gap), f"#gap-{gap.span.first.code}") for gap in reversed(history.unexplained)]


def gap_to_explain(progress: Progress, asked: Mapping[str, str]) -> Stored | None:
    """The months of the gap that the address names, or of the newest; None where all is explained.

    With the words for the time next to it, where there are any: it is one gap that was longer than thought.
    """
    gaps = history_on(progress).unexplained[::-1]
    named = [gap for gap in gaps if gap.span.first.code == asked.get("gap")]
    gap = next(iter(named or gaps), None)
    if gap is None:
        return None
    said = next((item.answers for item in progress.entries_of(GAPS) if touches(item.answers, gap.span)), {})
    return {**said, "first": gap.span.first.code, "last": gap.span.last.code}


def touches(explanation: Stored, gap: Span) -> bool:
    """Whether an explanation ends where the gap begins, or begins where it ends."""
    span = explained(explanation)
    return span is not None and (span.last.plus(1) == gap.first or gap.last.plus(1) == span.first)


def explained_title(answers: Stored) -> str:
    """What heads an explanation in lists and on the application."""
    span = explained(answers)
    return f"Gap {span.between}" if span is not None else ""


def explanation_heading(answers: Stored) -> str:
    """What heads the page of an explanation."""
    span = explained(answers)
    return f"Explain the gap {span.between}" if span is not None else ""


def job_title(answers: Stored) -> str:
    """Job and employer, as far as they are known."""
    return ", ".join(str(answers[name]) for name in ("title", "employer") if answers.get(name))
