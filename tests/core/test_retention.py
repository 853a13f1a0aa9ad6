"""`portal retention` beyond applications: what other features delete every night is listed as it goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import retention
from portal.core.database import Database
from portal.core.mail import MailStatus, OutgoingMail
from portal.journeys.models import Draft
from portal.vacancies.alerts.models import Alert, AlertStatus
from tests.support.alerts import make_alert
from tests.support.builders import AT
from tests.support.samples import make_mail

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """The kinds that are registered."""
    with app.app_context():
        yield


def listed(db: Database, at: object) -> list[str]:
    with db.reading() as session:
        return [due.reference for due in retention.everything_due(session, at)]  # type: ignore[arg-type]


def left(db: Database) -> set[str]:
    with db.reading() as session:
        return {
            *(f"MAIL-{number}" for number in session.scalars(select(OutgoingMail.id))),
            *(f"ALERT-{number}" for number in session.scalars(select(Alert.id))),
            *(f"FORM-{number}" for number in session.scalars(select(Draft.id))),
        }


def test_what_is_listed_goes_and_nothing_else_to_the_second(db: Database) -> None:
    with db.transaction() as session:
        sent, failed, waits = (make_mail(AT) for _ in range(3))
        sent.status, waits.status = MailStatus.SENT, MailStatus.WAITING
        session.add_all([sent, failed, waits])
        alert = make_alert(
            session, at=AT, status=AlertStatus.UNCONFIRMED, confirm_until=AT + timedelta(days=7)
        )
        stays = make_alert(session, at=AT, keep_by=None)
        draft = Draft(
            journey="enquire",
            journey_version="1",
            holder="somebody",
            answers={},
            submission_key="key",
            created_at=AT,
            updated_at=AT,
            expires_at=AT + timedelta(days=9),
        )
        session.add(draft)
        session.flush()
        names = [f"MAIL-{sent.id}", f"ALERT-{alert.id}", f"FORM-{draft.id}", f"MAIL-{failed.id}"]
        kept = {f"MAIL-{waits.id}", f"ALERT-{stays.id}"}
    ends = [AT + timedelta(days=30) + SECOND, alert.confirm_until, draft.expires_at]
    for name, end in zip(names, [*ends, AT + timedelta(days=90) + SECOND], strict=True):
        assert name not in listed(db, end - SECOND)
        assert name in listed(db, end)
    over = AT + timedelta(days=91)
    assert set(listed(db, over)) == set(names)
    assert retention.delete_everything_due(over) == len(names)
    assert left(db) == kept
    assert listed(db, over) == []
    assert retention.delete_everything_due(over) == 0
