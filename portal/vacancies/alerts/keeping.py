"""“Do you want to keep this alert?”: asked of alerts whose owners have said nothing for a year."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.core.mail import link_to, queue_mail
from portal.council import VacancyAlerts
from portal.vacancies.alerts.models import Alert, AlertMailbox, AlertStatus
from portal.vacancies.alerts.queries import teams_of
from portal.vacancies.alerts.schedule import london_day, months_before
from portal.vacancies.alerts.searches import filters_of, search_for_mail
from portal.vacancies.alerts.sending import BATCH, Done


def ask_batch(session: Session, at: datetime, settings: VacancyAlerts) -> Done:
    """One mail for each mailbox, on a day on which it got no other; the alerts go unless somebody answers."""
    today = london_day(at)
    silent = (
        Alert.status != AlertStatus.UNCONFIRMED,
        Alert.keep_by.is_(None),
        Alert.kept_at <= months_before(at, settings.keep_months),
    )
    free = or_(AlertMailbox.last_mail_on.is_(None), AlertMailbox.last_mail_on < today)
    first = select(Alert.mailbox_id).join(AlertMailbox, AlertMailbox.id == Alert.mailbox_id)
    ids = set(session.scalars(first.where(*silent, free).order_by(Alert.kept_at, Alert.id).limit(BATCH)))
    rows = select(AlertMailbox).where(AlertMailbox.id.in_(ids), free).order_by(AlertMailbox.id)
    mailboxes = session.scalars(rows.with_for_update()).all()
    alerts: defaultdict[int, list[Alert]] = defaultdict(list)
    for alert in session.scalars(select(Alert).where(Alert.mailbox_id.in_(ids), *silent).order_by(Alert.id)):
        alerts[alert.mailbox_id].append(alert)
    asked = [mailbox for mailbox in mailboxes if alerts[mailbox.id]]
    for mailbox in asked:
        ask(session, mailbox, alerts[mailbox.id], at, settings)
    return Done(sum(len(alerts[mailbox.id]) for mailbox in asked), len(asked))


def ask(
    session: Session, mailbox: AlertMailbox, alerts: list[Alert], at: datetime, settings: VacancyAlerts
) -> None:
    """The question, and what becomes of the alerts without an answer."""
    keep_by = at + timedelta(days=settings.answer_days)
    for alert in alerts:
        alert.keep_by = keep_by
    mailbox.last_mail_on = london_day(at)
    teams = teams_of(session, at)
    queue_mail(
        session,
        to=mailbox.address or mailbox.mailbox,
        template="vacancy_alert_keep",
        facts={
            "alerts": [(search_for_mail(filters_of(alert.search), teams), alert.token) for alert in alerts],
            "keep_by": keep_by,
            "mailbox": mailbox.token,
        },
        at=at,
        purpose="alerts.keep",
        unsubscribe_url=link_to("alerts.unsubscribe", mailbox=mailbox.token),
    )
