"""What happens to alerts, as verbs. Nobody signs in: whoever holds a link holds what it opens, and no more.

The row of the mailbox is locked first, always, so that what happens at once happens one after the other.
Stopping is never an error: what is gone already is what was wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, exists, func, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.audit import record
from portal.core.mail import queue_mail
from portal.core.retention import Due
from portal.core.tokens import hash_of, new_token
from portal.core.upsert import insert_into
from portal.core.wording import local_date
from portal.council import VacancyAlerts
from portal.vacancies.alerts import events
from portal.vacancies.alerts.models import (
    Alert,
    AlertMailbox,
    AlertStatus,
    AlertTold,
    Frequency,
    StopCount,
    StopReason,
)
from portal.vacancies.alerts.queries import AlertGone, AlertLinkExpired, alert_to_confirm, teams_of
from portal.vacancies.alerts.schedule import next_look
from portal.vacancies.alerts.searches import filters_of, search_for_mail

MOST_ALERTS = 20
"""Of one mailbox; as many again may wait to be confirmed."""

LIST_LINK_LIFE = timedelta(hours=24)
TOLD_KEPT = timedelta(days=90)
"""How long it is known which adverts a mailbox was told of; older ones are kept away by their dates."""

NOT_CONFIRMED: ColumnElement[bool] = Alert.status == AlertStatus.UNCONFIRMED


def mailbox_of(email: str) -> str:
    """The address as compared; addresses are plain ASCII here, so look-alikes are other addresses."""
    return email.lower()


# Asking and confirming


def ask_for_alert(
    session: Session,
    *,
    email: str,
    search: str,
    frequency: Frequency,
    signs: Iterable[str],
    by: Actor,
    at: datetime,
    settings: VacancyAlerts,
) -> None:
    """Write down what is asked for and send the mail that confirms it; nothing else goes to a stranger.

    A mailbox with as many alerts as it may have gets the link to them instead.
    """
    mailbox = locked_mailbox(session, email, at)
    status_of = select(Alert.id, Alert.status).where(Alert.mailbox_id == mailbox.id).order_by(Alert.id)
    found = session.execute(status_of).all()
    waiting = [row.id for row in found if row.status is AlertStatus.UNCONFIRMED]
    if len(found) - len(waiting) >= MOST_ALERTS:
        send_list_link(session, mailbox, at)
        return
    session.execute(delete(Alert).where(Alert.id.in_(waiting[: len(waiting) - MOST_ALERTS + 1])))
    token, confirm_until = new_token(), at + timedelta(days=settings.confirm_days)
    alert = Alert(
        mailbox_id=mailbox.id,
        token=new_token(),
        confirm_hash=hash_of(token),
        confirm_until=confirm_until,
        email=mailbox.address or email,
        search=search,
        frequency=frequency,
        status=AlertStatus.UNCONFIRMED,
        created_at=at,
        updated_at=at,
        told_until=at,
        next_look_at=at,
    )
    session.add(alert)
    session.flush()
    send_confirmation(session, alert, token, at)
    facts = {"frequency": frequency.value, "signs": sorted(signs)}
    record(session, events.ALERT_ASKED, by=by, at=at, subject=alert.reference, **facts)


def send_confirmation(session: Session, alert: Alert, token: str, at: datetime) -> None:
    """The only mail that a stranger can cause: of what was typed it holds the filters, in our own words."""
    queue_mail(
        session,
        to=alert.email,
        template="vacancy_alert_confirm",
        facts={
            "token": token,
            "frequency": alert.frequency,
            "search": search_for_mail(filters_of(alert.search), teams_of(session, at), keyword=False),
            "until": alert.confirm_until,
        },
        at=at,
        purpose="alerts.confirm",
        expires_at=alert.confirm_until,
    )


def confirm_alert(session: Session, token: str, *, by: Actor, at: datetime, settings: VacancyAlerts) -> Alert:
    """Use the link up; raises AlertLinkExpired for a used, old or unknown one.

    Confirming a search that the mailbox has already an alert for changes that one instead.
    """
    mailbox = lock(session, alert_to_confirm(session, token, at).mailbox_id)
    statement = select(Alert).where(Alert.confirm_hash == hash_of(token))
    alert = session.scalar(statement, execution_options={"populate_existing": True})
    if mailbox is None or alert is None:
        raise AlertLinkExpired
    mailbox.address = mailbox.address or alert.email
    alert.confirm_hash = alert.confirm_until = None
    same = select(Alert).where(Alert.mailbox_id == mailbox.id, Alert.search == alert.search, ~NOT_CONFIRMED)
    twin = session.scalar(same.order_by(Alert.id).limit(1))
    if twin is not None:
        session.delete(alert)
        twin.frequency, alert = alert.frequency, twin
    alert.confirmed_at = alert.confirmed_at or at
    if alert.status is not AlertStatus.ACTIVE:
        begin(alert, at, settings)
    note_change(alert, at)
    alert.next_look_at = next_look(alert.frequency, at, settings)
    facts = {"frequency": alert.frequency.value}
    record(session, events.ALERT_CONFIRMED, by=by, at=at, subject=alert.reference, **facts)
    return alert


def begin(alert: Alert, at: datetime, settings: VacancyAlerts) -> None:
    """From this moment on it tells of what is new."""
    alert.status = AlertStatus.ACTIVE
    alert.told_until = at
    alert.next_look_at = next_look(alert.frequency, at, settings)


def note_change(alert: Alert, at: datetime) -> None:
    """Its owner was here: the alert is wanted."""
    alert.updated_at = alert.kept_at = at
    alert.keep_by = None


# Changing


def change_frequency(
    session: Session, token: str, frequency: Frequency, *, by: Actor, at: datetime, settings: VacancyAlerts
) -> None:
    """Write more or less often; what was not told yet is told at the next look."""
    alert = locked_alert(session, token)
    alert.frequency = frequency
    alert.next_look_at = next_look(frequency, at, settings)
    changed(session, alert, "frequency", by, at)


def change_search(session: Session, token: str, search: str, *, by: Actor, at: datetime) -> None:
    """Look for something else from the next look on."""
    alert = locked_alert(session, token)
    alert.search = search
    changed(session, alert, "search", by, at)


def pause(session: Session, token: str, *, by: Actor, at: datetime) -> None:
    """Send nothing until its owner says otherwise."""
    alert = locked_alert(session, token)
    alert.status = AlertStatus.PAUSED
    changed(session, alert, "paused", by, at)


def resume(session: Session, token: str, *, by: Actor, at: datetime, settings: VacancyAlerts) -> None:
    """Begin again, with what is published from now on."""
    alert = locked_alert(session, token)
    if alert.status is AlertStatus.PAUSED:
        begin(alert, at, settings)
    changed(session, alert, "resumed", by, at)


def keep(session: Session, token: str, *, by: Actor, at: datetime) -> None:
    """The answer to “do you want to keep this alert?”."""
    changed(session, locked_alert(session, token), "kept", by, at)


def changed(session: Session, alert: Alert, what: str, by: Actor, at: datetime) -> None:
    """Note what its owner did."""
    note_change(alert, at)
    record(session, events.ALERT_CHANGED, by=by, at=at, subject=alert.reference, what=what)


# Stopping


def stop(session: Session, token: str, *, by: Actor, at: datetime) -> None:
    """Delete one alert; nothing happens where it is gone already."""
    try:
        alert = locked_alert(session, token)
    except AlertGone:
        return
    session.delete(alert)
    session.flush()
    delete_empty(session, AlertMailbox.id == alert.mailbox_id)
    record(session, events.ALERT_STOPPED, by=by, at=at, subject=alert.reference, how="page")


def stop_all(session: Session, mailbox_token: str, *, how: str, by: Actor, at: datetime) -> None:
    """Delete a mailbox with all its alerts; nothing happens where it is gone already."""
    statement = select(AlertMailbox).where(AlertMailbox.token == mailbox_token).with_for_update()
    mailbox = session.scalar(statement)
    if mailbox is not None:
        forget(session, mailbox, how=how, by=by, at=at)


def forget(session: Session, mailbox: AlertMailbox, *, how: str, by: Actor, at: datetime) -> None:
    """Delete everything that is known of a mailbox."""
    number = session.scalar(select(func.count()).where(Alert.mailbox_id == mailbox.id))
    session.delete(mailbox)
    record(
        session, events.ALERTS_STOPPED, by=by, at=at, subject=f"MAILBOX-{mailbox.id}", how=how, alerts=number
    )


def forget_address(session: Session, email: str, *, by: Actor, at: datetime) -> bool:
    """For who asks the council instead of following a link; returns whether there was anything."""
    mailbox = known_mailbox(session, email)
    if mailbox is not None:
        forget(session, mailbox, how="request", by=by, at=at)
    return mailbox is not None


def count_reason(session: Session, reason: StopReason) -> None:
    """Add one to a reason for stopping; not kept with anybody."""
    first = insert_into(session, StopCount).values(reason=reason, number=1)
    again = {"number": StopCount.number + 1}
    session.execute(first.on_conflict_do_update(index_elements=[StopCount.reason], set_=again))


# All alerts of a mailbox


def ask_for_list(session: Session, email: str, *, at: datetime) -> None:
    """Send the link to all alerts, to the confirmed address; a stranger's mailbox gets nothing."""
    mailbox = known_mailbox(session, email)
    if mailbox is not None and mailbox.address is not None:
        send_list_link(session, mailbox, at)


def send_list_link(session: Session, mailbox: AlertMailbox, at: datetime) -> None:
    """A link that shows every alert, for a day; an older one stops working."""
    token = new_token()
    mailbox.list_hash, mailbox.list_until = hash_of(token), at + LIST_LINK_LIFE
    queue_mail(
        session,
        to=mailbox.address or mailbox.mailbox,
        template="vacancy_alerts_list",
        facts={"token": token, "until": mailbox.list_until},
        at=at,
        purpose="alerts.list",
        expires_at=mailbox.list_until,
    )


# Rows and locks


def locked_mailbox(session: Session, email: str, at: datetime) -> AlertMailbox:
    """The mailbox of an address, made where there is none, and locked."""
    key = mailbox_of(email)
    new = insert_into(session, AlertMailbox).values(mailbox=key, token=new_token(), refusals=0, created_at=at)
    session.execute(new.on_conflict_do_nothing(index_elements=[AlertMailbox.mailbox]))
    return session.scalars(select(AlertMailbox).where(AlertMailbox.mailbox == key).with_for_update()).one()


def known_mailbox(session: Session, email: str) -> AlertMailbox | None:
    """The mailbox of an address, locked; None where there is none."""
    statement = select(AlertMailbox).where(AlertMailbox.mailbox == mailbox_of(email))
    return session.scalar(statement.with_for_update())


def lock(session: Session, mailbox_id: int) -> AlertMailbox | None:
    """The mailbox, once nobody else works on it; None when it was deleted meanwhile."""
    return session.get(AlertMailbox, mailbox_id, with_for_update=True, populate_existing=True)


def locked_alert(session: Session, token: str) -> Alert:
    """A confirmed alert whose mailbox is locked; raises AlertGone."""
    statement = select(Alert).where(Alert.token == token, ~NOT_CONFIRMED)
    mailbox_id = session.scalar(statement.with_only_columns(Alert.mailbox_id))
    alert = None
    if mailbox_id is not None and lock(session, mailbox_id) is not None:
        alert = session.scalar(statement, execution_options={"populate_existing": True})
    if alert is None:
        raise AlertGone
    return alert


def delete_empty(session: Session, which: ColumnElement[bool]) -> None:
    """Delete those mailboxes that have no alert left."""
    has_alert = exists().where(Alert.mailbox_id == AlertMailbox.id)
    session.execute(delete(AlertMailbox).where(which, ~has_alert))


def delete_old(session: Session, at: datetime, *, by: Actor) -> int:
    """Nightly: what nobody confirmed, what nobody answered for, and who was told what long ago.

    Returns how many alerts went.
    """
    late = delete(Alert).where(NOT_CONFIRMED, Alert.confirm_until <= at).returning(Alert.id)
    unconfirmed = len(session.scalars(late).all())
    unwanted = delete(Alert).where(~NOT_CONFIRMED, Alert.keep_by <= at).returning(Alert.id)
    unanswered = len(session.scalars(unwanted).all())
    session.execute(delete(AlertTold).where(AlertTold.told_at <= at - TOLD_KEPT))
    delete_empty(session, AlertMailbox.created_at <= at)
    if unconfirmed or unanswered:
        record(session, events.ALERTS_DELETED, by=by, at=at, unconfirmed=unconfirmed, unanswered=unanswered)
    return unconfirmed + unanswered


def old_alerts(session: Session, at: datetime) -> list[Due]:
    """The alerts that `delete_old` would delete, for `portal retention`."""
    ends = case((NOT_CONFIRMED, Alert.confirm_until), else_=Alert.keep_by).label("ends")
    rows = session.execute(select(Alert.id, ends).where(ends <= at).order_by(Alert.id))
    return [Due("vacancy alert", f"ALERT-{row.id}", local_date(row.ends)) for row in rows]
