"""How an advert's facts are said, in the list and on its own page alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from portal.core.clock import london, london_instant
from portal.core.wording import moment, plural
from portal.vacancies.models import Vacancy
from portal.vacancies.options import WorkingPattern

ONE_DAY = timedelta(days=1)
DAYS_OF_SOON = 7


def in_words(parts: Iterable[str], last: str = "and") -> str:
    """“a, b and c”; empty for none."""
    *head, tail = [*parts] or [""]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def title_and_team(vacancy: Vacancy) -> str:
    """“Social worker, Family Safeguarding”: the team only where the title does not name it."""
    title, team = vacancy.title, vacancy.team.name
    return title if team.casefold() in title.casefold() else f"{title}, {team}"


def after_the_first(labels: Sequence[str]) -> list[str]:
    """Labels as they stand in a sentence: only the first keeps its capital."""
    return [*labels[:1], *(label.lower() for label in labels[1:])]


def patterns_in_words(codes: Sequence[str]) -> str:
    """“Full time, part time or job share”."""
    return in_words(after_the_first([pattern.label for pattern in WorkingPattern if pattern in codes]), "or")


def plain_number(value: Decimal) -> str:
    """37, 22.2: no zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def hours_in_words(hours: Decimal) -> str:
    """“22.2 hours a week”."""
    return f"{plain_number(hours)} hours a week"


@lru_cache(maxsize=1024)
def closing_time(closes_at: datetime) -> str:
    """“11:59pm on Sunday 13 December 2026”; kept, because adverts close at the same few moments."""
    return moment(closes_at)


@lru_cache(maxsize=1024)
def last_day(closes_at: datetime) -> date:
    """The last day in London on which people can apply; kept for the same reason."""
    return london(closes_at - timedelta.resolution).date()


def days_left(closes_at: datetime, today: date) -> int:
    """By the calendar in London: none where it closes today, at midnight included."""
    return (last_day(closes_at) - today).days


def days_in_words(days: int) -> str:
    """“20 days left”."""
    if days <= 0:
        return "closes today"
    return "closes tomorrow" if days == 1 else f"{plural(days, 'day')} left"


def time_left(closes_at: datetime, at: datetime) -> str:
    """“20 days left”."""
    return days_in_words(days_left(closes_at, london(at).date()))


def closes_soon(closes_at: datetime, at: datetime) -> bool:
    """Whether a week or less is left; it changes at midnight, as the days left do."""
    return days_left(closes_at, london(at).date()) <= DAYS_OF_SOON


def soon_ends(at: datetime) -> datetime:
    """What closes by this instant, the midnight that ends a day a week ahead, closes soon."""
    return london_instant(london(at).date() + (DAYS_OF_SOON + 1) * ONE_DAY, time())


def next_midnight(at: datetime) -> datetime:
    """When "days left" changes next: the coming midnight in London."""
    return london_instant(london(at).date() + ONE_DAY, time())


def enough_time(days: int) -> str:
    """How long people should have to apply: said where the closing date is chosen, and where it is near."""
    return f"Leave at least {plural(days, 'day')} if you can"
