"""When alerts look and write: pure functions of an instant and the council's settings. Mornings are London's.

A morning at seven is a morning at seven on the days when the clocks change too.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from portal.core.clock import add_months, london, london_instant
from portal.council import VacancyAlerts
from portal.vacancies.alerts.models import Frequency

ONE_DAY = timedelta(days=1)
SETTLED = timedelta(minutes=5)
"""How long ago an advert must have become public to be told: one that is being saved at this moment is told
next time, and never missed."""


def london_day(at: datetime) -> date:
    """The day on which this instant falls."""
    return london(at).date()


def next_morning(at: datetime, settings: VacancyAlerts) -> datetime:
    """The first sending time after this instant."""
    day = london_day(at)
    today = london_instant(day, settings.sending_time)
    return today if at < today else london_instant(day + ONE_DAY, settings.sending_time)


def next_look(frequency: Frequency, at: datetime, settings: VacancyAlerts) -> datetime:
    """When an alert that has just looked, or just begun, looks next."""
    first = next_morning(at, settings)
    if frequency is Frequency.DAILY:
        return first
    day = london_day(first)
    ahead = (settings.weekday_number - day.weekday()) % 7
    return london_instant(day + ahead * ONE_DAY, settings.sending_time)


def months_before(at: datetime, months: int) -> datetime:
    """The same time of the London clock, so many months earlier."""
    local = london(at)
    return london_instant(add_months(local.date(), -months), local.time())
