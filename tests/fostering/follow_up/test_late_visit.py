"""A visit that is booked for later than it was due: said before it is booked, and in every list after."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.access import Actor
from portal.council import load_council
from portal.fostering.follow_up import queries
from portal.fostering.follow_up.counts.queries import queue_counts
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.today.queries import running_clocks
from portal.fostering.history import enter_stage
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage, VisitMode
from portal.fostering.queries import late_visits_at, visit_overdue
from tests.support.builders import make_enquiry
from tests.support.client import SAME_ORIGIN, field_values, find_form

QUEUE = "/staff/fostering"
LATE = "Hold the visit: booked late, it was due by 7 Dec 2026"
"""The tenth working day after a call on Monday 23 November."""
DUE, LIMIT = datetime(2026, 12, 7, 17, tzinfo=UTC), datetime(2026, 12, 14, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TEAM = load_council().fostering
TYPED = {"visit_time": "2:30pm", "visit_mode": VisitMode.HOME.value, "note": "They asked for it"}


def called(db, at, **changes):
    with db.transaction() as session:
        facts = {"received_at": at, "stage": Stage.CALL_DONE, "stage_since": at, "initial_call_at": at}
        return make_enquiry(session, **{**facts, **changes}).public_ref


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
    assert "The visit is to be held by 7 Dec 2026. A later day has to be confirmed" in text
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


def booked_late(db, at, **changes):
    booked = datetime(2026, 12, 21, 14, tzinfo=UTC)
    facts = {"stage": Stage.VISIT_BOOKED, "visit_mode": VisitMode.HOME, "due_at": booked}
    return called(db, at, visit_booked_for=booked, **{**facts, **changes})


@pytest.mark.parametrize(
    "case",
    [
        (DUE, "Booked late due by 7 Dec 2026", 0),
        (DUE + MINUTE, "Overdue due by 7 Dec 2026", 1),
        (LIMIT, "Overdue due by 7 Dec 2026", 1),
        (LIMIT + MINUTE, "Overdue, past its limit due by 7 Dec 2026", 1),
    ],
)
def test_its_clock_runs_on_in_every_list_and_count(db, sign_in, at, case):
    moment, words, overdue = case
    booked_late(db, at)
    with time_machine.travel(moment, tick=False):
        officer = sign_in("fostering")
        for page in (QUEUE, f"{QUEUE}/board"):
            text = officer.get(page).page.main.text
            assert f"{words} Now due: 21 Dec 2026, 2pm" in text, "the visit stays what is next"
            assert text.count("Next: ") == (page == QUEUE), "once, of the action"
        late = officer.get(f"{QUEUE}?due=overdue").page.main
        assert len(late.all("tr")[1:]) == overdue
        today = officer.get(f"{QUEUE}/today").page.main.text
        assert ("Hold the visit" in today) is bool(overdue)
    with db.reading() as session:
        counts = queue_counts(session, moment, reader=1, team=TEAM)
        clocks = running_clocks(session, QueueFilters(), readers=(1,), at=moment, team=TEAM)
    assert (counts.overdue, sum(one.overdue for one in clocks)) == (overdue, overdue)


def test_of_a_household_taken_up_again_the_count_is_by_the_new_talk(db, at):
    spring = at - timedelta(days=250)
    reference = booked_late(db, spring)
    with db.transaction() as session:
        enquiry = queries.readable_enquiry(session, reference, by=Actor.system("the portal"))
        for stage, moment in ((Stage.CALL_DONE, spring), (Stage.CALL_DONE, at)):
            enter_stage(session, enquiry, Stage.CONTACTING, by=Actor.system("the portal"), at=moment)
            enter_stage(session, enquiry, stage, by=Actor.system("the portal"), at=moment)
        enter_stage(session, enquiry, Stage.VISIT_BOOKED, by=Actor.system("the portal"), at=at)
    with db.reading() as session:
        for moment, overdue in ((DUE, 0), (DUE + MINUTE, 1)):
            assert queue_counts(session, moment, reader=1, team=TEAM).overdue == overdue


def test_a_visit_whose_own_day_has_passed_counts_once(db, at):
    booked_late(db, at)
    passed = datetime(2026, 12, 22, 12, tzinfo=UTC)
    with db.reading() as session:
        assert queue_counts(session, passed, reader=1, team=TEAM).overdue == 1
        page = queries.queue_page(session, QueueFilters(due="overdue"), reader=1, at=passed, team=TEAM)
    assert len(page.rows) == 1


def test_a_late_visit_is_booked_only_when_that_is_confirmed(db, officer, at):
    reference = called(db, at)
    page = f"{QUEUE}/{reference}/move/{Stage.VISIT_BOOKED.value}"
    assert "is possible" not in officer.get(page).page.main.text
    typed = {**TYPED, "visit_on-day": "8", "visit_on-month": "12", "visit_on-year": "2026"}
    asked = officer.post_form(page, typed)
    assert asked.status_code == 422
    due = "The visit is due by 7 December 2026. Enter a day by then, or tick the box to book it late"
    assert asked.page.errors == [due]
    assert "No day by 7 December 2026 is possible, so the visit is booked late" in asked.page.main.text
    with db.reading() as session:
        kept = queries.readable_enquiry(session, reference, by=Actor.system("the portal"))
        assert kept.visit_booked_for is None
    form = field_values(find_form(asked.page, {"late"}, None))
    assert {name: form[name] for name in TYPED} == TYPED
    assert officer.post(page, data={**form, "late": "yes"}, headers=SAME_ORIGIN).status_code == 303


def test_a_visit_in_time_asks_for_nothing_more(db, officer, at):
    page = f"{QUEUE}/{called(db, at)}/move/{Stage.VISIT_BOOKED.value}"
    typed = {**TYPED, "visit_on-day": "7", "visit_on-month": "12", "visit_on-year": "2026"}
    assert officer.post_form(page, typed).status_code == 303


def test_a_merge_that_was_undone_does_not_put_off_the_clock_of_the_visit(db, at):
    """The row and the count say the same: a stage that is entered again is no talk."""
    called_at, booked = at - timedelta(days=21), datetime(2026, 12, 15, 14, tzinfo=UTC)
    facts = {"received_at": called_at, "initial_call_at": called_at, "stage": Stage.CONTACTING}
    with db.transaction() as session:
        enquiry = make_enquiry(session, **facts, due_at=booked, visit_booked_for=booked)
        portal = Actor.system("the portal")
        steps = ((Stage.CALL_DONE, called_at), (Stage.CLOSED, at), (Stage.CALL_DONE, at))
        for stage, moment in (*steps, (Stage.VISIT_BOOKED, at)):
            enter_stage(session, enquiry, stage, by=portal, at=moment)
    with db.reading() as session:
        found = session.scalars(select(Enquiry).where(*visit_overdue(late_visits_at(TEAM, at))))
        assert [one.id for one in found] == [enquiry.id]
