"""A visit that is booked for later than it was due: said before it is booked, and in every list after."""

from datetime import UTC, datetime

import pytest
import time_machine

from portal.fostering.options import Stage, VisitMode
from tests.support.builders import make_enquiry

QUEUE = "/staff/fostering"
LATE = "Hold the visit: booked late, it was due by 7 Dec 2026"
"""The tenth working day after a call on Monday 23 November."""


@pytest.fixture
def officer(sign_in, at):
    with time_machine.travel(at, tick=False):
        yield sign_in("fostering")


def called(db, at, **changes):
    with db.transaction() as session:
        facts = {"stage": Stage.CALL_DONE, "stage_since": at, "initial_call_at": at}
        return make_enquiry(session, received_at=at, **{**facts, **changes}).public_ref


@pytest.mark.parametrize(("day", "is_late"), [(7, False), (8, True)])
def test_the_lists_say_that_a_visit_is_booked_late(db, officer, at, day, is_late):
    booked = datetime(2026, 12, day, 16, tzinfo=UTC)
    facts = {"stage": Stage.VISIT_BOOKED, "visit_booked_for": booked, "visit_mode": VisitMode.HOME}
    reference = called(db, at, due_at=booked, **facts)
    for page in (QUEUE, f"{QUEUE}/{reference}"):
        text = officer.get(page).page.main.text
        assert "Hold the visit" in text
        assert (LATE in text) is is_late


def test_whoever_books_it_is_told_by_when(db, officer, at):
    text = officer.get(f"{QUEUE}/{called(db, at)}/move/{Stage.VISIT_BOOKED.value}").page.main.text
    assert "The visit is to be held by 7 Dec 2026. A later day can be booked" in text
    other = officer.get(f"{QUEUE}/{called(db, at)}/move/{Stage.KEEP_IN_TOUCH.value}").page.main.text
    assert "to be held by" not in other
