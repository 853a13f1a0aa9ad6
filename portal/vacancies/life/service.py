"""What HR and hiring managers do with an advert, as verbs.

Each one looks at the table of transitions, and at the version that the page showed; changes the row, which
the caller has locked (`queries.vacancy_to_change`); and notes the decision, the audit event and, where the
public sees it, the publication. Raises InvalidTransition, StaleEdit, and what its docstring names.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core import audit, jobs
from portal.core.access import Actor
from portal.core.errors import InvalidInput, InvalidTransition, StaleEdit
from portal.core.page_cache import note_publication
from portal.vacancies.life import events
from portal.vacancies.life.approval import require_say, why_not_approve, why_not_decide
from portal.vacancies.life.extension import Extension, apply_extension
from portal.vacancies.life.mails import tell_approvers, tell_writer
from portal.vacancies.life.queries import Authors, authors_of, has_working_copy, staff_to_tell
from portal.vacancies.life.readiness import require_ready
from portal.vacancies.life.revisions import keep_baseline, record_revision
from portal.vacancies.life.transitions import Action, require
from portal.vacancies.models import Decision, Vacancy
from portal.vacancies.options import DecisionKind, Outcome, Status
from portal.vacancies.writing.starting import discard

ENDS_MOVED = "vacancies.ends_moved"
"""The job that tells those who have begun to apply; the applications do it."""
MOVES_THE_END = frozenset({DecisionKind.EXTENDED, DecisionKind.CLOSED_EARLY, DecisionKind.CANCELLED})

OpenCopy = Callable[..., Any]
"""Opens a working copy: `(session, vacancy, *, by, at)`; handed over by the writing of adverts."""

WhyNotArchive = Callable[[Session, int], str]
"""Which answers a vacancy (by its id) owes its applicants, in words without a final stop; empty for none.

Handed over by the applications.
"""


def submit_vacancy(session: Session, vacancy: Vacancy, *, by: Actor, at: datetime) -> None:
    """Send an advert for approval; one that was approved for later loses its approval.

    Raises NotReady with everything that is missing.
    """
    before = begin(vacancy, Action.SUBMIT, at)
    require_ready(vacancy, at)
    was_approved = vacancy.approved_at is not None
    vacancy.submitted_at, vacancy.approved_at, vacancy.approved_by_id = at, None, None
    closes_at = vacancy.closes_at.isoformat() if vacancy.closes_at else None
    decide(session, vacancy, DecisionKind.SUBMITTED, by=by, at=at)
    note(session, events.SUBMITTED, vacancy, before, by=by, at=at, closes_at=closes_at)
    if was_approved:
        note_publication(session, at)
    tell_approvers(session, vacancy, authors_of(session, vacancy.id), by=by, at=at)


def approve_vacancy(session: Session, vacancy: Vacancy, *, version: int, by: Actor, at: datetime) -> None:
    """Let an advert be published, on its date or at once.

    Raises SecondPersonNeeded for whoever sent or last wrote it, and NotReady.
    """
    before = begin(vacancy, Action.APPROVE, at, version)
    authors = authors_of(session, vacancy.id)
    require_say(vacancy, why_not_approve(vacancy, authors, by))
    require_ready(vacancy, at)
    keep_baseline(session, vacancy, at=at)
    # What is approved late is published late: lists, feeds and alerts go by this instant.
    vacancy.publish_at = max(at, vacancy.publish_at or at)
    vacancy.approved_at, vacancy.approved_by_id, vacancy.writers = at, by.id, " "
    decide(session, vacancy, DecisionKind.APPROVED, by=by, at=at)
    record_revision(session, vacancy, by=by, at=at)
    closes_at = vacancy.closes_at.isoformat() if vacancy.closes_at else None
    publish_at = vacancy.publish_at.isoformat()
    dates = {"publish_at": publish_at, "closes_at": closes_at}
    note(session, events.APPROVED, vacancy, before, by=by, at=at, **dates)
    note_publication(session, at)
    tell_writer(session, "approved", vacancy, authors, by=by, at=at)


def send_back_vacancy(
    session: Session,
    vacancy: Vacancy,
    comment: str,
    *,
    open_copy: OpenCopy,
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Give an advert back to its writer with comments, who finds it among the drafts."""
    before = begin(vacancy, Action.SEND_BACK, at, version)
    require_say(vacancy, why_not_decide(vacancy, by))
    if not comment.strip():
        raise InvalidInput("comment", "Enter what should be changed")
    authors = authors_of(session, vacancy.id)
    vacancy.submitted_at = None
    decide(session, vacancy, DecisionKind.SENT_BACK, by=by, at=at, comment=comment)
    note(session, events.SENT_BACK, vacancy, before, by=by, at=at)
    if not has_working_copy(session, vacancy.id):
        open_copy(session, vacancy, by=writer_of(session, authors, by), at=at)
    tell_writer(session, "sent_back", vacancy, authors, by=by, at=at)


def writer_of(session: Session, authors: Authors, by: Actor) -> Actor:
    """Who sent the advert, as somebody for whom a working copy is opened; the one who acts if nobody did."""
    found = staff_to_tell(session, [authors.submitted_by])
    return Actor(id=found[0].id, name=found[0].name, email=found[0].email, kind="staff") if found else by


def extend_vacancy(
    session: Session, vacancy: Vacancy, extension: Extension, *, version: int, by: Actor, at: datetime
) -> None:
    """Move the closing time; an advert that has closed without an outcome opens again.

    Raises InvalidInput for a time that is past or no later, and for dates that it would cross.
    """
    before = begin(vacancy, Action.EXTEND, at, version)
    keep_baseline(session, vacancy, at=at)
    closed_at = vacancy.ended_at
    taken_off = apply_extension(vacancy, extension, at)
    decide(
        session,
        vacancy,
        DecisionKind.EXTENDED,
        by=by,
        at=at,
        reason=extension.reason.value,
        comment=extension.comment,
        closes_before=closed_at,
        closes_after=extension.closes_at,
    )
    record_revision(session, vacancy, by=by, at=at)
    moved = [closed_at.isoformat() if closed_at else None, extension.closes_at.isoformat()]
    facts = {"reason": extension.reason.value, "closes_at": moved, "taken_off": taken_off}
    note(session, events.EXTENDED, vacancy, before, by=by, at=at, **facts)
    note_publication(session, at)


def close_vacancy_early(
    session: Session, vacancy: Vacancy, comment: str, *, version: int, by: Actor, at: datetime
) -> None:
    """Close an open advert now; where it did not say that it may close early, only with a reason."""
    before = begin(vacancy, Action.CLOSE_EARLY, at, version)
    if not vacancy.may_close_early and not comment.strip():
        raise InvalidInput("comment", "Enter why it closes early: the advert did not say that it may")
    closes_at = vacancy.closes_at
    vacancy.closed_early_at = at
    decide(
        session,
        vacancy,
        DecisionKind.CLOSED_EARLY,
        by=by,
        at=at,
        comment=comment,
        closes_before=closes_at,
        closes_after=at,
    )
    moved = [closes_at.isoformat() if closes_at else None, at.isoformat()]
    facts = {"closes_at": moved, "announced": vacancy.may_close_early}
    note(session, events.CLOSED_EARLY, vacancy, before, by=by, at=at, **facts)
    note_publication(session, at)


def cancel_vacancy(
    session: Session, vacancy: Vacancy, comment: str, *, version: int, by: Actor, at: datetime
) -> None:
    """End a recruitment without an appointment, with the reason; a working copy of it goes."""
    before = begin(vacancy, Action.CANCEL, at, version)
    if not comment.strip():
        raise InvalidInput("comment", "Enter why the recruitment is cancelled")
    vacancy.cancelled_at = at
    decide(session, vacancy, DecisionKind.CANCELLED, by=by, at=at, comment=comment)
    discard(session, vacancy.reference, by=by, at=at)
    note(session, events.CANCELLED, vacancy, before, by=by, at=at)
    if vacancy.approved_at is not None:
        note_publication(session, at)


def record_outcome(
    session: Session,
    vacancy: Vacancy,
    outcome: Outcome,
    *,
    posts_filled: int | None = None,
    comment: str = "",
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Note how the recruitment ended; again where it was noted wrongly, then with a comment."""
    before = begin(vacancy, Action.RECORD_OUTCOME, at, version)
    if vacancy.outcome is not None and not comment.strip():
        raise InvalidInput("comment", "Enter why the recorded outcome is changed")
    earlier = vacancy.outcome.value if vacancy.outcome else None
    vacancy.outcome, vacancy.outcome_at = outcome, at
    vacancy.posts_filled = posts_of(vacancy, outcome, posts_filled)
    decide(session, vacancy, DecisionKind.OUTCOME, by=by, at=at, reason=outcome.value, comment=comment)
    facts = {"outcome": [earlier, outcome.value], "posts_filled": vacancy.posts_filled}
    note(session, events.OUTCOME_RECORDED, vacancy, before, by=by, at=at, **facts)


def posts_of(vacancy: Vacancy, outcome: Outcome, given: int | None) -> int:
    """How many posts were filled; raises InvalidInput where “part filled” has no number between."""
    if outcome is not Outcome.PART_FILLED:
        return vacancy.number_of_posts if outcome is Outcome.FILLED else 0
    most = vacancy.number_of_posts - 1
    if most < 1:
        raise InvalidInput("outcome", "The advert is for one post, so it is filled or not filled")
    if given is None or not 1 <= given <= most:
        wanted = "1" if most == 1 else f"between 1 and {most}"
        raise InvalidInput("posts_filled", f"Number of posts filled must be {wanted}")
    return given


def archive_vacancy(
    session: Session,
    vacancy: Vacancy,
    *,
    why_not: WhyNotArchive,
    confirmed: bool,
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Put an ended advert away, once everyone who applied has an answer.

    Refused while an applicant waits for one. For applications that came another way, HR confirms it.
    """
    before = begin(vacancy, Action.ARCHIVE, at, version)
    if reason := why_not(session, vacancy.id):
        raise InvalidTransition(
            reference=vacancy.reference,
            action=Action.ARCHIVE.value,
            status=before.value,
            why=reason,
            instead=[Action.COPY.value],
        )
    if could_be_applied_for(vacancy) and not confirmed:
        raise InvalidInput("confirmed", "Confirm that everyone who applied has been answered")
    vacancy.archived_at = at
    decide(session, vacancy, DecisionKind.ARCHIVED, by=by, at=at)
    note(session, events.ARCHIVED, vacancy, before, by=by, at=at)


def could_be_applied_for(vacancy: Vacancy) -> bool:
    """Whether it was ever published, so that there may be applicants."""
    if vacancy.visible_from is None:
        return False
    return vacancy.cancelled_at is None or vacancy.visible_from < vacancy.cancelled_at


# What all of them do


def begin(vacancy: Vacancy, action: Action, at: datetime, version: int | None = None) -> Status:
    """Refuse what the page did not know of, then what the state does not allow; gives the state."""
    if version is not None and vacancy.version != version:
        raise StaleEdit(reference=vacancy.reference)
    status = vacancy.status(at)
    require(action, vacancy, status)
    return status


def decide(
    session: Session,
    vacancy: Vacancy,
    kind: DecisionKind,
    *,
    by: Actor,
    at: datetime,
    reason: str | None = None,
    comment: str = "",
    closes_before: datetime | None = None,
    closes_after: datetime | None = None,
) -> None:
    """Note a decision and save the row, which raises its version."""
    vacancy.updated_at = at
    if kind in MOVES_THE_END:
        jobs.enqueue(session, ENDS_MOVED, {"vacancy_id": vacancy.id}, run_at=at, key=str(vacancy.id))
    session.add(
        Decision(
            vacancy_id=vacancy.id,
            kind=kind,
            decided_at=at,
            by_id=by.id,
            by_name=by.name or by.kind,
            reason=reason,
            comment=comment.strip() or None,
            closes_before=closes_before,
            closes_after=closes_after,
        )
    )
    session.flush()


def note(
    session: Session,
    event: audit.EventType,
    vacancy: Vacancy,
    before: Status,
    *,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> None:
    """The audit of a decision, with the state before and after."""
    pair = [before.value, vacancy.status(at).value]
    audit.record(session, event, by=by, at=at, subject=vacancy.reference, status=pair, **facts)
