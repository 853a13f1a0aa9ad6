"""The oldest end of the audit log goes when its time is over, and the rest still proves itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from portal.core import audit, audit_cut, migrating
from portal.core.access import Actor
from portal.core.audit import AuditEvent, AuditHead
from portal.core.audit_cut import delete_old_events, old_events
from portal.core.clock import add_months, london
from portal.core.database import Database
from portal.core.retention import delete_everything_due
from tests.core.test_audit import note, verdict
from tests.support.builders import make_enquiry

PERIOD = 72


def ago(at: datetime, months: int) -> datetime:
    """So many months before, at the same time of a winter’s day."""
    return at.replace(year=at.year - months // 12, month=at.month - months % 12)


def subjects(db: Database) -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(AuditEvent.subject).order_by(AuditEvent.id)))


def cut(app: Flask, db: Database, at: datetime) -> int:
    with app.app_context(), db.transaction() as session:
        return delete_old_events(session, at)


def test_what_is_older_than_the_period_goes_and_the_log_is_intact(
    app: Flask, db: Database, at: datetime
) -> None:
    note(db, ago(at, PERIOD + 10), 1, 2)
    note(db, ago(at, PERIOD) - timedelta(days=1), 3)
    note(db, ago(at, PERIOD), 4)
    note(db, at, 5)
    with app.app_context(), db.reading() as session:
        due = old_events(session, at)
    assert [one.reference for one in due] == [f"EVENT-{number}" for number in (1, 2, 3)]
    assert due[-1].goes_on == london(at).date() - timedelta(days=1)
    assert cut(app, db, at) == 3
    assert subjects(db) == ["T-4", "T-5", ""]
    assert verdict(db) == audit.Verdict(3)
    with db.reading() as session:
        told = session.scalars(select(AuditEvent).where(AuditEvent.event == "audit.cut")).one()
        head = session.scalars(select(AuditHead)).one()
    assert told.facts == {"gone": 3, "last": head.cut_hash}
    assert (head.count, head.cut_count) == (6, 3)


def test_a_night_without_old_events_leaves_no_trace(app: Flask, db: Database, at: datetime) -> None:
    note(db, at, 1)
    assert cut(app, db, at) == 0
    assert subjects(db) == ["T-1"]


def test_a_log_that_is_old_altogether_goes_altogether(app: Flask, db: Database, at: datetime) -> None:
    note(db, ago(at, PERIOD + 1), 1, 2)
    assert cut(app, db, at) == 2
    assert verdict(db) == audit.Verdict(1)
    note(db, at, 3)
    assert verdict(db) == audit.Verdict(2)


def test_a_long_beginning_goes_in_parts_and_each_is_told(
    app: Flask, db: Database, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_cut, "AT_ONCE", 2)
    note(db, ago(at, PERIOD + 1), 1, 2, 3, 4, 5)
    note(db, at, 6)
    with app.app_context():
        assert delete_everything_due(at) == 5
    assert subjects(db) == ["T-6", "", "", ""]
    assert verdict(db).intact


def test_years_later_the_events_that_told_of_a_cut_go_as_well(app: Flask, db: Database, at: datetime) -> None:
    note(db, ago(at, PERIOD + 1), 1)
    cut(app, db, at)
    later = at.replace(year=at.year + 7)
    note(db, later, 2)
    assert cut(app, db, later) == 1
    assert subjects(db) == ["T-2", ""]
    assert verdict(db).intact


@pytest.mark.parametrize("reason", ["held", "restricted"])
def test_an_event_about_a_record_that_must_stay_keeps_all_that_came_after(
    app: Flask, db: Database, at: datetime, reason: str
) -> None:
    values = {"hold_reason": "COMPLAINT"} if reason == "held" else {"restricted_at": at}
    with db.transaction() as session:
        reference = make_enquiry(session, **values).public_ref
    before = ago(at, PERIOD + 1)
    note(db, before, 1)
    with db.transaction() as session:
        robin = Actor(name="Robin")
        audit.record(
            session, audit.VOCABULARY["test.noted"], by=robin, at=before, subject=reference, number=2
        )
    note(db, before, 3)
    assert cut(app, db, at) == 1
    assert subjects(db) == [reference, "T-3", ""]
    assert cut(app, db, at) == 0


def test_a_beginning_that_somebody_else_cut_off_shows(app: Flask, db: Database, at: datetime) -> None:
    """Also when the head is made to say so: no event tells of it."""
    note(db, ago(at, PERIOD + 1), 1)
    note(db, at, 2, 3, 4)
    cut(app, db, at)
    with db.transaction() as session:
        gone = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).first()
        assert gone is not None
        session.execute(update(AuditHead).values(cut_hash=gone.hash, cut_count=2))
        session.execute(delete(AuditEvent).where(AuditEvent.id == gone.id))
    assert verdict(db) == audit.Verdict(3, head_agrees=False)


def test_the_age_is_a_whole_number_of_months_in_london(at: datetime) -> None:
    assert add_months(london(at).date(), -PERIOD) == london(ago(at, PERIOD)).date()


def test_where_the_log_begins_is_known_again_after_the_migration_was_taken_back(
    app: Flask, spare_database: str, at: datetime
) -> None:
    spare = Database(spare_database)
    spare.before_commit.append(audit.seal)
    migrating.upgrade(spare)
    note(spare, ago(at, PERIOD + 1), 1, 2)
    note(spare, at, 3)
    assert cut(app, spare, at) == 2
    migrating.downgrade(spare, "0019")
    migrating.upgrade(spare)
    assert verdict(spare) == audit.Verdict(2)
    spare.dispose()
