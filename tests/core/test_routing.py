"""Slashes too many or too few at the end of an address; nothing else is mended, never to another host."""

from __future__ import annotations

import pytest

from tests.support.client import SAME_ORIGIN, JudgingClient


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/vacancies/", "/vacancies"),
        ("/fostering/", "/fostering"),
        ("/privacy/", "/privacy"),
        ("/fostering/enquire/about-you/", "/fostering/enquire/about-you"),
        ("/vacancies/?q=social+worker&page=2", "/vacancies?q=social+worker&page=2"),
        ("/fostering/?utm_source=%C3%A9%0d%0aX", "/fostering?utm_source=%C3%A9%0d%0aX"),
    ],
)
def test_a_slash_too_many_leads_to_the_page(
    client: JudgingClient, method: str, typed: str, meant: str
) -> None:
    answer = client.open(typed, method=method)
    assert (answer.status_code, answer.location) == (308, meant)


@pytest.mark.parametrize(
    ("typed", "meant"), [("/staff", "/staff/"), ("/fostering/enquire?a=1", "/fostering/enquire/?a=1")]
)
def test_a_slash_too_few_leads_to_the_page(client: JudgingClient, typed: str, meant: str) -> None:
    answer = client.get(typed)
    assert answer.status_code == 308
    assert answer.location in (meant, f"https://portal.example.org{meant}")


@pytest.mark.parametrize(
    "typed",
    [
        "/nowhere/",
        "/vacancies//",
        "//evil.example/",
        "///evil.example/",
        "//evil.example/vacancies/",
        "/\\evil.example/",
        "/%2f%2fevil.example/",
        "/%2Fvacancies/",
        "/static/",
        "/vacancies/%2e%2e/",
    ],
)
def test_what_is_nowhere_stays_nowhere(client: JudgingClient, typed: str) -> None:
    answer = client.open(path=typed, base_url="https://portal.example.org")
    while answer.status_code in (301, 308):
        assert answer.location.startswith(("https://portal.example.org/", "/")), answer.location
        assert not answer.location.startswith(("//", "/\\")), answer.location
        answer = client.open(
            path=answer.location.removeprefix("https://portal.example.org"),
            base_url="https://portal.example.org",
        )
    assert answer.status_code in (200, 404)


@pytest.mark.parametrize(
    "typed", ["/staff", "/vacancies/", "/fostering/enquire", "/fostering/enquire/about-you/"]
)
def test_nothing_that_changes_is_sent_on(client: JudgingClient, typed: str) -> None:
    assert client.post(typed, data={"form_end": "1"}, headers=SAME_ORIGIN).status_code == 404
