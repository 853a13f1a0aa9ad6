"""Names of templates: given once, however they are capitalised and however close together they are saved."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.database import Database
from portal.vacancies.writing.models import VacancyTemplate
from tests.support.client import JudgingClient
from tests.vacancies.writing.pages import begin

BY = Actor(id=None, name="Robin Example", kind="staff")


def row(name: str) -> dict[str, Any]:
    at = clock.now()
    return {
        "name": name,
        "version": 1,
        "answers": {},
        "created_at": at,
        "updated_at": at,
        "updated_by_name": BY.name,
    }


def save_as(hr: JudgingClient, reference: str, name: str) -> Any:
    """Keep the texts of this writing under a new name."""
    path = f"/staff/vacancies/{reference}/save-as-template"
    return hr.post_form(path, {"keep_as": "new", "name": name})


def names(db: Database) -> list[str]:
    with db.reading() as session:
        return sorted(session.scalars(select(VacancyTemplate.name)))


@pytest.fixture
def somebody_is_quicker() -> Any:
    """From now on, whoever writes a template finds that its name was taken after they had looked."""

    def take(session: Session, *_: Any) -> None:
        for template in [*session.new, *session.dirty]:
            if isinstance(template, VacancyTemplate):
                session.connection().execute(insert(VacancyTemplate).values(**row(template.name)))

    def begin_to() -> None:
        event.listen(Session, "before_flush", take)

    yield begin_to
    if event.contains(Session, "before_flush", take):
        event.remove(Session, "before_flush", take)


def test_two_who_save_one_name_at_once_are_told_and_keep_what_they_typed(
    hr: JudgingClient, db: Database, somebody_is_quicker: Any
) -> None:
    reference = begin(hr)
    somebody_is_quicker()
    answer = save_as(hr, reference, "Social worker")
    assert answer.status_code == 422
    assert "already a template of this name" in answer.page.errors[0]
    assert answer.page.by_id("name")["value"] == "Social worker"


def test_so_are_two_who_rename_to_it(hr: JudgingClient, db: Database, somebody_is_quicker: Any) -> None:
    with db.transaction() as session:
        number = session.scalars(insert(VacancyTemplate).values(**row("First")).returning(VacancyTemplate.id))
        path = f"/staff/vacancies/templates/{number.one()}/rename"
    somebody_is_quicker()
    answer = hr.post_form(path, {"name": "Second"})
    assert answer.status_code == 422
    assert "already a template of this name" in answer.page.errors[0]
    assert names(db) == ["First"]


def test_capitals_make_no_other_name_in_any_alphabet(hr: JudgingClient, db: Database) -> None:
    reference = begin(hr)
    assert save_as(hr, reference, "Élan école").status_code == 303
    assert save_as(hr, reference, "éLAN ÉCOLE").status_code == 422
    assert names(db) == ["Élan école"]
    with db.reading() as session:
        number = session.scalars(select(VacancyTemplate.id)).one()
    own = hr.post_form(f"/staff/vacancies/templates/{number}/rename", {"name": "ÉLAN ÉCOLE"})
    assert own.status_code == 303
    assert names(db) == ["ÉLAN ÉCOLE"]
