"""One advert in a list, in words."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from portal.vacancies.options import ContractType
from portal.vacancies.pay import actual_pay, full_time_pay
from portal.vacancies.search.remembered import Listed
from portal.vacancies.wording import (
    DAYS_OF_SOON,
    closing_time,
    days_in_words,
    days_left,
    hours_in_words,
    patterns_in_words,
)

CONTRACTS = {option.value: option.label for option in ContractType}


class Card(NamedTuple):
    """One advert in the list, and where its link leads."""

    url: str
    advert: Summary


class Summary(NamedTuple):
    """What a list says of one advert: the same on a day for as long as the advert reads the same."""

    title: str
    is_demo: bool
    asye: bool
    team: str
    place: str
    pay: str
    actual_pay: str
    """For the hours of the post; empty for a full-time one."""
    hours: str
    contract: str
    summary: str
    closes: str
    left: str
    soon: bool


def card_of(row: Listed, teams: dict[int, str], path: str, query: str, today: date) -> Card:
    """A row in words; its address carries the search along, for the way back."""
    return Card(f"{path}/{row.slug}{query}", summary_of(row, teams.get(row.team_id, ""), today))


@lru_cache(maxsize=1024)
def summary_of(row: Listed, team: str, today: date) -> Summary:
    """The facts as people read them."""
    days = days_left(row.closes_at, today)
    return Summary(
        title=row.title,
        is_demo=row.is_demo,
        asye=row.asye_suitable,
        team=team,
        place=row.location_base,
        pay=full_time_pay(row),
        actual_pay=actual_pay(row),
        hours=f"{patterns_in_words(row.working_patterns.split())}, {hours_in_words(row.hours_per_week)}",
        contract=CONTRACTS[row.contract_type],
        summary=row.summary,
        closes=closing_time(row.closes_at),
        left=days_in_words(days),
        soon=days <= DAYS_OF_SOON,
    )
