"""Taking an application back, and changing one’s mind within a day.

A page never runs ahead of the mail: whether one can withdraw there follows from what the candidate was told.
Where HR has moved on and not said so yet, pressing it is refused in the same words whatever was decided.
The undo is offered only where it works; where it does not, the page says why in the words of the refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.applications.candidates import events
from portal.applications.candidates.options import WithdrawalReason
from portal.applications.models import LIVE_INDEX, Application, ApplicationHistory
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind
from portal.applications.sift.facts import before_of, put_back
from portal.applications.transitions import may_withdraw
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.database import violates
from portal.core.errors import Conflict
from portal.core.mail import queue_mail

UNDO_WITHIN = timedelta(hours=24)
THE_CANDIDATE = "The candidate"


class CannotWithdraw(Conflict):
    """From an offer on it is declined instead, or a decision is on its way."""

    slug = "cannot_withdraw"


class CannotUndoWithdrawal(Conflict):
    """`why`: a day has passed, another application was sent meanwhile, or there is nothing left to decide."""

    slug = "cannot_undo_withdrawal"


TOO_LATE, SENT_AGAIN, OVER = "late", "again", "over"
"""Why it stays withdrawn; templates/applications/candidates/_not_undone.html says it."""


def may_undo(application: Application, at: datetime) -> bool:
    """Whether a day has not passed yet."""
    withdrawn_at = application.withdrawn_at
    return withdrawn_at is not None and at < withdrawn_at + UNDO_WITHIN


@dataclass(frozen=True, slots=True)
class Recorded:
    """A withdrawal that HR records for a candidate: how they told us, and a note."""

    told: str
    note: str = ""


def withdraw(
    session: Session,
    application: Application,
    reason: WithdrawalReason | None,
    *,
    recorded: Recorded | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Take it back; doing so twice changes nothing. The application is locked. Raises CannotWithdraw.

    What HR `recorded` for the candidate is told to them as that, and they can undo it as their own.
    """
    if application.status is Status.WITHDRAWN:
        return
    if not may_withdraw(application.status):
        raise CannotWithdraw
    before = {**before_of(application), "told_status": application.told_status.value}
    history = ApplicationHistory(
        application_id=application.id,
        at=at,
        kind=HistoryKind.WITHDRAWN_FOR if recorded else HistoryKind.WITHDRAWN,
        from_status=application.status,
        to_status=Status.WITHDRAWN,
        reasons=[reason.value] if reason else [],
        before=before,
        note=f"Told us {recorded.told}. {recorded.note}".strip() if recorded else None,
        by_id=by.id if recorded else None,
        by_name=(by.name or by.kind) if recorded else THE_CANDIDATE,
    )
    application.withdrawn_from, application.withdrawn_at = application.status, at
    application.withdrawal_reason = reason.value if reason else None
    application.status = application.told_status = Status.WITHDRAWN
    application.status_since = application.decided_at = at
    session.add(history)
    about = {"subject": application.reference, "vacancy": application.vacancy.reference}
    reasons = reason.value if reason else None
    record(session, events.WITHDRAWN, by=by, at=at, **about, before=before["status"], reason=reasons)
    queue_receipt(session, application, told=recorded.told if recorded else "", at=at)
    session.flush()


def queue_receipt(session: Session, application: Application, *, told: str, at: datetime) -> None:
    """The candidate reads at once that it is withdrawn, and until when that can be undone."""
    facts = {
        "reference": application.reference,
        "title": application.vacancy.title,
        "until": at + UNDO_WITHIN,
        "told": told,
    }
    queue_mail(
        session,
        to=application.email,
        template="application_withdrawn",
        facts=facts,
        at=at,
        purpose="application.withdrawn",
        about=application.reference,
    )


def undo_withdrawal(session: Session, application: Application, *, by: Actor, at: datetime) -> None:
    """Put everything back as it was. The application is locked. Raises CannotUndoWithdrawal."""
    if application.status is not Status.WITHDRAWN:
        return
    entry = withdrawal_of(session, application)
    why = why_not_undo(session, application, at)
    if why or entry is None or entry.before is None:
        raise CannotUndoWithdrawal(why=why or TOO_LATE)
    put_back(application, entry.before)
    application.told_status = Status(entry.before["told_status"])
    application.withdrawn_at = application.withdrawn_from = application.withdrawal_reason = None
    history = ApplicationHistory(
        application_id=application.id,
        at=at,
        kind=HistoryKind.WITHDRAWAL_UNDONE,
        from_status=Status.WITHDRAWN,
        to_status=application.status,
        undoes_id=entry.id,
        by_name=THE_CANDIDATE,
    )
    session.add(history)
    about = {"subject": application.reference, "vacancy": application.vacancy.reference}
    record(session, events.WITHDRAWAL_UNDONE, by=by, at=at, **about, after=application.status.value)
    try:
        session.flush()
    except IntegrityError as error:
        if violates(error, LIVE_INDEX):
            raise CannotUndoWithdrawal(why=SENT_AGAIN) from error
        raise


def why_not_undo(session: Session, application: Application, at: datetime) -> str:
    """Why a withdrawal stays, as a code; empty where it can be undone now."""
    if not may_undo(application, at):
        return TOO_LATE
    if is_over(session, application):
        return OVER
    return SENT_AGAIN if was_sent_again(session, application) else ""


def was_sent_again(session: Session, application: Application) -> bool:
    """Whether its candidate has another application for the vacancy: LIVE_INDEX lets one live."""
    another = select(Application.id).where(
        Application.vacancy_id == application.vacancy_id,
        Application.candidate_id == application.candidate_id,
        Application.status != Status.WITHDRAWN,
    )
    return session.scalars(another.limit(1)).first() is not None


def is_over(session: Session, application: Application) -> bool:
    """Whether nobody would decide about it any more: the vacancy is in the archive, or its post fell away.

    The page does not say which, because those whose post fell away may not have been told yet.
    """
    if application.vacancy.archived_at is not None:
        return True
    ended = select(Application.id).where(
        Application.vacancy_id == application.vacancy_id, Application.status == Status.POST_ENDED
    )
    return session.scalars(ended.limit(1)).first() is not None


def withdrawal_of(session: Session, application: Application) -> ApplicationHistory | None:
    """The entry of the last withdrawal."""
    entries = select(ApplicationHistory).where(
        ApplicationHistory.application_id == application.id,
        ApplicationHistory.kind.in_((HistoryKind.WITHDRAWN, HistoryKind.WITHDRAWN_FOR)),
    )
    return session.scalars(entries.order_by(ApplicationHistory.id.desc()).limit(1)).one_or_none()
