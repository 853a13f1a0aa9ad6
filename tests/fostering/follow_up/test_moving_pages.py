"""The pages on which a household is moved, as staff meet them; and the timeline that keeps it all."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.mail import MailStatus
from portal.fostering.models import Activity, Enquiry, HistoryEntry
from portal.fostering.options import ActivityKind, CallOutcome, Stage, VisitMode, VisitOutcome
from tests.support.builders import make_enquiry
from tests.support.samples import make_mail

VISIT = {
    "visit_on-day": "1",
    "visit_on-month": "12",
    "visit_on-year": "2026",
    "visit_time": "2:30pm",
    "visit_mode": "HOME",
}


@pytest.fixture
def enquiry(db, at):
    with db.transaction() as session:
        called = at - timedelta(hours=2)
        return make_enquiry(
            session, stage=Stage.CALL_DONE, initial_call_at=called, received_at=at - timedelta(days=3)
        )


def address(enquiry, stage=""):
    return f"/staff/fostering/{enquiry.public_ref}" + (f"/move/{stage}" if stage else "")


def now(db):
    with db.reading() as session:
        return session.scalars(select(Enquiry)).one()


def test_a_visit_is_booked_from_the_enquirys_page(officer, db, enquiry):
    page = officer.get(address(enquiry)).page
    link = next(link for link in page.all("a") if link.text == "Book the initial visit")
    answer = officer.post_form(link["href"], {**VISIT, "note": "Ring twice"})
    text = officer.follow(answer).page.main.text
    assert "Recorded: Initial visit booked. Next action due 1 Dec 2026, 5pm" in text
    assert "Moved to: Initial visit booked" in text
    assert "Visit: 1 Dec 2026, 2:30pm" in text
    assert "Ring twice" in text
    again = officer.get(address(enquiry, "E40")).page
    assert again.first("input", name="visit_time")["value"] == "14:30"


VISITED = datetime(2026, 11, 20, 9, tzinfo=UTC)
RECORDED = {
    "visit_done_at": datetime(2026, 11, 20, 14, 30, tzinfo=UTC),
    "visit_mode": VisitMode.VIRTUAL,
    "visit_outcome": VisitOutcome.NOT_NOW,
    "roi_sent_at": datetime(2026, 11, 20, 12, tzinfo=UTC),
    "application_at": datetime(2026, 11, 20, 12, tzinfo=UTC),
    "case_system_ref": "CASE-7",
    "panel_at": datetime(2026, 11, 20, 12, tzinfo=UTC),
    "panel_recommendation": "DEFERRED",
    "adm_at": datetime(2026, 11, 20, 12, tzinfo=UTC),
    "decision_told_at": datetime(2026, 11, 21, 12, tzinfo=UTC),
    "decision_notice_at": datetime(2026, 11, 22, 12, tzinfo=UTC),
    "kit_review_on": date(2026, 12, 20),
}


@pytest.mark.parametrize(
    ("stage", "shown"),
    [
        (
            "E50",
            {
                "visit_on-day": "20",
                "visit_time": "14:30",
                "visit_mode": "VIRTUAL",
                "visit_outcome": "NOT_NOW",
            },
        ),
        ("E60", {"sent_on-day": "20"}),
        ("A10", {"received_on-day": "20", "case_system_ref": "CASE-7"}),
        ("A40", {"panel_on-day": "20", "panel_recommendation": "DEFERRED"}),
        ("A50", {"decided_on-day": "20", "told_on-day": "21", "notice_on-day": "22"}),
        ("KIT", {"kit_review_on-day": "20"}),
    ],
)
def test_what_is_recorded_again_begins_with_what_is_there(officer, db, stage, shown):
    with db.transaction() as session:
        here = make_enquiry(session, stage=Stage(stage), **RECORDED)
    page = officer.get(address(here, stage)).page
    for name, value in shown.items():
        inputs = page.main.all("input", name=name)
        chosen = inputs if len(inputs) == 1 else [one for one in inputs if "checked" in one.attrs]
        assert [one["value"] for one in chosen] == [value], name


def typed_day(name, day):
    return {f"{name}-day": str(day), f"{name}-month": "11", f"{name}-year": "2026"}


def test_after_the_decision_each_way_of_telling_them_is_next_in_turn(officer, db):
    decided = {**RECORDED, "decision_told_at": None, "decision_notice_at": None}
    with db.transaction() as session:
        here = make_enquiry(session, stage=Stage.DECISION, received_at=VISITED, **decided)
    page = officer.get(address(here)).page
    assert "Tell them the decision" in page.main.text
    steps = [link.text for link in page.all("a") if "/move/" in link.get("href")]
    assert steps == ["Record how they were told", "Record the approval", "Close the enquiry"]
    untouched = officer.post_form(address(here, "A50"), {})
    assert untouched.status_code == 422
    assert untouched.page.errors == ["Enter when they were told, by phone, face to face or in writing"]
    told = {**typed_day("decided_on", 20), **typed_day("told_on", 23)}
    text = officer.follow(officer.post_form(address(here, "A50"), told)).page.main.text
    assert "Recorded: Decision. Next action due 27 Nov 2026, 5pm" in text
    assert "Send them the written notice" in text
    notice = {**told, **typed_day("notice_on", 23)}
    text = officer.follow(officer.post_form(address(here, "A50"), notice)).page.main.text
    assert "Record the approval, or close" in text
    assert "Written notice sent: 23 Nov 2026" in text
    approval = officer.get(address(here, "AP")).page
    assert approval.main.first("input", name="notice_on-day")["value"] == "23"
    assert "Send them" not in officer.get("/staff/fostering").page.main.text


def test_only_the_steps_that_are_possible_are_offered(officer, enquiry):
    page = officer.get(address(enquiry)).page
    steps = [link.text for link in page.all("a") if "/move/" in link.get("href")]
    assert steps == ["Book the initial visit", "Keep in touch", "Close the enquiry"]


@pytest.mark.parametrize(
    ("typed", "messages"),
    [
        ({}, ["Enter the day of the visit", "Enter the time of the visit", "Select how the visit is held"]),
        ({**VISIT, "visit_time": "teatime"}, ["Enter the time of the visit like 2:30pm or 14:30"]),
        ({**VISIT, "visit_on-year": "2025"}, ["The visit must be in the future"]),
        ({**VISIT, "visit_on-day": "31", "visit_on-month": "2"}, ["The visit must be a real date"]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_half_done(officer, db, enquiry, typed, messages):
    answer = officer.post_form(address(enquiry, "E40"), {**typed, "note": "Keep me"})
    assert answer.status_code == 422
    assert answer.page.errors == messages
    assert "Keep me" in answer.text
    assert now(db).version == 1
    with db.reading() as session:
        assert session.scalars(select(HistoryEntry)).all() == []


@pytest.mark.parametrize("stage", ["A50", "E30", "E60"])
def test_an_impossible_step_says_why_and_what_can_be_done(officer, enquiry, stage):
    if stage == "E30":
        assert officer.get(address(enquiry, stage)).status_code == 404
        return
    answer = officer.get(address(enquiry, stage))
    assert answer.status_code == 409
    assert answer.page.h1 == "This step is not possible now"
    assert "Book the initial visit" in answer.page.main.text


def test_two_people_moving_one_household_both_see_what_the_other_did(sign_in, db, enquiry, at):
    with time_machine.travel(at, tick=False):
        first, second = sign_in("fostering", name="Robin First"), sign_in("fostering")
        target = address(enquiry, "E40")
        assert first.post_form(target, VISIT).status_code == 303
        mine = {**VISIT, "visit_on-day": "2", "version": "1"}
        answer = second.post_form(target, mine)
        assert answer.status_code == 409
        text = answer.page.main.text
        assert "Somebody else changed this enquiry" in text
        assert "Robin First" in text
        assert "1 Dec 2026, 2:30pm" in text
        assert answer.page.first("input", name="visit_on-day")["value"] == "2"
        seen = answer.page.first("input", name="version")["value"]
        assert second.post_form(target, {**mine, "version": seen}).status_code == 303


def test_a_step_that_a_colleague_has_overtaken_keeps_what_was_typed(sign_in, db, enquiry, at):
    with time_machine.travel(at, tick=False):
        officer = sign_in("fostering")
        form = officer.get(address(enquiry, "E40")).page
        assert form.h1 == "Book the initial visit"
        token = form.first("input", name="csrf_token")["value"]
        with db.transaction() as session:
            session.scalars(select(Enquiry)).one().stage = Stage.APPLICATION_INVITED
        body = {**VISIT, "note": "My words", "version": "1", "csrf_token": token, "form_end": "1"}
        answer = officer.post(address(enquiry, "E40"), data=body, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 409
    assert "What you entered" in answer.page.main.text
    assert "My words" in answer.page.main.text


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("move/E40", None),
        ("move/E40", {}),
        ("move/A50", None),
        ("details", {"phone": "12"}),
        ("contact", {}),
        ("household/{twin}", None),
        ("household/{twin}", {}),
    ],
)
def test_every_page_that_shows_a_household_is_noted(officer, db, enquiry, page, typed):
    with db.transaction() as session:
        twin = make_enquiry(session).public_ref
    target = f"{address(enquiry)}/{page.format(twin=twin)}"
    token = officer.get(address(enquiry, "E40")).page.first("input", name="csrf_token")["value"]
    with db.transaction() as session:
        before = len(reads(session))
    if typed is None:
        answer = officer.get(target)
    else:
        body = {**typed, "csrf_token": token, "form_end": "1"}
        answer = officer.post(target, data=body, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code in (200, 409, 422)
    with db.reading() as session:
        noted = reads(session)[before:]
    assert sorted(noted) == sorted([enquiry.public_ref, *([twin] if "household" in page else [])])


def reads(session):
    wanted = select(AuditEvent.subject).where(AuditEvent.event == "fostering.enquiry_read")
    return session.scalars(wanted.order_by(AuditEvent.id)).all()


def test_nobody_moves_what_they_may_only_read(sign_in, enquiry):
    assert sign_in("hr").get(address(enquiry, "E40")).status_code == 403


def test_the_timeline_holds_everything_newest_first(officer, db, enquiry, at):
    with db.transaction() as session:
        hour = timedelta(hours=1)
        session.add(
            Activity(
                enquiry_id=enquiry.id,
                at=at - 2 * hour,
                kind=ActivityKind.CALL_OUT,
                outcome=CallOutcome.SPOKE,
                by_name="Robin Example",
            )
        )
        for status, when in ((MailStatus.SENT, at - hour), (MailStatus.FAILED, at - 3 * hour)):
            mail = make_mail(when)
            mail.about, mail.purpose, mail.status = enquiry.public_ref, "fostering.acknowledgement", status
            session.add(mail)
    officer.post_form(address(enquiry, "E40"), VISIT)
    lines = [line.text for line in officer.get(address(enquiry)).page.all("p", class_="timeline__what")]
    assert lines == [
        "Moved to: Initial visit booked",
        "Acknowledgement to the household: sent",
        "We called: spoke to them",
        "Acknowledgement to the household: could not be delivered",
        "Enquiry received (web form)",
    ]


def test_words_survive_a_session_that_ended(sign_in, db, enquiry, at):
    with time_machine.travel(at, tick=False):
        officer = sign_in("fostering")
        page = officer.get(address(enquiry, "E40")).page
        names = ("csrf_token", "typed_by", "version", "form_end")
        body = {name: page.first("input", name=name)["value"] for name in names} | VISIT
        officer.delete_cookie("__Host-session", domain="")
        back = sign_in(person=officer.person)
        answer = back.post(
            address(enquiry, "E40"),
            data={**body, "csrf_token": "old"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
    assert answer.status_code == 422
    assert answer.page.first("input", name="visit_time")["value"] == "2:30pm"


def test_a_contact_typed_while_a_colleague_closed_is_shown_and_not_lost(officer, db, enquiry):
    home = address(enquiry)
    call = {"kind": "CALL_OUT", "outcome": "NO_ANSWER", "happened": "now", "note": "Ring the sister"}
    officer.post_form(address(enquiry, "CL"), {"reason": "Q", "code_q": "Q00"})
    page = officer.get(address(enquiry, "CL"))  # any page with a token; the contact’s form is gone
    token = page.page.first("input", name="csrf_token")["value"]
    for version in (str(enquiry.version), str(now(db).version)):
        body = {**call, "version": version, "csrf_token": token, "form_end": "1"}
        answer = officer.post(f"{home}/contact", data=body, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 409
        assert "What you entered" in answer.page.main.text
        assert "Ring the sister" in answer.page.main.text
        assert "enquiry that is closed" in answer.page.main.text or answer.page.errors == [
            "This enquiry is closed, so no contact is recorded."
        ]


def test_words_for_a_new_owner_come_back_when_a_colleague_has_closed(officer, db, enquiry):
    token = officer.get(address(enquiry) + "/owner").page.first("input", name="csrf_token")["value"]
    officer.post_form(address(enquiry, "CL"), {"reason": "Q", "code_q": "Q00"})
    for version, words in (("1", "Somebody else changed"), (None, "nobody needs to look after it")):
        body = {"owner": str(officer.person.id), "note": "Mine", "csrf_token": token, "form_end": "1"}
        body["version"] = version or str(now(db).version)
        answer = officer.post(
            address(enquiry) + "/owner", data=body, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == 409
        assert words in answer.text
        assert "Mine" in answer.page.first("textarea", name="note").text
