"""A visit that is booked for later than it was due: said before it is booked, and in every list after."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.access import Actor
from portal.fostering.history import enter_stage
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage, VisitMode
from tests.support.builders import make_enquiry

QUEUE = "/staff/fostering"
LATE = "Hold the visit: booked late, it was due by 7 Dec 2026"
"""The tenth working day after a call on Monday 23 November."""


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


@pytest.mark.parametrize(("day", "is_late"), [(7, False), (8, True)])
def test_of_a_household_taken_up_again_the_visit_is_counted_from_the_new_talk(db, officer, at, day, is_late):
    spring, booked = at - timedelta(days=250), datetime(2026, 12, day, 16, tzinfo=UTC)
    facts = {"received_at": spring, "initial_call_at": spring, "stage": Stage.CONTACTING}
    with db.transaction() as session:
        enquiry = make_enquiry(session, **facts, due_at=at)
        rounds = ((Stage.CALL_DONE, spring), (Stage.KEEP_IN_TOUCH, spring), (Stage.CONTACTING, at))
        for stage, moment in (*rounds, (Stage.CALL_DONE, at)):
            enter_stage(session, enquiry, stage, by=Actor.system("the portal"), at=moment)
    booking = f"{QUEUE}/{enquiry.public_ref}/move/{Stage.VISIT_BOOKED.value}"
    assert "The visit is to be held by 7 Dec 2026" in officer.get(booking).page.main.text
    with db.transaction() as session:
        again = session.get_one(Enquiry, enquiry.id)
        again.visit_booked_for = again.due_at = booked
        again.visit_mode = VisitMode.HOME
        enter_stage(session, again, Stage.VISIT_BOOKED, by=Actor.system("the portal"), at=at)
    assert "The visit is to be held by 7 Dec 2026" in officer.get(booking).page.main.text
    for page in (QUEUE, f"{QUEUE}/{enquiry.public_ref}"):
        text = officer.get(page).page.main.text
        assert "Hold the visit" in text
        assert ("booked late" in text, LATE in text) == (is_late, is_late), page
