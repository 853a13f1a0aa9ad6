"""Reads of keeping: when somebody’s application goes, what is due now, what is held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager

from portal.applications.admissions.current import is_open
from portal.applications.admissions.models import LateAdmission
from portal.applications.answers.queries import waits_to_be_told
from portal.applications.candidates.models import ApplicationDraft, Candidate, holder_of
from portal.applications.keeping.models import VacancyHold
from portal.applications.keeping.schedule import (
    UNSUCCESSFUL,
    application_goes_on,
    counts_from,
    draft_goes_on,
    is_over,
    offer_goes_on,
)
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.transitions import DECIDED, OFFERS
from portal.core.errors import NotFound
from portal.core.retention import Due
from portal.council import Retention
from portal.vacancies.models import Vacancy

APPLICATION = "application"
DRAFT = "application draft"


@dataclass(frozen=True, slots=True)
class DueApplication:
    """An application whose time is over."""

    id: int
    vacancy_id: int
    due: Due


@dataclass(frozen=True, slots=True)
class DueDraft:
    """A draft whose time is over."""

    id: int
    vacancy_id: int
    holder: str
    vacancy: str
    due: Due


def decided_at() -> ColumnElement[datetime]:
    """When an application came to its last outcome, said to the database."""
    withdrawn = (Application.status == Status.WITHDRAWN, Application.withdrawn_at)
    return func.coalesce(case(withdrawn), Application.decided_at, Application.status_since)


ENDS = (Vacancy.closes_at, Vacancy.closed_early_at, Vacancy.cancelled_at)


def end_of(row: Row[*tuple[Any, ...]]) -> datetime | None:
    """When the advert ended or ends, of a row with ENDS."""
    ends = (row.closes_at, row.closed_early_at, row.cancelled_at)
    return min((end for end in ends if end is not None), default=None)


def campaigns() -> Subquery:
    """Vacancies all of whose applicants have an outcome, with the instant of the last one."""
    undecided = func.count().filter(Application.status.not_in(DECIDED))
    ended = select(Application.vacancy_id, func.max(decided_at()).label("ended_at"))
    return ended.group_by(Application.vacancy_id).having(undecided == 0).subquery()


def campaign_ended_at(session: Session, vacancy_id: int) -> datetime | None:
    """When the last applicant to a vacancy came to an outcome; None while somebody has none."""
    ended = campaigns()
    return session.scalar(select(ended.c.ended_at).where(ended.c.vacancy_id == vacancy_id))


def is_kept(session: Session, application: Application) -> bool:
    """Whether a legal hold keeps it, its own or its vacancy’s."""
    held = session.get(VacancyHold, application.vacancy_id)
    return application.held_at is not None or held is not None


def keeps(about: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether the reference in a column of another table is of something on hold: an application, or a
    vacancy with all sent to it.
    """
    wanted = select(Application.id).join(Vacancy, Vacancy.id == Application.vacancy_id)
    about_application = (
        wanted.outerjoin(VacancyHold, VacancyHold.vacancy_id == Vacancy.id)
        .where(Application.reference == about)
        .where(or_(Application.held_at.is_not(None), VacancyHold.vacancy_id.is_not(None)))
    )
    about_vacancy = select(Vacancy.id).join(VacancyHold, VacancyHold.vacancy_id == Vacancy.id)
    return or_(
        about_application.correlate(about.class_).exists(),
        about_vacancy.where(Vacancy.reference == about).correlate(about.class_).exists(),
    )


def goes_on(session: Session, application: Application, periods: Retention) -> date | None:
    """The day on which it will be deleted; None while that is open, or while a legal hold keeps it."""
    if is_kept(session, application):
        return None
    if session.scalar(select(waits_to_be_told()).where(Application.id == application.id)):
        return None
    if application.status in OFFERS:
        return offer_goes_on(application.status_since, application.starts_on, periods)
    vacancy = session.get_one(Vacancy, application.vacancy_id)
    withdrawn_at = application.withdrawn_at if application.status is Status.WITHDRAWN else None
    decided = withdrawn_at or application.decided_at or application.status_since
    ended_at = campaign_ended_at(session, application.vacancy_id)
    counted_from = counts_from(decided, ended_at, vacancy.ended_at, periods)
    return application_goes_on(application.status, application.starts_on, counted_from, periods)


def due_applications(session: Session, at: datetime, periods: Retention) -> list[DueApplication]:
    """Applications that nothing keeps any more, in the order of receipt."""
    ended = campaigns()
    long_ago = at - timedelta(days=28 * periods.candidate_unsuccessful)
    wanted = (
        select(
            Application.id,
            Application.vacancy_id,
            Application.reference,
            Application.status,
            Application.status_since,
            Application.starts_on,
            decided_at().label("decided_at"),
            ended.c.ended_at,
            *ENDS,
        )
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .outerjoin(ended, ended.c.vacancy_id == Application.vacancy_id)
        .outerjoin(VacancyHold, VacancyHold.vacancy_id == Application.vacancy_id)
        .where(
            Application.held_at.is_(None),
            VacancyHold.vacancy_id.is_(None),
            ~waits_to_be_told(),
            or_(
                and_(Application.status.in_(UNSUCCESSFUL), decided_at() <= long_ago),
                and_(Application.status == Status.STARTED, Application.starts_on.is_not(None)),
                and_(Application.status.in_(OFFERS), Application.status_since <= long_ago),
            ),
        )
        .order_by(Application.id)
    )
    found = []
    for row in session.execute(wanted):
        day: date | None
        if row.status in OFFERS:
            day = offer_goes_on(row.status_since, row.starts_on, periods)
        else:
            counted_from = counts_from(row.decided_at, row.ended_at, end_of(row), periods)
            day = application_goes_on(row.status, row.starts_on, counted_from, periods)
        if day is not None and is_over(day, at):
            found.append(DueApplication(row.id, row.vacancy_id, Due(APPLICATION, row.reference, day)))
    return found


def is_admitted_late(at: datetime, *, ends_by: datetime | None = None) -> ColumnElement[bool]:
    """Whether a draft may still be sent, because HR lets its candidate; if wanted, only until `ends_by`."""
    wanted = (
        select(LateAdmission.id)
        .join(Candidate, Candidate.email_key == LateAdmission.email_key)
        .where(
            LateAdmission.vacancy_id == ApplicationDraft.vacancy_id,
            Candidate.id == ApplicationDraft.candidate_id,
            is_open(at),
        )
    )
    return exists(wanted if ends_by is None else wanted.where(LateAdmission.until <= ends_by))


def due_drafts(session: Session, at: datetime, periods: Retention) -> list[DueDraft]:
    """Drafts for adverts that ended long enough ago, in the order in which they were begun."""
    latest = at - timedelta(days=periods.candidate_draft_days - 1)
    wanted = (
        select(
            ApplicationDraft.id,
            ApplicationDraft.candidate_id,
            ApplicationDraft.vacancy_id,
            Vacancy.reference,
            *ENDS,
        )
        .join(Vacancy, Vacancy.id == ApplicationDraft.vacancy_id)
        .where(
            ~is_admitted_late(at),
            or_(Vacancy.closes_at < latest, Vacancy.closed_early_at < latest, Vacancy.cancelled_at < latest),
        )
        .order_by(ApplicationDraft.id)
    )
    found = []
    for row in session.execute(wanted):
        day = draft_goes_on(end_of(row), periods)
        if day is not None and is_over(day, at):
            due = Due(DRAFT, f"DRAFT-{row.id} for {row.reference}", day)
            holder = holder_of(row.candidate_id, row.vacancy_id)
            found.append(DueDraft(row.id, row.vacancy_id, holder, row.reference, due))
    return found


@dataclass(frozen=True, slots=True)
class Kept:
    """What the pages of a hold say of a vacancy’s applications, or of one of them."""

    vacancy: str
    title: str
    application: str = ""
    reason: str = ""
    held_at: datetime | None = None
    vacancy_reason: str = ""
    """Why all applications to its vacancy are held."""
    goes_on: date | None = None
    unless_recorded: bool = False
    """Whether that day is one of an offer of which nobody recorded how it ended."""


def kept_of(session: Session, vacancy: str, application: str, periods: Retention) -> Kept:
    """How it stands; raises NotFound."""
    wanted = select(Vacancy).where(Vacancy.reference == vacancy)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    if not application:
        hold = vacancy_hold(session, found.id)
        reason, held_at = (hold.reason, hold.held_at) if hold else ("", None)
        return Kept(found.reference, found.title, reason=reason, held_at=held_at)
    one = session.scalars(
        select(Application)
        .where(Application.vacancy_id == found.id, Application.reference == application)
        .options(contains_eager(Application.vacancy))
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
    ).one_or_none()
    if one is None:
        raise NotFound
    return kept_of_application(session, one, periods)


def kept_of_application(session: Session, application: Application, periods: Retention) -> Kept:
    """How one application stands that is loaded with its vacancy."""
    vacancy, hold = application.vacancy, vacancy_hold(session, application.vacancy_id)
    return Kept(
        vacancy.reference,
        vacancy.title,
        application.reference,
        application.hold_reason or "",
        held_at=application.held_at,
        vacancy_reason=hold.reason if hold else "",
        goes_on=goes_on(session, application, periods),
        unless_recorded=application.status in OFFERS,
    )


def vacancy_to_hold(session: Session, reference: str) -> Vacancy:
    """The vacancy, locked; raises NotFound."""
    wanted = select(Vacancy).where(Vacancy.reference == reference).with_for_update()
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def application_to_hold(session: Session, vacancy: str, reference: str) -> Application:
    """The application, locked; raises NotFound."""
    wanted = (
        select(Application)
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(Vacancy.reference == vacancy, Application.reference == reference)
        .with_for_update(of=Application)
    )
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def vacancy_hold(session: Session, vacancy_id: int) -> VacancyHold | None:
    """The hold on all of a vacancy’s applications."""
    return session.get(VacancyHold, vacancy_id)


def held_vacancies(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Vacancies on hold, the longest first."""
    columns = (
        Vacancy.reference,
        Vacancy.title,
        VacancyHold.reason,
        VacancyHold.held_at,
        VacancyHold.held_by_name,
    )
    wanted = select(*columns).join(Vacancy, Vacancy.id == VacancyHold.vacancy_id)
    return session.execute(wanted.order_by(VacancyHold.held_at)).all()


def held_applications(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Applications on a hold of their own, the longest first; at most two hundred."""
    wanted = (
        select(
            Application.reference,
            Vacancy.reference.label("vacancy"),
            Vacancy.title,
            Application.hold_reason,
            Application.held_at,
        )
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(Application.held_at.is_not(None))
    )
    return session.execute(wanted.order_by(Application.held_at).limit(200)).all()


def locked_applications(session: Session, ids: Collection[int]) -> list[Application]:
    """These applications, as they are now, locked in one order for everybody."""
    wanted = select(Application).where(Application.id.in_(ids)).order_by(Application.id)
    return list(session.scalars(wanted.with_for_update().execution_options(populate_existing=True)))


def locked_drafts(session: Session, ids: Collection[int]) -> list[int]:
    """Those of these drafts that are still there, locked in the order of those who are reminded of them."""
    wanted = select(ApplicationDraft.id).where(ApplicationDraft.id.in_(ids)).order_by(ApplicationDraft.id)
    return list(session.scalars(wanted.with_for_update()))


def locked_vacancies(session: Session, ids: Collection[int]) -> dict[int, Vacancy]:
    """These vacancies, locked before their applications: a hold waits here, or is seen."""
    wanted = select(Vacancy).where(Vacancy.id.in_(ids)).order_by(Vacancy.id)
    return {vacancy.id: vacancy for vacancy in session.scalars(wanted.with_for_update())}
