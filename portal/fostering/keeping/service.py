"""Letting records go: a manager approves a list, and exactly that is deleted or made anonymous."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.audit import record
from portal.core.errors import NotFound, StaleEdit
from portal.core.retention import BATCH
from portal.council import Council, Retention
from portal.fostering.keeping import events, queries
from portal.fostering.keeping.ending import end_record, end_traces
from portal.fostering.keeping.models import RetentionItem, RetentionList
from portal.fostering.keeping.options import Ending

PORTAL = Actor.system("portal retention")


def approve_list(
    session: Session, mark: str, *, by: Actor, at: datetime, periods: Retention
) -> RetentionList:
    """Let go what the page showed; raises StaleEdit when that is not what is due any more.

    Asked again behind the locks: a hold, a change or another manager may have been quicker.
    """
    queries.locked(session, [one.id for one in queries.to_approve(session, at, periods)])
    due = queries.to_approve(session, at, periods)
    if not due or queries.mark_of(due) != mark:
        raise StaleEdit(reference="")
    approved = RetentionList(
        approved_at=at, approved_by_id=by.id, approved_by_name=by.name, approved=len(due)
    )
    session.add(approved)
    session.flush()
    ids = [one.id for one in due]
    session.execute(delete(RetentionItem).where(RetentionItem.enquiry_id.in_(ids)))  # void: changed since
    session.add_all(
        RetentionItem(enquiry_id=one.id, list_id=approved.id, version=one.version, rule=one.rule)
        for one in due
    )
    record(session, events.LIST_APPROVED, by=by, at=at, subject=name_of(approved), records=len(due))
    session.flush()
    return approved


def take_back(session: Session, list_id: int, *, by: Actor, at: datetime) -> None:
    """Nothing more of this list goes; raises NotFound when it does not wait any more."""
    found = next((one for one in queries.waiting_lists(session, lock=True) if one.id == list_id), None)
    if found is None:
        raise NotFound
    session.execute(delete(RetentionItem).where(RetentionItem.list_id == list_id))
    found.taken_back_at = at
    record(session, events.LIST_TAKEN_BACK, by=by, at=at, subject=name_of(found), records=found.approved)
    session.flush()


def end_due_records(session: Session, at: datetime, council: Council) -> int:
    """Let a batch of what was approved go, with all that belongs to it; returns how many records went.

    What is due is asked again behind the locks. When nothing is left the lists are finished.
    """
    periods = council.retention
    lists = {one.id: one for one in queries.waiting_lists(session, lock=True)}
    batch = queries.approved_and_due(session, at, periods)[:BATCH]
    enquiries = queries.locked(session, [one.id for one in batch])
    still_due = {one.id: one for one in queries.approved_and_due(session, at, periods)}
    going = [enquiry for enquiry in enquiries if enquiry.id in still_due]
    list_of = queries.lists_of(session, [one.id for one in going])
    for enquiry in going:
        its_list, rule = lists[list_of[enquiry.id]], still_due[enquiry.id].rule
        end_record(session, enquiry, rule, at=at, council=council)
        if rule.ending is Ending.DELETE:
            its_list.deleted += 1
        else:
            its_list.anonymised += 1
        facts = {"list": its_list.id}
        record(session, events.RECORD_ENDED, by=PORTAL, at=at, subject=enquiry.public_ref, **facts)
    end_traces(session, [(one.id, one.public_ref) for one in going], at)
    if not going:
        finish(session, list(lists.values()), at)
    session.flush()
    return len(going)


def finish(session: Session, lists: Sequence[RetentionList], at: datetime) -> None:
    """Write down what became of them; what was changed or held after its approval needs another one."""
    for one in lists:
        one.finished_at = at
        counts = {"approved": one.approved, "deleted": one.deleted, "anonymised": one.anonymised}
        record(session, events.LIST_DONE, by=PORTAL, at=at, subject=name_of(one), **counts)
    ids = [one.id for one in lists]
    session.execute(delete(RetentionItem).where(RetentionItem.list_id.in_(ids)))


def name_of(one: RetentionList) -> str:
    """As the audit calls it."""
    return f"LIST-{one.id}"
