"""Accounts that nobody signs in to (domain recruitment §4.3), exact to the second, by time passed in.

An account goes twelve months after a link was last used, and is told a month before; never while one of its
applications is running.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from portal.applications.candidates import events
from portal.applications.candidates.leaving import delete_account, lock_answers_of
from portal.applications.candidates.models import Candidate
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus
from portal.applications.transitions import ENDED
from portal.core import retention
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.clock import add_months, london, london_instant
from portal.core.mail import queue_mail
from portal.core.retention import BATCH, Due, Schedule
from portal.core.wording import local_date

PORTAL = Actor.system("applications")
ACCOUNT = "candidate account"
WARNED_AFTER, DELETED_AFTER = 11, 12
"""Months after the last sign-in."""
LEAST_NOTICE = timedelta(days=14)
"""Nobody is deleted sooner after the warning, should that have been late."""
SHORTEST_MONTHS = timedelta(days=WARNED_AFTER * 30)
SHORTEST_YEAR = timedelta(days=365)
"""No eleven months, and no year, are shorter: what the database is asked before the calendar is."""


def init_app(app: Flask) -> None:
    """Say what is kept, and who deletes it."""
    retention.register(app, Schedule("candidate-accounts", due_accounts, delete_accounts))


def months_after(instant: datetime, months: int) -> datetime:
    """The same time of day in London, so many months on."""
    local = london(instant)
    moved = london_instant(add_months(local.date(), months), local.time().replace(microsecond=0))
    return moved + timedelta(microseconds=local.microsecond)


def account_goes_at(candidate: Candidate) -> datetime:
    """When this account is deleted unless its owner signs in."""
    due = months_after(candidate.signed_in_at, DELETED_AFTER)
    return max(due, candidate.warned_at + LEAST_NOTICE) if candidate.warned_at else due


def warn_accounts(session: Session, at: datetime) -> int:
    """Nightly: tell a batch of owners of accounts that go in a month, once; returns how many."""
    quiet = resting(at).where(Candidate.warned_at.is_(None)).limit(BATCH)
    warned = [one for one in locked(session, session.scalars(quiet).all()) if is_to_warn(one, at)]
    for candidate in warned:
        candidate.warned_at = at
        queue_mail(
            session,
            to=candidate.email,
            template="candidate_account_warning",
            facts={"goes_at": account_goes_at(candidate)},
            at=at,
            purpose="candidate.account_warning",
        )
    if warned:
        record(session, events.ACCOUNTS_WARNED, by=PORTAL, at=at, accounts=len(warned))
    return len(warned)


def due_accounts(session: Session, at: datetime) -> list[Due]:
    """Accounts that nobody has signed in to for a year, after the warning."""
    return [
        Due(ACCOUNT, candidate.reference, local_date(account_goes_at(candidate)))
        for candidate in session.scalars(to_go(at))
        if is_due(candidate, at)
    ]


def delete_accounts(session: Session, at: datetime) -> int:
    """A batch of them, locked, so that a sign-in at this moment comes before or after."""
    batch = session.scalars(to_go(at).limit(BATCH)).all()
    lock_answers_of(session, [candidate.id for candidate in batch])
    going = [candidate for candidate in locked(session, batch) if is_due(candidate, at)]
    for candidate in going:
        delete_account(session, candidate.id, how="schedule", by=PORTAL, at=at)
    return len(going)


def is_to_warn(candidate: Candidate, at: datetime) -> bool:
    """Whether its owner is to be told, and was not."""
    return candidate.warned_at is None and months_after(candidate.signed_in_at, WARNED_AFTER) <= at


def is_due(candidate: Candidate, at: datetime) -> bool:
    """Whether this account’s time is over."""
    return candidate.warned_at is not None and account_goes_at(candidate) <= at


def resting(at: datetime) -> Select[Candidate]:
    """Accounts that nobody has used for long, the longest first: what is due stands before the rest."""
    long_ago = Candidate.signed_in_at <= at - SHORTEST_MONTHS
    return (
        select(Candidate).where(long_ago, ~waits_for_answer()).order_by(Candidate.signed_in_at, Candidate.id)
    )


def waits_for_answer() -> ColumnElement[bool]:
    """Whether an application of theirs is still running, by what they were told."""
    running = (Application.told_status.not_in(ENDED), Application.status != ApplicationStatus.STARTED)
    return exists(select(Application.id).where(Application.candidate_id == Candidate.id, *running))


def to_go(at: datetime) -> Select[Candidate]:
    """Those of them that may be due."""
    told, long_ago = Candidate.warned_at <= at - LEAST_NOTICE, Candidate.signed_in_at <= at - SHORTEST_YEAR
    return resting(at).where(told, long_ago)


def locked(session: Session, batch: Sequence[Candidate]) -> list[Candidate]:
    """Those of these accounts that are still there, as they are now."""
    mine = Candidate.id.in_([one.id for one in batch])
    wanted = select(Candidate).where(mine, ~waits_for_answer()).order_by(Candidate.id)
    options = {"populate_existing": True}
    return list(session.scalars(wanted.with_for_update(), execution_options=options))
