"""A history as values: what the answers say of learning, work and explanations. Half-filled entries count
for nothing until their dates can be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.applications.history.gaps import Gap, find_gaps
from portal.applications.history.months import Month
from portal.applications.history.spans import Span, uncovered
from portal.journeys.answers import Answers, Item, Stored

LEFT_EDUCATION, QUALIFICATIONS, COURSES = "left-education", "qualifications", "training"
WORKED, JOBS, GAPS, REFEREE_LIST = "work", "jobs", "gaps", "referees"
"""Addresses of the pages."""

YES = "yes"


@dataclass(frozen=True, slots=True)
class Post:
    """A job whose dates can be read; `ended` is None for one that goes on."""

    started: Month
    ended: Month | None
    answers: Stored

    @property
    def current(self) -> bool:
        """Whether somebody still does it."""
        return self.ended is None

    @property
    def with_children(self) -> bool:
        """Whether it was work with children."""
        return self.answers.get("with_children") == YES

    def span(self, now: Month) -> Span:
        """The months that it covers."""
        return Span(self.started, now if self.ended is None else self.ended)


def post_of(answers: Stored) -> Post | None:
    """A job as a value, if its dates can be read."""
    started, ended = Month.read(answers.get("start")), Month.read(answers.get("end"))
    if started is None:
        return None
    if answers.get("current") == YES:
        return Post(started, None, answers)
    return Post(started, ended, answers) if ended is not None and ended >= started else None


def newest_first(answers: Stored) -> tuple[int, int, int]:
    """Sorts jobs: what cannot be read yet, then what goes on, then by end and beginning, the latest first."""
    post = post_of(answers)
    if post is None:
        return (0, 0, 0)
    ended = post.started if post.ended is None else post.ended
    return (1 if post.current else 2, 0 if post.current else -ended.number, -post.started.number)


def newest_gap_first(answers: Stored) -> int:
    """Sorts explanations by the gap, the latest first."""
    span = explained(answers)
    return -span.first.number if span is not None else 0


def study_of(answers: Stored, now: Month) -> Span | None:
    """The months of full-time study for a qualification, where its beginning was given."""
    started = Month.read(answers.get("start"))
    ended = now if answers.get("finished") == "no" else Month.read(answers.get("awarded"))
    return Span(started, ended) if started is not None and ended is not None else None


def explained(answers: Stored) -> Span | None:
    """The months that an explanation covers: those it was given for."""
    first, last = Month.read(answers.get("first")), Month.read(answers.get("last"))
    return Span(first, last) if first is not None and last is not None else None


@dataclass(frozen=True)
class History:
    """What the answers come to at a month."""

    answers: Answers
    now: Month
    shortest_gap: int = 1

    def entries(self, slug: str) -> Sequence[Item]:
        """The entries of one list."""
        return self.answers.items.get(slug, ())

    @property
    def has_worked(self) -> bool:
        """Whether somebody said that they have worked."""
        return bool(self.answers.get("has_worked") == YES)

    @property
    def left_education(self) -> Month | None:
        """The month in which full-time education was first left."""
        if self.answers.get("education_left") != YES:
            return None
        return Month.read(self.answers.get("left_education"))

    @property
    def begins(self) -> bool:
        """Whether it is known where the history begins, or that it has not begun."""
        return self.answers.get("education_left") == "no" or self.left_education is not None

    @cached_property
    def posts(self) -> list[Post]:
        """The jobs, newest first; none where somebody has not worked."""
        if not self.has_worked:
            return []
        stored = sorted((item.answers for item in self.entries(JOBS)), key=newest_first)
        return [post for post in map(post_of, stored) if post is not None]

    def _lived(self) -> Iterator[Span]:
        """What work and study cover."""
        yield from (post.span(self.now) for post in self.posts)
        for item in self.entries(QUALIFICATIONS):
            study = study_of(item.answers, self.now)
            if study is not None:
                yield study

    @cached_property
    def lived(self) -> list[Span]:
        """The months of work and study."""
        return list(self._lived())

    @cached_property
    def explanations(self) -> list[Span]:
        """The months that explanations cover."""
        return [span for item in self.entries(GAPS) if (span := explained(item.answers)) is not None]

    def _gaps(self, spans: Sequence[Span]) -> list[Gap]:
        return find_gaps(self.left_education, spans, now=self.now, shortest=self.shortest_gap)

    @cached_property
    def gaps(self) -> list[Gap]:
        """The gaps between learning and work, explained or not."""
        return self._gaps(self.lived)

    @cached_property
    def unexplained(self) -> list[Gap]:
        """What is left of them when the explanations are counted."""
        return self._gaps([*self.lived, *self.explanations])

    def still_needed(self, answers: Stored) -> bool:
        """Whether an explanation is about months that learning and work leave open."""
        span = explained(answers)
        return span is None or bool(uncovered(span, self.lived))

    @property
    def newest_posts(self) -> list[Post]:
        """What somebody does now; else what they did last, several where they ended in one month."""
        current = [post for post in self.posts if post.current]
        if current or not self.posts:
            return current
        return [post for post in self.posts if post.ended == self.posts[0].ended]

    @property
    def needs_children_referee(self) -> bool:
        """Whether the last work with children is other work than the newest (domain §1.3)."""
        newest = any(post.with_children for post in self.newest_posts)
        return not newest and any(post.with_children for post in self.posts)


def history_of(answers: Answers, now: Month, facts: Stored) -> History:
    """The history that a journey's answers tell; the council says from how many months on a gap is one."""
    shortest: Any = facts.get("gap_min_months", 1)
    return History(answers, now, shortest if isinstance(shortest, int) else 1)
