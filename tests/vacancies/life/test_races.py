"""Two people at the same moment: one wins, the other is told, and nothing is half done."""

from __future__ import annotations

import threading
from datetime import date, time

import pytest
from sqlalchemy import func, select

from portal.core.audit import verify
from portal.core.clock import london_instant
from portal.core.errors import InvalidTransition, StaleEdit
from portal.vacancies.life import service
from portal.vacancies.life.extension import Extension
from portal.vacancies.models import Decision, Vacancy
from portal.vacancies.options import ExtensionReason, Status
from tests.support.builders import AT
from tests.vacancies.life.adverts import load, make_hr, make_in_state

LATER = Extension(
    closes_at=london_instant(date(2026, 12, 15), time(12)),
    reason=ExtensionReason.NOT_FOUND,
    decision_promised_on=date(2026, 12, 21),
)


def approve(session, vacancy, **said):
    service.approve_vacancy(session, vacancy, **said)


def cancel(session, vacancy, **said):
    service.cancel_vacancy(session, vacancy, "Not needed", **said)


def extend(session, vacancy, **said):
    service.extend_vacancy(session, vacancy, LATER, **said)


def close(session, vacancy, **said):
    service.close_vacancy_early(session, vacancy, "Enough", **said)


PAIRS = [
    (Status.PENDING_APPROVAL, approve, approve),
    (Status.PENDING_APPROVAL, approve, cancel),
    (Status.OPEN, extend, close),
    (Status.OPEN, extend, extend),
    (Status.OPEN, close, cancel),
]


@pytest.mark.parametrize(("status", "one", "other"), PAIRS, ids=lambda part: getattr(part, "__name__", part))
def test_of_two_deeds_at_once_one_is_done(app, db, status, one, other):
    with db.transaction() as session:
        reference = make_in_state(session, status).reference
        people = [make_hr(session), make_hr(session)]
    start, results = threading.Barrier(2, timeout=20), [None, None]

    def act(place, verb):
        with app.app_context():
            start.wait()
            try:
                with db.transaction() as session:
                    verb(session, load(session, reference), version=1, by=people[place], at=AT)
                results[place] = "done"
            except (StaleEdit, InvalidTransition) as error:
                results[place] = type(error).__name__

    threads = [threading.Thread(target=act, args=(place, verb)) for place, verb in enumerate((one, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(results) == ["StaleEdit", "done"]
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 1
        assert session.scalar(select(Vacancy.version)) == 2
        assert verify(session).intact
