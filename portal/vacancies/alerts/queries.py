"""Reads of alerts: by the tokens of their links, and figures for whoever runs the portal."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.errors import Gone
from portal.core.tokens import hash_of
from portal.vacancies.alerts.models import Alert, AlertMailbox, AlertStatus, StopCount
from portal.vacancies.search.statements import Team, teams_statement


class AlertGone(Gone):
    """The alert was stopped, by its owner or after the portal had asked in vain: nothing is wrong."""

    slug = "alert_gone"


class AlertLinkExpired(Gone):
    """A link that confirms or lists, used or run out: the page says how to ask again."""

    slug = "alert_link_expired"


def teams_of(session: Session, at: datetime) -> list[Team]:
    """Every team, for the words of a search."""
    return [Team(*row[:3]) for row in session.execute(teams_statement(), {"at": at})]


def alert_by_token(session: Session, token: str) -> Alert:
    """A confirmed alert; raises AlertGone where there is none."""
    alert = session.scalar(select(Alert).where(Alert.token == token))
    if alert is None or alert.status is AlertStatus.UNCONFIRMED:
        raise AlertGone
    return alert


def alert_to_confirm(session: Session, token: str, at: datetime) -> Alert:
    """The alert whose confirmation this link is; raises AlertLinkExpired for a used, old or unknown one."""
    alert = session.scalar(select(Alert).where(Alert.confirm_hash == hash_of(token)))
    if alert is None or alert.confirm_until is None or alert.confirm_until <= at:
        raise AlertLinkExpired
    return alert


def alerts_by_list_token(session: Session, token: str, at: datetime) -> list[Alert]:
    """The confirmed alerts of a mailbox, the oldest first; raises AlertLinkExpired."""
    statement = select(AlertMailbox).where(AlertMailbox.list_hash == hash_of(token))
    mailbox = session.scalar(statement)
    if mailbox is None or mailbox.list_until is None or mailbox.list_until <= at:
        raise AlertLinkExpired
    confirmed = select(Alert).where(Alert.mailbox_id == mailbox.id, Alert.status != AlertStatus.UNCONFIRMED)
    return list(session.scalars(confirmed.order_by(Alert.id)))


class Figures(NamedTuple):
    """How many alerts there are."""

    by_status: dict[str, int]
    mailboxes: int
    due: int
    """Alerts that would look now."""
    stops: dict[str, int]
    """Reasons for stopping, with how often each was given."""


def figures(session: Session, at: datetime) -> Figures:
    """Numbers only, for the command line."""
    statuses = select(Alert.status, func.count()).group_by(Alert.status)
    found: dict[AlertStatus, int] = dict(iter(session.execute(statuses)))
    due = select(func.count()).where(Alert.status == AlertStatus.ACTIVE, Alert.next_look_at <= at)
    stops = session.execute(select(StopCount.reason, StopCount.number).order_by(StopCount.reason))
    return Figures(
        by_status={status.value: found.get(status, 0) for status in AlertStatus},
        mailboxes=session.scalar(select(func.count()).select_from(AlertMailbox)) or 0,
        due=session.scalar(due) or 0,
        stops={reason.value: number for reason, number in stops},
    )
