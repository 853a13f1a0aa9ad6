"""What pages ask about inspections. Only published ones are ever found here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import starmap

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from portal.inspections.models import GRADED_TYPES, Inspection, InspectionStatus, Quotation, Topic


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
    found = {card.id: card for card in quotation_choices(session)}
    return [found[wanted] for wanted in dict.fromkeys(ids) if wanted in found]


@cache
def evidence_of_the_newest() -> Select[int, str, str, str, Topic, date, date, str]:
    """The columns of a card, in its order."""
    newest = newest_first().with_only_columns(Inspection.id).limit(1).scalar_subquery()
    said = (Quotation.id, Quotation.words, Quotation.attributed_to, Quotation.about, Quotation.topic)
    return (
        select(*said, Inspection.ends_on, Inspection.published_on, Inspection.report_url)
        .join(Inspection)
        .where(Quotation.inspection_id == newest, Quotation.by_inspectors)
        .order_by(Quotation.position)
    )


def newest_first() -> Select[Inspection]:
    """Published inspections that ended in grades."""
    return (
        select(Inspection)
        .where(Inspection.status == InspectionStatus.PUBLISHED, Inspection.type.in_(GRADED_TYPES))
        .order_by(Inspection.ends_on.desc(), Inspection.id.desc())
    )
