"""A list that a manager approves, and a run that lets exactly that go, with everything of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from portal.core import jobs, retention
from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.database import Base, Database
from portal.core.errors import NotFound, StaleEdit
from portal.core.jobs import Job, enqueue
from portal.core.mail import OutgoingMail, queue_mail
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.keeping import queries, service
from portal.fostering.keeping.models import ApprovedRecord, RetentionItem, RetentionList
from portal.fostering.models import Activity, Enquiry, HistoryEntry, PossibleDuplicate
from portal.fostering.options import ActivityKind, Area, HistoryKind, Housing, MatchedOn, Stage, Status
from portal.fostering.reporting.models import AnonymousEnquiry
from portal.journeys.models import Draft
from tests.fostering.keeping.conftest import NOW, TODAY, MakeClosed
from tests.support.builders import make_enquiry, make_staff

pytestmark = pytest.mark.usefixtures("context")
COUNCIL = load_council()
PERIODS = COUNCIL.retention
BY = Actor(name="Mara Example", kind="staff")
TONIGHT = NOW + timedelta(hours=17)
SECOND = timedelta(seconds=1)
MIDNIGHT = datetime.fromisoformat("2026-11-26T00:00:00+00:00")


def due(db: Database, at: datetime = NOW) -> list[str]:
    with db.reading() as session:
        return [one.reference for one in queries.to_approve(session, at, PERIODS)]


def approve(db: Database, at: datetime = NOW) -> None:
    with db.transaction() as session:
        mark = queries.mark_of(queries.to_approve(session, at, PERIODS))
        service.approve_list(session, mark, by=BY, at=at, periods=PERIODS)


def run(db: Database, at: datetime = TONIGHT) -> int:
    """Batches until nothing is left, as the night does."""
    total = 0
    while True:
        with db.transaction() as session:
            gone = service.end_due_records(session, at, COUNCIL)
        total += gone
        if not gone:
            return total


def left(db: Database) -> set[str]:
    with db.reading() as session:
        return set(session.scalars(select(Enquiry.public_ref)))


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def with_traces(session: Session, enquiry: Enquiry) -> None:
    """Everything that an enquiry has drawn after it."""
    twin = make_enquiry(session, last_name="Twin")
    session.add_all(
        [
            Activity(enquiry_id=enquiry.id, at=NOW, kind=ActivityKind.NOTE, note="Dee’s words", by_name="A"),
            HistoryEntry(enquiry_id=enquiry.id, at=NOW, kind=HistoryKind.OWNER, facts={"owner": "Dee"}),
            PossibleDuplicate(enquiry_id=twin.id, other_id=enquiry.id, matched_on=MatchedOn.EMAIL),
            Draft(
                journey="enquiry",
                journey_version="1",
                holder="h" * 64,
                answers={"first_name": "Dee"},
                submission_key="k" * 32,
                reference=enquiry.public_ref,
                created_at=NOW,
                updated_at=NOW,
                expires_at=NOW + timedelta(days=900),
            ),
        ]
    )
    facts = {"reference": enquiry.public_ref}
    mail = {"to": "dee@example.com", "template": "fostering_follow_up", "facts": facts}
    queue_mail(session, **mail, at=NOW, purpose="fostering.follow_up", about=enquiry.public_ref)
    enqueue(session, "fostering.follow_up", {"ref": enquiry.public_ref}, run_at=NOW, key=enquiry.public_ref)


def test_nothing_goes_without_an_approval(db: Database, closed: MakeClosed) -> None:
    with db.transaction() as session:
        reference = closed(session).public_ref
    assert due(db) == [reference]
    assert run(db) == 0
    assert left(db) == {reference}


@pytest.mark.parametrize(
    ("stage", "changes", "goes"),
    [
        (Stage.VISIT_BOOKED, {}, False),
        (Stage.CLOSED, {"retention_due_on": TODAY + timedelta(days=1)}, False),
        (Stage.CLOSED, {"hold_reason": "COMPLAINT"}, False),
        (Stage.CLOSED, {}, True),
    ],
)
def test_a_duplicate_stays_for_as_long_as_the_enquiry_that_stays(
    db: Database, closed: MakeClosed, stage: Stage, changes: dict[str, Any], goes: bool
) -> None:
    with db.transaction() as session:
        original = closed(session, **changes) if stage is Stage.CLOSED else make_enquiry(session, stage=stage)
        duplicate = closed(session, Closure.X02, duplicate_of_id=original.id).public_ref
    assert (duplicate in due(db)) is goes
    if goes:
        approve(db)
        run(db)
        assert left(db) == set()


def test_a_record_goes_with_everything_of_it_and_the_audit_stays(db: Database, closed: MakeClosed) -> None:
    with db.transaction() as session:
        enquiry = closed(session, first_name="Dee", last_name="Specimen")
        with_traces(session, enquiry)
        reference = enquiry.public_ref
    approve(db)
    assert run(db) == 1
    with db.reading() as session:
        assert reference not in left(db)
        for table in (Activity, HistoryEntry, PossibleDuplicate, Draft, Job, OutgoingMail, RetentionItem):
            assert count(session, table) == 0, table
        dump = " ".join(str(row) for table in Base.metadata.sorted_tables for row in rows(session, table))
        for trace in ("Dee", "Specimen", "dee@example.com", "words"):
            assert trace not in dump, trace
        events = session.execute(select(AuditEvent.event, AuditEvent.subject).order_by(AuditEvent.id)).all()
        kept = [tuple(row) for row in events]
    assert ("fostering.record_ended", reference) in kept
    assert [event for event, _ in kept] == [
        "fostering.retention_approved",
        "fostering.record_ended",
        "fostering.retention_done",
    ]


def rows(session: Session, table: Table) -> Any:
    return session.execute(select(table)).all()


def test_every_table_that_belongs_to_an_enquiry_goes_with_it_or_is_known_here() -> None:
    """A new table that points at enquiries has to say what becomes of its rows."""
    known = {("fostering_enquiries", "duplicate_of_id")}
    stays = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "fostering_enquiries" and key.ondelete != "CASCADE"
    }
    assert stays == known


@pytest.mark.parametrize(
    ("at", "listed"), [(MIDNIGHT - SECOND, False), (MIDNIGHT, True), (MIDNIGHT + SECOND, True)]
)
def test_a_record_is_due_with_the_first_second_of_its_day(
    db: Database, closed: MakeClosed, at: datetime, listed: bool
) -> None:
    with db.transaction() as session:
        closed(session)
    assert bool(due(db, at)) is listed


def test_the_dry_run_lists_exactly_what_the_run_lets_go(
    db: Database, runner: FlaskCliRunner, closed: MakeClosed
) -> None:
    with db.transaction() as session:
        going = [closed(session, code).public_ref for code in (Closure.Q01, Closure.X03, Closure.AW1)]
        closed(session, retention_due_on=TODAY + timedelta(days=1))
        make_enquiry(session)
    with time_machine.travel(NOW, tick=False):
        assert runner.invoke(args=["retention", "--dry-run"]).output == "0 to be deleted\n"
        approve(db)
        with db.transaction() as session:
            closed(session)  # due as well, and approved by nobody
        listed = runner.invoke(args=["retention", "--dry-run"]).output.splitlines()
        before = left(db)
        assert runner.invoke(args=["retention"]).output == "3 deleted\n"
    assert [line.split("\t")[1] for line in listed[:-1]] == going
    assert "(deleted)" in listed[1]
    assert before - left(db) == set(going)
    with db.reading() as session:
        done = session.scalars(select(RetentionList)).one()
        assert (done.approved, done.deleted, done.anonymised, done.stayed) == (3, 1, 2, 0)


@pytest.mark.parametrize("change", ["held", "held_without_a_reason", "changed", "opened"])
def test_what_happens_after_the_approval_keeps_the_record(
    db: Database, closed: MakeClosed, change: str
) -> None:
    with db.transaction() as session:
        reference, other = closed(session).public_ref, closed(session).public_ref
    approve(db)
    with db.transaction() as session:
        enquiry = session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()
        if change == "held":
            enquiry.hold_reason, enquiry.hold_until = "COMPLAINT", TODAY - timedelta(days=90)
        elif change == "held_without_a_reason":
            enquiry.hold_until = TODAY - timedelta(days=90)
        elif change == "changed":
            enquiry.case_system_ref = "CASE-1"
        else:
            enquiry.status, enquiry.stage, enquiry.due_at = Status.OPEN, Stage.CONTACTING, NOW
    assert run(db) == 1
    assert left(db) == {reference}
    with db.reading() as session:
        done = session.scalars(select(RetentionList)).one()
        assert (done.approved, done.anonymised, done.stayed) == (2, 1, 1)
        assert count(session, RetentionItem) == 0
    assert due(db) == ([reference] if change == "changed" else [])
    assert other not in left(db)


def test_what_was_not_on_the_page_is_not_approved_with_it(db: Database, closed: MakeClosed) -> None:
    with db.transaction() as session:
        closed(session)
    with db.reading() as session:
        seen = queries.mark_of(queries.to_approve(session, NOW, PERIODS))
    with db.transaction() as session:
        closed(session)
    with pytest.raises(StaleEdit), db.transaction() as session:
        service.approve_list(session, seen, by=BY, at=NOW, periods=PERIODS)
    with db.reading() as session:
        assert count(session, RetentionList) == 0


def test_an_approval_is_taken_back_until_it_is_carried_out(db: Database, closed: MakeClosed) -> None:
    with db.transaction() as session:
        reference = closed(session).public_ref
    approve(db)
    assert due(db) == []
    with db.transaction() as session:
        service.take_back(session, session.scalars(select(RetentionList.id)).one(), by=BY, at=NOW)
    assert run(db) == 0
    assert (left(db), due(db)) == ({reference}, [reference])
    approve(db)
    assert run(db) == 1
    with db.reading() as session:
        last = session.scalars(select(func.max(RetentionList.id))).one()
    with pytest.raises(NotFound), db.transaction() as session:
        service.take_back(session, last, by=BY, at=NOW)


def test_runs_twice_and_at_once_do_it_once(
    db: Database, app: Flask, closed: MakeClosed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 3)
    with db.transaction() as session:
        for _ in range(10):
            closed(session)
    approve(db)

    def work(_number: int) -> int:
        with app.app_context():
            return run(db)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 10
    assert run(db) == 0
    with db.reading() as session:
        done = session.scalars(select(RetentionList)).one()
        assert (done.anonymised, done.stayed) == (10, 0)
        ended = select(func.count()).where(AuditEvent.event == "fostering.record_ended")
        assert session.scalar(ended) == 10


def test_what_fails_half_way_is_as_if_it_had_not_begun_and_is_done_the_next_time(
    db: Database, closed: MakeClosed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        reference = closed(session).public_ref
    approve(db)
    monkeypatch.setattr(service, "end_traces", broken)
    with pytest.raises(OSError, match="killed"):
        run(db)
    monkeypatch.undo()
    assert left(db) == {reference}
    assert run(db) == 1


@pytest.mark.parametrize(
    ("code", "bare"),
    [
        (Closure.Q01, False),
        (Closure.AW2, False),
        (Closure.X02, True),
        (Closure.X03, True),
        (Closure.X10, True),
    ],
)
def test_what_goes_stays_counted_once_and_a_deleted_one_says_nothing_of_the_household(
    db: Database, closed: MakeClosed, code: Closure, bare: bool
) -> None:
    with db.transaction() as session:
        for _ in range(7):  # fewer would not tell their area
            enquiry = closed(session, code, area=Area.SOTON, housing=Housing.OWN, care_types=["EMERGENCY"])
        received = enquiry.received_at
    approve(db)
    assert run(db) == 7
    with db.reading() as session:
        kept = session.scalars(select(AnonymousEnquiry)).all()
    assert len(kept) == 7
    for row in kept:
        assert (row.closure_code, row.received_month) == (code, f"{received:%Y-%m}")
        wanted = (None, None, []) if bare else (Area.SOTON, Housing.OWN, ["EMERGENCY"])
        assert (row.area, row.housing, row.care_types) == wanted


def broken(*_given: Any) -> None:
    raise OSError("killed")


def test_the_night_does_it(db: Database, app: Flask, closed: MakeClosed) -> None:
    with db.transaction() as session:
        closed(session)
    approve(db)
    with app.app_context():
        jobs.start_nightly(TONIGHT)
        while jobs.run_next(TONIGHT):
            pass
    assert left(db) == set()


def test_a_duplicate_outlives_what_it_was_a_duplicate_of(db: Database, closed: MakeClosed) -> None:
    with db.transaction() as session:
        original = closed(session)
        facts = {"retention_due_on": TODAY + timedelta(days=9), "duplicate_of_id": original.id}
        duplicate = closed(session, Closure.X02, **facts).public_ref
    approve(db)
    assert run(db) == 1
    assert left(db) == {duplicate}
    with db.reading() as session:
        assert session.scalars(select(Enquiry.duplicate_of_id)).one() is None


def test_keep_in_touch_counts_from_the_last_contact(db: Database) -> None:
    with db.transaction() as session:
        facts = {
            "stage": Stage.KEEP_IN_TOUCH,
            "status": Status.KEEP_IN_TOUCH,
            "kit_review_on": TODAY,
            "received_at": NOW - timedelta(days=1500),
        }
        silent = make_enquiry(session, **facts)
        heard = make_enquiry(session, **facts)
        recently, person = NOW - timedelta(days=1000), make_staff(session)
        session.add(Activity(enquiry_id=heard.id, at=recently, kind=ActivityKind.CALL_IN, by_name="Asha"))
        noted = {"at": recently, "kind": ActivityKind.NOTE, "by_id": person.id, "note": "No contact"}
        session.add(Activity(enquiry_id=silent.id, **noted))
        reference = silent.public_ref
    assert due(db) == [reference]


def test_of_an_approved_household_its_references_and_days_stay_and_no_answer(db: Database) -> None:
    with db.transaction() as session:
        approved_at = NOW - timedelta(days=366)
        facts = {"stage": Stage.APPROVED, "status": Status.APPROVED, "due_at": None}
        dates = {"application_at": NOW - timedelta(days=600), "approved_at": approved_at}
        said = {"area": Area.SOTON, "housing": Housing.OWN, "care_types": ["EMERGENCY"], "spare_bedrooms": 2}
        enquiry = make_enquiry(session, case_system_ref="CASE-7", **facts, **dates, **said)
        for _ in range(4):  # fewer would not tell their area
            make_enquiry(session, received_at=enquiry.received_at, area=Area.SOTON)
        reference, received = enquiry.public_ref, enquiry.received_at.date()
    approve(db)
    assert run(db) == 1
    with db.reading() as session:
        kept = session.scalars(select(ApprovedRecord)).one()
        assert (kept.public_ref, kept.case_system_ref) == (reference, "CASE-7")
        assert (kept.received_on, kept.approved_on) == (received, approved_at.date())
        assert reference not in session.scalars(select(Enquiry.public_ref)).all()
        row = session.scalars(select(AnonymousEnquiry)).one().row
        assert (row.area, row.housing, row.care_types, row.spare_bedrooms_band) == (None, None, (), None)
        assert row.furthest_stage is Stage.APPROVED
        assert [one.outcome for one in row.applications] == ["AP"]


def test_the_dry_run_says_what_becomes_of_a_record(db: Database, closed: MakeClosed) -> None:
    with db.transaction() as session:
        closed(session, Closure.X03)
    approve(db)
    with db.reading() as session:
        listed = list(retention.everything_due(session, NOW))
    assert [one.kind for one in listed] == ["fostering enquiry (deleted)"]


def test_somebody_else_may_have_approved_it_first(db: Database, closed: MakeClosed) -> None:
    with db.transaction() as session:
        closed(session)
        make_staff(session, role="fostering_manager")
    with db.reading() as session:
        seen = queries.mark_of(queries.to_approve(session, NOW, PERIODS))
    approve(db)
    with pytest.raises(StaleEdit), db.transaction() as session:
        service.approve_list(session, seen, by=BY, at=NOW, periods=PERIODS)
