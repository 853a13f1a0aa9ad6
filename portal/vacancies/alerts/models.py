"""Alerts: a search, a mailbox, how often, and how far it has been told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Id
from portal.core.options import Option


class Frequency(Option):
    """How often an alert may write."""

    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Once a week"


class AlertStatus(StrEnum):
    """Where an alert stands; stopped ones are deleted, so there is no code for them."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    PAUSED = "paused"


class Alert(Base):
    """One search of one mailbox."""

    __tablename__ = "vacancy_alerts"
    __table_args__ = (Index("ix_vacancy_alerts_due", "status", "next_look_at"),)

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    """In the links of its mails: opens this alert and nothing else. It stays, so that old mails work."""
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Hash of the token that confirms the mailbox; None once it was used."""
    confirm_until: Mapped[datetime | None]
    email: Mapped[str] = mapped_column(String(254))
    mailbox: Mapped[str] = mapped_column(String(254), index=True)
    """The address as compared: one mailbox gets one mail a day at most, whatever the capitals."""
    search: Mapped[str] = mapped_column(String(2000))
    """The filters as the query string of the list, without order and page; empty for every vacancy."""
    frequency: Mapped[Frequency]
    status: Mapped[AlertStatus]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    told_until: Mapped[datetime]
    """Adverts that the public could read by then are not new to it."""
    next_look_at: Mapped[datetime]
    last_mail_at: Mapped[datetime | None]
    keep_by: Mapped[datetime | None]
    """When it is deleted unless its owner says to keep it; set when the question was sent."""
