"""What happened to an application, and which of it can still be taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import ApplicationHistory, CandidateMessage
from portal.applications.options import HistoryKind, MessageState

NOT_NEWEST = "Only the newest change can be undone, and this is not it any more"
ARCHIVED = "The vacancy is archived, and its figures are final, so nothing about it can be undone"
ALREADY_TOLD = "The candidate has been told of this change, so it cannot be undone"

CANDIDATES_TO_UNDO = "Only the candidate can undo a withdrawal, on their own page within 24 hours"

MOVED = frozenset(
    {
        *(HistoryKind.STATUS, HistoryKind.WITHDRAWN, HistoryKind.WITHDRAWN_FOR),
        *(HistoryKind.INTERVIEW_CHANGED, HistoryKind.INTERVIEW_CALLED_OFF),
    }
)
"""Changes in the order in which they stand; those of an interview are changed again, not undone."""
TAKEN_BACK = frozenset({HistoryKind.UNDONE, HistoryKind.WITHDRAWAL_UNDONE})


def entries_of(session: Session, application_id: int) -> Sequence[ApplicationHistory]:
    """Everything, the oldest first."""
    wanted = select(ApplicationHistory).where(ApplicationHistory.application_id == application_id)
    return session.scalars(wanted.order_by(ApplicationHistory.id)).all()


def sent_of(session: Session, application_id: int) -> frozenset[int]:
    """The changes that the candidate has been told of."""
    wanted = select(CandidateMessage.history_id).where(
        CandidateMessage.application_id == application_id,
        CandidateMessage.state == MessageState.SENT,
        CandidateMessage.history_id.is_not(None),
    )
    return frozenset(found for found in session.scalars(wanted) if found is not None)


def newest_move(entries: Sequence[ApplicationHistory]) -> ApplicationHistory | None:
    """The change that the application stands by: the last one that nobody took back."""
    standing: list[ApplicationHistory] = []
    for entry in entries:
        if entry.kind in MOVED:
            standing.append(entry)
        elif entry.kind in TAKEN_BACK and standing:
            standing.pop()
    return standing[-1] if standing else None


def why_not_undo(entries: Sequence[ApplicationHistory], history_id: int, sent: Collection[int]) -> str:
    """Why this change cannot be taken back, without a final stop; empty where it can."""
    newest = newest_move(entries)
    if newest is None or newest.id != history_id or newest.kind is not HistoryKind.STATUS:
        return NOT_NEWEST
    return ALREADY_TOLD if history_id in sent else ""


def undoable(entries: Sequence[ApplicationHistory], sent: Collection[int]) -> ApplicationHistory | None:
    """The change that can be undone now."""
    newest = newest_move(entries)
    return newest if newest is not None and not why_not_undo(entries, newest.id, sent) else None


def why_nothing(entries: Sequence[ApplicationHistory], sent: Collection[int], *, archived: bool) -> str:
    """Why no undo is offered, without a final stop; empty where one is, and where nothing was changed yet."""
    newest = newest_move(entries)
    if newest is None:
        return ""
    if archived:
        return ARCHIVED
    if newest.kind in (HistoryKind.WITHDRAWN, HistoryKind.WITHDRAWN_FOR):
        return CANDIDATES_TO_UNDO
    return ALREADY_TOLD if newest.id in sent else ""
