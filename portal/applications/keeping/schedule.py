"""When an application or a draft goes, as dates alone (domain recruitment §4.3).

A record goes with the beginning of its day in London, whatever the clocks do.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from portal.applications.options import ApplicationStatus as Status
from portal.applications.transitions import ENDED
from portal.core.clock import add_months, london_instant
from portal.core.wording import local_date
from portal.council import Retention

UNSUCCESSFUL = ENDED - {Status.STARTED}


def counts_from(
    decided_at: datetime,
    campaign_ended_at: datetime | None,
    advert_ended_at: datetime | None,
    periods: Retention,
) -> datetime | None:
    """From when the period of a decided application counts: the last decision about anybody who applied.

    A campaign that drags on counts as over some months after its advert ended, for everybody who had been
    decided about by then; whoever was decided about later counts from that decision. None while it is open.
    """
    if advert_ended_at is None:
        return campaign_ended_at
    at_the_latest = max(decided_at, drags_on_from(advert_ended_at, periods))
    return min(campaign_ended_at, at_the_latest) if campaign_ended_at else at_the_latest


def drags_on_from(advert_ended_at: datetime, periods: Retention) -> datetime:
    """From when on one undecided applicant keeps nobody else’s application any longer."""
    day = add_months(local_date(advert_ended_at), periods.candidate_undecided)
    return london_instant(day, time.min)


def application_goes_on(
    status: Status, starts_on: date | None, counted_from: datetime | None, periods: Retention
) -> date | None:
    """The day; None while nobody can say: this one is not decided about, or there is no first day yet."""
    if status is Status.STARTED:
        return add_months(starts_on, periods.candidate_appointed) if starts_on else None
    if status not in UNSUCCESSFUL or counted_from is None:
        return None
    return add_months(local_date(counted_from), periods.candidate_unsuccessful)


def offer_goes_on(stands_since: datetime, starts_on: date | None, periods: Retention) -> date:
    """The day on which an offer goes that neither starts nor ends.

    Some months after its last step, or after the first day that was agreed, it counts as over like a campaign
    that drags on. Nobody knows how it ended, so the longer of both periods counts from then.
    """
    quiet_since = max(local_date(stands_since), starts_on or date.min)
    over = add_months(quiet_since, periods.candidate_undecided)
    return add_months(over, max(periods.candidate_unsuccessful, periods.candidate_appointed))


def draft_goes_on(vacancy_ended_at: datetime | None, periods: Retention) -> date | None:
    """The day on which what was begun and not sent goes; None while the advert has no end."""
    if vacancy_ended_at is None:
        return None
    return local_date(vacancy_ended_at) + timedelta(days=periods.candidate_draft_days)


def is_over(goes_on: date | None, at: datetime) -> bool:
    """Whether that day has begun in London."""
    return goes_on is not None and london_instant(goes_on, time.min) <= at
