"""Moving a closing time: what it may be, and what becomes of the dates after it."""

from __future__ import annotations

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
    """Move the closing time, and give the names of what was taken off; raises InvalidInput."""
    check_closing(vacancy, extension.closes_at, at)
    closes_on = local_date(extension.closes_at)
    kept = [text for text in vacancy.interview_dates if after(text, closes_on)]
    check_promise(extension.decision_promised_on, closes_on, kept)
    if extension.reason is ExtensionReason.OTHER and not extension.comment.strip():
        raise InvalidInput("comment", "Enter why the closing time is moved")
    crossed = crossed_by(vacancy, closes_on)
    if crossed and not extension.take_off:
        raise InvalidInput("take_off", f"{crossed_words(crossed)}. Take them off, or choose an earlier time")
    if "interview_dates" in crossed:
        vacancy.interview_dates = kept
    if "starts_on" in crossed:
        vacancy.starts_on = None
    vacancy.closes_at, vacancy.closed_early_at = extension.closes_at, None
    vacancy.decision_promised_on = extension.decision_promised_on
    return crossed


def check_closing(vacancy: Vacancy, closes_at: datetime, at: datetime) -> None:
    """The new time lies ahead, is later than the one before, and leaves something of the contract."""
    if closes_at <= at:
        raise InvalidInput("closes_on", "The new closing time must be in the future")
    before = vacancy.ended_at
    if before is not None and closes_at <= before:
        raise InvalidInput("closes_on", f"The new closing time must be later than {moment(before)}")
    ends_on = vacancy.contract_ends_on
    if ends_on is not None and ends_on <= local_date(closes_at):
        raise InvalidInput(
            "closes_on", f"The new closing date must be before the contract ends, {day(ends_on)}"
        )


def check_promise(promised: date | None, closes_on: date, interviews: list[str]) -> None:
    """Nobody is promised an answer before the closing day, or before they can have been interviewed."""
    if promised is None:
        return
    if promised <= closes_on:
        raise InvalidInput("decision_promised_on", f"Everyone hears by must be after {day(closes_on)}")
    last = max(map(date.fromisoformat, interviews), default=promised)
    if promised < last:
        raise InvalidInput(
            "decision_promised_on", f"Everyone hears by must not be before the last interview, {day(last)}"
        )


def crossed_by(vacancy: Vacancy, closes_on: date) -> list[str]:
    """Which dates of the advert would come before this closing day."""
    crossed = []
    if not all(after(text, closes_on) for text in vacancy.interview_dates):
        crossed.append("interview_dates")
    if vacancy.starts_on is not None and vacancy.starts_on <= closes_on:
        crossed.append("starts_on")
    return crossed


def crossed_words(crossed: list[str]) -> str:
    """What the closing time would overtake."""
    names = {"interview_dates": "interview dates", "starts_on": "the start date"}
    both = " and ".join(names[name] for name in crossed)
    return f"{both[:1].upper()}{both[1:]} would come before the new closing time"


def after(text: str, closes_on: date) -> bool:
    """Whether an ISO date is later than the closing day."""
    return date.fromisoformat(text) > closes_on
