"""Which applications a year’s figures read at all: none that was over, and written down, before it began."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.access import Actor
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.models import HistoryEntry
from portal.fostering.options import HistoryKind, Stage, Status
from portal.fostering.reporting.queries import Asked, counted_applications, current_rules
from tests.support.builders import make_enquiry

BEGINS = datetime(2026, 3, 31, 23, tzinfo=UTC)
"""Midnight on 1 April in London, an hour before it is in UTC."""
JUST_BEFORE = BEGINS - timedelta(seconds=1)
CLOSED = {"status": Status.CLOSED, "stage": Stage.CLOSED, "due_at": None, "closure_code": Closure.AW1}
APPROVED = {"status": Status.APPROVED, "stage": Stage.APPROVED, "due_at": None}


def read(db, *, recorded_at=None, **facts):
    """Whether the year from April 2026 reads this household, who applied two years before."""
    with db.transaction() as session:
        came = BEGINS - timedelta(days=800)
        enquiry = make_enquiry(session, received_at=came, application_at=came, **facts)
        if recorded_at is not None:
            entry = {"at": recorded_at, "kind": HistoryKind.MOVED, "to_stage": enquiry.stage}
            session.add(HistoryEntry(enquiry_id=enquiry.id, by_name="", **entry))
    with db.reading() as session:
        asked = Asked(Actor.system("test"), BEGINS, current_rules(session), load_council().fostering)
        found = [counted.reference for counted in counted_applications(session, 2026, asked)]
    assert found in ([], [enquiry.public_ref])
    return bool(found)


@pytest.mark.parametrize(
    ("ended", "when"), [(CLOSED, "closed_at"), (APPROVED, "approved_at")], ids=["closed", "approved"]
)
def test_what_ended_before_the_year_is_not_read(db, ended, when):
    assert not read(db, **ended, **{when: JUST_BEFORE}, recorded_at=JUST_BEFORE)


@pytest.mark.parametrize(
    ("ended", "when"), [(CLOSED, "closed_at"), (APPROVED, "approved_at")], ids=["closed", "approved"]
)
@pytest.mark.parametrize("day", [BEGINS, None], ids=["in the year", "on no known day"])
def test_what_ended_in_the_year_or_nobody_knows_when_is_read(db, ended, when, day):
    assert read(db, **ended, **{when: day}, recorded_at=JUST_BEFORE)


@pytest.mark.parametrize(
    "ended", [{**CLOSED, "closed_at": JUST_BEFORE}, {**APPROVED, "approved_at": JUST_BEFORE}]
)
def test_what_was_written_down_about_it_in_the_year_is_read(db, ended):
    assert read(db, **ended, recorded_at=BEGINS)


def test_what_goes_on_is_read_however_old(db):
    assert read(db, stage=Stage.STAGE_TWO, recorded_at=JUST_BEFORE)
