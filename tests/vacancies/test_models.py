"""When an advert is open and readable, and in which state: the row and the database say the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm import selectinload

from portal.core.clock import london_instant
from portal.core.errors import StaleEdit
from portal.vacancies.models import LARGEST_DOCUMENT, Document, Vacancy
from portal.vacancies.options import DbsLevel, DocumentType, Outcome, Status
from tests.support.builders import make_criterion, make_vacancy

SECOND = timedelta(seconds=1)

# The nights on which London's clocks change in 2026, an ordinary summer and an ordinary winter night.
NIGHTS = [
    date(2026, 3, 28),
    date(2026, 3, 29),
    date(2026, 10, 24),
    date(2026, 10, 25),
    date(2026, 7, 1),
    date(2026, 12, 13),
]


def states(at):
    """Approved or not, cancelled or not, closed early or not, with dates before, at and after the instant."""
    edges = (at - SECOND, at, at + SECOND)
    for publish, close in product((at - timedelta(days=3), *edges), (*edges, at + timedelta(days=3))):
        if publish >= close:
            continue
        for approved, cancelled, closed in product(
            (at - timedelta(days=4), None), (at - SECOND, None), (at, None)
        ):
            yield {
                "publish_at": publish,
                "closes_at": close,
                "approved_at": approved,
                "cancelled_at": cancelled,
                "closed_early_at": closed,
            }


def test_the_row_and_the_database_agree_on_what_is_open(db, at):
    with db.transaction() as session:
        for changes in states(at):
            make_vacancy(session, **changes)
    with db.reading() as session:
        rows = session.scalars(select(Vacancy)).all()
        for instant in (at - SECOND, at, at + SECOND):
            found = set(session.scalars(select(Vacancy.id).where(Vacancy.open_at(instant))))
            assert found == {row.id for row in rows if row.is_open(instant)}
            assert 0 < len(found) < len(rows)


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_a_minute_to_midnight_in_london_is_exact_on_every_night(db, night):
    closes = london_instant(night, time(23, 59))
    with db.transaction() as session:
        row = make_vacancy(session, publish_at=closes - timedelta(days=14), closes_at=closes)
    with db.reading() as session:
        for instant, expected in ((closes - SECOND, True), (closes, False), (closes + SECOND, False)):
            assert row.is_open(instant) is expected
            assert bool(session.scalars(select(Vacancy.id).where(Vacancy.open_at(instant))).all()) is expected


def test_closing_time_is_that_of_london_in_summer_and_winter():
    assert london_instant(date(2026, 7, 1), time(23, 59)) == datetime(2026, 7, 1, 22, 59, tzinfo=UTC)
    assert london_instant(date(2026, 12, 13), time(23, 59)) == datetime(2026, 12, 13, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, Status.OPEN),
        ({"approved_at": None}, Status.DRAFT),
        ({"approved_at": None, "submitted_at": -1}, Status.PENDING_APPROVAL),
        ({"publish_at": 1}, Status.SCHEDULED),
        ({"closes_at": -1}, Status.CLOSED),
        ({"closed_early_at": -1}, Status.CLOSED),
        ({"cancelled_at": -1}, Status.CANCELLED),
        ({"closes_at": -1, "outcome": Outcome.PART_FILLED}, Status.PART_FILLED),
        ({"closes_at": -1, "outcome": Outcome.FILLED, "archived_at": 0}, Status.ARCHIVED),
    ],
)
def test_status_follows_from_dates_and_decisions(db, at, changes, status):
    moved = {
        name: at + timedelta(days=value) if isinstance(value, int) else value
        for name, value in changes.items()
    }
    with db.transaction() as session:
        assert make_vacancy(session, **moved).status(at) is status


@pytest.mark.parametrize(
    ("changes", "readable"),
    [
        ({}, True),
        ({"closes_at": -1}, True),
        ({"closed_early_at": -1}, True),
        ({"cancelled_at": -1}, True),
        ({"cancelled_at": -9}, False),
        ({"approved_at": None}, False),
        ({"publish_at": 1}, False),
    ],
)
def test_the_public_reads_what_was_published_and_nothing_else(db, at, changes, readable):
    moved = {
        name: at + timedelta(days=value) if isinstance(value, int) else value
        for name, value in changes.items()
    }
    with db.transaction() as session:
        assert make_vacancy(session, **moved).is_readable(at) is readable


def test_an_advert_ends_at_its_closing_time_or_an_earlier_decision(db, at):
    with db.transaction() as session:
        row = make_vacancy(session, closed_early_at=at)
        assert row.ended_at == at
        row.closed_early_at = None
        assert row.ended_at == row.closes_at


@pytest.mark.parametrize(
    "changes",
    [
        {"salary_min": 50_000, "salary_max": 40_000},
        {"scp_min": 9, "scp_max": 8},
        {"hours_per_week": Decimal(0)},
        {"number_of_posts": 51},
        {"number_of_posts": 0},
        {"contact_email": None},
        {"closes_at": None},
        {"dbs_level": None},
        {"registration": None},
    ],
    ids=",".join,
)
def test_the_database_refuses_what_cannot_be_an_approved_advert(db, changes):
    with pytest.raises(IntegrityError), db.transaction() as session:
        make_vacancy(session, **changes)


def test_a_draft_may_lack_what_publishing_needs(db):
    with db.transaction() as session:
        make_vacancy(
            session, approved_at=None, closes_at=None, contact_email=None, dbs_level=None, registration=None
        )


def test_dates_must_be_in_order(db, at):
    with pytest.raises(IntegrityError), db.transaction() as session:
        make_vacancy(session, publish_at=at, closes_at=at)


def test_numbers_come_back_as_numbers(db):
    with db.transaction() as session:
        kept = make_vacancy(session, hours_per_week=Decimal("22.2"), scp_min=38, scp_max=42).id
    with db.reading() as session:
        row = session.get_one(Vacancy, kept)
        assert (row.hours_per_week, row.full_time_hours, row.fte) == (
            Decimal("22.20"),
            Decimal(37),
            Decimal("0.60"),
        )
        assert (row.scp_min, row.scp_max, row.salary_min) == (38, 42, 41_000)


def test_lists_of_codes_come_back_in_their_own_order_and_unknown_codes_are_refused(db):
    with db.transaction() as session:
        kept = make_vacancy(session, working_patterns=["part_time", "full_time", "part_time"], flexible=[]).id
    with db.reading() as session:
        row = session.get_one(Vacancy, kept)
        assert (row.working_patterns, row.flexible) == (["full_time", "part_time"], [])
    with pytest.raises(Exception, match="now and then"), db.transaction() as session:
        make_vacancy(session, working_patterns=["now and then"])


@pytest.mark.parametrize("level", DbsLevel)
def test_only_standard_checks_and_above_set_the_act_aside(level):
    assert Vacancy(dbs_level=level).roa_exempt is (level not in (DbsLevel.NONE, DbsLevel.BASIC))


def test_of_two_saves_of_the_same_version_the_second_fails(db):
    with db.transaction() as session:
        kept = make_vacancy(session).id
    with db.reading() as session:
        stale = session.get_one(Vacancy, kept)
        session.expunge(stale)
    with db.transaction() as session:
        session.get_one(Vacancy, kept).title = "First"
    stale.title = "Second"
    with pytest.raises(StaleEdit), db.transaction() as session:
        session.add(stale)
    with db.reading() as session:
        row = session.get_one(Vacancy, kept)
        assert (row.title, row.version) == ("First", 2)


def test_criteria_go_with_their_advert(db):
    with db.transaction() as session:
        row = make_vacancy(session, criteria=[make_criterion(1), make_criterion(2)])
        session.flush()
        session.delete(row)


def document(content: bytes, **changes) -> Document:
    return Document(**{"position": 1, "title": "The post", "file_type": "pdf", "content": content, **changes})


def test_documents_come_with_an_advert_but_their_bytes_only_when_asked_for(db):
    with db.transaction() as session:
        kept = make_vacancy(
            session, documents=[document(b"%PDF-", position=2), document(b"PK", file_type="docx")]
        )
        kept_id = kept.id
    with db.reading() as session:
        row = session.scalars(select(Vacancy).options(selectinload(Vacancy.documents))).one()
        assert [found.file_type for found in row.documents] == [DocumentType.DOCX, DocumentType.PDF]
        with pytest.raises(InvalidRequestError):
            _ = row.documents[0].content
        asked = select(Document.content).where(Document.vacancy_id == kept_id, Document.position == 2)
        assert session.scalar(asked) == b"%PDF-"
    with db.transaction() as session:
        session.delete(session.get_one(Vacancy, kept_id))
    with db.reading() as session:
        assert session.scalars(select(Document.id)).all() == []


@pytest.mark.parametrize("content", [b"", b"x" * (LARGEST_DOCUMENT + 1)], ids=["empty", "too large"])
def test_a_document_has_content_and_at_most_five_megabytes(db, content):
    with db.transaction() as session:
        make_vacancy(session, documents=[document(b"x" * LARGEST_DOCUMENT)])
    with pytest.raises(IntegrityError), db.transaction() as session:
        make_vacancy(session, documents=[document(content)])
