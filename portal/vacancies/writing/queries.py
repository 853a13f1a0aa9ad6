"""What writing an advert asks the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.accounts.models import StaffUser
from portal.accounts.queries import people
from portal.core.audit import AuditEvent
from portal.journeys.models import Draft
from portal.vacancies.models import Decision, ServiceTeam, Vacancy
from portal.vacancies.options import DecisionKind, Status
from portal.vacancies.writing.events import WRITING_DISCARDED, WRITING_STARTED
from portal.vacancies.writing.models import VacancyDraft, VacancyTemplate
from portal.vacancies.writing.names import JOURNEY


def working_copy(session: Session, reference: str) -> VacancyDraft | None:
    """The writing in progress of this reference."""
    wanted = select(VacancyDraft).where(VacancyDraft.reference == reference)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def working_copy_to_change(session: Session, reference: str) -> VacancyDraft | None:
    """The same, locked until the transaction ends."""
    wanted = select(VacancyDraft).where(VacancyDraft.reference == reference).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def working_copy_of(session: Session, vacancy_id: int) -> VacancyDraft | None:
    """The writing in progress that changes this advert."""
    return session.scalars(select(VacancyDraft).where(VacancyDraft.vacancy_id == vacancy_id)).one_or_none()


def ending_of(session: Session, reference: str, at: datetime) -> str:
    """How the last writing of this reference ended: discarded, sent, cancelled; empty where nobody knows."""
    vacancy = session.scalars(select(Vacancy).where(Vacancy.reference == reference)).one_or_none()
    if vacancy is not None and vacancy.status(at) is Status.CANCELLED:
        return "cancelled"
    noted = (WRITING_STARTED.name, WRITING_DISCARDED.name)
    wanted = select(AuditEvent.event).where(AuditEvent.subject == reference, AuditEvent.event.in_(noted))
    last = session.scalars(wanted.order_by(AuditEvent.id.desc()).limit(1)).one_or_none()
    if last == WRITING_DISCARDED.name:
        return "discarded"
    return "sent" if vacancy is not None and last is not None else ""


def answers_kept(session: Session, holder: str, at: datetime) -> Draft | None:
    """The journey's draft of a working copy, or its marker once it was sent."""
    wanted = select(Draft).where(Draft.journey == JOURNEY, Draft.holder == holder)
    draft = session.scalars(wanted).one_or_none()
    return draft if draft is not None and draft.alive(at) else None


def advert(session: Session, reference: str) -> Vacancy | None:
    """An advert with all that was written, in whatever state."""
    return session.scalars(with_everything(Vacancy.reference == reference)).one_or_none()


def advert_by_id(session: Session, vacancy_id: int) -> Vacancy | None:
    """The same, by its number."""
    return session.scalars(with_everything(Vacancy.id == vacancy_id)).one_or_none()


def sent_back(session: Session, vacancy_id: int) -> Decision | None:
    """The last time that somebody sent it back, with the comment."""
    wanted = select(Decision).where(
        Decision.vacancy_id == vacancy_id, Decision.kind == DecisionKind.SENT_BACK
    )
    return session.scalars(wanted.order_by(Decision.id.desc()).limit(1)).one_or_none()


def advert_to_change(session: Session, vacancy_id: int) -> Vacancy | None:
    """The same, locked until the transaction ends."""
    wanted = with_everything(Vacancy.id == vacancy_id).with_for_update(of=Vacancy)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def with_everything(condition: ColumnElement[bool]) -> Select[Any]:
    """Adverts with team, criteria and panel."""
    together = (
        joinedload(Vacancy.team, innerjoin=True),
        selectinload(Vacancy.criteria),
        selectinload(Vacancy.panel),
    )
    return select(Vacancy).where(condition).options(*together)


def teams(session: Session, today: date, keep: str = "") -> list[tuple[str, str]]:
    """Address and name of the teams that an advert may name; `keep` also where it is not used any more."""
    current = or_(ServiceTeam.retired_on.is_(None), ServiceTeam.retired_on > today, ServiceTeam.slug == keep)
    wanted = (
        select(ServiceTeam.slug, ServiceTeam.name)
        .where(current)
        .order_by(ServiceTeam.position, ServiceTeam.name)
    )
    return [(row.slug, row.name) for row in session.execute(wanted)]


def team_by_slug(session: Session, slug: str) -> ServiceTeam | None:
    """One team."""
    return session.scalars(select(ServiceTeam).where(ServiceTeam.slug == slug)).one_or_none()


def staff_with(session: Session, *permissions: str) -> dict[str, list[tuple[str, str]]]:
    """For each permission, number and name of everybody who has it now."""
    everybody = [person for person in people(session) if person.active]
    return {
        permission: [
            (str(person.id), person.name) for person in everybody if permission in person.permissions
        ]
        for permission in permissions
    }


def staff_by_email(session: Session, emails: Sequence[str]) -> dict[str, int]:
    """E-mail address, in lower case, to the account that has it."""
    if not emails:
        return {}
    wanted = select(StaffUser.email, StaffUser.id).where(StaffUser.email.in_(emails), StaffUser.active)
    return {row.email: row.id for row in session.execute(wanted)}


def templates(session: Session) -> Sequence[VacancyTemplate]:
    """Texts to start from, by name."""
    return session.scalars(
        select(VacancyTemplate).order_by(func.lower(VacancyTemplate.name), VacancyTemplate.id)
    ).all()


def template(session: Session, template_id: int) -> VacancyTemplate | None:
    """One of them."""
    return session.get(VacancyTemplate, template_id)


def template_to_change(session: Session, template_id: int) -> VacancyTemplate | None:
    """The same, locked until the transaction ends."""
    wanted = select(VacancyTemplate).where(VacancyTemplate.id == template_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def templates_named(session: Session, name: str) -> set[int]:
    """Numbers of those of this name, however it is capitalised; Python knows more letters than SQLite."""
    found = session.execute(select(VacancyTemplate.id, VacancyTemplate.name))
    return {row.id for row in found if row.name.casefold() == name.casefold()}
