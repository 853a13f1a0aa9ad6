"""Alerts for tests: confirmed ones of a mailbox, and links that wait to be followed."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.vacancies.alerts.models import Alert, AlertMailbox, AlertStatus, Frequency
from tests.support.builders import AT

_numbers = count(1)
_links: dict[str, str] = {}


def make_alert(session: Session, *, email: str | None = None, at: datetime = AT, **changes: Any) -> Alert:
    """A daily alert for everything, begun at `at` and due at once; unconfirmed ones wait seven days."""
    email = email or f"candidate{next(_numbers)}@example.com"
    mailbox = session.scalar(select(AlertMailbox).where(AlertMailbox.mailbox == email.lower()))
    confirmed = changes.get("status") is not AlertStatus.UNCONFIRMED
    if mailbox is None:
        mailbox = AlertMailbox(
            mailbox=email.lower(), token=secrets.token_urlsafe(32), refusals=0, created_at=at
        )
        session.add(mailbox)
        session.flush()
    mailbox.address = mailbox.address or (email if confirmed else None)
    values: dict[str, Any] = {
        "mailbox_id": mailbox.id,
        "token": secrets.token_urlsafe(32),
        "email": email,
        "search": "",
        "frequency": Frequency.DAILY,
        "status": AlertStatus.ACTIVE,
        "created_at": at,
        "updated_at": at,
        "told_until": at,
        "next_look_at": at,
    }
    if confirmed:
        values |= {"confirmed_at": at, "kept_at": at}
    else:
        link = secrets.token_urlsafe(32)
        values["confirm_hash"] = hashlib.sha256(link.encode()).hexdigest()
        values["confirm_until"] = at + timedelta(days=7)
        _links[values["token"]] = link
    alert = Alert(**{**values, **changes})
    session.add(alert)
    session.flush()
    return alert


def alert_confirmation(alert: Alert) -> str:
    """The token of the link that confirms an alert made here."""
    return _links[alert.token]


def alert_mailbox(session: Session, alert: Alert) -> AlertMailbox:
    """The mailbox of an alert."""
    return session.get_one(AlertMailbox, alert.mailbox_id)
