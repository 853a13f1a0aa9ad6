"""Reads of one advert for staff, to show and to change. Lists are in `listing_queries`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.accounts.models import StaffUser
from portal.core.access import Actor
from portal.vacancies.life.lists.filters import Only
from portal.vacancies.life.lists.queries import figures
from portal.vacancies.life.lists.tabs import Tab
from portal.vacancies.models import Decision, Vacancy
from portal.vacancies.options import DecisionKind
from portal.vacancies.writing.models import VacancyDraft, VacancyRevision


@dataclass(frozen=True, slots=True)
class Authors:
    """Who may not approve: the person who sent the advert, and the one who last wrote it."""

    submitted_by: int | None = None
    written_by: int | None = None


@dataclass(frozen=True, slots=True)
class VacancyFile:
    """One advert with everything that its page shows."""

    vacancy: Vacancy
    decisions: Sequence[Decision]
    authors: Authors
    hiring_manager: str
    hr_owner: str
    copied_from: str
    working_copy: VacancyDraft | None
    seen: Seen


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest decision and revision that a page showed: what came after is news to its reader."""

    decision: int = 0
    revision: int = 0

    def __str__(self) -> str:
        return f"{self.decision}.{self.revision}"


def one_vacancy(reference: str) -> Select[Any]:
    """One advert with team, criteria and panel."""
    together = (
        joinedload(Vacancy.team, innerjoin=True),
        selectinload(Vacancy.criteria),
        selectinload(Vacancy.panel),
    )
    return select(Vacancy).where(Vacancy.reference == reference).options(*together)


def vacancy_file(session: Session, reference: str) -> VacancyFile | None:
    """Everything about one advert; None when there is none."""
    vacancy = session.scalars(one_vacancy(reference)).one_or_none()
    if vacancy is None:
        return None
    decisions = decisions_of(session, vacancy.id)
    people = names_of(session, [vacancy.hiring_manager_id, vacancy.hr_owner_id])
    copied_from = select(Vacancy.reference).where(Vacancy.id == vacancy.copied_from_id)
    draft = select(VacancyDraft).where(VacancyDraft.vacancy_id == vacancy.id)
    return VacancyFile(
        vacancy=vacancy,
        decisions=decisions,
        authors=authors_of(session, vacancy.id),
        hiring_manager=people.get(vacancy.hiring_manager_id) or vacancy.hiring_manager_name or "",
        hr_owner=people.get(vacancy.hr_owner_id, ""),
        copied_from=(session.scalar(copied_from) or "") if vacancy.copied_from_id else "",
        working_copy=session.scalars(draft).one_or_none(),
        seen=Seen(max((one.id for one in decisions), default=0), newest_revision(session, vacancy.id)),
    )


def vacancy_to_change(session: Session, reference: str) -> Vacancy | None:
    """The advert with team, criteria and panel, locked until the transaction ends."""
    return session.scalars(one_vacancy(reference).with_for_update(of=Vacancy)).one_or_none()


def decisions_of(session: Session, vacancy_id: int) -> Sequence[Decision]:
    """Everything decided about an advert, the newest first."""
    wanted = select(Decision).where(Decision.vacancy_id == vacancy_id)
    return session.scalars(wanted.order_by(Decision.id.desc())).all()


def revisions_of(session: Session, vacancy_id: int) -> Sequence[VacancyRevision]:
    """Every version of an advert, the newest first."""
    wanted = select(VacancyRevision).where(VacancyRevision.vacancy_id == vacancy_id)
    return session.scalars(wanted.order_by(VacancyRevision.number.desc())).all()


def newest_revision(session: Session, vacancy_id: int) -> int:
    """The number of the newest revision; 0 where there is none."""
    wanted = select(func.max(VacancyRevision.number)).where(VacancyRevision.vacancy_id == vacancy_id)
    return session.scalar(wanted) or 0


def names_of(session: Session, ids: Sequence[int | None]) -> dict[int | None, str]:
    """Names of these members of staff, by id."""
    wanted = select(StaffUser).where(StaffUser.id.in_(known(ids)))
    return {person.id: person.name for person in session.scalars(wanted)}


def known(ids: Sequence[int | None]) -> list[int]:
    """Those that there are."""
    return [one for one in ids if one is not None]


def authors_of(session: Session, vacancy_id: int) -> Authors:
    """Who sent the advert for approval last, and who wrote its newest version."""
    sent = (
        select(Decision.by_id)
        .where(Decision.vacancy_id == vacancy_id, Decision.kind == DecisionKind.SUBMITTED)
        .order_by(Decision.id.desc())
        .limit(1)
    )
    wrote = (
        select(VacancyRevision.by_id)
        .where(VacancyRevision.vacancy_id == vacancy_id)
        .order_by(VacancyRevision.number.desc())
        .limit(1)
    )
    found = session.execute(select(sent.scalar_subquery(), wrote.scalar_subquery())).one()
    return Authors(*found)


def has_working_copy(session: Session, vacancy_id: int) -> bool:
    """Whether somebody is changing the advert at the moment."""
    return bool(session.scalar(select(exists().where(VacancyDraft.vacancy_id == vacancy_id))))


def staff_to_tell(session: Session, ids: Sequence[int | None]) -> list[StaffUser]:
    """Those of these people who still work here."""
    wanted = select(StaffUser).where(StaffUser.id.in_(known(ids)), StaffUser.active)
    return list(session.scalars(wanted.options(selectinload(StaffUser.grants)).order_by(StaffUser.id)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What HR has to see to, for the staff home page."""

    for_approval: int
    open: int
    closing_soon: int
    overdue: int


def waiting(session: Session, by: Actor, at: datetime) -> Waiting:
    """The figures of the lists that need this person or somebody, in one statement."""
    found = figures(session, by=by, at=at)
    only = found.only
    return Waiting(only[Only.MINE], found.tabs[Tab.OPEN], only[Only.SOON], only[Only.OVERDUE])
