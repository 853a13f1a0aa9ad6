"""The audit log: a closed vocabulary, and a chain in which a change shows."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from sqlalchemy import delete, select, update

from portal.core import audit
from portal.core.access import Actor
from portal.core.audit import AuditEvent, AuditHead, EventType
from portal.core.database import Database

NOTED = EventType("test.noted", ("number",))
ROBIN = Actor(
    id=7, name="Robin", email="robin@example.org", kind="staff", address="192.0.2.7", request_id="abc"
)


def note(db: Database, at: datetime, *numbers: int) -> None:
    with db.transaction() as session:
        for number in numbers:
            audit.record(session, NOTED, by=ROBIN, at=at, subject=f"T-{number}", number=number)


def verdict(db: Database) -> audit.Verdict:
    with db.reading() as session:
        return audit.verify(session)


def test_an_event_says_who_what_when_and_from_where(db: Database, at: datetime) -> None:
    note(db, at, 1)
    with db.reading() as session:
        event = session.scalars(select(AuditEvent)).one()
    assert (event.event, event.subject, event.facts, event.at) == ("test.noted", "T-1", {"number": 1}, at)
    assert (event.actor_id, event.actor) == (7, "robin@example.org")
    assert (event.address, event.request_id) == ("192.0.2.7", "abc")


@pytest.mark.parametrize("facts", [{}, {"number": 1, "name": "Robin"}, {"nummer": 1}])
def test_other_facts_than_the_declared_ones_are_refused(
    db: Database, at: datetime, facts: dict[str, int]
) -> None:
    with pytest.raises(ValueError, match="takes"), db.transaction() as session:
        audit.record(session, NOTED, by=ROBIN, at=at, **facts)


def test_an_event_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        EventType("test.noted")


def note_and_fail(db: Database, at: datetime) -> None:
    with db.transaction() as session:
        audit.record(session, NOTED, by=ROBIN, at=at, number=1)
        raise LookupError


def test_what_is_undone_was_never_noted(db: Database, at: datetime) -> None:
    with pytest.raises(LookupError):
        note_and_fail(db, at)
    with db.reading() as session:
        assert session.scalars(select(AuditEvent)).all() == []
    assert verdict(db).intact


def test_an_untouched_log_is_intact(db: Database, at: datetime) -> None:
    note(db, at, 1, 2)
    note(db, at, 3)
    assert verdict(db) == audit.Verdict(3)


def test_a_changed_event_shows(db: Database, at: datetime) -> None:
    note(db, at, 1, 2, 3)
    with db.transaction() as session:
        middle = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()[1]
        session.execute(update(AuditEvent).where(AuditEvent.id == middle.id).values(actor="somebody else"))
    assert verdict(db).broken_at == middle.id


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_removed_event_shows_wherever_it_stood(db: Database, at: datetime, place: int) -> None:
    note(db, at, 1, 2, 3)
    with db.transaction() as session:
        gone = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()[place]
        session.execute(delete(AuditEvent).where(AuditEvent.id == gone.id))
    assert not verdict(db).intact


def test_a_log_emptied_to_the_last_row_shows(db: Database, at: datetime) -> None:
    note(db, at, 1)
    with db.transaction() as session:
        session.execute(delete(AuditEvent))
    assert not verdict(db).intact
    with db.transaction() as session:
        session.execute(delete(AuditHead))
    assert verdict(db).intact, "an empty log without a head is a new one"


def test_writers_at_the_same_moment_make_one_chain(db: Database, at: datetime) -> None:
    writers = [threading.Thread(target=lambda n=n: [note(db, at, n, n) for _ in range(5)]) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=30)
    assert verdict(db) == audit.Verdict(60)


def test_the_command_says_whether_the_log_is_intact(db: Database, at: datetime, runner) -> None:  # type: ignore[no-untyped-def]
    note(db, at, 1)
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    with db.transaction() as session:
        session.execute(update(AuditEvent).values(subject="T-2"))
    assert runner.invoke(args=["audit", "verify"]).exit_code != 0
