"""What pages ask about inspections. Only published ones are ever found here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from portal.inspections.models import GRADED_TYPES, Inspection, InspectionStatus, Quotation, Topic


@dataclass(frozen=True, kw_only=True, slots=True)
class QuotationCard:
    """A phrase as evidence on another page: it names its inspection."""

    words: str
    attributed_to: str
    about: str
    topic: Topic
    source: str
    report_url: str


def latest_and_previous(session: Session) -> tuple[Inspection | None, Inspection | None]:
    """The newest published inspection with grades and, of the same provider, the one before it.

    Their judgements and quotations are loaded. A council has a handful of them, so all are read at once.
    """
    found = session.scalars(with_all_that_is_shown()).all()
    if not found:
        return None, None
    return found[0], next((earlier for earlier in found if is_before(earlier, found[0])), None)


@cache
def with_all_that_is_shown() -> Select[Inspection]:
    """Inspections with what hangs on them, in a statement each."""
    return newest_first().options(selectinload(Inspection.judgements), selectinload(Inspection.quotations))


def is_before(earlier: Inspection, later: Inspection) -> bool:
    """Whether one inspection of a provider was over when another of the same began."""
    return earlier.urn == later.urn and earlier.ends_on < later.starts_on


def quotations_about(session: Session, topics: Collection[Topic]) -> list[QuotationCard]:
    """Inspectors' phrases on these topics from the newest inspection, in the order the topics are named.

    Those of an older inspection are never shown: its evidence ends when a newer one is published. One
    statement, so that an advert can afford it.
    """
    newest = newest_first().with_only_columns(Inspection.id).limit(1).scalar_subquery()
    wanted = [Quotation.inspection_id == newest, Quotation.topic.in_(topics), Quotation.by_inspectors]
    statement = (
        select(Quotation, Inspection.ends_on, Inspection.report_url)
        .join(Inspection)
        .where(*wanted)
        .order_by(Quotation.position)
    )
    cards = [
        QuotationCard(
            words=quotation.words,
            attributed_to=quotation.attributed_to,
            about=quotation.about,
            topic=quotation.topic,
            source=f"Ofsted inspection, {ends_on:%B %Y}",
            report_url=report_url,
        )
        for quotation, ends_on, report_url in session.execute(statement)
    ]
    order = {topic: place for place, topic in enumerate(topics)}
    return sorted(cards, key=lambda card: order[card.topic])


def newest_first() -> Select[Inspection]:
    """Published inspections that ended in grades."""
    return (
        select(Inspection)
        .where(Inspection.status == InspectionStatus.PUBLISHED, Inspection.type.in_(GRADED_TYPES))
        .order_by(Inspection.ends_on.desc(), Inspection.id.desc())
    )
