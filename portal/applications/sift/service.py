"""Deciding on applications: a change of status, its undoing, many at once, and notes. People decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Unpack

from sqlalchemy.orm import Session

from portal.applications.answers.queries import takes_mail, unsent_of
from portal.applications.answers.service import drop_message, write_message
from portal.applications.models import Application, ApplicationHistory, ApplicationNote
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind
from portal.applications.reasons import Reason, essential_criteria
from portal.applications.scope import is_hr
from portal.applications.sift import events, facts
from portal.applications.sift.facts import LONGEST_NOTE, Dates, Entered
from portal.applications.sift.moves import ONE_AT_A_TIME, ahead, knows, refusal, require_move
from portal.applications.sift.past import ARCHIVED, entries_of, sent_of, why_not_undo
from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidInput, InvalidTransition

OTHERWISE_WORDED = "Its advert had other essential criteria, so it is decided on its own page"
NEWS_UNSENT = (
    "The candidate has not been told that the interview was changed. If its new time is past, change it again"
    " or call it off"
)
DIFFERENT_PAGE = "It has a date of its own, so it is done on the application’s own page"


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one of several applications; `why_not` is empty where it was changed."""

    reference: str
    why_not: str = ""


def change_status(
    session: Session,
    application: Application,
    to: Status,
    *,
    by: Actor,
    at: datetime,
    reasons: Sequence[str] = (),
    note: str = "",
    **entered: Unpack[Dates],
) -> ApplicationHistory:
    """Move an application, keep what was before, and write the answer that HR may release; flushes.

    The application is locked and loaded with its advert and vacancy (`queries.application_to_change`).
    Raises InvalidTransition for a move that this person cannot make from here, InvalidInput for facts that
    are missing or cannot be.
    """
    before = application.status
    require_move(application, to, by, at)
    if unsent := unsent_news(session, application, to):
        raise InvalidTransition(
            reference=application.reference, action=to.value, status=before.value, why=unsent, instead=[]
        )
    said = Entered(reasons=tuple(reasons), note=note, **entered)
    facts.check(application, to, said, hr=is_hr(by), at=at)
    history = ApplicationHistory(
        application_id=application.id,
        at=at,
        kind=HistoryKind.STATUS,
        from_status=before,
        to_status=to,
        reasons=list(reasons),
        note=note.strip() or None,
        before=facts.before_of(application),
        by_id=by.id,
        by_name=by.name or by.kind,
    )
    facts.apply(application, to, said, at)
    session.add(history)
    session.flush()
    write_message(session, application, history, by=by, at=at)
    pair = [before.value, to.value]
    about = {"subject": application.reference, "vacancy": application.vacancy.reference}
    audit.record(session, events.APPLICATION_MOVED, by=by, at=at, **about, status=pair, reasons=list(reasons))
    return history


def unsent_news(session: Session, application: Application, to: Status) -> str:
    """Why nobody is said to have missed an interview of whose change they were not told; else empty."""
    if to is not Status.DID_NOT_ATTEND or not takes_mail(application.email):
        return ""
    waiting = unsent_of(session, [application.reference]).get(application.reference)
    return NEWS_UNSENT if waiting is not None and waiting.news else ""


def undo_change(
    session: Session, application: Application, history_id: int, *, by: Actor, at: datetime
) -> ApplicationHistory:
    """Take the newest change back while its answer has not been sent; the history keeps both.

    Status, dates and reasons are again exactly what they were. Raises InvalidTransition where it is not the
    newest change any more, or where the candidate has been told.
    """
    entries = entries_of(session, application.id)
    reason = why_not_undo(entries, history_id, sent_of(session, application.id))
    if application.vacancy.archived_at is not None:
        reason = ARCHIVED
    if reason:
        raise InvalidTransition(
            reference=application.reference,
            action="undo",
            status=application.status.value,
            why=reason,
            instead=[],
        )
    undone = next(entry for entry in entries if entry.id == history_id)
    drop_message(session, history_id)
    now = application.status
    facts.put_back(application, undone.before or {})
    history = ApplicationHistory(
        application_id=application.id,
        at=at,
        kind=HistoryKind.UNDONE,
        from_status=now,
        to_status=application.status,
        undoes_id=history_id,
        by_id=by.id,
        by_name=by.name or by.kind,
    )
    session.add(history)
    session.flush()
    about = {"subject": application.reference, "vacancy": application.vacancy.reference}
    pair = [now.value, application.status.value]
    audit.record(session, events.APPLICATION_MOVE_UNDONE, by=by, at=at, **about, status=pair)
    return history


def change_many(
    session: Session,
    applications: Sequence[Application],
    to: Status,
    *,
    by: Actor,
    at: datetime,
    reasons: Sequence[str] = (),
    note: str = "",
    criteria: Sequence[tuple[int, str]] = (),
) -> list[Judged]:
    """Move each of these that can be moved, and say of each other why it was not.

    `criteria` are the essential criteria whose numbers the reasons name. Raises InvalidInput where what was
    entered would fit none of them.
    """
    judged: list[Judged] = []
    numbered = any(reason.startswith(f"{Reason.ESSENTIAL}:") for reason in reasons)
    for application in applications:
        interview, known = ahead(application.interview_at, at), knows(application)
        why = refusal(application.status, to, by, interview, known=known)
        why = why or unsent_news(session, application, to)
        if to in ONE_AT_A_TIME:
            why = DIFFERENT_PAGE
        if not why and numbered and essential_criteria(application.advert) != list(criteria):
            why = OTHERWISE_WORDED
        if not why:
            change_status(session, application, to, by=by, at=at, reasons=reasons, note=note)
        judged.append(Judged(application.reference, why))
    return judged


def add_note(
    session: Session, application: Application, text: str, *, by: Actor, at: datetime
) -> ApplicationNote:
    """Note something; nobody changes it afterwards, and the candidate may ask to read it."""
    words = text.strip()
    if not words:
        raise InvalidInput("text", "Enter a note")
    if len(words) > LONGEST_NOTE:
        raise InvalidInput("text", f"Note must be {LONGEST_NOTE:,} characters or fewer")
    note = ApplicationNote(
        application_id=application.id, at=at, text=words, by_id=by.id, by_name=by.name or by.kind
    )
    session.add(note)
    vacancy, subject = application.vacancy.reference, application.reference
    audit.record(session, events.APPLICATION_NOTED, by=by, at=at, subject=subject, vacancy=vacancy)
    session.flush()
    return note


def note_read(
    session: Session, reference: str, *, vacancy: str, veiled: bool, by: Actor, at: datetime
) -> None:
    """The audit of somebody opening one application."""
    event = events.APPLICATION_READ
    audit.record(session, event, by=by, at=at, subject=reference, vacancy=vacancy, veiled=veiled)


def note_list_read(
    session: Session, vacancy: str, *, listing: str, searched: bool, shown: int, by: Actor, at: datetime
) -> None:
    """The audit of somebody opening a list of applications."""
    facts_of_it = {"list": listing, "searched": searched, "shown": shown}
    audit.record(session, events.APPLICATIONS_LISTED, by=by, at=at, subject=vacancy, **facts_of_it)
