"""Alerts: a search, a mailbox, how often, and how far it has been told.

The row of the mailbox is the lock of everything that concerns it: one mail a day, each advert once. It exists
only as long as it has an alert.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, BigId, Id
from portal.core.options import Option


class Frequency(Option):
    """How often an alert may write."""

    DAILY = "daily", "Every day", "In the morning, on days with new vacancies"
    WEEKLY = "weekly", "Once a week", "In weeks with new vacancies"


class AlertStatus(StrEnum):
    """Where an alert stands; stopped ones are deleted, so there is no code for them."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    PAUSED = "paused"


class StopReason(Option):
    """Why somebody stopped; asked afterwards, answered by whoever likes."""

    FOUND_HERE = "found_here", "I found a job here"
    FOUND_ELSEWHERE = "found_elsewhere", "I found a job somewhere else"
    TOO_MANY = "too_many", "There were too many messages"
    NOT_RELEVANT = "not_relevant", "The vacancies did not suit me"
    NEVER_ASKED = "never_asked", "I did not ask for them"
    OTHER = "other", "Another reason"


class AlertMailbox(Base):
    """Somebody who asked for alerts, known by an address and by nothing else."""

    __tablename__ = "vacancy_alert_mailboxes"

    id: Mapped[Id]
    mailbox: Mapped[str] = mapped_column(String(254), unique=True)
    """The address as compared: one mailbox gets one mail a day at most, whatever the capitals."""
    address: Mapped[str | None] = mapped_column(String(254))
    """As its owner wrote it when it was first confirmed. All mail goes there: another spelling of it that
    somebody types later gets nothing."""
    token: Mapped[str] = mapped_column(String(64), unique=True)
    """In the header by which mail programs unsubscribe: stops every alert, opens nothing."""
    list_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Hash of the token that shows all alerts; sent on request."""
    list_until: Mapped[datetime | None]
    last_mail_on: Mapped[date | None]
    """The London day of the last mail."""
    last_mail_id: Mapped[int | None] = mapped_column(BigId)
    """Of an OutgoingMail, which may be deleted by now."""
    refusals: Mapped[int]
    """Mails in a row that the other side refused for good."""
    created_at: Mapped[datetime]


class Alert(Base):
    """One search of one mailbox."""

    __tablename__ = "vacancy_alerts"
    __table_args__ = (Index("ix_vacancy_alerts_due", "status", "next_look_at"),)

    id: Mapped[Id]
    mailbox_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("vacancy_alert_mailboxes.id", ondelete="CASCADE"), index=True
    )
    token: Mapped[str] = mapped_column(String(64), unique=True)
    """In the links of its mails: opens this alert and nothing else. It stays, so that old mails work."""
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Hash of the token that confirms it; None once it was used."""
    confirm_until: Mapped[datetime | None]
    email: Mapped[str] = mapped_column(String(254))
    """Where the request to confirm it went."""
    search: Mapped[str] = mapped_column(Text)
    """The filters as the query string of the list, without order and page; empty for every vacancy."""
    frequency: Mapped[Frequency]
    status: Mapped[AlertStatus]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]
    """When its owner last said that it is wanted: by confirming, keeping or changing it."""
    keep_by: Mapped[datetime | None] = mapped_column(index=True)
    """When it is deleted unless its owner says to keep it; set when the question was sent."""
    told_until: Mapped[datetime]
    """Adverts that the public could read by then are not new to it."""
    next_look_at: Mapped[datetime]

    @property
    def reference(self) -> str:
        """How the audit names it."""
        return f"ALERT-{self.id}"


class AlertTold(Base):
    """An advert that a mailbox was told of, by whichever of its alerts."""

    __tablename__ = "vacancy_alerts_told"

    mailbox_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("vacancy_alert_mailboxes.id", ondelete="CASCADE"), primary_key=True
    )
    vacancy_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("vacancies.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    told_at: Mapped[datetime] = mapped_column(index=True)


class StopCount(Base):
    """How often a reason for stopping was given; nothing says by whom or when."""

    __tablename__ = "vacancy_alert_stops"

    reason: Mapped[StopReason] = mapped_column(primary_key=True)
    number: Mapped[int]
