"""Pages of applying: half a page kept, over-long text kept and not sent, words back, closed adverts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.applications.candidates.models import ApplicationDraft
from portal.applications.models import Application
from portal.core import clock
from portal.core.database import Database
from portal.core.wording import day
from portal.council import load_council
from portal.journeys.models import Draft
from portal.vacancies.models import ServiceTeam, Vacancy
from portal.vacancies.options import AnswerStyle
from tests.applications.apply.filling import base, begin, complete_draft, open_vacancy
from tests.applications.history.telling import referee
from tests.support.client import JudgingClient
from tests.support.naughty import NAUGHTY
from tests.support.people import SignInCandidate


def steps(db: Database) -> dict[str, dict[str, object]]:
    with db.reading() as session:
        return session.scalars(select(Draft)).one().answers.get("steps", {})


def test_a_visitor_signs_in_first_and_comes_back(client: JudgingClient, vacancy: Vacancy) -> None:
    page = client.get(f"/vacancies/{vacancy.slug}/apply")
    assert "no-store" not in page.headers.get("Cache-Control", "")
    link = page.page.first("a", class_="govuk-button--start")
    assert link is not None
    answer = client.get(link["href"])
    assert answer.status_code == 303
    assert answer.location.startswith("/applications/sign-in?next=")


def test_it_can_be_gone_on_with_from_another_device(
    db: Database, vacancy: Vacancy, candidate: JudgingClient, sign_in_candidate: SignInCandidate
) -> None:
    begin(candidate, vacancy)
    candidate.post_form(f"{base(vacancy)}/details", {"given_names": "Ngozi", "section_completed": "no"})
    phone = sign_in_candidate(candidate=candidate.person)
    assert phone.get(f"/applications/begin/{vacancy.reference}").location == f"{base(vacancy)}/"
    assert "In progress" in phone.get(f"{base(vacancy)}/").text
    assert 'value="Ngozi"' in phone.get(f"{base(vacancy)}/details").text


def test_text_that_is_too_long_is_kept_but_neither_completed_nor_sent(
    db: Database, candidate: JudgingClient
) -> None:
    with db.transaction() as session:
        vacancy = open_vacancy(session, answer_style=AnswerStyle.STATEMENT)
    complete_draft(db, vacancy, candidate.person)
    words = "All the words of a long working life. " * 1_000
    there = f"{base(vacancy)}/statement"
    refused = candidate.post_form(there, {"statement": words, "section_completed": "yes"})
    assert refused.status_code == 422
    assert refused.page.errors == [
        "Supporting statement must be 8,000 characters or less. You can save it now and shorten it later"
    ]
    assert words.strip() in refused.text
    kept = candidate.post_form(there, {"statement": words, "section_completed": "no"})
    assert kept.status_code == 303
    assert steps(db)["statement"] == {"statement": words.strip()}
    assert "In progress" in candidate.get(f"{base(vacancy)}/").text
    assert candidate.get(f"{base(vacancy)}/check-answers").location == f"{base(vacancy)}/?unfinished=1"


def test_the_limit_stands_on_the_page_for_those_without_scripts(
    db: Database, candidate: JudgingClient
) -> None:
    with db.transaction() as session:
        vacancy = open_vacancy(session, answer_style=AnswerStyle.STATEMENT)
    begin(candidate, vacancy)
    assert "You can enter up to 8000 characters" in candidate.get(f"{base(vacancy)}/statement").text


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Social worker", "Social worker, Family Safeguarding"),
        ("Social worker, family safeguarding", "Social worker, family safeguarding"),
    ],
)
def test_the_team_is_named_once(db: Database, candidate: JudgingClient, title: str, heading: str) -> None:
    with db.transaction() as session:
        vacancy = open_vacancy(session, title=title)
        session.get_one(ServiceTeam, vacancy.team_id).name = "Family Safeguarding"
    start = f"/vacancies/{vacancy.slug}/apply"
    for path in (start, f"/applications/begin/{vacancy.reference}"):
        assert candidate.get(path).page.main.first(class_="govuk-caption-l").text == heading
    begin(candidate, vacancy)
    assert candidate.get(f"{base(vacancy)}/").page.main.first(class_="govuk-body-l").text.startswith(heading)


def test_deleting_is_offered_on_the_list_of_sections_only(vacancy: Vacancy, candidate: JudgingClient) -> None:
    begin(candidate, vacancy)
    links = candidate.get(f"{base(vacancy)}/").page.links()
    assert f"{base(vacancy)}/delete-answers" in links
    assert f"{base(vacancy)}/" not in links
    for path in ("details", "referees", "referees/add", "criterion-1"):
        links = candidate.get(f"{base(vacancy)}/{path}").page.links()
        assert f"{base(vacancy)}/delete-answers" not in links
        assert f"{base(vacancy)}/" in links


def test_the_accounts_address_is_shown_to_be_checked_and_leads_nowhere(
    db: Database, vacancy: Vacancy, candidate: JudgingClient
) -> None:
    complete_draft(db, vacancy, candidate.person)
    page = candidate.get(f"{base(vacancy)}/check-answers").page
    rows = {
        row.first(class_="govuk-summary-list__key").text: row.first("a")
        for row in page.all(class_="govuk-summary-list__row")
    }
    assert candidate.person.email in page.main.text
    assert rows["Given names"] is not None
    assert rows["Town or city"] is not None
    own = page.first(class_="govuk-summary-list__row--no-actions")
    assert own.first("dt").text == "Email address"
    assert own.first("a") is None


def test_nobody_is_their_own_referee_even_before_the_details_are_saved(
    vacancy: Vacancy, candidate: JudgingClient
) -> None:
    begin(candidate, vacancy)
    mine = referee(email=candidate.person.email.upper())
    answer = candidate.post_form(f"{base(vacancy)}/referees/add", mine)
    assert answer.page.errors == ["Enter the referee’s email address, not your own"]


def test_the_caption_counts_the_criteria(vacancy: Vacancy, candidate: JudgingClient) -> None:
    begin(candidate, vacancy)
    caption = candidate.get(f"{base(vacancy)}/criterion-2").page.first(class_="govuk-caption-l")
    assert caption.text.startswith("Criterion 2 of ")


def test_words_come_back_after_the_session_has_ended(
    db: Database, vacancy: Vacancy, candidate: JudgingClient
) -> None:
    begin(candidate, vacancy)
    page = candidate.get(f"{base(vacancy)}/criterion-1").page
    form = next(form for form in page.all("form") if form.first("textarea"))
    body = {
        field["name"]: field.get("value") or ""
        for field in form.all("input")
        if field.get("type") == "hidden"
    }
    name = form.first("textarea")["name"]  # type: ignore[index]
    candidate.delete_cookie("__Host-session", domain="portal.example.org")
    answer = candidate.post(
        f"{base(vacancy)}/criterion-1",
        data={**body, name: "Words that took an evening"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 303
    assert answer.location.startswith("/applications/sign-in")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_closed_advert_says_so(db: Database, candidate: JudgingClient) -> None:
    with db.transaction() as session:
        vacancy = open_vacancy(session, closes_at=clock.now() - timedelta(days=1))
    page = candidate.get(f"/vacancies/{vacancy.slug}/apply")
    assert page.status_code == 200
    assert page.page.h1 == "You can no longer apply for this post"
    days = load_council().retention.candidate_draft_days
    assert f"We delete them on {day(clock.today() + timedelta(days=days - 1))}" in page.page.main.text
    for path in (f"/applications/begin/{vacancy.reference}", f"{base(vacancy)}/"):
        assert candidate.get(path).location == f"/vacancies/{vacancy.slug}/apply"
    with db.transaction() as session:
        session.execute(update(Vacancy).values(cancelled_at=clock.now()))
    assert "We withdrew this vacancy" in candidate.get(f"/vacancies/{vacancy.slug}/apply").text


def test_long_after_closing_nothing_is_said_to_be_kept(db: Database, client: JudgingClient) -> None:
    with db.transaction() as session:
        ago = {"publish_at": 300, "approved_at": 300, "closes_at": 200}
        times = {name: clock.now() - timedelta(days=days) for name, days in ago.items()}
        vacancy = open_vacancy(session, **times)
    text = client.get(f"/vacancies/{vacancy.slug}/apply").page.main.text
    assert "We delete them" not in text
    assert "was deleted on" in text


def test_nothing_is_known_of_an_advert_that_is_not_published(db: Database, candidate: JudgingClient) -> None:
    with db.transaction() as session:
        vacancy = open_vacancy(session, publish_at=clock.now() + timedelta(days=1))
    for path in (
        f"/vacancies/{vacancy.slug}/apply",
        f"/applications/begin/{vacancy.reference}",
        f"{base(vacancy)}/",
        "/applications/for/APP-NOBODY99/",
    ):
        assert candidate.get(path).status_code == 404


def test_deleting_takes_answers_and_row(db: Database, vacancy: Vacancy, candidate: JudgingClient) -> None:
    begin(candidate, vacancy)
    answer = candidate.post_form(f"{base(vacancy)}/delete-answers", action=f"{base(vacancy)}/delete-answers")
    assert candidate.follow(answer).page.h1 == "Your application was deleted"
    with db.reading() as session:
        assert not session.scalars(select(Draft)).all()
        assert not session.scalars(select(ApplicationDraft)).all()


def test_nobody_reads_or_changes_another_persons_draft(
    db: Database, vacancy: Vacancy, candidate: JudgingClient, sign_in_candidate: SignInCandidate
) -> None:
    complete_draft(db, vacancy, candidate.person)
    other = sign_in_candidate()
    assert other.get(f"{base(vacancy)}/details").location == f"/vacancies/{vacancy.slug}/apply"
    begin(other, vacancy)
    assert "Example Street" not in other.get(f"{base(vacancy)}/details").text
    assert other.get(f"{base(vacancy)}/referees/item-of-a-test-00").status_code == 404


def test_hostile_text_is_kept_as_it_was_typed_and_breaks_nothing(
    db: Database, vacancy: Vacancy, candidate: JudgingClient
) -> None:
    complete_draft(db, vacancy, candidate.person)
    candidate.any_quotes = True
    there = f"{base(vacancy)}/criterion-1"
    name = next(iter(steps(db)["criterion-1"]))
    for text in NAUGHTY[::7]:
        answer = candidate.post_form(there, {name: text})
        assert answer.status_code in (303, 422), text
        if answer.status_code == 303:
            assert candidate.get(f"{base(vacancy)}/check-answers").status_code == 200
    with db.reading() as session:
        assert not session.scalars(select(Application)).all()
