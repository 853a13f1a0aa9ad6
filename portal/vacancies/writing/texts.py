"""Named texts to start from: kept, renamed, replaced, deleted, each against the version that was seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.database import violates
from portal.core.errors import InvalidInput, NotFound, StaleEdit
from portal.journeys.answers import Answers
from portal.vacancies.writing import queries
from portal.vacancies.writing.events import TEMPLATE_DELETED, TEMPLATE_RENAMED, TEMPLATE_SAVED
from portal.vacancies.writing.models import VacancyTemplate
from portal.vacancies.writing.record import for_copy, for_template
from portal.vacancies.writing.starting import Beginning

NAME_TAKEN = "There is already a template of this name. Enter another name, or replace that one"


def subject_of(template: VacancyTemplate) -> str:
    """How the audit names a template."""
    return f"TEMPLATE-{template.id}"


def save_as_template(
    session: Session, name: str, answers: Answers, *, source: str, by: Actor, at: datetime
) -> VacancyTemplate:
    """Keep these answers under a new name; raises InvalidInput where the name is taken."""
    refuse_taken(session, name)
    template = VacancyTemplate(
        name=name,
        answers=for_template(answers).to_json(),
        created_at=at,
        updated_at=at,
        updated_by_name=by.name,
    )
    session.add(template)
    flush_once(session)
    facts = {"replaced": False, "source": source}
    audit.record(session, TEMPLATE_SAVED, by=by, at=at, subject=subject_of(template), **facts)
    return template


def replace_template(
    session: Session,
    template_id: int,
    version: int,
    answers: Answers,
    *,
    source: str,
    by: Actor,
    at: datetime,
) -> VacancyTemplate:
    """Put these answers into a template in place of its own; raises NotFound and StaleEdit."""
    template = template_as_seen(session, template_id, version)
    template.answers = for_template(answers).to_json()
    template.updated_at, template.updated_by_name = at, by.name
    facts = {"replaced": True, "source": source}
    audit.record(session, TEMPLATE_SAVED, by=by, at=at, subject=subject_of(template), **facts)
    return template


def rename_template(
    session: Session, template_id: int, version: int, name: str, *, by: Actor, at: datetime
) -> None:
    """Give it another name; raises NotFound, StaleEdit, and InvalidInput where the name is taken."""
    template = template_as_seen(session, template_id, version)
    refuse_taken(session, name, besides=template.id)
    template.name = name
    template.updated_at, template.updated_by_name = at, by.name
    flush_once(session)
    audit.record(session, TEMPLATE_RENAMED, by=by, at=at, subject=subject_of(template))


def delete_template(session: Session, template_id: int, version: int, *, by: Actor, at: datetime) -> None:
    """Delete it; adverts that began from it stay as they are. Raises NotFound and StaleEdit."""
    template = template_as_seen(session, template_id, version)
    audit.record(session, TEMPLATE_DELETED, by=by, at=at, subject=subject_of(template))
    session.delete(template)


def template_as_seen(session: Session, template_id: int, version: int) -> VacancyTemplate:
    """The template, locked, if it still is the version that the page showed."""
    template = queries.template_to_change(session, template_id)
    if template is None:
        raise NotFound
    if template.version != version:
        raise StaleEdit(name=template.name, by=template.updated_by_name, updated_at=template.updated_at)
    return template


def refuse_taken(session: Session, name: str, besides: int | None = None) -> None:
    """Raise InvalidInput where another template has this name already."""
    if queries.templates_named(session, name) - {besides}:
        raise InvalidInput("name", NAME_TAKEN)


def flush_once(session: Session) -> None:
    """Two templates of one name, saved at the same moment: the second is told."""
    try:
        session.flush()
    except IntegrityError as error:
        if violates(error, "uq_vacancy_templates_name"):
            raise InvalidInput("name", NAME_TAKEN) from error
        raise


def from_template(template: VacancyTemplate) -> Beginning:
    """An advert begins with the texts of a template."""
    return Beginning("template", subject_of(template), for_copy(Answers.from_json(template.answers)))
