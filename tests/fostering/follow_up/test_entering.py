"""Enquiries that staff type in: the same journey with few answers needed, due from when they reached us."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from portal.core.audit import AuditEvent
from portal.core.mail import OutgoingMail
from portal.fostering.closures import Closure
from portal.fostering.follow_up.entering.journey import ENTERING
from portal.fostering.models import Enquiry
from portal.fostering.options import Channel, FosteringStatus, Stage, Status
from portal.journeys.models import Draft
from tests.fostering.households import ARRIVAL, PAGES
from tests.support.builders import make_enquiry

WHEN, DAY = "The date and time it reached us", "The date it reached us"
ENTER = "/staff/fostering/enter"
LEAST = {
    "how-it-came": {"channel": "PHONE"},
    "next-step": {"heard_from": "NOT_STATED"},
    "about-you": {"first_name": "Noor", "last_name": "Specimen", "phone": "07700 900456"},
}


def walk(client, pages):
    for step in ENTERING.steps:
        answer = client.post_form(f"{ENTER}/{step.slug}", pages.get(step.slug, {}))
        assert answer.status_code == 303, answer.page.errors
    return client.get(f"{ENTER}/check-answers")


def save(client, pages):
    walk(client, pages)
    answer = client.post_form(f"{ENTER}/check-answers", {"notice_given": "yes"})
    return client.follow(answer).page


def stored(db):
    with db.reading() as session:
        return session.scalars(select(Enquiry).order_by(Enquiry.id.desc())).first()


def test_a_name_a_number_the_channel_and_where_they_heard_are_enough(officer, db, at):
    page = save(officer, LEAST)
    assert "Enquiry saved" in page.main.text
    enquiry = stored(db)
    assert (enquiry.channel, enquiry.entered_by_id) == (Channel.PHONE, officer.person.id)
    assert (enquiry.full_name, enquiry.phone) == ("Noor Specimen", "+447700900456")
    assert (enquiry.stage, enquiry.received_at, enquiry.flags) == (Stage.NEW, at, [])
    unsaid = ("age_21_plus", "spare_bedroom", "housing", "other_adults", "children_0_4", "next_step", "email")
    assert [getattr(enquiry, name) for name in unsaid] == [None] * len(unsaid)
    assert enquiry.care_types == []
    shown = officer.get(f"/staff/fostering/{enquiry.public_ref}").page.main.text
    assert "Enquiry received (phone)" in shown


def test_nothing_is_mailed_to_the_household_and_the_audit_says_who_typed(officer, db):
    pages = {**LEAST, "about-you": {**LEAST["about-you"], "email": "noor@example.com"}}
    save(officer, pages)
    with db.reading() as session:
        assert "noor@example.com" not in session.scalars(select(OutgoingMail.to)).all()
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "fostering.enquiry_accepted")
        ).one()
    assert event.actor_id == officer.person.id
    assert event.facts["channel"] == "PHONE"


def test_what_is_needed_is_said_at_its_field(officer):
    answer = officer.post_form(f"{ENTER}/how-it-came", {})
    assert answer.page.errors == ["Select how the enquiry reached us"]
    officer.post_form(f"{ENTER}/how-it-came", LEAST["how-it-came"])
    for slug in ("fostering-and-you", "what-you-could-offer", "your-home"):
        assert officer.post_form(f"{ENTER}/{slug}", {}).status_code == 303
    answer = officer.post_form(f"{ENTER}/next-step", {})
    assert answer.page.errors == ["Select where you heard about fostering with us"]
    officer.post_form(f"{ENTER}/next-step", LEAST["next-step"])
    answer = officer.post_form(f"{ENTER}/about-you", {})
    assert answer.page.errors == [
        "Enter their first name",
        "Enter their last name",
        "Enter an email address or a phone number",
    ]


def test_just_now_is_the_call_however_long_it_takes_to_save(officer, sign_in, db, at):
    officer.post_form(f"{ENTER}/how-it-came", LEAST["how-it-came"])
    with time_machine.travel(at + timedelta(days=1, hours=20), tick=False):
        save(sign_in(person=officer.person), {**LEAST, "how-it-came": {}})
    enquiry = stored(db)
    assert (enquiry.received_at, enquiry.due_at) == (at, datetime(2026, 11, 24, 17, tzinfo=UTC))


def test_a_whole_hub_enquiry_keeps_the_hubs_reference_and_every_answer(officer, db):
    save(officer, {"how-it-came": ARRIVAL, **dict(PAGES)})
    enquiry = stored(db)
    assert (enquiry.channel, enquiry.hub_origin, enquiry.hub_ref) == (Channel.HUB, True, "LAFSE 4711")
    assert enquiry.fostering_status is FosteringStatus.NEVER
    assert (enquiry.children_5_10, enquiry.spare_bedrooms, enquiry.second_name) == (1, 2, "Ọlá O’Specimen")


@pytest.mark.parametrize(
    ("hour", "due"),
    [
        # A Friday, before and after closing time.
        ("4:59pm", datetime(2026, 11, 23, 17, tzinfo=UTC)),
        ("5:01pm", datetime(2026, 11, 24, 17, tzinfo=UTC)),
    ],
)
def test_the_first_contact_is_due_from_when_it_reached_us(officer, db, at, hour, due):
    parts = {"arrived_on-day": "20", "arrived_on-month": "11", "arrived_on-year": "2026"}
    earlier = {"channel": "POST", "arrived": "earlier", "arrived_time": hour, **parts}
    save(officer, {**LEAST, "how-it-came": earlier})
    enquiry = stored(db)
    assert enquiry.sla_due_at == enquiry.due_at == due
    with db.reading() as session:
        noted = session.scalar(select(AuditEvent.at).where(AuditEvent.event == "fostering.enquiry_accepted"))
    assert noted == at, "the audit says when it was typed in"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({}, ["Enter the date it reached us", "Enter the time it reached us"]),
        (
            {"arrived_time": "soon"},
            ["Enter the date it reached us", "Enter the time it reached us like 2:30pm or 14:30"],
        ),
        ({"arrived_on-year": "2027", "arrived_time": "9am"}, [f"{WHEN} must be in the past"]),
        ({"arrived_on-year": "2025", "arrived_time": "9am"}, [f"{DAY} must be within the last 90 days"]),
    ],
)
def test_a_time_that_cannot_be_is_refused(officer, changes, errors):
    if "arrived_on-year" in changes:
        changes = {"arrived_on-day": "20", "arrived_on-month": "11", **changes}
    answer = officer.post_form(f"{ENTER}/how-it-came", {"channel": "POST", "arrived": "earlier", **changes})
    assert (answer.status_code, answer.page.errors) == (422, errors)


def test_saving_twice_gives_one_enquiry_and_another_can_be_entered(officer, db):
    walk(officer, LEAST)
    page = officer.get(f"{ENTER}/check-answers")
    assert page.status_code == 200
    first = officer.post_form(f"{ENTER}/check-answers", {"notice_given": "yes"})
    assert first.status_code == 303
    assert officer.get(f"{ENTER}/check-answers").status_code == 303
    again = officer.post_form(f"{ENTER}/confirmation", {}, action=f"{ENTER}/delete-answers")
    assert again.status_code == 303
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Enquiry)) == 1
        assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_whoever_may_be_known_is_said_to_staff(officer, db):
    with db.transaction() as session:
        make_enquiry(session, phone="+447700900456")
    assert "Another enquiry has the same phone number" in save(officer, LEAST).main.text


def test_an_unfinished_enquiry_is_its_authors_alone(officer, sign_in, at):
    officer.post_form(f"{ENTER}/how-it-came", LEAST["how-it-came"])
    assert "An enquiry that you have not saved" in officer.get(f"{ENTER}/").page.main.text
    assert "not saved" not in sign_in("fostering").get(f"{ENTER}/").page.main.text
    with time_machine.travel(at + timedelta(days=2, minutes=1), tick=False):
        same = sign_in(person=officer.person)
        assert "not saved" not in same.get(f"{ENTER}/").page.main.text


@pytest.mark.parametrize("role", ["hr", "admin", "hiring_manager"])
def test_others_do_not_enter_enquiries(sign_in, role):
    assert sign_in(role).get(f"{ENTER}/how-it-came").status_code == 403


def test_the_last_page_stands_when_the_enquiry_is_closed_or_gone(officer, db, at):
    save(officer, LEAST)
    with db.transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        enquiry.stage, enquiry.status, enquiry.due_at = Stage.CLOSED, Status.CLOSED, None
        enquiry.closure_code, enquiry.closed_at = Closure.Q00, at
    saved = officer.get(f"{ENTER}/confirmation").text
    assert ("due by" in saved, "Your reference" in saved) == (False, False)
    with db.transaction() as session:
        session.delete(session.scalars(select(Enquiry)).one())
    answer = officer.get(f"{ENTER}/confirmation")
    assert (answer.status_code, "Go to the enquiry" in answer.text) == (200, False)
    assert "Enter another enquiry" in answer.text
