"""Reads of what copies are made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from portal.applications.chosen import Chosen
from portal.applications.models import Application
from portal.applications.own import own
from portal.applications.scope import in_scope
from portal.core.access import Actor
from portal.core.database import Database
from portal.vacancies.models import Vacancy

CopyRow = Row[*tuple[Any, ...]]

COLUMNS: tuple[Any, ...] = (
    Application.id,
    Application.reference,
    Application.submitted_at,
    Application.shortlisted_at,
    Application.snapshot,
    Vacancy.title.label("job_title"),
    Vacancy.reference.label("vacancy_reference"),
    Vacancy.anonymise_shortlisting.label("anonymised"),
)


def copies() -> Select[Any]:
    """Applications with what their copies say."""
    return select(*COLUMNS).join(Vacancy, Vacancy.id == Application.vacancy_id)


def own_copy(session: Session, candidate_id: int, reference: str) -> CopyRow | None:
    """A candidate’s own application."""
    wanted = copies().where(*own(reference, candidate_id))
    return session.execute(wanted).one_or_none()


def copy_for(session: Session, vacancy: str, reference: str, *, by: Actor) -> CopyRow | None:
    """An application to this vacancy that this member of staff may see."""
    wanted = copies().where(Vacancy.reference == vacancy, Application.reference == reference, in_scope(by))
    return session.execute(wanted).one_or_none()


def vacancy_of_copies(session: Session, reference: str, *, by: Actor) -> CopyRow | None:
    """The vacancy’s reference and title, where its applications are this person’s to see."""
    return vacancy_named(session, reference, in_scope(by))


def vacancy_named(session: Session, reference: str, *scope: ColumnElement[bool]) -> CopyRow | None:
    """The vacancy of this reference."""
    wanted = select(
        Vacancy.id,
        Vacancy.reference,
        Vacancy.title,
        Vacancy.anonymise_shortlisting.label("anonymised"),
    )
    return session.execute(wanted.where(Vacancy.reference == reference, *scope)).one_or_none()


def chosen_ids(session: Session, vacancy_id: int, chosen: Chosen) -> Sequence[int]:
    """The applications chosen, in the order in which they were sent."""
    wanted = select(Application.id).where(Application.vacancy_id == vacancy_id, *chosen.condition())
    return session.scalars(wanted.order_by(Application.submitted_at, Application.id)).all()


def rows_one_by_one(source: Database, identifiers: Sequence[int]) -> Iterator[CopyRow]:
    """These applications, each read when its turn comes; what was deleted meanwhile is left out.

    A view of the data that stays the same would be held open for as long as somebody downloads.
    """
    for identifier in identifiers:
        with source.reading() as session:
            row = session.execute(copies().where(Application.id == identifier)).one_or_none()
        if row is not None:
            yield row
