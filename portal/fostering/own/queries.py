"""Finding an enquiry by its household’s link, or by its mailbox; closed ones have no link any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.core.errors import Gone
from portal.core.retention import Due
from portal.core.tokens import hash_of
from portal.core.wording import local_date
from portal.fostering.models import Enquiry
from portal.fostering.options import Status
from portal.fostering.own.models import OwnLink

MOST_LINKS = 3
"""Open enquiries of one mailbox that links are sent for, the newest."""

OPEN: ColumnElement[bool] = Enquiry.status.in_((Status.OPEN, Status.KEEP_IN_TOUCH))


class OwnLinkExpired(Gone):
    """A link that has run out, was replaced, or has nothing left to change: the page says how to get one."""

    slug = "own_link_expired"


def check_link(session: Session, token: str, at: datetime) -> None:
    """Raises OwnLinkExpired; gives nothing back, since nothing of the enquiry may be shown."""
    enquiry_by_link(session, token, at)


def enquiry_by_link(session: Session, token: str, at: datetime, *, lock: bool = False) -> Enquiry:
    """The open enquiry of this link; raises OwnLinkExpired.

    Behind the lock the link is asked for again: whoever had the enquiry before may have ended it.
    """
    live = select(OwnLink.enquiry_id).where(OwnLink.token_hash == hash_of(token), OwnLink.expires_at > at)
    wanted = select(Enquiry).where(Enquiry.id == live.scalar_subquery(), OPEN)
    found = session.scalars(wanted.with_for_update(key_share=True) if lock else wanted).one_or_none()
    if found is None or (lock and session.scalar(live) is None):
        raise OwnLinkExpired
    return found


def enquiries_of_mailbox(session: Session, email: str) -> Sequence[Enquiry]:
    """The newest open enquiries with this address, locked in the order in which everybody locks several."""
    theirs = (Enquiry.email_key == email.lower(), OPEN)
    newest = select(Enquiry.id).where(*theirs).order_by(Enquiry.received_at.desc(), Enquiry.id.desc())
    wanted = select(Enquiry).where(Enquiry.id.in_(session.scalars(newest.limit(MOST_LINKS)).all()), *theirs)
    return session.scalars(wanted.order_by(Enquiry.id).with_for_update(key_share=True)).all()


def old_links(session: Session, at: datetime) -> list[Due]:
    """Links that have run out, for `portal retention`."""
    rows = session.execute(
        select(OwnLink.id, OwnLink.expires_at).where(OwnLink.expires_at <= at).order_by(OwnLink.id)
    )
    return [Due("fostering link", f"LINK-{row.id}", local_date(row.expires_at)) for row in rows]
