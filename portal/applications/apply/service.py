"""Beginning an application and sending it: exactly once, and not after the advert has closed.

Sending happens inside the journey’s transaction, which holds the draft’s row. It then holds the advert’s row,
so that closing and sending follow one another, and asks the database what time it is (security decisions 1
and 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.applications.admissions.current import admission_of
from portal.applications.admissions.models import LateAdmission
from portal.applications.admissions.service import note_admitted
from portal.applications.apply import queries
from portal.applications.apply.events import APPLICATION_BEGUN, APPLICATION_SENT, DRAFT_DELETED
from portal.applications.apply.record import columns_of
from portal.applications.candidates.models import ApplicationDraft
from portal.applications.candidates.queries import key_of
from portal.applications.history.reuse import taken_over
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import ApplicationStatus, HistoryKind
from portal.applications.references import new_reference
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.clock import london
from portal.core.database import violates
from portal.core.errors import Conflict, StaleEdit
from portal.core.mail import queue_mail
from portal.core.upsert import insert_into
from portal.council import Council
from portal.journeys import service as journeys
from portal.journeys.engine import Submission
from portal.journeys.service import Place
from portal.vacancies.life.revisions import content_of
from portal.vacancies.models import Vacancy

REFERENCE_TRIES = 20


class AlreadyApplied(Conflict):
    """A page was saved by somebody who has a live application for this vacancy; the facts say which."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """Who sends, for which advert, and what the council lets them do."""

    vacancy_id: int
    candidate_id: int
    facts: Mapping[str, Any]
    """The journey’s."""
    council: Council
    by: Actor


def note_save(
    session: Session,
    vacancy: Vacancy,
    candidate_id: int,
    *,
    by: Actor,
    at: datetime,
    imported_from: str | None = None,
) -> None:
    """Keep the row beside the answers in step with them. Raises AlreadyApplied."""
    sent = queries.live_application(session, vacancy.id, candidate_id)
    if sent is not None:
        own = sent.candidate_id is not None
        raise AlreadyApplied(reference=sent.reference, sent_at=sent.submitted_at, own=own)
    draft = queries.draft_of(session, vacancy.id, candidate_id)
    if draft is not None:
        draft.saved_at = at
        return
    begun = session.execute(
        insert_into(session, ApplicationDraft)
        .values(
            candidate_id=candidate_id,
            vacancy_id=vacancy.id,
            started_at=at,
            saved_at=at,
            closes_at_told=vacancy.closes_at,
            reminded=[],
            imported_from=imported_from,
        )
        .on_conflict_do_nothing(index_elements=["candidate_id", "vacancy_id"])
        .returning(ApplicationDraft.id)
    )
    if begun.all():
        record(session, APPLICATION_BEGUN, by=by, at=at, subject=vacancy.reference)


def begin_application(
    session: Session,
    place: Place,
    vacancy: Vacancy,
    candidate_id: int,
    *,
    earlier: Application | None,
    by: Actor,
    at: datetime,
) -> None:
    """Begin anew, with what can be taken over from an earlier application where one is given.

    What a second press of the button finds begun is left as it is. Raises AlreadyApplied.
    """
    reference = earlier.reference if earlier is not None else None
    journeys.forget_marker(session, place)
    draft = journeys.open_draft(session, place, at)
    note_save(session, vacancy, candidate_id, by=by, at=at, imported_from=reference)
    if earlier is not None and not draft.answers:
        draft.answers = taken_over(place.journey, earlier.answers).to_json()


def forget_draft(session: Session, vacancy: Vacancy, candidate_id: int, *, by: Actor, at: datetime) -> None:
    """The row goes with the answers."""
    gone = session.execute(
        delete(ApplicationDraft)
        .where(ApplicationDraft.vacancy_id == vacancy.id, ApplicationDraft.candidate_id == candidate_id)
        .returning(ApplicationDraft.id)
    )
    if gone.all():
        record(session, DRAFT_DELETED, by=by, at=at, subject=vacancy.reference)


def accept_application(session: Session, submission: Submission, sending: Sending) -> Application:
    """Write the application with its history, audit and mails; one submission gives one application.

    Raises StaleEdit where it cannot be sent any more: the advert has closed, or another one was sent.
    """
    known = queries.application_by_submission(session, submission.key)
    if known is not None:
        return known
    vacancy = queries.locked_vacancy(session, sending.vacancy_id)
    now = queries.database_now(session)
    late = not vacancy.is_open(now)
    graced = late and within_grace(vacancy, submission.started_at, now, sending.council)
    admission = admission_to_use(session, vacancy, sending, now) if late and not graced else None
    if late and not graced and admission is None:
        raise StaleEdit(closed=True, ended_at=vacancy.ended_at, withdrawn=vacancy.cancelled_at is not None)
    refuse_second(session, sending)
    application = application_of(vacancy, submission, sending, late=late)
    insert(session, application, sending)
    session.execute(
        delete(ApplicationDraft).where(
            ApplicationDraft.vacancy_id == vacancy.id,
            ApplicationDraft.candidate_id == sending.candidate_id,
        )
    )
    note_acceptance(session, application, vacancy, sending)
    if admission is not None:
        at = application.submitted_at
        note_admitted(session, application, admission, vacancy.reference, by=sending.by, at=at)
    queue_answers(session, application, vacancy, sending.council, admitted=admission is not None)
    return application


def admission_to_use(
    session: Session, vacancy: Vacancy, sending: Sending, now: datetime
) -> LateAdmission | None:
    """What lets this candidate send after closing, locked; nothing does once the vacancy is gone."""
    if vacancy.cancelled_at is not None or vacancy.archived_at is not None:
        return None
    return admission_of(session, vacancy.id, key_of(sending.candidate_id), now, lock=True)


def within_grace(vacancy: Vacancy, started_at: datetime, now: datetime, council: Council) -> bool:
    """Whether somebody who began before closing may still send: for some minutes, unless it was withdrawn."""
    ended = vacancy.ended_at
    if ended is None or not vacancy.approved_at or vacancy.cancelled_at is not None or now < ended:
        return False
    return started_at < ended and now < ended + timedelta(minutes=council.applications.grace_minutes)


def refuse_second(session: Session, sending: Sending) -> None:
    """Raise StaleEdit where this candidate has another live application for this vacancy."""
    other = queries.live_application(session, sending.vacancy_id, sending.candidate_id)
    if other is not None:
        raise StaleEdit(closed=False, reference=other.reference, own=other.candidate_id is not None)


def application_of(vacancy: Vacancy, submission: Submission, sending: Sending, *, late: bool) -> Application:
    """The row of these answers, without its reference."""
    return Application(
        submission_key=submission.key,
        vacancy_id=vacancy.id,
        candidate_id=sending.candidate_id,
        submitted_at=submission.at,
        late=late,
        form_version=submission.version,
        notice_version=sending.council.data_protection.notice_version,
        is_demo=vacancy.is_demo,
        status=ApplicationStatus.SUBMITTED,
        status_since=submission.at,
        told_status=ApplicationStatus.SUBMITTED,
        answers=submission.answers.to_json(),
        snapshot=submission.snapshot,
        advert=content_of(vacancy),
        **columns_of(submission.answers, sending.facts, london(submission.at).date()),
    )


def insert(session: Session, application: Application, sending: Sending) -> None:
    """Insert it under a new reference. Raises StaleEdit where another one came in this very moment."""
    for _ in range(REFERENCE_TRIES):
        application.reference = new_reference()
        try:
            with session.begin_nested():
                session.add(application)
        except IntegrityError as error:
            if violates(error, "uq_applications_live"):
                refuse_second(session, sending)
            if not violates(error, "uq_applications_reference"):
                raise
            continue
        return
    raise RuntimeError("no free reference was found")


def note_acceptance(session: Session, application: Application, vacancy: Vacancy, sending: Sending) -> None:
    """The first line of its history, and the audit: codes and counts."""
    session.add(
        ApplicationHistory(
            application_id=application.id,
            at=application.submitted_at,
            kind=HistoryKind.SUBMITTED,
            to_status=ApplicationStatus.SUBMITTED,
            by_name="The candidate",
        )
    )
    record(
        session,
        APPLICATION_SENT,
        by=sending.by,
        at=application.submitted_at,
        subject=application.reference,
        vacancy=vacancy.reference,
        late=application.late,
        flags=application.flags,
    )


def queue_answers(
    session: Session, application: Application, vacancy: Vacancy, council: Council, *, admitted: bool
) -> None:
    """The candidate gets the reference and what happens by when; HR hears that there is one, and no name."""
    facts = {
        "reference": application.reference,
        "title": vacancy.title,
        "vacancy": vacancy.reference,
        "decision_promised_on": vacancy.decision_promised_on,
        "contact_name": vacancy.contact_name,
        "contact_email": vacancy.contact_email,
        "late": application.late,
        "admitted": admitted,
    }
    queue_mail(
        session,
        to=application.email,
        template="application_received",
        facts=facts,
        at=application.submitted_at,
        purpose="application.received",
        about=application.reference,
    )
    queue_mail(
        session,
        to=council.recruitment.email,
        template="application_alert",
        facts=facts,
        at=application.submitted_at,
        purpose="application.alert",
        about=application.reference,
    )
