"""Writing inspections: drafts page by page, then what makes them public, changes or withdraws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.core.access import Actor
from portal.core.audit import record as note
from portal.core.database import violates
from portal.core.errors import InvalidTransition, NotFound, StaleEdit
from portal.core.page_cache import note_publication
from portal.inspections import events, queries
from portal.inspections.content import COLUMNS, QUOTATIONS, answers_of, changes_between, content_of
from portal.inspections.models import Inspection, InspectionDraft, InspectionStatus, Judgement, Quotation
from portal.inspections.outlook import Outlook, fingerprint
from portal.journeys.answers import Answers, Item, Stored

# Drafts


def start_draft(
    session: Session, facts: Stored, *, usual: Stored, by: Actor, at: datetime
) -> InspectionDraft:
    """A draft of a new inspection: its facts, and the labels that judgements usually have."""
    return add_draft(session, Answers({"facts": facts, "judgements": usual}), None, by=by, at=at)


def correct(session: Session, inspection_id: int, *, by: Actor, at: datetime) -> InspectionDraft:
    """The draft that changes a record: the one that somebody has begun, else a new one."""
    record = locked_record(session, inspection_id)
    found = queries.draft_changing(session, inspection_id)
    return found or add_draft(session, answers_of(record), record, by=by, at=at)


def add_draft(
    session: Session,
    answers: Answers,
    record: Inspection | None,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> InspectionDraft:
    """Begin a draft."""
    draft = InspectionDraft(
        inspection_id=record.id if record else None,
        answers=answers.to_json(),
        note=reason,
        started_at=at,
        updated_at=at,
        updated_by_name=name_of(by),
    )
    session.add(draft)
    session.flush()
    about = record.reference if record else None
    note(session, events.DRAFT_STARTED, by=by, at=at, subject=subject_of(draft), inspection=about)
    return draft


def save_page(
    session: Session, draft_id: int, page: str, answers: Stored, *, seen: str, by: Actor, at: datetime
) -> InspectionDraft:
    """Store one page. Raises NotFound, and StaleEdit where other answers are stored than the page showed."""
    draft = locked_draft(session, draft_id)
    before = Answers.from_json(draft.answers)
    stored = before.steps.get(page, {})
    refuse_unseen(stored, answers, seen)
    changed = changed_fields(stored, answers)
    save(session, draft, before.with_step(page, answers), page=page, fields=changed, by=by, at=at)
    return draft


def save_quotation(
    session: Session, draft_id: int, item: Item, *, place: int | None, seen: str, by: Actor, at: datetime
) -> InspectionDraft:
    """Store a quotation at its place, the last where none is given. Raises as `save_page`."""
    draft = locked_draft(session, draft_id)
    before = Answers.from_json(draft.answers)
    kept = before.item(QUOTATIONS, item.id)
    stored = kept.answers if kept else {}
    refuse_unseen(stored, item.answers, seen)
    entries = list(before.with_item(QUOTATIONS, item).items[QUOTATIONS])
    if place is not None:
        entries.remove(item)
        entries.insert(place - 1, item)
    after = replace(before, items={**before.items, QUOTATIONS: tuple(entries)})
    changed = [*changed_fields(stored, item.answers), *(["place"] if place is not None else [])]
    save(session, draft, after, page=item.id, fields=changed, by=by, at=at)
    return draft


def remove_quotation(session: Session, draft_id: int, key: str, *, by: Actor, at: datetime) -> None:
    """Take a quotation out of a draft; one that is gone already is no fault."""
    draft = locked_draft(session, draft_id)
    before = Answers.from_json(draft.answers)
    if before.item(QUOTATIONS, key) is None:
        return
    save(session, draft, before.without_item(QUOTATIONS, key), page=key, fields=["removed"], by=by, at=at)


def delete_draft(session: Session, draft_id: int, *, seen: str, by: Actor, at: datetime) -> None:
    """Throw a draft away; what is public stays. Raises NotFound, StaleEdit."""
    draft = locked_draft(session, draft_id)
    if seen != str(draft.version):
        raise StaleEdit
    about = f"INSPECTION-{draft.inspection_id}" if draft.inspection_id else None
    note(session, events.DRAFT_DELETED, by=by, at=at, subject=subject_of(draft), inspection=about)
    session.delete(draft)
    session.flush()


def save(
    session: Session, draft: InspectionDraft, answers: Answers, *, by: Actor, at: datetime, **facts: Any
) -> None:
    """Keep what was typed, and note which page it was."""
    draft.answers, draft.updated_at, draft.updated_by_name = answers.to_json(), at, name_of(by)
    session.flush()
    note(session, events.DRAFT_SAVED, by=by, at=at, subject=subject_of(draft), **facts)


def refuse_unseen(stored: Stored, wanted: Stored, seen: str) -> None:
    """Raises StaleEdit when what is stored is neither what the page showed nor what is wanted anyway."""
    if fingerprint(dict(stored)) != seen and dict(stored) != dict(wanted):
        raise StaleEdit(stored=dict(stored))


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The questions that are answered in another way."""
    return sorted(name for name in {**before, **after} if before.get(name) != after.get(name))


# What the public sees


def publish(
    session: Session, draft_id: int, *, seen: str, by: Actor, at: datetime, today: date
) -> Inspection:
    """Make a draft public: a new record, or changes to one whose rows keep their ids.

    Raises NotFound for a draft that is gone, StaleEdit when the page showed something else than what would
    be published now, InvalidTransition (with the outlook) when something stands against it.
    """
    known = locked_records(session)
    draft = locked_draft(session, draft_id)
    outlook = queries.outlook_of(draft, known, today)
    if outlook.token != seen:
        raise StaleEdit
    wanted = outlook.record
    if outlook.reasons or wanted is None:
        raise InvalidTransition(outlook=outlook)
    record = next((found for found in known if found.id == draft.inspection_id), None)
    before = content_of(record) if record else {}
    record = changed_into(session, record, wanted) if record else wanted
    record.status, record.checked_on = InspectionStatus.PUBLISHED, today
    session.add(record)
    session.delete(draft)
    flush_once(session, outlook)
    changes = changes_between(before, content_of(record))
    note(session, events.PUBLISHED, by=by, at=at, subject=record.reference, changes=changes)
    note_publication(session, at)
    return record


def flush_once(session: Session, outlook: Outlook) -> None:
    """Two drafts of one inspection, sent at the same moment: the second is told."""
    try:
        session.flush()
    except IntegrityError as error:
        if violates(error, "uq_inspections_urn_starts_on"):
            raise StaleEdit(outlook=outlook) from error
        raise


def changed_into(session: Session, record: Inspection, wanted: Inspection) -> Inspection:
    """Take over everything of `wanted`; judgements by their area, quotations by their id."""
    for name in COLUMNS:
        setattr(record, name, getattr(wanted, name))
    flag_modified(record, "headline")  # the version grows also where only a quotation was changed
    take_over_judgements(record, wanted)
    rows = {row.id: row for row in record.quotations}
    for row in record.quotations:
        row.position = -row.position
    session.flush()  # places are unique: the old ones make room first
    kept = []
    for said in wanted.quotations:
        row = rows.get(said.id) or Quotation()
        for name in ("words", "attributed_to", "by_inspectors", "about", "topic", "position"):
            setattr(row, name, getattr(said, name))
        kept.append(row)
    record.quotations = kept
    return record


def take_over_judgements(record: Inspection, wanted: Inspection) -> None:
    """A grade that is given stays one row, whatever happens to it."""
    rows = {row.area: row for row in record.judgements}
    kept = []
    for judged in wanted.judgements:
        row = rows.get(judged.area) or Judgement(area=judged.area)
        row.label, row.grade, row.position = judged.label, judged.grade, judged.position
        kept.append(row)
    record.judgements = kept


def mark_compared(session: Session, inspection_id: int, *, by: Actor, at: datetime, today: date) -> None:
    """Somebody has compared the record with Ofsted's site today and found it right."""
    record = locked_record(session, inspection_id)
    before = record.checked_on.isoformat() if record.checked_on else None
    record.checked_on = today
    session.flush()
    dates = [before, today.isoformat()]
    note(session, events.COMPARED, by=by, at=at, subject=record.reference, checked_on=dates)


def withdraw(
    session: Session, inspection_id: int, reason: str, *, seen: str, by: Actor, at: datetime
) -> InspectionDraft:
    """Take a published record back: it is a draft again, and the reason stands on it.

    Raises NotFound, StaleEdit when something else is public than the page showed, InvalidTransition for one
    that is not public.
    """
    known = locked_records(session)
    record = next((found for found in known if found.id == inspection_id), None)
    if record is None:
        raise NotFound
    if not record.is_published:
        raise InvalidTransition
    if queries.outlook_without(record, known).token != seen:
        raise StaleEdit
    record.status = InspectionStatus.DRAFT
    session.flush()
    pair = [InspectionStatus.PUBLISHED.value, InspectionStatus.DRAFT.value]
    note(session, events.WITHDRAWN, by=by, at=at, subject=record.reference, status=pair, reason=reason)
    note_publication(session, at)
    draft = queries.draft_changing(session, inspection_id)
    if draft is None:
        return add_draft(session, answers_of(record), record, by=by, at=at, reason=reason)
    draft.note = reason
    return draft


# Rows to be changed


def locked_draft(session: Session, draft_id: int) -> InspectionDraft:
    """The draft; raises NotFound."""
    wanted = select(InspectionDraft).where(InspectionDraft.id == draft_id)
    draft = session.scalars(wanted.with_for_update()).one_or_none()
    if draft is None:
        raise NotFound
    return draft


def locked_record(session: Session, inspection_id: int) -> Inspection:
    """The record; raises NotFound."""
    record = next((found for found in locked_records(session) if found.id == inspection_id), None)
    if record is None:
        raise NotFound
    return record


def locked_records(session: Session) -> list[Inspection]:
    """All records, newest first: what one becomes on the landing page depends on the others.

    Locked in the order of their ids, so that two writers wait for each other in one order.
    """
    session.scalars(select(Inspection).order_by(Inspection.id).with_for_update()).all()
    return list(queries.records(session))


def subject_of(draft: InspectionDraft) -> str:
    """What the audit calls a draft."""
    return f"INSPECTION-DRAFT-{draft.id}"


def name_of(by: Actor) -> str:
    """Who last saved it, for colleagues."""
    return (by.name or by.email or by.kind)[:120]
