"""Every step of every journey: it is drawn, refuses an empty answer, and shows again what was answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from portal.core.database import Database
from portal.fostering.enquire.journey import ENQUIRY
from portal.fostering.follow_up.entering.journey import ENTERING
from portal.journeys.engine import Journey
from portal.vacancies.writing.journey import WRITE_ADVERT
from tests.applications.apply import whole_journey as applying
from tests.fostering.households import ARRIVAL, PAGES
from tests.support.client import JudgingClient, field_values, find_form
from tests.support.people import SignIn, SignInCandidate
from tests.support.routes import routes_of
from tests.vacancies.writing import pages as writing

Pages = Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Case:
    """One journey: where somebody begins it, and a whole set of answers in the order of the path."""

    slugs: Callable[[JudgingClient], list[str]]
    """The steps of the journey, in order."""
    begin: Callable[[JudgingClient], str]
    pages: Callable[[JudgingClient], Pages]
    role: str = ""
    """Of the member of staff who goes on it, or “candidate”; empty for a visitor."""
    entries: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    nothing_needed: frozenset[str] = frozenset()
    """Pages on which nothing need be given."""
    fixed: tuple[str, ...] = ()
    """Questions that the check page shows and that cannot be changed there."""


def steps_of(journey: Journey) -> Callable[[JudgingClient], list[str]]:
    """Of a journey that is the same for everybody."""
    return lambda _client: [step.slug for step in journey.steps]


JOURNEYS: dict[str, Case] = {
    "application": Case(
        applying.slugs,
        applying.begin_address,
        applying.whole,
        role="candidate",
        entries=applying.ENTRIES,
        fixed=("email",),
    ),
    "enquire": Case(steps_of(ENQUIRY), lambda _client: "/fostering/enquire", lambda _client: PAGES),
    "fostering_entering": Case(
        steps_of(ENTERING),
        lambda _client: "/staff/fostering/enter",
        lambda _client: (("how-it-came", ARRIVAL), *PAGES),
        role="fostering",
        nothing_needed=frozenset({"fostering-and-you", "what-you-could-offer", "your-home"}),
    ),
    "vacancy_writing": Case(
        steps_of(WRITE_ADVERT),
        writing.begin_address,
        writing.whole,
        role="hr",
        entries=writing.ENTRIES,
        nothing_needed=frozenset({"team", "workload"}),
    ),
}
"""Blueprint → journey, address, and a whole set of answers."""


@pytest.fixture
def walker(
    db: Database, client: JudgingClient, sign_in: SignIn, sign_in_candidate: SignInCandidate
) -> Callable[[Case], JudgingClient]:
    """Whoever may go on a journey."""
    writing.make_teams(db)
    applying.advertise(db)

    def walk(case: Case) -> JudgingClient:
        if case.role == "candidate":
            return sign_in_candidate()
        return sign_in(case.role) if case.role else client

    return walk


def test_every_journey_of_the_portal_is_here(sqlite_app: Flask) -> None:
    endpoints = {route.endpoint for route in routes_of(sqlite_app)}
    found = {name.partition(".")[0] for name in endpoints if name.endswith(".check")}
    assert found == set(JOURNEYS), "add the new journey, with answers for every step"


@pytest.mark.parametrize("name", JOURNEYS)
def test_the_answers_cover_every_step(name: str, walker: Callable[[Case], JudgingClient]) -> None:
    case = JOURNEYS[name]
    client = walker(case)
    assert [slug for slug, _answers in case.pages(client)] == case.slugs(client)


def add_entries(client: JudgingClient, case: Case, path: str, slug: str) -> None:
    """Add every entry of a list, each once its empty page was refused."""
    for entry in case.entries.get(slug, ()):
        empty = client.post_form(f"{path}/add", {})
        assert empty.status_code == 422, f"{slug} accepts an empty entry"
        assert client.post_form(f"{path}/add", entry).status_code == 303


@pytest.mark.parametrize("name", JOURNEYS)
def test_every_step_is_drawn_refuses_nothing_and_keeps_what_is_given(
    name: str, walker: Callable[[Case], JudgingClient]
) -> None:
    case = JOURNEYS[name]
    client = walker(case)
    prefix = case.begin(client)
    for slug, answers in case.pages(client):
        path = f"{prefix}/{slug}"
        assert client.get(path).status_code == 200
        if slug not in case.nothing_needed:
            empty = client.post_form(path, {})
            assert empty.status_code == 422, f"{slug} accepts an empty page"
            assert empty.page.errors
        add_entries(client, case, path, slug)
        assert client.post_form(path, answers).status_code == 303
        shown = field_values(find_form(client.get(path).page, set(), None))
        for question, value in answers.items():
            kept = shown.get(question, "")
            assert same(value, kept), f"{slug}: {question} was {value!r} and is shown as {kept!r}"


def same(given: object, shown: object) -> bool:
    """Whether a field shows what was typed, tidied as it may be (a postcode, a phone number)."""
    if isinstance(given, list):
        return given == (shown if isinstance(shown, list) else [shown])
    tidy = [str(text).casefold().replace(" ", "") for text in (given, shown)]
    return tidy[0] == tidy[1] or tidy[0].replace("0", "+44", 1) == tidy[1]


@pytest.mark.parametrize("name", JOURNEYS)
def test_everything_answered_stands_on_the_check_page_with_a_way_to_change_it(
    name: str, walker: Callable[[Case], JudgingClient]
) -> None:
    case = JOURNEYS[name]
    client = walker(case)
    prefix, pages = case.begin(client), case.pages(client)
    for slug, answers in pages:
        for entry in case.entries.get(slug, ()):
            client.post_form(f"{prefix}/{slug}/add", entry)
        client.post_form(f"{prefix}/{slug}", answers)
    page = client.get(f"{prefix}/check-answers").page
    rows = page.all(class_="govuk-summary-list__row")
    given = [
        *(answers for _slug, answers in pages),
        *(entry for several in case.entries.values() for entry in several),
    ]
    typed = [
        value for answers in given for value in answers.values() if isinstance(value, str) and " " in value
    ]
    text = squeezed(page.main.text)
    assert not [value for value in typed if squeezed(value) not in text]
    changes = [link["href"] for link in page.main.all("a") if link.text.startswith(("Change", "Answer"))]
    assert len(changes) == len(rows) - len(case.fixed)
    for address in sorted({address.partition("#")[0] for address in changes}):
        assert client.get(address).status_code == 200


def squeezed(text: str) -> str:
    """Without white space and capitals."""
    return "".join(text.split()).casefold()


@pytest.mark.parametrize("name", JOURNEYS)
def test_an_unknown_step_is_not_there(name: str, walker: Callable[[Case], JudgingClient]) -> None:
    case = JOURNEYS[name]
    client = walker(case)
    assert client.get(f"{case.begin(client)}/no-such-step").status_code == 404
