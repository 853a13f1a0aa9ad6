"""The application form as the tests of every journey walk it: an advert, its pages in order, entries."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Mapping, Sequence
from typing import Any

from portal.applications.apply.journey import journey_for
from portal.applications.apply.needs import needs_of
from portal.applications.apply.queries import vacancy_to_apply_for
from portal.core.database import Database
from portal.vacancies.models import Vacancy
from tests.applications.apply.filling import PAGES, base, begin, open_vacancy, statement_pages
from tests.support.client import JudgingClient

REFERENCE = "SCC-CS-2026-7777"
ENTRIES: dict[str, Sequence[Mapping[str, Any]]] = {
    slug: [typed for path, typed in PAGES if path == f"{slug}/add"]
    for slug in ("qualifications", "jobs", "referees")
}


def advertise(db: Database) -> None:
    """Make the advert, once."""
    with db.transaction() as session:
        open_vacancy(session, reference=REFERENCE)


def advert_of(client: JudgingClient) -> Vacancy:
    """The advert."""
    with client.application.extensions["portal.database"].reading() as session:
        found = vacancy_to_apply_for(session, REFERENCE)
    assert found is not None
    return found


def begin_address(client: JudgingClient) -> str:
    """Begin; gives where the form lives."""
    vacancy = advert_of(client)
    assert begin(client, vacancy).status_code == 303
    return base(vacancy)


def whole(client: JudgingClient) -> list[tuple[str, dict[str, Any]]]:
    """Every page with its answers, in the order of the path."""
    vacancy = advert_of(client)
    typed: dict[str, dict[str, Any]] = dict(
        [*((path, page) for path, page in PAGES if "/" not in path), *statement_pages(vacancy)]
    )
    typed["registration"] = {**typed["registration"], "swe_number": "SW123"}  # as the register writes it
    return [(slug, in_numbers(typed.get(slug, {}))) for slug in slugs(client)]


def in_numbers(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The same with months as the form shows them again."""
    months = {name: str(number) for number, name in enumerate(month_name) if name}
    return {name: months.get(value, value) for name, value in typed.items()}


def slugs(client: JudgingClient) -> list[str]:
    """The pages of the form for this advert."""
    return [step.slug for step in journey_for(needs_of(advert_of(client))).steps]
