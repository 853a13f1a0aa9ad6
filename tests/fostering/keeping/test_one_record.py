"""Holding one record beyond its time, and erasing one because its household asks for it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import StaffUser
from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.errors import InvalidInput, InvalidTransition, StaleEdit
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.guarded import Reader
from portal.fostering.keeping import erasing, holds, queries
from portal.fostering.keeping.options import HoldReason
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import HistoryKind, Stage
from portal.fostering.reporting.models import AnonymousEnquiry
from tests.fostering.keeping.conftest import NOW, TODAY, MakeClosed
from tests.support.builders import make_enquiry, make_staff

pytestmark = pytest.mark.usefixtures("context")
COUNCIL = load_council()
PERIODS = COUNCIL.retention
REVIEW = TODAY + timedelta(days=90)


def actor(person: StaffUser) -> Actor:
    return Actor(id=person.id, name=person.name, kind="staff", permissions=ROLE_PERMISSIONS[person.roles[0]])


@pytest.fixture
def manager(db: Database) -> StaffUser:
    with db.transaction() as session:
        return make_staff(session, name="Mara Example", role="fostering_manager")


def stored(db: Database, reference: str) -> Enquiry:
    with db.reading() as session:
        return session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()


def hold(
    db: Database,
    reference: str,
    person: StaffUser,
    *,
    version: int = 1,
    review_on: date = REVIEW,
    owner: int = 0,
) -> Enquiry:
    with db.transaction() as session:
        said = {"version": version, "by": actor(person), "at": NOW}
        holds.hold_record(session, reference, HoldReason.COMPLAINT, owner or person.id, review_on, **said)
    return stored(db, reference)


def due(db: Database) -> list[str]:
    with db.reading() as session:
        return [one.reference for one in queries.to_approve(session, NOW, PERIODS)]


def test_a_held_record_is_not_due_until_the_hold_is_ended(
    db: Database, closed: MakeClosed, manager: StaffUser
) -> None:
    with db.transaction() as session:
        reference = closed(session).public_ref
    held = hold(db, reference, manager)
    assert (held.hold_reason, held.hold_owner_id, held.hold_until) == ("COMPLAINT", manager.id, REVIEW)
    assert due(db) == []
    with db.transaction() as session:
        holds.end_hold(session, reference, version=2, by=actor(manager), at=NOW)
    assert due(db) == [reference]
    with db.reading() as session:
        events = session.execute(select(AuditEvent.event, AuditEvent.facts).order_by(AuditEvent.id)).all()
        assert [event for event, _ in events] == ["fostering.hold_placed", "fostering.hold_ended"]
        assert "COMPLAINT" not in str(events)
        kinds = session.scalars(select(HistoryEntry.kind).order_by(HistoryEntry.id)).all()
        assert [*kinds] == [HistoryKind.HELD, HistoryKind.RELEASED]


def test_a_review_that_is_late_lists_the_hold_and_does_not_end_it(
    db: Database, closed: MakeClosed, manager: StaffUser
) -> None:
    with db.transaction() as session:
        closed(session, hold_reason="LEGAL", hold_until=TODAY, hold_owner_id=manager.id)
        closed(session, hold_reason="LEGAL", hold_until=TODAY + timedelta(days=1))
    assert due(db) == []
    with db.reading() as session:
        first, second = queries.held_records(session, by=actor(manager))
        assert (first.needs_review(TODAY), second.needs_review(TODAY)) == (True, False)
        assert (first.owner, second.owner) == ("Mara Example", "")
        assert queries.waits(session, NOW, PERIODS, by=actor(manager)) == queries.Waits(due=0, reviews=1)


@pytest.mark.parametrize("days", [0, -1, 200])
def test_a_review_lies_ahead_and_within_six_months(db: Database, manager: StaffUser, days: int) -> None:
    with db.transaction() as session:
        reference = make_enquiry(session).public_ref
    with pytest.raises(InvalidInput) as refused:
        hold(db, reference, manager, review_on=TODAY + timedelta(days=days))
    assert refused.value.field == "review_on"
    assert stored(db, reference).hold_reason is None


def test_a_hold_belongs_to_somebody_in_the_team_and_is_not_said_of_an_older_version(
    db: Database, manager: StaffUser
) -> None:
    with db.transaction() as session:
        reference, stranger = make_enquiry(session).public_ref, make_staff(session, role="hr").id
    with pytest.raises(InvalidInput):
        hold(db, reference, manager, owner=stranger)
    with pytest.raises(StaleEdit):
        hold(db, reference, manager, version=7)
    with pytest.raises(InvalidTransition), db.transaction() as session:
        holds.end_hold(session, reference, version=1, by=actor(manager), at=NOW)


def erase(db: Database, reference: str, person: StaffUser, version: int = 1) -> None:
    with db.transaction() as session:
        said = {"version": version, "by": actor(person), "at": NOW, "council": COUNCIL}
        erasing.erase_record(session, reference, **said)


def test_a_record_is_erased_at_once_whether_it_is_open_or_closed(
    db: Database, closed: MakeClosed, manager: StaffUser
) -> None:
    with db.transaction() as session:
        references = [make_enquiry(session).public_ref, closed(session, Closure.Q04).public_ref]
    for reference in references:
        erase(db, reference, manager)
    with db.reading() as session:
        assert session.scalars(select(Enquiry)).all() == []
        kept = session.scalars(select(AnonymousEnquiry).order_by(AnonymousEnquiry.id)).all()
        assert [row.closure_code for row in kept] == [Closure.X10, Closure.Q04]
        assert [(row.area, row.care_types, row.housing) for row in kept] == [(None, [], None)] * 2
        events = session.execute(select(AuditEvent.event, AuditEvent.subject).order_by(AuditEvent.id)).all()
        assert [tuple(row) for row in events] == [("fostering.record_erased", one) for one in references]


def test_what_the_law_or_a_hold_keeps_is_not_erased(
    db: Database, closed: MakeClosed, manager: StaffUser
) -> None:
    with db.transaction() as session:
        applied = make_enquiry(session, stage=Stage.STAGE_ONE, application_at=NOW).public_ref
        held = closed(session, hold_reason="LEGAL", hold_until=TODAY).public_ref
        restricted = closed(session, restricted_at=NOW)
        session.add(Reader(enquiry_id=restricted.id, person_id=manager.id, named_at=NOW))
        reasons = {
            applied: erasing.APPLIED,
            held: erasing.HELD,
            restricted.public_ref: erasing.RESTRICTED,
        }
    assert due(db) == []
    for reference, why in reasons.items():
        with pytest.raises(InvalidTransition) as refused:
            erase(db, reference, manager)
        assert refused.value.facts["why"] == why
        assert stored(db, reference)


def test_two_who_erase_or_change_one_record_do_not_surprise_each_other(
    db: Database, manager: StaffUser
) -> None:
    with db.transaction() as session:
        reference = make_enquiry(session).public_ref
    hold(db, reference, manager)
    with pytest.raises(StaleEdit):
        erase(db, reference, manager)
    assert stored(db, reference)


def test_a_hold_on_a_restricted_record_is_listed_for_whom_it_is_open(
    db: Database, closed: MakeClosed, manager: StaffUser
) -> None:
    with db.transaction() as session:
        closed(session, restricted_at=NOW, hold_reason="LEGAL", hold_until=TODAY)
    with db.reading() as session:
        assert queries.held_records(session, by=actor(manager)) == []
        assert queries.waits(session, NOW, PERIODS, by=actor(manager)).reviews == 0
