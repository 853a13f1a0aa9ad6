"""Which inspection is shown, and whose words count as evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.database import Database
from portal.inspections.models import Inspection, InspectionStatus, InspectionType, Quotation, Topic
from portal.inspections.queries import evidence_cards, latest_and_previous, quotation_choices
from tests.support.first_records import INSPECTORS, inspection_2019, inspection_2023
from tests.support.inspections import forget_inspections, make_inspection


@pytest.fixture
def unrecorded(db: Database) -> None:
    """No inspection at all."""
    with db.transaction() as session:
        forget_inspections(session)


def test_every_database_begins_with_the_first_records(db: Database) -> None:
    with db.reading() as session:
        kept = list(session.scalars(select(Inspection).order_by(Inspection.starts_on)))
        for stored, written in zip(kept, (inspection_2019(), inspection_2023()), strict=True):
            assert facts_of(stored) == facts_of(written)
            assert [facts_of(row) for row in stored.judgements] == [
                facts_of(row) for row in written.judgements
            ]
            assert [facts_of(row) for row in stored.quotations] == [
                facts_of(row) for row in written.quotations
            ]
            assert stored.version == 1


def facts_of(row: Any) -> dict[str, Any]:
    """The columns of a record, but for the ones that the database gives."""
    columns = set(row.__table__.columns.keys()) - {"id", "inspection_id", "version"}
    return {name: getattr(row, name) for name in columns}


@pytest.mark.usefixtures("unrecorded")
def test_nothing_is_found_where_nothing_is_recorded(db: Database) -> None:
    with db.reading() as session:
        assert latest_and_previous(session) == (None, None)
        assert quotation_choices(session) == []
        assert evidence_cards(session, [1]) == []


def test_the_newest_published_inspection_with_grades_is_shown(db: Database) -> None:
    with db.transaction() as session:
        newer = {"starts_on": date(2027, 5, 3), "ends_on": date(2027, 5, 4), "published_on": date(2027, 6, 1)}
        make_inspection(session, **newer, type=InspectionType.FOCUSED_VISIT, judgements=[])
        newer = {"starts_on": date(2027, 7, 5), "ends_on": date(2027, 7, 6), "published_on": date(2027, 8, 1)}
        make_inspection(session, **newer, status=InspectionStatus.DRAFT)
    with db.reading() as session:
        found, before = latest_and_previous(session)
    assert found is not None
    assert found.dates == "5 to 16 June 2023"
    assert before is not None
    assert before.dates == "18 to 29 November 2019"


def test_the_inspection_before_is_of_the_same_provider(db: Database) -> None:
    with db.transaction() as session:
        newer = {"starts_on": date(2027, 7, 5), "ends_on": date(2027, 7, 6), "published_on": date(2027, 8, 1)}
        elsewhere = make_inspection(session, **newer, urn=99999)
        assert latest_and_previous(session) == (elsewhere, None)


def test_what_the_page_needs_is_loaded_at_once(db: Database, statements: Callable[[], Any]) -> None:
    with db.reading() as session, statements() as found:
        inspection, before = latest_and_previous(session)
        assert inspection is not None
        assert before is not None
        assert len(inspection.judgements) == 5
        assert len(inspection.quotations) == 14
        assert len(before.judgements) == 4
    assert len(found) == 3


def test_a_card_names_its_source(db: Database) -> None:
    with db.reading() as session:
        card = next(card for card in quotation_choices(session) if card.topic is Topic.MANAGERS)
    assert card.words.startswith("energetic and responsive frontline managers")
    assert card.about == "managers"
    assert card.source == "Ofsted inspection, June 2023"
    assert card.published_on == date(2023, 7, 28)
    assert card.report_url == "https://files.ofsted.gov.uk/v1/file/50224705"


def test_only_inspectors_words_are_evidence(db: Database) -> None:
    with db.reading() as session:
        choices = quotation_choices(session)
        ours = list(session.scalars(select(Quotation.id).where(~Quotation.by_inspectors)))
        assert evidence_cards(session, ours) == []
    assert {card.attributed_to for card in choices} == {INSPECTORS}
    assert len(choices) == 12


def test_cards_come_in_the_order_asked_for(db: Database) -> None:
    with db.reading() as session:
        managers, training, also_training = ids_about(session, Topic.MANAGERS, Topic.TRAINING)
        cards = evidence_cards(session, [also_training, managers, training, managers])
    assert [card.id for card in cards] == [also_training, managers, training]


def ids_about(session: Session, *topics: Topic) -> list[int]:
    """Ids of the choices on these topics, in the order of the topics."""
    choices = quotation_choices(session)
    return [card.id for topic in topics for card in choices if card.topic is topic]


def test_unknown_ids_are_left_out(db: Database) -> None:
    with db.reading() as session:
        (managers,) = ids_about(session, Topic.MANAGERS)
        assert evidence_cards(session, [0, -1, 2**63, 10**30, managers])[0].id == managers
        assert evidence_cards(session, [2**63]) == []


def test_evidence_ends_with_the_next_inspection(db: Database) -> None:
    with db.transaction() as session:
        before = ids_about(session, *Topic)
        draft = make_inspection(session, status=InspectionStatus.DRAFT)
        assert len(evidence_cards(session, before)) == 12
        draft.status = InspectionStatus.PUBLISHED
        session.flush()
        assert evidence_cards(session, before) == []
        assert [card.words for card in quotation_choices(session)] == ["learning every week"]


def test_evidence_costs_one_statement(db: Database, statements: Callable[[], Any]) -> None:
    with db.reading() as session:
        ids = ids_about(session, Topic.TRAINING)
        with statements() as found:
            evidence_cards(session, ids)
        with statements() as none:
            evidence_cards(session, [])
    assert len(found) == 1
    assert not none
