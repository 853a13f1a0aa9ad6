"""Inspectors' words beside an advert that is being written while a newer inspection is published."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.core import clock
from portal.core.access import Actor
from portal.core.database import Database
from portal.inspections.queries import quotation_choices
from portal.vacancies.models import Vacancy
from portal.vacancies.writing import queries
from portal.vacancies.writing.models import VacancyDraft
from portal.vacancies.writing.service import from_advert, open_working_copy, start_draft
from tests.support.client import SAME_ORIGIN, JudgingClient, field_values, find_form
from tests.support.inspections import make_inspection
from tests.vacancies.writing.pages import prefix, send
from tests.vacancies.writing.samples import make_ready

BY = Actor(id=None, name="Robin Example", kind="staff")


def open_with_evidence(db: Database, *, opened: bool) -> tuple[str, int]:
    """Reference of an open advert that names a quotation, and that; `opened`: it is being changed."""
    at = clock.now()
    past = at - timedelta(days=3)
    with db.transaction() as session:
        quotation = quotation_choices(session)[0].id
        values = {"submitted_at": past, "approved_at": past, "publish_at": past, "evidence": [quotation]}
        vacancy = make_ready(session, at, **values)
        if opened:
            open_working_copy(session, vacancy, by=BY, at=at)
        return vacancy.reference, quotation


def publish_newer(db: Database) -> int:
    """A newer inspection; its quotation."""
    with db.transaction() as session:
        return make_inspection(session).quotations[0].id


def advert(session: Any, reference: str) -> Vacancy:
    found = queries.advert(session, reference)
    assert found is not None
    return found


def kept_evidence(session: Any, reference: str) -> list[str]:
    """What the working copy has stored."""
    kept = queries.answers_kept(session, VacancyDraft(reference=reference).holder, clock.now())
    return list(kept.answers["steps"]["team"]["evidence"])


def test_a_working_copy_that_names_an_older_inspection_can_be_sent(hr: JudgingClient, db: Database) -> None:
    reference, quotation = open_with_evidence(db, opened=True)
    with db.reading() as session:
        assert kept_evidence(session, reference) == [str(quotation)]
    publish_newer(db)
    answer = send(hr, reference)
    assert answer.status_code == 303, answer.page.main.text
    with db.reading() as session:
        assert advert(session, reference).evidence == []


def test_what_is_opened_then_names_none_of_it(hr: JudgingClient, db: Database) -> None:
    reference, quotation = open_with_evidence(db, opened=False)
    at = clock.now()
    with db.transaction() as session:
        copy = start_draft(
            session, from_advert(advert(session, reference), relist=False), prefix="SCC-CS", by=BY, at=at
        )
        assert kept_evidence(session, copy.reference) == [str(quotation)]
    publish_newer(db)
    with db.transaction() as session:
        found = advert(session, reference)
        copy = start_draft(session, from_advert(found, relist=False), prefix="SCC-CS", by=BY, at=at)
        open_working_copy(session, found, by=BY, at=at)
        assert kept_evidence(session, copy.reference) == []
        assert kept_evidence(session, reference) == []


def test_the_page_offers_the_newer_words_and_keeps_what_is_chosen(hr: JudgingClient, db: Database) -> None:
    reference, quotation = open_with_evidence(db, opened=True)
    newer = publish_newer(db)
    path = f"{prefix(reference)}/team"
    form = field_values(find_form(hr.get(path).page, {"about_team"}, None))
    ticked = hr.post(path, data={**form, "evidence": str(quotation)}, headers=SAME_ORIGIN)
    assert ticked.status_code == 422
    assert "an inspection has been published since" in ticked.page.errors[0]
    assert hr.post(path, data={**form, "evidence": str(newer)}, headers=SAME_ORIGIN).status_code == 303
    assert send(hr, reference).status_code == 303
    with db.reading() as session:
        assert advert(session, reference).evidence == [newer]
