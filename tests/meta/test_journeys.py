"""Every step of every journey: it is drawn, refuses an empty answer, and shows again what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from flask import Flask

from portal.fostering.enquire.journey import ENQUIRY
from portal.journeys.engine import Journey
from tests.fostering.households import PAGES
from tests.support.client import JudgingClient, field_values, find_form
from tests.support.routes import routes_of

Pages = Sequence[tuple[str, Mapping[str, Any]]]

JOURNEYS: dict[str, tuple[Journey, str, Pages]] = {
    "enquire": (ENQUIRY, "/fostering/enquire", PAGES),
}
"""Blueprint → journey, address, and a whole set of answers, in the order of the path."""


def test_every_journey_of_the_portal_is_here(sqlite_app: Flask) -> None:
    endpoints = {route.endpoint for route in routes_of(sqlite_app)}
    found = {name.partition(".")[0] for name in endpoints if name.endswith(".check")}
    assert found == set(JOURNEYS), "add the new journey, with answers for every step"


@pytest.mark.parametrize("name", JOURNEYS)
def test_the_answers_cover_every_step(name: str) -> None:
    journey, _prefix, pages = JOURNEYS[name]
    assert [slug for slug, _answers in pages] == [step.slug for step in journey.steps]


@pytest.mark.parametrize("name", JOURNEYS)
def test_every_step_is_drawn_refuses_nothing_and_keeps_what_is_given(
    name: str, client: JudgingClient
) -> None:
    _journey, prefix, pages = JOURNEYS[name]
    for slug, answers in pages:
        path = f"{prefix}/{slug}"
        assert client.get(path).status_code == 200
        empty = client.post_form(path, {})
        assert empty.status_code == 422, f"{slug} accepts an empty page"
        assert empty.page.errors
        assert client.post_form(path, answers).status_code == 303
        shown = field_values(find_form(client.get(path).page, set(), None))
        for field, value in answers.items():
            kept = shown.get(field, "")
            assert same(value, kept), f"{slug}: {field} was {value!r} and is shown as {kept!r}"


def same(given: object, shown: object) -> bool:
    """Whether a field shows what was typed, tidied as it may be (a postcode, a phone number)."""
    if isinstance(given, list):
        return given == (shown if isinstance(shown, list) else [shown])
    tidy = [str(text).casefold().replace(" ", "") for text in (given, shown)]
    return tidy[0] == tidy[1] or tidy[0].replace("0", "+44", 1) == tidy[1]


@pytest.mark.parametrize("name", JOURNEYS)
def test_everything_answered_stands_on_the_check_page_with_a_way_to_change_it(
    name: str, client: JudgingClient
) -> None:
    _journey, prefix, pages = JOURNEYS[name]
    for slug, answers in pages:
        client.post_form(f"{prefix}/{slug}", answers)
    page = client.get(f"{prefix}/check-answers").page
    rows = page.all(class_="govuk-summary-list__row")
    typed = [
        value
        for _slug, answers in pages
        for value in answers.values()
        if isinstance(value, str) and " " in value
    ]
    text = page.main.text
    assert not [
        value
        for value in typed
        if value not in text and value.replace(" ", "").casefold() not in text.replace(" ", "").casefold()
    ]
    changes = [link["href"] for link in page.main.all("a") if link.text.startswith("Change")]
    assert len(changes) == len(rows)
    for address in sorted(set(changes)):
        assert client.get(address.partition("#")[0]).status_code == 200


@pytest.mark.parametrize("name", JOURNEYS)
def test_an_unknown_step_is_not_there(name: str, client: JudgingClient) -> None:
    assert client.get(f"{JOURNEYS[name][1]}/no-such-step").status_code == 404
