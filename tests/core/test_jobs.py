"""Jobs: in the same transaction, exactly once, again after a crash, parked after five attempts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core import jobs
from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.errors import NotFound
from portal.core.jobs import Job, NightlyRun, Registry
from portal.core.throttle import ThrottleWindow

MINUTE = timedelta(minutes=1)
WORKER = Actor.system("test")


@pytest.fixture
def registry(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """An application that knows no job but the test's own."""
    empty = Registry()
    monkeypatch.setitem(app.extensions, "portal.jobs", empty)
    with app.app_context():
        yield empty


def note(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """A handler whose effect is a row, in any table that takes one easily."""
    session.add(ThrottleWindow(scope="note", key_hash=payload["name"], ends_at=at, hits=1))


def fail(session: Session, payload: dict[str, Any], at: datetime) -> None:
    note(session, payload, at)
    raise ValueError("Mrs Somebody lives in Some Street")


def notes(db: Database) -> list[str]:
    with db.reading() as session:
        return sorted(session.scalars(select(ThrottleWindow.key_hash).where(ThrottleWindow.scope == "note")))


def waiting(db: Database) -> list[Job]:
    with db.reading() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


def add(db: Database, kind: str, at: datetime, **options: Any) -> int:
    with db.transaction() as session:
        job = jobs.enqueue(session, kind, {"name": "one"}, run_at=at, **options)
        session.flush()
        return job.id


def run_all(at: datetime) -> int:
    count = 0
    while jobs.run_next(at):
        count += 1
    return count


def test_a_job_lives_and_dies_with_its_transaction(db: Database, registry: Registry, at: datetime) -> None:
    registry.handlers["note"] = note

    def accept_and_fail() -> None:
        with db.transaction() as session:
            jobs.enqueue(session, "note", {"name": "never"}, run_at=at)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        accept_and_fail()
    add(db, "note", at)
    assert run_all(at) == 1
    assert notes(db) == ["one"]
    assert waiting(db) == []


def test_a_job_waits_for_its_time(db: Database, registry: Registry, at: datetime) -> None:
    registry.handlers["note"] = note
    add(db, "note", at + MINUTE)
    assert not jobs.run_next(at)
    assert jobs.run_next(at + MINUTE)


def test_a_failing_job_leaves_no_trace_backs_off_and_is_parked_after_five(
    db: Database, registry: Registry, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    registry.handlers["fail"] = fail
    add(db, "fail", at)
    moments, now = [], at
    for _ in range(5):
        assert jobs.run_next(now)
        assert notes(db) == []
        [job] = waiting(db)
        moments.append(job.run_at - now)
        assert not jobs.run_next(job.run_at - timedelta(microseconds=1))
        now = job.run_at
    assert moments == [MINUTE * factor for factor in (1, 2, 4, 8, 16)]
    assert (job.parked_at, job.attempts, job.last_error) == (now - 16 * MINUTE, 5, "ValueError")
    assert run_all(now + timedelta(days=365)) == 0
    assert "Somebody" not in repr([(record.msg, record.__dict__.get("code")) for record in caplog.records])


def test_a_job_nobody_can_do_is_kept(db: Database, registry: Registry, at: datetime) -> None:
    add(db, "of a newer program", at)
    assert jobs.run_next(at)
    assert [job.last_error for job in waiting(db)] == ["LookupError"]


def test_a_killed_workers_job_comes_back_when_its_claim_has_run_out(
    db: Database, registry: Registry, at: datetime
) -> None:
    registry.handlers["note"] = note
    add(db, "note", at)
    with db.transaction() as session:
        assert jobs._claim(session, at)
    assert not jobs.run_next(at + jobs.LEASE - timedelta(seconds=1))
    assert jobs.run_next(at + jobs.LEASE)
    assert notes(db) == ["one"]


def test_a_job_that_kills_its_workers_is_parked(db: Database, registry: Registry, at: datetime) -> None:
    registry.handlers["note"] = note
    add(db, "note", at)
    now = at
    for _ in range(jobs.ATTEMPTS):
        with db.transaction() as session:
            claimed = jobs._claim(session, now)
            assert claimed is not None
            assert claimed.parked_at is None
        now += jobs.LEASE
    assert jobs.run_next(now)
    assert [(job.parked_at, job.last_error) for job in waiting(db)] == [(now, "WorkerLost")]
    assert notes(db) == []


def test_a_worker_whose_claim_ran_out_does_not_do_the_job_again(
    db: Database, registry: Registry, at: datetime
) -> None:
    registry.handlers["note"] = note
    add(db, "note", at)
    with db.transaction() as session:
        late = jobs._claim(session, at)
    assert late is not None
    assert jobs.run_next(at + jobs.LEASE)
    with db.transaction() as session:
        jobs._run(session, late, at + jobs.LEASE)
    assert notes(db) == ["one"]


def test_a_worker_whose_claim_another_has_taken_over_leaves_the_job_to_it(
    db: Database, registry: Registry, at: datetime
) -> None:
    registry.handlers["note"] = note
    add(db, "note", at)
    with db.transaction() as session:
        late = jobs._claim(session, at)
    with db.transaction() as session:
        newer = jobs._claim(session, at + jobs.LEASE)
    assert late is not None
    assert newer is not None
    with db.transaction() as session:
        jobs._run(session, late, at + jobs.LEASE)
        jobs._note_failure(session, late, "Late", at + jobs.LEASE)
    assert notes(db) == []
    with db.transaction() as session:
        jobs._run(session, newer, at + jobs.LEASE)
    assert notes(db) == ["one"]
    assert waiting(db) == []


def test_four_workers_do_each_job_once(app: Flask, db: Database, registry: Registry, at: datetime) -> None:
    registry.handlers["note"] = note
    with db.transaction() as session:
        for number in range(100):
            jobs.enqueue(session, "note", {"name": f"{number:03}"}, run_at=at)
    done: list[int] = []

    def work() -> None:
        with app.app_context():
            done.append(run_all(at))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    # A second doing of any of them would violate the primary key, be counted, and stay as a failed job.
    assert sum(done) == 100
    assert notes(db) == [f"{number:03}" for number in range(100)]
    assert waiting(db) == []


def test_a_key_makes_two_requests_one_job(db: Database, registry: Registry, at: datetime) -> None:
    first = add(db, "note", at + 2 * MINUTE, key="a")
    with db.transaction() as session:
        again = jobs.enqueue(session, "note", {"name": "newer"}, run_at=at + MINUTE, key="a")
        assert again.id == first
    add(db, "note", at, key="b")
    add(db, "other", at, key="a")
    kept = {(job.kind, job.key): job for job in waiting(db)}
    assert len(kept) == 3
    assert kept["note", "a"].payload == {"name": "newer"}
    assert kept["note", "a"].run_at == at + MINUTE


def test_asking_again_never_postpones_but_wakes_a_parked_job(
    db: Database, registry: Registry, at: datetime
) -> None:
    registry.handlers["fail"] = fail
    add(db, "fail", at, key="a")
    add(db, "fail", at + 60 * MINUTE, key="a")
    now = at
    for _ in range(5):
        assert jobs.run_next(now)
        now += 60 * MINUTE
    assert waiting(db)[0].parked_at is not None
    add(db, "fail", now, key="a")
    [job] = waiting(db)
    assert (job.parked_at, job.attempts, job.run_at) == (None, 0, now)


def test_work_asked_for_while_a_handler_runs_is_not_lost(
    app: Flask, db: Database, registry: Registry, at: datetime
) -> None:
    running, asked = threading.Event(), threading.Event()

    def slow(session: Session, payload: dict[str, Any], moment: datetime) -> None:
        running.set()
        asked.wait(0.3)  # the other side waits for this very transaction: it cannot answer

    def ask() -> None:
        running.wait(5)
        add(db, "slow", at, key="a")
        asked.set()

    registry.handlers["slow"] = slow
    add(db, "slow", at, key="a")
    other = threading.Thread(target=ask)
    other.start()
    assert jobs.run_next(at)
    other.join()
    assert len(waiting(db)) == 1  # the first is done and gone: this is the one asked for meanwhile


def test_parked_jobs_are_shown_and_can_be_tried_again(db: Database, registry: Registry, at: datetime) -> None:
    registry.handlers["note"] = note
    job_id = add(db, "note", at)
    with db.transaction() as session:
        job = session.get_one(Job, job_id)
        job.parked_at, job.attempts = at, 5
    with db.reading() as session:
        assert [job.id for job in jobs.parked_jobs(session)] == [job_id]
    with db.transaction() as session:
        jobs.retry_job(session, job_id, by=WORKER, at=at)
    with db.reading() as session:
        event = session.scalars(select(AuditEvent)).one()
    assert (event.event, event.subject, event.facts) == (
        "operations.job_retried",
        f"JOB-{job_id}",
        {"kind": "note"},
    )
    assert jobs.run_next(at)
    assert notes(db) == ["one"]
    with pytest.raises(NotFound), db.transaction() as session:
        jobs.retry_job(session, job_id, by=WORKER, at=at)


def nightly(registry: Registry, seen: list[datetime]) -> None:
    registry.handlers["nightly.clean"] = lambda _session, _payload, at: seen.append(at)
    registry.nightly.append("clean")


def test_nightly_work_runs_once_a_night_whoever_asks(
    app: Flask, db: Database, registry: Registry, at: datetime
) -> None:
    seen: list[datetime] = []
    nightly(registry, seen)

    def start() -> None:
        with app.app_context():
            jobs.start_nightly(at)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert run_all(at) == 1
    jobs.start_nightly(at + timedelta(hours=16))  # two o'clock in the next night: not due yet
    assert run_all(at + timedelta(hours=16)) == 0
    jobs.start_nightly(at + timedelta(hours=17))
    assert run_all(at + timedelta(hours=17)) == 1
    assert seen == [at, at + timedelta(hours=17)]
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(NightlyRun)) == 1


def test_a_worker_that_looked_before_the_work_was_done_does_not_repeat_it(
    db: Database, registry: Registry, at: datetime
) -> None:
    seen: list[datetime] = []
    nightly(registry, seen)
    for _ in range(2):  # the second worker read the table before the first had begun
        with db.transaction() as session:
            jobs._start_one(session, "clean", jobs.night_of(at), at)
        run_all(at)
    assert seen == [at]


def test_a_clock_set_back_does_not_repeat_a_night(db: Database, registry: Registry, at: datetime) -> None:
    seen: list[datetime] = []
    nightly(registry, seen)
    jobs.start_nightly(at)
    jobs.start_nightly(at - timedelta(days=2))
    assert run_all(at) == 1


@pytest.mark.parametrize(
    ("instant", "night"),
    [
        (datetime(2026, 3, 29, 1, 59, tzinfo=UTC), "2026-03-28"),  # 02:59 BST, the clocks went forward at one
        (datetime(2026, 3, 29, 2, 0, tzinfo=UTC), "2026-03-29"),  # 03:00 BST
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-24"),  # 01:30 GMT, for the second time
        (datetime(2026, 10, 25, 3, 0, tzinfo=UTC), "2026-10-25"),
        (datetime(2026, 7, 1, 1, 59, tzinfo=UTC), "2026-06-30"),
    ],
)
def test_the_night_begins_at_three_in_london(instant: datetime, night: str) -> None:
    assert jobs.night_of(instant).isoformat() == night


def test_two_handlers_for_one_kind_are_a_defect(app: Flask, registry: Registry) -> None:
    jobs.register(app, "note", note)
    with pytest.raises(ValueError, match="twice"):
        jobs.register(app, "note", note)
