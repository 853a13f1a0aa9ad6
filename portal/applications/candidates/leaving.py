"""What candidates delete themselves: a draft, or the account with everything that was not sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.applications.apply.events import DRAFT_DELETED
from portal.applications.candidates import events
from portal.applications.candidates.models import (
    APPLICATION_JOURNEY,
    ApplicationDraft,
    Candidate,
    SignInLink,
    holder_of,
)
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.mail import queue_mail
from portal.core.sessions import end_sessions_of_candidate
from portal.journeys.models import Draft
from portal.journeys.service import lock_answers


def delete_drafts(session: Session, drafts: list[ApplicationDraft]) -> None:
    """The rows, and the answers that the journey keeps for them."""
    holders = [draft.holder for draft in drafts]
    session.execute(delete(Draft).where(Draft.journey == APPLICATION_JOURNEY, Draft.holder.in_(holders)))
    session.execute(delete(ApplicationDraft).where(ApplicationDraft.id.in_([draft.id for draft in drafts])))


def delete_draft(
    session: Session, candidate_id: int, vacancy_id: int, vacancy: str, *, by: Actor, at: datetime
) -> None:
    """Delete what somebody began for a vacancy; what is gone already is what was wanted."""
    lock_answers(session, APPLICATION_JOURNEY, [holder_of(candidate_id, vacancy_id)])
    mine = (ApplicationDraft.candidate_id == candidate_id, ApplicationDraft.vacancy_id == vacancy_id)
    found = list(session.scalars(select(ApplicationDraft).where(*mine).with_for_update()))
    if found:
        delete_drafts(session, found)
        record(session, DRAFT_DELETED, by=by, at=at, subject=vacancy)


def lock_answers_of(session: Session, candidate_ids: list[int]) -> None:
    """Everything that these candidates have begun."""
    begun = select(ApplicationDraft.candidate_id, ApplicationDraft.vacancy_id)
    rows = session.execute(begun.where(ApplicationDraft.candidate_id.in_(candidate_ids)))
    lock_answers(session, APPLICATION_JOURNEY, [holder_of(*row) for row in rows])


def delete_account(session: Session, candidate_id: int, *, how: str, by: Actor, at: datetime) -> None:
    """Drafts, links and sessions go at once; what was sent stays, without its account, for the schedule.

    Doing so twice changes nothing. The answers are locked before the account, as those who send lock them.
    """
    lock_answers_of(session, [candidate_id])
    candidate = session.get(Candidate, candidate_id, with_for_update=True, populate_existing=True)
    if candidate is None:
        return
    drafts = list(
        session.scalars(select(ApplicationDraft).where(ApplicationDraft.candidate_id == candidate_id))
    )
    delete_drafts(session, drafts)
    session.execute(delete(SignInLink).where(SignInLink.email_key == candidate.email_key))
    end_sessions_of_candidate(session, candidate_id)
    session.execute(delete(Candidate).where(Candidate.id == candidate_id))
    subject = f"CAND-{candidate_id}"
    record(session, events.ACCOUNT_DELETED, by=by, at=at, subject=subject, how=how, drafts=len(drafts))
    queue_mail(
        session,
        to=candidate.email,
        template="candidate_account_deleted",
        facts={"how": how},
        at=at,
        purpose="candidate.account_deleted",
    )
