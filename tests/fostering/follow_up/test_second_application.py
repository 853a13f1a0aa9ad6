"""Who withdrew and applies again: the second application has clocks and dates of its own."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.limits import Lateness, lateness_of
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import Stage
from tests.support.builders import make_enquiry, make_staff

COUNCIL = load_council()


def noon(*day):
    return datetime(*day, 12, tzinfo=UTC)


@pytest.fixture
def take(db):
    with db.transaction() as session:
        robin = make_staff(session)
        by = Actor(id=robin.id, name="Robin", kind="staff", permissions=ROLE_PERMISSIONS["fostering"])
        reference = make_enquiry(
            session,
            received_at=noon(2026, 1, 5),
            stage=Stage.APPLICATION_INVITED,
            roi_sent_at=noon(2026, 1, 6),
        ).public_ref

    def move(to, at, code=None, **facts):
        with db.transaction() as session:
            enquiry = session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()
            step, version = Move(to=to, code=code, facts=facts), enquiry.version
            return move_enquiry(session, reference, step, version=version, by=by, at=at, council=COUNCIL)

    return move


@pytest.fixture
def applied_again(db, take):
    """All Stage 1 information was in when they withdrew; five months later they apply again."""
    take(Stage.APPLICATION_ACCEPTED, noon(2026, 1, 20), application_at=noon(2026, 1, 20))
    began = {"stage1_start": date(2026, 1, 21), "stage1_info_complete_at": noon(2026, 1, 22)}
    take(Stage.STAGE_ONE, noon(2026, 1, 22), **began)
    take(Stage.CLOSED, noon(2026, 2, 1), code=Closure.AW3)
    take(Stage.CONTACTING, noon(2026, 6, 1))
    with db.transaction() as session:
        session.scalars(select(Enquiry)).one().stage = Stage.APPLICATION_INVITED
    return take(Stage.APPLICATION_ACCEPTED, noon(2026, 6, 22), application_at=noon(2026, 6, 22))


def test_its_panel_is_due_by_its_own_day(applied_again):
    assert applied_again.due_at == datetime(2026, 12, 22, 17, tzinfo=UTC)
    assert lateness_of(applied_again, COUNCIL.fostering, noon(2026, 6, 23)) is Lateness.IN_TIME


def test_the_dates_of_the_first_are_in_the_history_alone(db, applied_again):
    assert (applied_again.stage1_start, applied_again.stage1_info_complete_at) == (None, None)
    with db.reading() as session:
        told = [entry.facts for entry in session.scalars(select(HistoryEntry).order_by(HistoryEntry.id))]
    assert "stage1_info_complete_at" in told[1]


def test_what_it_came_to_itself_stays_when_it_is_withdrawn_too(take, applied_again):
    take(Stage.STAGE_ONE, noon(2026, 6, 24), stage1_start=date(2026, 6, 23))
    take(Stage.CLOSED, noon(2026, 6, 25), code=Closure.AW0)
    assert take(Stage.CONTACTING, noon(2026, 7, 1)).stage1_start == date(2026, 6, 23)
