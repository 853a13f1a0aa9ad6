"""Referees: who has to be among them, one mailbox each, never the candidate's own."""

from __future__ import annotations

from typing import Any

import pytest

from portal.applications.history.free_mail import is_free_mail
from portal.core.emails import same_mailbox
from tests.applications.history.example import BASE
from tests.applications.history.telling import DONE, job, left, referee
from tests.support.client import JudgingClient

EMPLOYER_MISSING = "Add a referee from your current or most recent employer"
CHILDREN_MISSING = "Add a referee from your last job working with children"
TUTOR_MISSING = "Add a tutor, teacher or lecturer as a referee, because you have not worked"
ONE_BOX = "Enter a different email address for each referee"


def tell(candidate: JudgingClient, *jobs: dict[str, str]) -> None:
    """A work history; none where there are no jobs."""
    candidate.post_form(f"{BASE}/left-education", left(60))
    candidate.post_form(f"{BASE}/work", {"has_worked": "yes" if jobs else "no"})
    for one in jobs:
        assert candidate.post_form(f"{BASE}/jobs/add", one).status_code == 303


def refused(candidate: JudgingClient, *referees: dict[str, str]) -> list[str]:
    """What is said of these referees."""
    for one in referees:
        answer = candidate.post_form(f"{BASE}/referees/add", one)
        assert answer.status_code == 303, answer.page.errors
    answer = candidate.post_form(f"{BASE}/referees", DONE)
    return answer.page.errors if answer.status_code == 422 else []


def personal(**changes: Any) -> dict[str, str]:
    return referee("personal", **changes)


def test_two_at_least_and_four_at_most(candidate: JudgingClient) -> None:
    tell(candidate, job(30))
    assert refused(candidate) == ["Add at least 2 referees", EMPLOYER_MISSING]
    assert refused(candidate, referee()) == ["Add at least 2 referees"]
    assert refused(candidate, *(personal(email=f"{number}@example.org") for number in range(3))) == []
    assert candidate.get(f"{BASE}/referees/add").location == f"{BASE}/referees"


def test_one_is_from_the_newest_employer(candidate: JudgingClient) -> None:
    tell(candidate, job(30))
    assert refused(candidate, personal(), referee("other_employer")) == [EMPLOYER_MISSING]
    assert refused(candidate, referee()) == []


def test_who_never_worked_names_a_tutor(candidate: JudgingClient) -> None:
    tell(candidate)
    assert refused(candidate, personal(), personal(email="b@example.org")) == [TUTOR_MISSING]
    assert refused(candidate, referee("academic")) == []


@pytest.mark.parametrize(
    ("jobs", "asked"),
    [
        ([job(30, with_children="yes")], False),
        ([job(30, with_children="no")], False),
        ([job(30, with_children="no"), job(50, 31, with_children="yes")], True),
        ([job(30, with_children="yes"), job(50, 31, with_children="yes")], False),
        ([job(30, 2, with_children="yes"), job(50, 31, with_children="no")], False),
        ([job(30, 2, with_children="no"), job(50, 31, with_children="yes")], True),
        ([job(30, with_children="no"), job(20, with_children="yes")], False),
        ([job(30, 2, with_children="no"), job(20, 2, with_children="yes")], False),
    ],
    ids=["does now", "never did", "did before", "does and did", "did last", "did before the last",
         "does in one of two", "did in one of the last two"],
)  # fmt: skip
def test_the_last_work_with_children_has_a_referee(
    candidate: JudgingClient, jobs: list[dict[str, str]], asked: bool
) -> None:
    tell(candidate, *jobs)
    assert refused(candidate, referee(), personal()) == ([CHILDREN_MISSING] if asked else [])
    assert refused(candidate, referee("children_employer")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("boss@example.org", "BOSS@Example.ORG"),
        ("a.boss@gmail.com", "aboss@googlemail.com"),
        ("aboss@gmail.com", "a.b.oss+work@gmail.com"),
    ],
)
def test_one_mailbox_is_one_referee(candidate: JudgingClient, one: str, other: str) -> None:
    tell(candidate, job(30))
    candidate.post_form(f"{BASE}/referees/add", referee(email=one))
    second = candidate.post_form(f"{BASE}/referees/add", personal(email=other))
    assert second.status_code == 422
    assert second.page.errors == [
        "Enter a different email address: you have given this one for Dr Ngozi Ó Briain"
    ]
    assert refused(candidate, personal(email=other, later="1")) == [ONE_BOX]


def test_a_referee_may_be_saved_again_with_their_own_address(candidate: JudgingClient) -> None:
    candidate.post_form(f"{BASE}/referees/add", referee())
    change = candidate.get(f"{BASE}/referees").page.first(class_="govuk-summary-card__action").first("a")
    answer = candidate.post_form(change["href"], {"job_title": "Head of service"})
    assert answer.location == f"{BASE}/referees"


def test_a_box_that_is_not_ticked_yet_is_no_answer(candidate: JudgingClient) -> None:
    candidate.post_form(f"{BASE}/referees/add", {"name": "Dr Ngozi Ó Briain", "later": "1"})
    card = candidate.get(f"{BASE}/referees").page.first(class_="govuk-summary-card")
    rows = {row.first("dt").text: row.first("dd").text for row in card.all(class_="govuk-summary-list__row")}
    assert rows["Not related"] == "Not answered"


def test_nobody_is_their_own_referee(candidate: JudgingClient) -> None:
    candidate.post_form(f"{BASE}/details", {"email": "zoe.example@gmail.com", **DONE})
    answer = candidate.post_form(f"{BASE}/referees/add", referee(email="ZoeExample@googlemail.com"))
    assert answer.page.errors == ["Enter the referee’s email address, not your own"]


def test_an_address_given_later_as_ones_own_makes_the_referee_incomplete(candidate: JudgingClient) -> None:
    tell(candidate, job(30))
    assert refused(candidate, referee(email="zoe@example.org"), personal()) == []
    candidate.post_form(f"{BASE}/details", {"email": "Zoe@example.org", **DONE})
    assert refused(candidate) == ["Complete or remove “Dr Ngozi Ó Briain”"]


def test_a_referee_is_no_relative_and_says_when_we_may_write(candidate: JudgingClient) -> None:
    tell(candidate, job(30))
    page = candidate.post_form(f"{BASE}/referees/add", referee(contact="", not_relative="")).page
    assert page.errors == [
        "Select yes if we can contact them before an interview",
        "Confirm that this person is not related to you",
    ]


@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh", "محمد عبد الله", "李小龙", "O’Neill-Ŵyn", "Ægir Þór"])
def test_names_of_any_script_are_kept(candidate: JudgingClient, name: str) -> None:
    tell(candidate, job(30))
    candidate.post_form(f"{BASE}/referees/add", referee(name=name))
    assert name in candidate.get(f"{BASE}/referees").page.main.text


def test_dots_count_where_they_do() -> None:
    assert not same_mailbox("a.boss@example.org", "aboss@example.org")
    assert not same_mailbox("boss@example.org", "boss@example.com")


@pytest.mark.parametrize(
    "address", ["a@gmail.com", "a@Hotmail.co.uk", "a@me.com", "a@live.co.uk", "a@mail.com"]
)
def test_a_mailbox_that_anybody_gets_is_known(address: str) -> None:
    assert is_free_mail(address)


@pytest.mark.parametrize(
    "address", ["a@southampton.gov.uk", "a@mail.example.org", "a@live.example.ac.uk", "a@gmailed.org"]
)
def test_an_organisations_mailbox_is_none(address: str) -> None:
    assert not is_free_mail(address)
