"""Mail to staff about an advert: that it waits for them, was sent back, approved, or changed while open.

It has the reference, the job title and a link; comments stay in the portal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.context import current_settings
from portal.core.mail import queue_mail
from portal.vacancies.code_list import has_id
from portal.vacancies.life.queries import Authors, staff_to_tell
from portal.vacancies.models import Vacancy


def tell_approvers(session: Session, vacancy: Vacancy, authors: Authors, *, by: Actor, at: datetime) -> None:
    """Who can approve: the hiring manager and the HR owner, if they did not write it; else HR’s mailbox."""
    people = staff_to_tell(session, [vacancy.hiring_manager_id, vacancy.hr_owner_id])
    barred = {authors.submitted_by, authors.written_by, by.id}
    addresses = [
        one.email
        for one in people
        if one.id not in barred
        and not has_id(vacancy.writers, one.id)
        and "vacancies.approve" in one.permissions
    ]
    send(
        session,
        "to_approve",
        vacancy,
        addresses or [current_settings().council.recruitment.email],
        by=by,
        at=at,
    )


def tell_writer(
    session: Session, what: str, vacancy: Vacancy, authors: Authors, *, by: Actor, at: datetime
) -> None:
    """Who sent it for approval, and who looks after it, hear what became of it."""
    people = staff_to_tell(session, [authors.submitted_by, vacancy.hr_owner_id])
    send(session, what, vacancy, [one.email for one in people if one.id != by.id], by=by, at=at)


def tell_of_change(session: Session, vacancy: Vacancy, *, by: Actor, at: datetime) -> None:
    """Who approved an open advert, and its hiring manager, hear that somebody changed it: nobody else did."""
    people = staff_to_tell(session, [vacancy.approved_by_id, vacancy.hiring_manager_id])
    send(session, "changed", vacancy, [one.email for one in people if one.id != by.id], by=by, at=at)


def send(
    session: Session, what: str, vacancy: Vacancy, addresses: Sequence[str], *, by: Actor, at: datetime
) -> None:
    """One mail to each address."""
    facts = {
        "reference": vacancy.reference,
        "title": vacancy.title,
        "by_name": by.name,
        "publish_at": vacancy.publish_at,
        "closes_at": vacancy.closes_at,
        "at": at,
    }
    for address in addresses:
        queue_mail(
            session,
            to=address,
            template=f"vacancy_{what}",
            facts=facts,
            at=at,
            purpose=f"vacancy.{what}",
        )
