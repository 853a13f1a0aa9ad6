"""One advert in a list, in words."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from portal.vacancies.options import ContractType, JobFamily
from portal.vacancies.pay import actual_pay, full_time_pay
from portal.vacancies.search.queries import Listed
from portal.vacancies.wording import closes_soon, closing_time, hours_in_words, patterns_in_words, time_left

CONTRACTS = {option.value: option.label for option in ContractType}
FAMILIES = {option.value: option.label for option in JobFamily}


class Card(NamedTuple):
    """One advert in the list."""

    url: str
    title: str
    is_demo: bool
    asye: bool
    family: str
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


def card_of(row: Listed, teams: dict[int, str], path: str, query: str, at: datetime) -> Card:
    """A row in words; its address carries the search along, for the way back."""
    return Card(
        url=f"{path}/{row.slug}{query}",
        title=row.title,
        is_demo=row.is_demo,
        asye=row.asye_suitable,
        family=FAMILIES[row.family],
        team=teams.get(row.team_id, ""),
        place=row.location_base,
        pay=full_time_pay(row),
        actual_pay=actual_pay(row),
        hours=f"{patterns_in_words(row.working_patterns)}, {hours_in_words(row.hours_per_week)}",
        contract=CONTRACTS[row.contract_type],
        summary=row.summary,
        closes=closing_time(row.closes_at),
        left=time_left(row.closes_at, at),
        soon=closes_soon(row.closes_at, at),
    )
