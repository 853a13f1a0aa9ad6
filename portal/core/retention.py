"""What is kept for a time and then deleted: listed before it goes, by the same function that deletes.

A feature registers a kind of record with two functions: what is due at an instant, and the deletion of a
batch of exactly that. The night's work and `portal retention` go through both, so a dry run cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy.orm import Session

from portal.core import clock, jobs
from portal.core.database import database, transaction

BATCH = 200
"""Records in one transaction: other writers wait only that long, and what is killed repeats little."""


@dataclass(frozen=True, slots=True)
class Due:
    """One record whose time is over."""

    kind: str
    reference: str
    goes_on: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """One kind of record; `delete` returns how many it deleted, at most a batch."""

    name: str
    due: Callable[[Session, datetime], list[Due]]
    delete: Callable[[Session, datetime], int]


def init_app(app: Flask) -> None:
    """Add the command."""
    schedules_of(app)
    app.cli.add_command(retention)


def add(app: Flask, schedule: Schedule) -> None:
    """List and delete records of a kind by the command too that other work deletes on its own."""
    schedules_of(app).append(schedule)


def register(app: Flask, schedule: Schedule) -> None:
    """Have records of a kind deleted every night, a batch a transaction, and listed by the command."""
    kind = f"retention.{schedule.name}"

    def delete_batch(session: Session, at: datetime) -> None:
        if schedule.delete(session, at):
            jobs.enqueue(session, kind, {}, run_at=at, key=kind)

    def handler(session: Session, _payload: dict[str, Any], at: datetime) -> None:
        delete_batch(session, at)

    jobs.register(app, kind, handler)
    jobs.register_nightly(app, kind, delete_batch)
    add(app, schedule)


def schedules_of(app: Flask) -> list[Schedule]:
    """Every kind that is registered."""
    schedules: list[Schedule] = app.extensions.setdefault("portal.retention", [])
    return schedules


def everything_due(session: Session, at: datetime) -> Iterator[Due]:
    """What a run at this instant would delete, kind by kind."""
    for schedule in schedules_of(current_app):
        yield from schedule.due(session, at)


def delete_everything_due(at: datetime) -> int:
    """Delete it, a batch a transaction; returns how many records went."""
    count = 0
    for schedule in schedules_of(current_app):
        while True:
            with transaction() as session:
                deleted = schedule.delete(session, at)
            count += deleted
            if not deleted:
                break
    return count


@click.command("retention", short_help="List or delete records whose time is over.")
@click.option("--dry-run", is_flag=True, help="Only list what would be deleted now.")
def retention(*, dry_run: bool) -> None:
    """Delete records that have been kept for as long as the schedule says; the worker does it every night."""
    at = clock.now()
    if not dry_run:
        click.echo(f"{delete_everything_due(at):,} deleted")
        return
    count = 0
    with database().reading() as session:
        for count, due in enumerate(everything_due(session, at), 1):  # noqa: B007  # the count is used below
            click.echo(f"{due.kind}\t{due.reference}\t{due.goes_on.isoformat()}")
    click.echo(f"{count:,} to be deleted")
