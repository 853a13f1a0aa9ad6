"""The end of links: all of one household’s at once, and every night those that have run out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.fostering.models import Enquiry
from portal.fostering.own.models import OwnLink


def forget_links(session: Session, enquiry: Enquiry) -> None:
    """No link to this enquiry works any more."""
    session.execute(delete(OwnLink).where(OwnLink.enquiry_id == enquiry.id))


def delete_old_links(session: Session, at: datetime) -> int:
    """Nightly: what has run out; returns how many."""
    old = delete(OwnLink).where(OwnLink.expires_at <= at).returning(OwnLink.id)
    return len(session.scalars(old).all())
