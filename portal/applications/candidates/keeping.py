"""How long accounts and drafts are kept (domain recruitment §4.3), exact to the second, by time passed in.

An account goes twelve months after a link was last used, and is told a month before; a draft goes thirty
days after its vacancy closed. Sent applications follow a schedule of their own.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.applications.candidates import events
from portal.applications.candidates.leaving import delete_account, delete_drafts
from portal.applications.candidates.models import ApplicationDraft, Candidate
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.clock import add_months, london, london_instant
from portal.core.mail import queue_mail
from portal.vacancies.models import Vacancy

PORTAL = Actor.system("applications")
DRAFT_KEPT = timedelta(days=30)
WARNED_AFTER, DELETED_AFTER = 11, 12
"""Months after the last sign-in."""
LEAST_NOTICE = timedelta(days=14)
"""Nobody is deleted sooner after the warning, should that have been late."""
SHORTEST_MONTHS = timedelta(days=WARNED_AFTER * 30)
"""No eleven months are shorter: what the database is asked before the calendar is."""


def months_after(instant: datetime, months: int) -> datetime:
    """The same time of day in London, so many months on."""
    local = london(instant)
    moved = london_instant(add_months(local.date(), months), local.time().replace(microsecond=0))
    return moved + timedelta(microseconds=local.microsecond)


def account_goes_at(candidate: Candidate) -> datetime:
    """When this account is deleted unless its owner signs in."""
    due = months_after(candidate.signed_in_at, DELETED_AFTER)
    return max(due, candidate.warned_at + LEAST_NOTICE) if candidate.warned_at else due


def warn_accounts(session: Session, at: datetime) -> None:
    """Nightly: tell the owners of accounts that go in a month, once."""
    warned = 0
    for candidate in resting(session, at):
        if candidate.warned_at is None and months_after(candidate.signed_in_at, WARNED_AFTER) <= at:
            candidate.warned_at = at
            facts = {"goes_at": account_goes_at(candidate)}
            queue_mail(
                session,
                to=candidate.email,
                template="candidate_account_warning",
                facts=facts,
                at=at,
                purpose="candidate.account_warning",
            )
            warned += 1
    if warned:
        record(session, events.ACCOUNTS_WARNED, by=PORTAL, at=at, accounts=warned)


def delete_accounts(session: Session, at: datetime) -> None:
    """Nightly: accounts that nobody has signed in to for a year, after the warning."""
    for candidate in resting(session, at):
        if candidate.warned_at is not None and account_goes_at(candidate) <= at:
            delete_account(session, candidate.id, how="schedule", by=PORTAL, at=at)


def resting(session: Session, at: datetime) -> list[Candidate]:
    """Accounts that may be due, locked, so that a sign-in at this moment comes before or after."""
    wanted = select(Candidate).where(Candidate.signed_in_at <= at - SHORTEST_MONTHS).order_by(Candidate.id)
    return list(session.scalars(wanted.with_for_update(), execution_options={"populate_existing": True}))


def delete_old_drafts(session: Session, at: datetime) -> None:
    """Nightly: what nobody sent, a month after its vacancy closed or was closed."""
    ended = at - DRAFT_KEPT
    old = or_(Vacancy.closes_at <= ended, Vacancy.closed_early_at <= ended, Vacancy.cancelled_at <= ended)
    wanted = select(ApplicationDraft).join(Vacancy, Vacancy.id == ApplicationDraft.vacancy_id).where(old)
    found = list(session.scalars(wanted.with_for_update(of=ApplicationDraft)))
    if found:
        delete_drafts(session, found)
        record(session, events.OLD_DRAFTS_DELETED, by=PORTAL, at=at, drafts=len(found))
