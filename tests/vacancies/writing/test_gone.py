"""A page of writing that is saved after a colleague has ended the writing: no word is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from portal.core import clock
from portal.core.access import Actor
from portal.core.database import Database
from portal.journeys.models import Draft
from portal.vacancies.life.service import cancel_vacancy
from portal.vacancies.models import Vacancy
from portal.vacancies.writing import queries
from portal.vacancies.writing.models import VacancyDraft
from portal.vacancies.writing.names import STEP_ITEM
from portal.vacancies.writing.service import open_working_copy
from portal.vacancies.writing.starting import discard
from tests.support.client import SAME_ORIGIN, Answer, JudgingClient, field_values, find_form
from tests.vacancies.writing.pages import begin, prefix
from tests.vacancies.writing.samples import make_ready

BY = Actor(id=None, name="Robin Example", kind="staff")


def open_page(hr: JudgingClient, path: str, name: str) -> dict[str, Any]:
    """A page as somebody has it before them."""
    return field_values(find_form(hr.get(path).page, {name}, None))


def discard_writing(db: Database, reference: str) -> None:
    """A colleague discards it."""
    with db.transaction() as session:
        discard(session, reference, by=BY, at=clock.now())


def changed_advert(db: Database) -> str:
    """The reference of an open advert that is being changed."""
    at = clock.now()
    past = at - timedelta(days=3)
    with db.transaction() as session:
        vacancy = make_ready(session, at, submitted_at=past, approved_at=past, publish_at=past)
        open_working_copy(session, vacancy, by=BY, at=at)
        return vacancy.reference


def advert(session: Any, reference: str) -> Vacancy:
    return session.scalars(select(Vacancy).where(Vacancy.reference == reference)).one()


def assert_kept(answer: Answer, heading: str, *words: str) -> None:
    assert answer.status_code == 409
    assert heading in answer.page.h1
    assert "was not saved" in answer.page.main.text
    assert [word for word in words if word not in answer.page.main.text] == []


def test_a_page_of_writing_that_was_discarded_shows_what_was_typed(hr: JudgingClient, db: Database) -> None:
    reference = begin(hr)
    path = f"{prefix(reference)}/about"
    typed = open_page(hr, path, "summary") | {"summary": "Short", "description": "Long\n\nand thought of"}
    discard_writing(db, reference)
    answer = hr.post(path, data=typed, headers=SAME_ORIGIN)
    assert_kept(answer, "discarded", "Short", "and thought of")
    assert hr.get(path).status_code == 404
    with db.reading() as session:
        assert not session.scalars(select(Draft)).all()


@pytest.mark.parametrize("page", ["criteria/add", "criteria/{item}"])
def test_so_does_an_entry_of_a_list(hr: JudgingClient, db: Database, page: str) -> None:
    at = clock.now()
    with db.transaction() as session:
        vacancy = make_ready(session, at, submitted_at=at)
        open_working_copy(session, vacancy, by=BY, at=at)
        reference, item = vacancy.reference, STEP_ITEM.format(vacancy.criteria[0].id)
    path = f"{prefix(reference)}/{page.format(item=item)}"
    typed = open_page(hr, path, "wording") | {"wording": "Patience with families"}
    discard_writing(db, reference)
    assert_kept(hr.post(path, data=typed, headers=SAME_ORIGIN), "discarded", "Patience with families")


def test_an_advert_that_was_cancelled_says_so(hr: JudgingClient, db: Database) -> None:
    reference = changed_advert(db)
    path = f"{prefix(reference)}/about"
    typed = open_page(hr, path, "summary") | {"summary": "Mine"}
    with db.transaction() as session:
        found = advert(session, reference)
        cancel_vacancy(session, found, "No budget", version=found.version, by=BY, at=clock.now())
    assert_kept(hr.post(path, data=typed, headers=SAME_ORIGIN), "cancelled", "Mine")


def test_what_was_sent_more_than_a_day_ago_says_so(hr: JudgingClient, db: Database) -> None:
    reference = changed_advert(db)
    path = f"{prefix(reference)}/about"
    typed = open_page(hr, path, "summary") | {"summary": "Mine"}
    with db.transaction() as session:
        session.execute(delete(VacancyDraft))
        session.execute(delete(Draft))
    assert_kept(hr.post(path, data=typed, headers=SAME_ORIGIN), "sent", "Mine")


def test_writing_that_is_ended_at_the_same_moment_leaves_no_answers_behind(
    hr: JudgingClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = begin(hr)
    path = f"{prefix(reference)}/about"
    typed = open_page(hr, path, "summary") | {"summary": "Mine", "description": "My text"}
    found = queries.working_copy

    def and_then_it_is_discarded(session: Any, wanted: str) -> VacancyDraft | None:
        draft = found(session, wanted)
        discard_writing(db, wanted)
        return draft

    monkeypatch.setattr(queries, "working_copy", and_then_it_is_discarded)
    assert_kept(hr.post(path, data=typed, headers=SAME_ORIGIN), "discarded", "Mine", "My text")
    with db.reading() as session:
        assert not session.scalars(select(Draft)).all()
