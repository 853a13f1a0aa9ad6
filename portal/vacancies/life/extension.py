"""Moving a closing time: what it may be, and what becomes of the dates after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.errors import InvalidInput
from portal.core.wording import day, local_date, moment
from portal.vacancies.models import Vacancy
from portal.vacancies.options import ExtensionReason


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """A later closing time, why, and by when everyone is told then."""

    closes_at: datetime
    reason: ExtensionReason
    comment: str = ""
    decision_promised_on: date | None = None
    take_off: bool = False
    """Whether dates that would come before the new closing time are taken off the advert."""


def apply_extension(vacancy: Vacancy, extension: Extension, at: datetime) -> list[str]:
    """Move the closing time; gives the names of what was taken off. Raises InvalidInput with all reasons."""
    refused = list(against(vacancy, extension, at))
    if refused:
        first, *others = refused
        raise InvalidInput(first.field, first.message, also=others)
    closes_on = local_date(extension.closes_at)
    crossed = crossed_by(vacancy, closes_on)
    if "interview_dates" in crossed:
        vacancy.interview_dates = kept_interviews(vacancy, closes_on)
    if "starts_on" in crossed:
        vacancy.starts_on = None
    vacancy.closes_at, vacancy.closed_early_at = extension.closes_at, None
    vacancy.decision_promised_on = extension.decision_promised_on
    return crossed


def against(vacancy: Vacancy, extension: Extension, at: datetime) -> Iterator[InvalidInput]:
    """Everything that stands against it, in the order of the page; nothing about dates after a wrong one."""
    wrong = why_not_close(vacancy, extension.closes_at, at)
    if wrong:
        yield InvalidInput("closes_on", wrong)
    if extension.reason is ExtensionReason.OTHER and not extension.comment.strip():
        yield InvalidInput("other", "Enter what the reason is")
    if wrong:
        return
    closes_on = local_date(extension.closes_at)
    if broken := why_not_promise(vacancy, extension.decision_promised_on, closes_on):
        yield InvalidInput("decision_promised_on", broken)
    crossed = crossed_by(vacancy, closes_on)
    if crossed and not extension.take_off:
        yield InvalidInput("take_off", f"{crossed_words(crossed)}. Take them off, or choose an earlier time")


def why_not_close(vacancy: Vacancy, closes_at: datetime, at: datetime) -> str:
    """The new time lies ahead, is later than the one before, and leaves something of the contract."""
    if closes_at <= at:
        return "The new closing time must be in the future"
    before, ends_on = vacancy.ended_at, vacancy.contract_ends_on
    if before is not None and closes_at <= before:
        return f"The new closing time must be later than {moment(before)}"
    if ends_on is not None and ends_on <= local_date(closes_at):
        return f"The new closing date must be before the contract ends, {day(ends_on)}"
    return ""


def why_not_promise(vacancy: Vacancy, promised: date | None, closes_on: date) -> str:
    """Nobody is promised an answer before the closing day, or before they can have been interviewed."""
    if promised is None:
        return ""
    if promised <= closes_on:
        return f"Everyone hears by must be after {day(closes_on)}"
    last = max(map(date.fromisoformat, kept_interviews(vacancy, closes_on)), default=promised)
    if promised < last:
        return f"Everyone hears by must not be before the last interview, {day(last)}"
    return ""


def crossed_by(vacancy: Vacancy, closes_on: date) -> list[str]:
    """Which dates of the advert would come before this closing day."""
    crossed = []
    if kept_interviews(vacancy, closes_on) != vacancy.interview_dates:
        crossed.append("interview_dates")
    if vacancy.starts_on is not None and vacancy.starts_on <= closes_on:
        crossed.append("starts_on")
    return crossed


def crossed_words(crossed: list[str]) -> str:
    """What the closing time would overtake."""
    names = {"interview_dates": "interview dates", "starts_on": "the start date"}
    both = " and ".join(names[name] for name in crossed)
    return f"{both[:1].upper()}{both[1:]} would come before the new closing time"


def kept_interviews(vacancy: Vacancy, closes_on: date) -> list[str]:
    """The interview days, as ISO dates, that are later than this closing day."""
    return [text for text in vacancy.interview_dates if date.fromisoformat(text) > closes_on]
