"""One batch of the morning's work: which alerts are due, what is new to them, one mail for each mailbox.

Everything a batch does is one transaction: mails, what was told, when each alert looks next. Killed in the
middle, nothing of it has happened; run again, the alerts are not due any more; run twice at once, the second
waits for the rows of the first and finds them done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.audit import record
from portal.core.mail import MailStatus, OutgoingMail, link_to, queue_mail
from portal.council import VacancyAlerts
from portal.vacancies.alerts import events
from portal.vacancies.alerts.matching import Advert, News
from portal.vacancies.alerts.models import Alert, AlertMailbox, AlertStatus, AlertTold
from portal.vacancies.alerts.queries import teams_of
from portal.vacancies.alerts.schedule import SETTLED, london_day, next_look, next_morning
from portal.vacancies.alerts.searches import filters_of, search_for_mail
from portal.vacancies.pay import actual_pay, full_time_pay
from portal.vacancies.wording import closing_time

PORTAL = Actor.system("the portal")
BATCH = 200
"""Alerts looked at in one transaction: short enough for a database with one writer."""

MOST_IN_MAIL = 20
"""Adverts in one mail; the others are counted in it."""

MOST_REFUSALS = 3


class Done(NamedTuple):
    """What a batch did."""

    alerts: int
    mails: int


def due(at: datetime) -> ColumnElement[bool]:
    """Alerts that are to look."""
    return and_(Alert.status == AlertStatus.ACTIVE, Alert.next_look_at <= at)


def send_batch(session: Session, at: datetime, settings: VacancyAlerts) -> Done:
    """Let the alerts that have waited longest look, with all due ones of the same mailboxes."""
    mailboxes = locked_mailboxes(session, at)
    alerts = due_alerts(session, mailboxes, at)
    everything = [alert for several in alerts.values() for alert in several]
    teams, until = teams_of(session, at), at - SETTLED
    news = News(session, everything, teams, until, at)
    told = already_told(session, mailboxes, news)
    busy = settle_last_mails(session, mailboxes, at)
    written: list[tuple[AlertMailbox, OutgoingMail]] = []
    for mailbox in mailboxes:
        mine = [alert for alert in alerts[mailbox.id] if alert.status is AlertStatus.ACTIVE]
        if mailbox.id in busy or mailbox.last_mail_on == london_day(at):
            for alert in mine:
                alert.next_look_at = next_morning(at, settings)
            continue
        finds = {alert.id: news.for_alert(alert) for alert in mine}
        adverts = new_to(finds.values(), told[mailbox.id])
        for alert in mine:
            alert.told_until = max(alert.told_until, until)
            alert.next_look_at = next_look(alert.frequency, at, settings)
        if adverts:
            writers = [
                (search_for_mail(filters_of(alert.search), teams), alert.token)
                for alert in mine
                if set(finds[alert.id]) & set(adverts)
            ]
            written.append((mailbox, write(session, mailbox, writers, adverts, at=at)))
    note(session, written, at)
    return Done(len(everything), len(written))


def locked_mailboxes(session: Session, at: datetime) -> list[AlertMailbox]:
    """The mailboxes of the alerts that are due first, in the order in which everybody locks them."""
    first = select(Alert.mailbox_id).where(due(at)).order_by(Alert.next_look_at, Alert.id).limit(BATCH)
    ids = set(session.scalars(first))
    rows = select(AlertMailbox).where(AlertMailbox.id.in_(ids)).order_by(AlertMailbox.id)
    return list(session.scalars(rows.with_for_update()))


def due_alerts(
    session: Session, mailboxes: Sequence[AlertMailbox], at: datetime
) -> defaultdict[int, list[Alert]]:
    """Asked after the lock was taken: what somebody else has done meanwhile is not due any more."""
    found: defaultdict[int, list[Alert]] = defaultdict(list)
    ids = [mailbox.id for mailbox in mailboxes]
    rows = select(Alert).where(Alert.mailbox_id.in_(ids), due(at)).order_by(Alert.id)
    for alert in session.scalars(rows):
        found[alert.mailbox_id].append(alert)
    return found


def already_told(
    session: Session, mailboxes: Sequence[AlertMailbox], news: News
) -> defaultdict[int, set[int]]:
    """Which of the new adverts each mailbox knows already, from another alert."""
    told: defaultdict[int, set[int]] = defaultdict(set)
    if news.adverts:
        ids = [mailbox.id for mailbox in mailboxes]
        pairs = select(AlertTold.mailbox_id, AlertTold.vacancy_id).where(
            AlertTold.mailbox_id.in_(ids), AlertTold.vacancy_id.in_(news.ids)
        )
        for mailbox_id, vacancy_id in session.execute(pairs):
            told[mailbox_id].add(vacancy_id)
    return told


def new_to(finds: Iterable[list[Advert]], told: set[int]) -> list[Advert]:
    """Each advert once, the newest first."""
    adverts = {advert.id: advert for found in finds for advert in found if advert.id not in told}
    return sorted(adverts.values(), key=lambda advert: (advert.visible_from, advert.id), reverse=True)


def settle_last_mails(session: Session, mailboxes: Sequence[AlertMailbox], at: datetime) -> set[int]:
    """What became of the last mails. Gives the mailboxes whose last mail still waits: they get no second one.

    Where the other side refused three in a row for good, the address is dead: its alerts are paused.
    """
    waited_for = {mailbox.last_mail_id: mailbox for mailbox in mailboxes if mailbox.last_mail_id is not None}
    columns = select(OutgoingMail.id, OutgoingMail.status, OutgoingMail.last_error)
    busy: set[int] = set()
    dead: set[int] = set()
    for mail_id, status, error in session.execute(columns.where(OutgoingMail.id.in_(waited_for))):
        mailbox = waited_for[mail_id]
        if status is MailStatus.WAITING:
            busy.add(mailbox.id)
            continue
        mailbox.last_mail_id = None
        refused = status is MailStatus.FAILED and (error or "").startswith("smtp-5")
        mailbox.refusals = mailbox.refusals + 1 if refused else 0
        if mailbox.refusals >= MOST_REFUSALS:
            dead.add(mailbox.id)
            mailbox.refusals = 0
    if dead:
        pause_all(session, dead, at)
    return busy


def pause_all(session: Session, mailbox_ids: set[int], at: datetime) -> None:
    """Write to these mailboxes no more, until their owners say so."""
    rows = select(Alert).where(Alert.mailbox_id.in_(mailbox_ids), Alert.status == AlertStatus.ACTIVE)
    alerts = session.scalars(rows).all()
    for alert in alerts:
        alert.status, alert.updated_at = AlertStatus.PAUSED, at
    record(session, events.ALERTS_PAUSED, by=PORTAL, at=at, alerts=len(alerts))


def write(
    session: Session,
    mailbox: AlertMailbox,
    alerts: Sequence[tuple[str, str]],
    adverts: Sequence[Advert],
    *,
    at: datetime,
) -> OutgoingMail:
    """One mail, and the note of what it tells; `alerts` are searches in words with their tokens."""
    session.add_all(AlertTold(mailbox_id=mailbox.id, vacancy_id=advert.id, told_at=at) for advert in adverts)
    mailbox.last_mail_on = london_day(at)
    return queue_mail(
        session,
        to=mailbox.address or mailbox.mailbox,
        template="vacancy_alert",
        facts={
            "adverts": [facts_of(advert) for advert in adverts[:MOST_IN_MAIL]],
            "number": len(adverts),
            "alerts": alerts,
            "mailbox": mailbox.token,
        },
        at=at,
        purpose="alerts.new_vacancies",
        unsubscribe_url=link_to("alerts.unsubscribe", mailbox=mailbox.token),
    )


def facts_of(advert: Advert) -> dict[str, Any]:
    """An advert in words."""
    actual = actual_pay(advert)
    pay = full_time_pay(advert)
    return {
        "title": advert.title,
        "team": advert.team,
        "place": advert.location_base,
        "pay": f"{pay} full time, {actual} for the hours of this post" if actual else pay,
        "closes": closing_time(advert.closes_at),
        "slug": advert.slug,
        "is_demo": advert.is_demo,
    }


def note(session: Session, written: Sequence[tuple[AlertMailbox, OutgoingMail]], at: datetime) -> None:
    """Remember which mail was the last of each mailbox, and how many were written."""
    if not written:
        return
    session.flush()  # gives the mails their ids, all in one statement
    for mailbox, mail in written:
        mailbox.last_mail_id = mail.id
    record(session, events.ALERTS_SENT, by=PORTAL, at=at, mails=len(written))
