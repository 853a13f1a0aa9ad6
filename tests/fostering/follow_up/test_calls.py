"""How a call went, recorded with one press in the queue."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.fostering.closures import Closure
from portal.fostering.guarded import Reader
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind, CallOutcome, NextStep, Stage, Status
from tests.support.builders import make_enquiry

QUEUE = "/staff/fostering"


def household(db, at, **changes):
    with db.transaction() as session:
        return make_enquiry(session, received_at=at - timedelta(hours=2), **changes)


def buttons(officer, enquiry):
    """What may be pressed for this household, by its words."""
    found = officer.get(QUEUE).page.main.all("button", name="call")
    return {one.text: one["value"] for one in found if one["value"].startswith(f"{enquiry.public_ref}.")}


def press(officer, enquiry, words, query=""):
    return officer.post_form(f"{QUEUE}{query}", {"call": buttons(officer, enquiry)[words]})


def calls(db, enquiry):
    with db.reading() as session:
        wanted = select(Activity.outcome).where(Activity.enquiry_id == enquiry.id).order_by(Activity.id)
        return session.scalars(wanted).all()


def stored(db, enquiry):
    with db.reading() as session:
        return session.get_one(Enquiry, enquiry.id)


def test_one_press_records_the_call_and_says_what_is_due_next(db, officer, at):
    enquiry = household(db, at)
    answer = press(officer, enquiry, "No answer", "?stage=NEW&area=SOUTHAMPTON&owner=nobody")
    assert answer.location.startswith(f"{QUEUE}?stage=NEW&area=SOUTHAMPTON&owner=nobody&called=")
    now = stored(db, enquiry)
    assert (calls(db, enquiry), now.attempts, now.stage) == ([CallOutcome.NO_ANSWER], 1, Stage.CONTACTING)
    assert now.owner_id == officer.person.id, "who tries first follows it up, as on the household’s page"
    box = officer.follow(answer).page.main.text
    assert f"Call recorded for {enquiry.public_ref}. Next action due " in box
    with db.reading() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.event == "fostering.contact_recorded"))
        assert [one.subject for one in noted] == [enquiry.public_ref]


def test_after_a_talk_the_household_is_opened(db, officer, at):
    enquiry = household(db, at, due_at=at + timedelta(hours=1))
    answer = press(officer, enquiry, "Spoke to them", "?due=today")
    assert answer.location == f"{QUEUE}/{enquiry.public_ref}?due=today&recorded=1"
    assert "Contact recorded." in officer.follow(answer).page.main.text
    assert stored(db, enquiry).first_contact_at == at


def test_what_a_colleague_did_meanwhile_is_shown_and_nothing_is_recorded(db, officer, at):
    enquiry = household(db, at)
    value = buttons(officer, enquiry)["Wrong number"]
    press(officer, enquiry, "No answer")
    answer = officer.post_form(QUEUE, {"call": value})
    assert answer.status_code == 409
    assert "Somebody else changed this enquiry" in answer.page.main.text
    assert "checked" in answer.page.first("input", name="outcome", value="WRONG_NUMBER").attrs
    assert calls(db, enquiry) == [CallOutcome.NO_ANSWER]


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({"voicemail_ok": "yes"}, ["No answer", "Left a voicemail", "Wrong number", "Spoke to them"]),
        ({"voicemail_ok": "no"}, ["No answer", "Wrong number", "Spoke to them"]),
        ({}, ["No answer", "Wrong number", "Spoke to them"]),
        ({"phone": None}, []),
        ({"phone_wrong_at": "now"}, []),
        ({"next_step": NextStep.INFO_PACK_ONLY}, []),
        ({"stage": Stage.VISIT_BOOKED}, []),
    ],
    ids=["voicemail", "no voicemail", "not asked", "no phone", "wrong number", "pack only", "visit booked"],
)
def test_only_what_may_be_done_is_offered(db, officer, at, changes, offered):
    changes = {name: at if value == "now" else value for name, value in changes.items()}
    assert list(buttons(officer, household(db, at, **changes))) == offered


def test_whoever_wanted_the_pack_and_then_agreed_to_a_call_is_called(db, officer, at):
    enquiry = household(db, at, next_step=NextStep.INFO_PACK_ONLY, stage=Stage.CONTACTING, attempts=1)
    silent = household(db, at, next_step=NextStep.INFO_PACK_ONLY, stage=Stage.CONTACTING, attempts=1)
    with db.transaction() as session:
        agreed = {"kind": ActivityKind.CALL_OUT, "outcome": CallOutcome.CALL_BACK_AT, "call_back_at": at}
        session.add(Activity(enquiry_id=enquiry.id, at=at - timedelta(hours=1), **agreed))
    assert list(buttons(officer, enquiry)) == ["No answer", "Wrong number", "Spoke to them"]
    assert buttons(officer, silent) == {}
    rows = {row.all("a")[0].text: row.text for row in officer.get(QUEUE).page.main.all("tr")[1:]}
    called, left = rows[enquiry.full_name], rows[silent.full_name]
    assert "Next: Try to reach them again" in called
    assert "Information pack only; they agreed to a call since" in called
    assert "Wait for an answer; nobody calls" in left
    press(officer, enquiry, "Spoke to them")
    assert stored(db, enquiry).stage is Stage.CALL_DONE


@pytest.mark.parametrize("value", ["", "nonsense", "a.b", "a.b.c.d", ".7.NO_ANSWER", "x" * 5000])
def test_what_no_button_says_records_nothing_and_leads_back(db, officer, at, value):
    enquiry = household(db, at)
    assert officer.follow(officer.post_form(QUEUE, {"call": value})).page.h1 == "Fostering enquiries"
    assert calls(db, enquiry) == []


@pytest.mark.parametrize(
    ("outcome", "says"),
    [("CALL_BACK_AT", "Enter the date of the call back"), ("SHOUTED", "Select how the call went")],
)
def test_an_outcome_that_needs_more_is_asked_for_on_the_household_s_page(db, officer, at, outcome, says):
    enquiry = household(db, at)
    answer = officer.post_form(QUEUE, {"call": f"{enquiry.public_ref}.{enquiry.version}.{outcome}"})
    assert answer.status_code == 422
    assert says in answer.page.errors
    assert calls(db, enquiry) == []


def test_of_a_closed_or_unknown_enquiry_nothing_is_recorded(db, officer, at):
    closed = household(
        db, at, status=Status.CLOSED, stage=Stage.CLOSED, due_at=None, closed_at=at, closure_code=Closure.Q01
    )
    household(db, at)
    answer = officer.post_form(QUEUE, {"call": f"{closed.public_ref}.{closed.version}.NO_ANSWER"})
    assert (answer.status_code, calls(db, closed)) == (409, [])
    answer = officer.post_form(QUEUE, {"call": "FOS-26-99999.1.NO_ANSWER"})
    assert answer.status_code == 404


def test_restricted_records_are_called_by_their_readers_alone(db, officer, at):
    enquiry = household(db, at, restricted_at=at)
    household(db, at)
    value = f"{enquiry.public_ref}.{enquiry.version}.NO_ANSWER"
    assert buttons(officer, enquiry) == {}
    assert officer.post_form(QUEUE, {"call": value}).status_code == 404
    assert enquiry.public_ref not in officer.get(f"{QUEUE}?called={enquiry.public_ref}").page.main.text
    with db.transaction() as session:
        session.add(Reader(enquiry_id=enquiry.id, person_id=officer.person.id, named_at=at))
    assert press(officer, enquiry, "No answer").status_code == 303
    assert calls(db, enquiry) == [CallOutcome.NO_ANSWER]


@pytest.mark.parametrize("reference", ["\x00", "FOS-26-\x00", "\ud7ff💥", "٣" * 40, "' OR 1=1 --"])
def test_no_reference_that_somebody_makes_up_breaks_the_queue(db, officer, at, reference):
    household(db, at)
    officer.any_quotes = True
    answer = officer.post_form(QUEUE, {"call": f"{reference}.1.NO_ANSWER"})
    assert answer.status_code in (303, 400, 404)
    answer = officer.get(QUEUE, query_string={"called": reference})
    assert answer.status_code in (200, 400)
    assert "Call recorded" not in answer.text
