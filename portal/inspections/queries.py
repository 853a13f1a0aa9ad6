"""What pages ask about inspections. What says nothing else finds published ones only; the rest is for HR."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import starmap
from typing import Any

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import Session, selectinload

from portal.core.json_rows import rows_as_json
from portal.inspections.content import inspection_of
from portal.inspections.models import (
    GRADED_TYPES,
    Inspection,
    InspectionDraft,
    InspectionStatus,
    Quotation,
    Topic,
)
from portal.inspections.outlook import Outlook, shown_of, with_record, without
from portal.inspections.readiness import reasons, warnings
from portal.journeys.answers import Answers


@dataclass(frozen=True, slots=True)
class QuotationCard:
    """A phrase as evidence on another page: it names its inspection."""

    id: int
    words: str
    attributed_to: str
    about: str
    topic: Topic
    inspected_on: date
    """The inspection's last day."""
    published_on: date
    report_url: str

    @property
    def source(self) -> str:
        """“Ofsted inspection, June 2023”."""
        return f"Ofsted inspection, {self.inspected_on:%B %Y}"


def latest_and_previous(session: Session) -> tuple[Inspection | None, Inspection | None]:
    """The newest published inspection with grades and, of the same provider, the one before it.

    Their judgements and quotations are loaded. A council has a handful of them, so all are read at once.
    """
    shown = shown_of(session.scalars(with_all_that_is_shown()).all())
    return shown.newest, shown.previous


@cache
def with_all_that_is_shown() -> Select[Inspection]:
    """Inspections with what hangs on them, in a statement each."""
    return newest_first().options(selectinload(Inspection.judgements), selectinload(Inspection.quotations))


def quotation_choices(session: Session) -> list[QuotationCard]:
    """What an advert may show as evidence: inspectors' phrases from the newest inspection, in its order.

    Those of an older inspection are never found: its evidence ends when a newer one is published.
    """
    return list(starmap(QuotationCard, session.execute(evidence_of_the_newest())))


def evidence_cards(session: Session, ids: Sequence[int]) -> list[QuotationCard]:
    """Those of the choices that an advert names, in the order in which it names them.

    Ids that are no choice any more are left out. One statement, none for an advert without evidence: an
    inspection has a dozen phrases, so all are read and the wanted ones picked.
    """
    if not ids:
        return []
    return named_in(quotation_choices(session), ids)


def named_in(cards: Iterable[QuotationCard], ids: Sequence[int]) -> list[QuotationCard]:
    """The cards with these ids, in the order of the ids."""
    found = {card.id: card for card in cards}
    return [found[wanted] for wanted in dict.fromkeys(ids) if wanted in found]


SAID = (Quotation.id, Quotation.words, Quotation.attributed_to, Quotation.about, Quotation.topic)
CARD: tuple[Any, ...] = (*SAID, Inspection.ends_on, Inspection.published_on, Inspection.report_url)
"""The columns of a card, in its order."""


@cache
def evidence_of_the_newest() -> Select[Any]:
    """A row for each card."""
    return of_the_newest(select(*CARD)).order_by(Quotation.position)


def evidence_as_json(dialect: str) -> ScalarSelect[Any]:
    """All of them in one value that rides along with another statement; `cards_in` reads it."""
    return of_the_newest(select(rows_as_json(dialect, *CARD))).scalar_subquery()


def of_the_newest(quotations: Select[Any]) -> Select[Any]:
    """Inspectors' phrases from the newest inspection."""
    newest = newest_first().with_only_columns(Inspection.id).limit(1).scalar_subquery()
    return (
        quotations.select_from(Quotation)
        .join(Inspection, Inspection.id == Quotation.inspection_id)
        .where(Quotation.inspection_id == newest, Quotation.by_inspectors)
    )


def cards_in(found: Sequence[Sequence[Any]] | None) -> list[QuotationCard]:
    """The cards of `evidence_as_json`, in no order."""
    return [
        QuotationCard(
            id=number,
            words=words,
            attributed_to=by,
            about=about,
            topic=Topic(topic),
            inspected_on=date.fromisoformat(ended),
            published_on=date.fromisoformat(published),
            report_url=url,
        )
        for number, words, by, about, topic, ended, published, url in found or ()
    ]


def newest_first() -> Select[Inspection]:
    """Published inspections that ended in grades."""
    return (
        select(Inspection)
        .where(Inspection.status == InspectionStatus.PUBLISHED, Inspection.type.in_(GRADED_TYPES))
        .order_by(Inspection.ends_on.desc(), Inspection.id.desc())
    )


# For HR


def records(session: Session) -> Sequence[Inspection]:
    """Every inspection that is or was public, newest first, with what hangs on it."""
    return session.scalars(every_record()).all()


def every_record() -> Select[Inspection]:
    """Inspections of every kind and state, with judgements and quotations."""
    loaded = (selectinload(Inspection.judgements), selectinload(Inspection.quotations))
    return select(Inspection).order_by(Inspection.ends_on.desc(), Inspection.id.desc()).options(*loaded)


def record_of(session: Session, inspection_id: int) -> Inspection | None:
    """One of them."""
    return session.scalars(every_record().where(Inspection.id == inspection_id)).one_or_none()


def drafts(session: Session) -> Sequence[InspectionDraft]:
    """Everything that is being written, the latest first."""
    newest = InspectionDraft.updated_at.desc(), InspectionDraft.id.desc()
    return session.scalars(select(InspectionDraft).order_by(*newest)).all()


def draft_of(session: Session, draft_id: int) -> InspectionDraft | None:
    """One of them."""
    return session.get(InspectionDraft, draft_id)


def draft_changing(session: Session, inspection_id: int) -> InspectionDraft | None:
    """The draft that changes a record, if somebody has begun one."""
    return session.scalars(
        select(InspectionDraft).where(InspectionDraft.inspection_id == inspection_id)
    ).one_or_none()


def outlook_for(session: Session, draft: InspectionDraft, today: date) -> Outlook:
    """What publishing this draft would change, and what stands against it."""
    return outlook_of(draft, records(session), today)


def outlook_of(draft: InspectionDraft, known: Sequence[Inspection], today: date) -> Outlook:
    """The same beside records that were read already."""
    answers = Answers.from_json(draft.answers)
    record = inspection_of(answers, draft.inspection_id)
    published = [found for found in known if found.is_published]
    others = without(known, draft.inspection_id)
    corrected = next((found for found in known if found.id == draft.inspection_id), None)
    return Outlook(
        record=record,
        before=shown_of(published),
        after=shown_of(with_record(published, record) if record else published),
        reasons=tuple(reasons(answers, record, others)),
        warnings=tuple(warnings(record, today)) if record else (),
        version=draft.version * 10**6 + (corrected.version if corrected else 0),
    )


def outlook_without(record: Inspection, known: Sequence[Inspection]) -> Outlook:
    """What withdrawing this record would change."""
    published = [found for found in known if found.is_published]
    before, after = shown_of(published), shown_of(without(published, record.id))
    return Outlook(record=None, before=before, after=after, version=record.version)


def preview_of(session: Session, draft_id: int, today: date) -> Outlook | None:
    """What the landing page would show if a draft were published; None where there is no such draft."""
    draft = draft_of(session, draft_id)
    return outlook_for(session, draft, today) if draft else None
