"""What applying has to know: the advert with what it asks, and what this candidate has with it already."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from portal.applications.candidates.models import ApplicationDraft
from portal.applications.candidates.queries import key_of
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus
from portal.applications.own import own
from portal.vacancies.models import Vacancy

LIVE = Application.status != ApplicationStatus.WITHDRAWN


def vacancy_to_apply_for(session: Session, reference: str) -> Vacancy | None:
    """An advert by its reference, with its team and its criteria."""
    found = select(Vacancy).where(Vacancy.reference == reference)
    loaded = found.options(joinedload(Vacancy.team, innerjoin=True), selectinload(Vacancy.criteria))
    return session.scalars(loaded).one_or_none()


def locked_vacancy(session: Session, vacancy_id: int) -> Vacancy:
    """The advert as it stands while nobody can close or change it until this transaction ends.

    SQLite has one writer anyway.
    """
    found = (
        select(Vacancy)
        .where(Vacancy.id == vacancy_id)
        .options(selectinload(Vacancy.team), selectinload(Vacancy.criteria), selectinload(Vacancy.panel))
        .with_for_update(read=True, of=Vacancy)
        .execution_options(populate_existing=True)
    )
    return session.scalars(found).one()


def database_now(session: Session) -> datetime:
    """This instant on the database’s clock, which all share; not when the transaction began."""
    if session.get_bind().dialect.name == "postgresql":
        found: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return found.astimezone(UTC)
    said: str = session.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
    return datetime.fromisoformat(said).replace(tzinfo=UTC)


def live_application(session: Session, vacancy_id: int, candidate_id: int) -> Application | None:
    """What this candidate has sent for this vacancy and not withdrawn.

    Also with an account for the same address that was deleted since: what it sent goes on without one.
    """
    before = and_(Application.candidate_id.is_(None), func.lower(Application.email) == key_of(candidate_id))
    mine = or_(Application.candidate_id == candidate_id, before)
    found = select(Application).where(Application.vacancy_id == vacancy_id, LIVE, mine)
    found = found.options(joinedload(Application.vacancy, innerjoin=True))
    return session.scalars(found.order_by(Application.candidate_id.is_(None)).limit(1)).one_or_none()


def own_application(session: Session, reference: str, candidate_id: int) -> Application | None:
    """A candidate’s own application with its advert; another’s is as unknown as one that does not exist."""
    found = select(Application).where(*own(reference, candidate_id))
    return session.scalars(found.options(joinedload(Application.vacancy, innerjoin=True))).one_or_none()


def last_application(session: Session, candidate_id: int, since: datetime) -> Application | None:
    """The newest that this candidate has sent, with its answers, if it is not too old to be taken over."""
    mine = (Application.candidate_id == candidate_id, Application.submitted_at >= since)
    newest = select(Application).where(*mine).order_by(Application.submitted_at.desc()).limit(1)
    return session.scalars(newest.options(undefer(Application.answers))).one_or_none()


def draft_of(session: Session, vacancy_id: int, candidate_id: int) -> ApplicationDraft | None:
    """What this candidate has begun for this vacancy."""
    mine = (ApplicationDraft.vacancy_id == vacancy_id, ApplicationDraft.candidate_id == candidate_id)
    return session.scalars(select(ApplicationDraft).where(*mine)).one_or_none()


def application_by_submission(session: Session, key: str) -> Application | None:
    """The application that this submission became."""
    return session.scalars(select(Application).where(Application.submission_key == key)).one_or_none()
