"""What a candidate has begun and sent, in an order that helps. Another’s is as unknown as nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from portal.applications.admissions.current import admission_of
from portal.applications.candidates.models import ApplicationDraft
from portal.applications.candidates.queries import key_of
from portal.applications.models import Application, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import MessageState
from portal.applications.own import own
from portal.applications.transitions import ENDED
from portal.core.errors import NotFound
from portal.vacancies.models import Vacancy

NEAREST_THE_END = (
    *(Status.OFFERED, Status.CHECKS, Status.CLEARED, Status.INTERVIEW_INVITED, Status.INTERVIEWED),
    *(Status.RESERVE_APPOINT, Status.SHORTLISTED, Status.SIFTING, Status.RESERVE, Status.SUBMITTED),
)
"""What a candidate has to think of first."""


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """Something begun, with its advert."""

    draft: ApplicationDraft
    vacancy: Vacancy
    open: bool
    closes_at: datetime | None
    """By when it has to be sent: with the advert, or later where HR has admitted this candidate."""


@dataclass(frozen=True, slots=True)
class MyApplications:
    """Everything of one candidate: what can still be sent, what was sent, what can be sent no more."""

    open_drafts: list[DraftEntry]
    running: list[Application]
    ended: list[Application]
    closed_drafts: list[DraftEntry]

    @property
    def nothing(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.open_drafts or self.running or self.ended or self.closed_drafts)


def applications_of(session: Session, candidate_id: int, at: datetime) -> MyApplications:
    """Drafts that close soon first, then what is near its end, then what has ended."""
    drafts = drafts_of(session, candidate_id, at)
    sent = sent_by(session, candidate_id)
    running = [application for application in sent if application.told_status not in ENDED]
    running.sort(key=lambda application: NEAREST_THE_END.index(application.told_status))
    return MyApplications(
        open_drafts=[entry for entry in drafts if entry.open],
        running=running,
        ended=[application for application in sent if application.told_status in ENDED],
        closed_drafts=[entry for entry in drafts if not entry.open],
    )


def drafts_of(session: Session, candidate_id: int, at: datetime) -> list[DraftEntry]:
    """What this candidate has begun, what closes first at the top."""
    wanted = (
        select(ApplicationDraft, Vacancy)
        .join(Vacancy, Vacancy.id == ApplicationDraft.vacancy_id)
        .where(ApplicationDraft.candidate_id == candidate_id)
        .order_by(Vacancy.closes_at, ApplicationDraft.id)
        .options(joinedload(Vacancy.team, innerjoin=True))
    )
    return [entry_of(session, draft, vacancy, at) for draft, vacancy in session.execute(wanted)]


def entry_of(session: Session, draft: ApplicationDraft, vacancy: Vacancy, at: datetime) -> DraftEntry:
    """Something begun; after closing it can be sent where HR admits it late."""
    if vacancy.is_open(at) or vacancy.cancelled_at is not None or vacancy.archived_at is not None:
        return DraftEntry(draft, vacancy, vacancy.is_open(at), vacancy.closes_at)
    admitted = admission_of(session, vacancy.id, key_of(draft.candidate_id), at)
    return DraftEntry(draft, vacancy, admitted is not None, admitted.until if admitted else vacancy.closes_at)


def sent_by(session: Session, candidate_id: int) -> Sequence[Application]:
    """What this candidate has sent, the latest first."""
    wanted = select(Application).where(Application.candidate_id == candidate_id)
    loaded = wanted.options(joinedload(Application.vacancy, innerjoin=True).joinedload(Vacancy.team))
    return session.scalars(loaded.order_by(Application.submitted_at.desc(), Application.id.desc())).all()


def own_application(session: Session, reference: str, candidate_id: int | None) -> Application:
    """With its advert and what was sent; raises NotFound."""
    wanted = select(Application).where(*own(reference, candidate_id))
    found = session.scalars(
        wanted.options(
            joinedload(Application.vacancy, innerjoin=True).joinedload(Vacancy.team),
            undefer(Application.snapshot),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def messages_to(session: Session, application_id: int) -> Sequence[CandidateMessage]:
    """What we wrote to the candidate of it, the latest first; nothing that waits to be sent."""
    sent = (
        CandidateMessage.application_id == application_id,
        CandidateMessage.state == MessageState.SENT,
    )
    wanted = select(CandidateMessage).where(*sent).order_by(CandidateMessage.sent_at.desc())
    return session.scalars(wanted).all()


def own_application_to_change(session: Session, reference: str, candidate_id: int | None) -> Application:
    """The same, locked; raises NotFound."""
    wanted = select(Application).where(*own(reference, candidate_id)).with_for_update(of=Application)
    found = session.scalars(
        wanted.options(joinedload(Application.vacancy, innerjoin=True)),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def own_draft(session: Session, vacancy: str, candidate_id: int | None, at: datetime) -> DraftEntry:
    """A draft by the reference of its advert; raises NotFound."""
    for entry in drafts_of(session, candidate_id or 0, at):
        if entry.vacancy.reference == vacancy:
            return entry
    raise NotFound
