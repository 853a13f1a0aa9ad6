"""Handing over to the regional hub or another council, and from them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.fostering.closures import Closure
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind, Stage, Status
from tests.support.builders import make_enquiry

CAME = "20 November 2026, when the enquiry came"


@pytest.fixture
def household(db, at):
    with db.transaction() as session:
        return make_enquiry(session, received_at=at - timedelta(days=3)).public_ref


def hand(client, reference, direction, **changes):
    return client.post_form(f"/staff/fostering/{reference}/handover", {"direction": direction, **changes})


def stored(db):
    with db.reading() as session:
        return session.scalars(select(Enquiry)).one()


def activities(db):
    with db.reading() as session:
        return [activity.kind for activity in session.scalars(select(Activity))]


def test_passed_to_the_hub_and_closed(officer, db, household):
    answer = hand(officer, household, "TO_HUB", hub_ref="LAFSE 4711", closes="no", note="They live in Kent")
    text = officer.follow(answer).page.main.text
    assert "Way: We passed them to the regional hub" in text
    assert "Handed to the regional hub" not in text, "it is listed once, without a time that nobody gave"
    enquiry = stored(db)
    assert (enquiry.status, enquiry.closure_code) == (Status.CLOSED, Closure.X08)
    assert (enquiry.hub_ref, enquiry.hub_origin, enquiry.hub_handed_on) == (
        "LAFSE 4711",
        False,
        date(2026, 11, 23),
    )
    assert activities(db) == [ActivityKind.HANDOFF_HUB]
    assert enquiry.attempts == 0, "a hand-over is no attempt to reach them"
    with db.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.event == "fostering.handed_over")).one()
    assert event.facts == {"direction": "TO_HUB", "closed": True}


def test_passed_to_another_council_and_still_ours(officer, db, household):
    due = stored(db).due_at
    answer = hand(officer, household, "TO_COUNCIL", council_name="Portsmouth", closes="yes")
    assert "Council: Portsmouth" in officer.follow(answer).page.main.text
    enquiry = stored(db)
    assert (enquiry.status, enquiry.due_at) == (Status.OPEN, due)
    assert activities(db) == [ActivityKind.HANDOFF_LA]


def test_from_the_hub_it_counts_as_the_hubs_and_stays_open(officer, db, household):
    assert hand(officer, household, "FROM_HUB", hub_ref="LAFSE 12").status_code == 303
    enquiry = stored(db)
    assert (enquiry.hub_origin, enquiry.hub_ref, enquiry.hub_handed_on) == (True, "LAFSE 12", None)
    assert (enquiry.status, activities(db)) == (Status.OPEN, [])


def test_what_belongs_to_another_way_is_left_out(officer, db, household):
    told = {"council_name": "Portsmouth", "hub_ref": "LAFSE 12", "closes": "no"}
    text = officer.follow(hand(officer, household, "FROM_HUB", **told)).page.main.text
    assert "Portsmouth" not in text
    assert (stored(db).status, stored(db).hub_ref) == (Status.OPEN, "LAFSE 12")
    hand(officer, household, "FROM_COUNCIL", **{**told, "hub_ref": "Other"})
    enquiry = stored(db)
    assert (enquiry.status, enquiry.hub_ref, enquiry.hub_handed_on) == (Status.OPEN, "LAFSE 12", None)


@pytest.mark.parametrize(
    "refused",
    [
        ("TO_COUNCIL", {"closes": "no"}, ["Enter which council"]),
        ("FROM_COUNCIL", {}, ["Enter which council"]),
        ("TO_HUB", {}, ["Select whether we still owe them anything"]),
        ("FROM_HUB", {"handed_on-day": "24"}, ["The day must be today or in the past"]),
        ("FROM_HUB", {"handed_on-day": "19"}, [f"The day must be on or after {CAME}"]),
        ("FROM_HUB", {"handed_on-day": ""}, ["The day must include a day"]),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_half_done(officer, household, refused):
    direction, changes, errors = refused
    answer = hand(officer, household, direction, **changes)
    assert (answer.status_code, answer.page.errors) == (422, errors)
    text = officer.get(f"/staff/fostering/{household}").page.main.text
    assert "Handed" not in text


def test_whoever_applied_is_not_closed_as_passed_on(officer, db, household):
    with db.transaction() as session:
        session.scalars(select(Enquiry)).one().stage = Stage.STAGE_ONE
    answer = hand(officer, household, "TO_HUB", closes="no")
    assert "They have applied" in answer.page.errors[0]
    assert stored(db).status is Status.OPEN


def test_a_finished_enquiry_is_not_handed_over(officer, db, household):
    hand(officer, household, "TO_HUB", closes="no")
    assert officer.get(f"/staff/fostering/{household}/handover").status_code == 303
