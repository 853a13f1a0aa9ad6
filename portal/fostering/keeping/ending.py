"""The end of one record: what stays of it is written down, and everything else goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.core.clock import london
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.core.page_cache import note_publication
from portal.council import Council
from portal.fostering.keeping.models import ApprovedRecord
from portal.fostering.keeping.options import Ending, Rule
from portal.fostering.models import Enquiry
from portal.fostering.options import Status
from portal.fostering.reporting.service import keep_row
from portal.journeys.models import Draft


def end_record(session: Session, enquiry: Enquiry, rule: Rule, *, at: datetime, council: Council) -> None:
    """Keep what may stay of a locked record; `end_traces` then deletes it."""
    keep_row(session, enquiry, at=at, council=council, bare=rule.ending is Ending.DELETE)
    if enquiry.status is Status.APPROVED:
        session.add(approved_record(enquiry))


def approved_record(enquiry: Enquiry) -> ApprovedRecord:
    """The reference and the days of an approved household (domain §8.2)."""
    applied, approved = enquiry.application_at, enquiry.approved_at
    return ApprovedRecord(
        public_ref=enquiry.public_ref,
        case_system_ref=enquiry.case_system_ref,
        received_on=london(enquiry.received_at).date(),
        application_on=london(applied).date() if applied else None,
        approved_on=london(approved).date() if approved else None,
    )


def end_traces(session: Session, records: Sequence[tuple[int, str]], at: datetime) -> None:
    """Delete these records, by id and reference, with their contacts, history, mails, drafts and jobs.

    Rows that belong to an enquiry go with it by their foreign keys.
    """
    ids, references = [identifier for identifier, _ in records], [reference for _, reference in records]
    if not ids:
        return
    session.flush()
    session.execute(delete(OutgoingMail).where(OutgoingMail.about.in_(references)))
    session.execute(delete(Draft).where(Draft.reference.in_(references)))
    free = select(Job.id).where(Job.key.in_(references)).with_for_update(skip_locked=True)
    session.execute(delete(Job).where(Job.id.in_(free)))  # one that runs now waits for us, and finds nothing
    duplicates = update(Enquiry).where(Enquiry.duplicate_of_id.in_(ids)).values(duplicate_of_id=None)
    session.execute(duplicates.execution_options(synchronize_session=False))
    gone = delete(Enquiry).where(Enquiry.id.in_(ids))
    session.execute(gone.execution_options(synchronize_session=False))
    note_publication(session, at)  # places at an event that were theirs are free again
    session.expire_all()
