"""Follow-up work as rows: written in the transaction that causes it, run by the worker afterwards.

A table in the same database, because no queue outside it can share the transaction: what was accepted
has its job, what was rolled back has none. A job's effects and the end of its row are one transaction,
so a handler that only writes to the database happens exactly once; one that reaches outside it may
happen again after a crash and must bear that. A worker that dies leaves a claim that runs out. A job
that fails waits longer each time and is parked after the fifth, where staff see it.

Nightly work is a job too: the first worker to see the new night enqueues it, once for all workers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Index, String, UniqueConstraint, and_, case, exists, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.access import Actor
from portal.core.audit import EventType, record
from portal.core.database import Base, Id, JsonData, database
from portal.core.errors import NotFound
from portal.core.upsert import insert_into

log = logging.getLogger("portal.jobs")

LEASE = timedelta(minutes=5)
"""How long a claim stands; a job found still claimed after it has lost its worker."""

FIRST_PAUSE = timedelta(minutes=1)
ATTEMPTS = 5

NIGHT = time(3)
"""London time from which a new night's work is due: an hour that occurs exactly once every day."""

JOB_RETRIED = EventType("operations.job_retried", ("kind",))

Handler = Callable[[Session, dict[str, Any], datetime], None]
NightlyHandler = Callable[[Session, datetime], None]


class Job(Base):
    """One piece of work that waits, is claimed, or is parked; a finished one is deleted."""

    __tablename__ = "jobs"
    __table_args__ = (UniqueConstraint("kind", "key"), Index("ix_jobs_due", "parked_at", "run_at"))

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(80))
    key: Mapped[str | None] = mapped_column(String(120))
    """At most one waiting job of a kind has this key; None for as many as there are."""
    payload: Mapped[dict[str, Any]] = mapped_column(JsonData)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(80))
    """The name of the error's type: its text may hold personal data."""


class NightlyRun(Base):
    """The last night for which a piece of nightly work was enqueued."""

    __tablename__ = "nightly_runs"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    night: Mapped[date]


class WorkerHeartbeat(Base):
    """When a worker was last seen at work; one row for all of them."""

    __tablename__ = "worker_heartbeats"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    seen_at: Mapped[datetime]


@dataclass(slots=True)
class Registry:
    """What an application knows how to do, by kind."""

    handlers: dict[str, Handler] = field(default_factory=dict)
    nightly: list[str] = field(default_factory=list)


def init_app(app: Flask) -> None:
    """Give the application its registry; parts of the kernel may have made it by registering first."""
    _registry(app)


def register(app: Flask, kind: str, handler: Handler) -> None:
    """Say which function does the jobs of a kind; a second one for the same kind is a defect."""
    handlers = _registry(app).handlers
    if kind in handlers:
        raise ValueError(f"the job kind {kind} is registered twice")
    handlers[kind] = handler


def is_known(kind: str) -> bool:
    """Whether this application does jobs of this kind."""
    return kind in _registry(current_app).handlers


def register_nightly(app: Flask, name: str, handler: NightlyHandler) -> None:
    """Have `handler(session, at)` run once a night, after three in the morning, London time."""
    register(app, _nightly_kind(name), lambda session, _payload, at: handler(session, at))
    _registry(app).nightly.append(name)


def enqueue(
    session: Session, kind: str, payload: dict[str, Any], *, run_at: datetime, key: str | None = None
) -> Job:
    """Add a job to this transaction.

    With a key, a job of the same kind and key that still waits is used again: it takes the new payload,
    the earlier of both times and a fresh count of attempts. One that runs at this moment is waited for,
    and a new one added: work asked for after a handler has looked is never lost.
    """
    if key is None:
        job = Job(kind=kind, payload=payload, run_at=run_at)
        session.add(job)
        return job
    statement = insert_into(session, Job).values(
        kind=kind, key=key, payload=payload, run_at=run_at, attempts=0
    )
    new = statement.excluded
    keeps_time = and_(Job.parked_at.is_(None), Job.run_at < new.run_at)
    changes = {
        "payload": new.payload,
        "run_at": case((keeps_time, Job.run_at), else_=new.run_at),
        "attempts": 0,
        "parked_at": None,
        "last_error": None,
    }
    upsert = statement.on_conflict_do_update(index_elements=[Job.kind, Job.key], set_=changes).returning(Job)
    waiting: Job = session.scalars(upsert, execution_options={"populate_existing": True}).one()
    return waiting


def run_next(at: datetime) -> bool:
    """Claim and run one job that is due at `at`; returns False when there is none."""
    with database().reading() as reader:
        if not reader.scalar(select(exists().where(_due(at)))):
            return False
    with database().transaction() as session:
        claimed = _claim(session, at)
    if claimed is None:
        return False
    if claimed.parked_at is not None:
        return True
    try:
        with database().transaction() as session:
            _run(session, claimed, at)
    except Exception as error:
        code = type(error).__name__
        log.exception(
            "a job failed", extra={"kind": claimed.kind, "code": code, "attempts": claimed.attempts}
        )
        with database().transaction() as session:
            _note_failure(session, claimed, code, at)
    return True


def start_nightly(at: datetime) -> None:
    """Enqueue the nightly work of the night that `at` belongs to, unless some worker has."""
    night, registry = night_of(at), _registry(current_app)
    with database().reading() as reader:
        begun = dict(reader.execute(select(NightlyRun.name, NightlyRun.night)).all())
    for name in registry.nightly:
        if begun.get(name, date.min) < night:
            with database().transaction() as session:
                _start_one(session, name, night, at)


def night_of(at: datetime) -> date:
    """The London date whose three o'clock in the morning was the last to pass."""
    local = clock.london(at)
    return local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1)


def parked_jobs(session: Session) -> list[Job]:
    """Jobs that were given up, the latest first; at most a hundred."""
    return list(
        session.scalars(
            select(Job).where(Job.parked_at.is_not(None)).order_by(Job.parked_at.desc()).limit(100)
        )
    )


def retry_job(session: Session, job_id: int, *, by: Actor, at: datetime) -> None:
    """Give a parked job another five attempts; raises NotFound when it is not parked any more."""
    job = session.get(Job, job_id, with_for_update=True)
    if job is None or job.parked_at is None:
        raise NotFound
    job.parked_at, job.attempts, job.run_at, job.claimed_until = None, 0, at, None
    record(session, JOB_RETRIED, by=by, at=at, subject=f"JOB-{job.id}", kind=job.kind)


def beat(session: Session, at: datetime) -> None:
    """Note that a worker is alive."""
    statement = insert_into(session, WorkerHeartbeat).values(name="worker", seen_at=at)
    session.execute(
        statement.on_conflict_do_update(index_elements=[WorkerHeartbeat.name], set_={"seen_at": at})
    )


def last_beat(session: Session) -> datetime | None:
    """When a worker was last alive; None when none ever was."""
    return session.scalar(select(WorkerHeartbeat.seen_at))


def _registry(app: Flask) -> Registry:
    registry: Registry = app.extensions.setdefault("portal.jobs", Registry())
    return registry


def _nightly_kind(name: str) -> str:
    return f"nightly.{name}"


def _due(at: datetime) -> ColumnElement[bool]:
    free = or_(Job.claimed_until.is_(None), Job.claimed_until <= at)
    return and_(Job.parked_at.is_(None), Job.run_at <= at, free)


def _claim(session: Session, at: datetime) -> Job | None:
    """Take the job that has waited longest; one that has already cost five workers is parked instead."""
    first = (
        select(Job.id).where(_due(at)).order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
    )
    claim = (
        update(Job)
        .where(Job.id == first.scalar_subquery())
        .values(claimed_until=at + LEASE, attempts=Job.attempts + 1)
        .returning(Job)
    )
    job = session.scalars(claim, execution_options={"synchronize_session": False}).one_or_none()
    if job is not None and job.attempts > ATTEMPTS:
        job.parked_at, job.claimed_until, job.last_error = at, None, "WorkerLost"
        log.error("a job was parked", extra={"kind": job.kind, "code": "WorkerLost"})
    return job


def _run(session: Session, claimed: Job, at: datetime) -> None:
    job = session.get(Job, claimed.id, with_for_update=True)
    if job is None or job.claimed_until != claimed.claimed_until:
        return  # the claim ran out and another worker has it
    handler = _registry(current_app).handlers.get(job.kind)
    if handler is None:
        raise LookupError(job.kind)
    payload = job.payload
    session.delete(job)
    session.flush()  # the row is gone before the handler runs, so that it may ask for the same job again
    handler(session, payload, at)


def _note_failure(session: Session, claimed: Job, code: str, at: datetime) -> None:
    job = session.get(Job, claimed.id, with_for_update=True)
    if job is None or job.claimed_until != claimed.claimed_until:
        return
    job.claimed_until, job.last_error = None, code
    job.run_at = at + FIRST_PAUSE * 2 ** max(job.attempts - 1, 0)
    if job.attempts >= ATTEMPTS:
        job.parked_at = at


def _start_one(session: Session, name: str, night: date, at: datetime) -> None:
    statement = insert_into(session, NightlyRun).values(name=name, night=night)
    is_new = statement.on_conflict_do_update(
        index_elements=[NightlyRun.name], set_={"night": night}, where=NightlyRun.night < night
    ).returning(NightlyRun.name)
    if session.scalar(is_new) is not None:
        enqueue(session, _nightly_kind(name), {}, run_at=at, key=night.isoformat())
