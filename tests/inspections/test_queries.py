"""Which inspection is shown, and whose words count as evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.database import Database
from portal.inspections.models import Inspection, InspectionStatus, InspectionType, Topic
from portal.inspections.queries import latest_and_previous, quotations_about
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
        assert quotations_about(session, [Topic.TRAINING]) == []


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


def test_quotations_come_in_the_order_of_the_topics_with_their_source(db: Database) -> None:
    with db.reading() as session:
        cards = quotations_about(session, [Topic.MANAGERS, Topic.TRAINING])
    assert [card.topic for card in cards] == [Topic.MANAGERS, Topic.TRAINING, Topic.TRAINING]
    assert cards[1].words == "thoughtfully commissioned"
    assert {card.source for card in cards} == {"Ofsted inspection, June 2023"}
    assert {card.report_url for card in cards} == {"https://files.ofsted.gov.uk/v1/file/50224705"}


def test_only_inspectors_words_are_evidence(db: Database) -> None:
    with db.reading() as session:
        cards = quotations_about(session, list(Topic))
    assert {card.attributed_to for card in cards} == {INSPECTORS}
    assert len(cards) == 12


def test_evidence_ends_with_the_next_inspection(db: Database) -> None:
    with db.transaction() as session:
        make_inspection(session)
    with db.reading() as session:
        assert [card.words for card in quotations_about(session, list(Topic))] == ["learning every week"]
        assert quotations_about(session, [Topic.MANAGERS]) == []


def test_evidence_costs_one_statement(db: Database, statements: Callable[[], Any]) -> None:
    with db.reading() as session, statements() as found:
        quotations_about(session, [Topic.TRAINING])
    assert len(found) == 1
