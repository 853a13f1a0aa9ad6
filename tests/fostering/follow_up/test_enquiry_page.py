"""One household's page: everything as answered, and recording a contact on it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.council import load_council
from portal.fostering.jobs import PORTAL
from portal.fostering.models import Activity, Enquiry, PossibleDuplicate
from portal.fostering.options import ActivityKind, DuplicateState, MatchedOn, NextStep
from portal.fostering.service import close_unanswered
from tests.support.builders import make_enquiry


@pytest.fixture
def enquiry(db, at):
    with db.transaction() as session:
        return make_enquiry(session, flags=["F_ROOM"], received_at=at - timedelta(days=1))


def address(enquiry):
    return f"/staff/fostering/{enquiry.public_ref}"


def test_the_page_shows_flags_as_something_to_talk_about(officer, enquiry):
    text = officer.get(address(enquiry)).page.main.text
    assert "No spare bedroom now" in text
    assert "offer to keep in touch" in text


@pytest.mark.parametrize("asked", [NextStep.INFO_PACK_ONLY, NextStep.CALL])
def test_who_wants_only_the_pack_is_not_to_be_called(officer, db, asked):
    with db.transaction() as session:
        other = make_enquiry(session, next_step=asked)
    text = officer.get(address(other)).page.main.text
    assert asked.label in text
    assert ("Do not call" in text) is (asked is NextStep.INFO_PACK_ONLY)
    assert "Information pack sent" in text


def test_that_it_is_overdue_is_said_once(officer, db, at):
    with db.transaction() as session:
        late = make_enquiry(session, received_at=at - timedelta(days=6), due_at=at - timedelta(days=5))
    text = officer.get(address(late)).page.main.text
    assert "Overdue since 18 Nov 2026, 10am (past its limit)" in text


def test_possible_duplicates_are_linked_from_both_sides(officer, db, enquiry):
    with db.transaction() as session:
        other = make_enquiry(session, last_name="Twin")
        stranger = make_enquiry(session, last_name="Stranger")
        session.add(PossibleDuplicate(enquiry_id=other.id, other_id=enquiry.id, matched_on=MatchedOn.EMAIL))
        session.add(
            PossibleDuplicate(
                enquiry_id=stranger.id,
                other_id=enquiry.id,
                matched_on=MatchedOn.PHONE,
                state=DuplicateState.DIFFERENT,
            )
        )
    assert other.public_ref in officer.get(address(enquiry)).page.main.text
    assert enquiry.public_ref in officer.get(address(other)).page.main.text
    decided = officer.get(address(enquiry)).page.main.text.partition(stranger.public_ref)[2]
    assert f"You or a colleague said: {DuplicateState.DIFFERENT.label.lower()}" in decided


def test_opening_the_page_is_audited(officer, db, enquiry):
    officer.get(address(enquiry))
    with db.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.event == "fostering.enquiry_read")).one()
    assert (event.subject, event.actor_id) == (enquiry.public_ref, officer.person.id)


def test_a_contact_is_recorded_and_shown(officer, db, enquiry):
    answer = officer.post_form(
        address(enquiry),
        {"kind": "CALL_OUT", "outcome": "VOICEMAIL", "happened": "now", "note": "Try after four"},
        action=f"{address(enquiry)}/contact",
    )
    text = officer.follow(answer).page.main.text
    assert "Contact recorded. Next action due" in text
    assert "left a voicemail" in text
    assert "Try after four" in text


def test_an_earlier_contact_keeps_its_own_time(officer, db, enquiry, at):
    answer = officer.post_form(
        address(enquiry),
        {
            "kind": "EMAIL",
            "happened": "earlier",
            "happened_on-day": "23",
            "happened_on-month": "November",
            "happened_on-year": "2026",
            "happened_time": "9:15am",
        },
        action=f"{address(enquiry)}/contact",
    )
    assert answer.status_code == 303
    with db.reading() as session:
        assert session.scalars(select(Activity)).one().at == at - timedelta(minutes=45)


@pytest.mark.parametrize(
    ("typed", "messages"),
    [
        ({}, ["Select what you did"]),
        ({"kind": "CALL_OUT"}, ["Select how the call went"]),
        (
            {"kind": "CALL_OUT", "outcome": "CALL_BACK_AT"},
            ["Enter the date of the call back", "Enter the time of the call back"],
        ),
        (
            {"kind": "LETTER", "happened": "earlier", "happened_time": "teatime"},
            ["Enter the date of the contact", "Enter the time of the contact like 2:30pm or 14:30"],
        ),
        ({"kind": "LETTER", "note": "x" * 501}, ["Note must be 500 characters or less"]),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(officer, db, enquiry, typed, messages):
    answer = officer.post_form(
        address(enquiry), {"note": "Keep me", **typed}, action=f"{address(enquiry)}/contact"
    )
    assert answer.status_code == 422
    assert answer.page.errors == messages
    assert typed.get("note", "Keep me") in answer.text
    with db.reading() as session:
        assert session.scalars(select(Activity)).all() == []


def test_two_people_recording_at_once_lose_nothing(sign_in, db, enquiry, at):
    with time_machine.travel(at, tick=False):
        first, second = sign_in("fostering"), sign_in("fostering")
        target, action = address(enquiry), f"{address(enquiry)}/contact"
        second.get(target)
        typed = {"kind": "CALL_OUT", "outcome": "NO_ANSWER", "happened": "now"}
        assert first.post_form(target, typed, action=action).status_code == 303
        answer = second.post_form(target, {**typed, "note": "Mine", "version": "1"}, action=action)
    assert answer.status_code == 409
    assert "Somebody else changed this enquiry" in answer.text
    assert "Mine" in answer.text
    assert answer.page.first("input", name="version")["value"] == "2"


def test_a_slip_does_not_hide_what_a_colleague_did_meanwhile(sign_in, db, enquiry, at):
    with time_machine.travel(at, tick=False):
        first, second = sign_in("fostering"), sign_in("fostering")
        target, action = address(enquiry), f"{address(enquiry)}/contact"
        typed = {"kind": "CALL_OUT", "outcome": "NO_ANSWER", "happened": "now", "version": "1"}
        second.get(target)
        assert first.post_form(target, typed, action=action).status_code == 303
        slip = second.post_form(target, {**typed, "happened": "earlier"}, action=action)
        assert slip.status_code == 422
        seen = slip.page.first("input", name="version")["value"]
        again = second.post_form(target, {**typed, "version": seen}, action=action)
    assert again.status_code == 409
    assert "Somebody else changed this enquiry" in again.text
    with db.reading() as session:
        assert len(session.scalars(select(Activity)).all()) == 1


def test_who_did_not_answer_is_taken_up_again_on_their_page(officer, db, enquiry, at):
    with db.transaction() as session:
        found = session.scalars(select(Enquiry)).one()
        close_unanswered(session, found, by=PORTAL, at=at, council=load_council())
    target, action = address(enquiry), f"{address(enquiry)}/contact"
    tried = officer.post_form(target, {"kind": "LETTER", "happened": "now"}, action=action)
    assert tried.status_code == 422
    assert "This enquiry is closed" in tried.page.errors[0]
    page = officer.get(target).page.main
    offered = {name: [one["value"] for one in page.all("input", name=name)] for name in ("kind", "outcome")}
    assert offered == {"kind": ["CALL_OUT", "CALL_IN"], "outcome": ["SPOKE"]}, "what can be recorded, no more"
    called = officer.post_form(
        target, {"kind": "CALL_IN", "outcome": "SPOKE", "happened": "now"}, action=action
    )
    assert called.status_code == 303
    assert "Initial call done" in officer.get(target).page.main.text


def test_an_unknown_reference_is_not_found(officer):
    assert officer.get("/staff/fostering/FOS-26-ZZZZZ").status_code == 404


@pytest.mark.parametrize("kind", ["NOTE", "AMBASSADOR_CALL"])
def test_a_note_and_a_foster_carers_call_stand_on_the_timeline_and_move_nothing(officer, db, enquiry, kind):
    moved = ("stage", "due_at", "owner_id", "attempts", "first_attempt_at", "first_contact_at", "version")
    target, action = address(enquiry), f"{address(enquiry)}/contact"
    with db.reading() as session:
        before = [getattr(session.scalars(select(Enquiry)).one(), name) for name in moved]
    typed = {"kind": kind, "happened": "now", "note": "She thinks of respite first"}
    answer = officer.post_form(target, typed, action=action)
    assert answer.status_code == 303
    text = officer.follow(answer).page.main.text
    assert ActivityKind(kind).label in text
    assert "She thinks of respite first" in text
    with db.reading() as session:
        assert [getattr(session.scalars(select(Enquiry)).one(), name) for name in moved] == before


def test_the_page_says_that_they_asked_to_be_called_when_that_is_due(officer, enquiry):
    target, action = address(enquiry), f"{address(enquiry)}/contact"
    later = {"call_back_on-day": "3", "call_back_on-month": "12", "call_back_on-year": "2026"}
    typed = {"kind": "CALL_OUT", "outcome": "CALL_BACK_AT", "call_back_time": "2pm", **later}
    said = "Call them: they asked for this time"
    assert said in officer.follow(officer.post_form(target, typed, action=action)).page.main.text
    written = officer.post_form(target, {"kind": "EMAIL"}, action=action)
    assert said in officer.follow(written).page.main.text
    assert said in officer.get("/staff/fostering").page.main.text
    talked = officer.post_form(target, {"kind": "CALL_OUT", "outcome": "SPOKE"}, action=action)
    assert said not in officer.follow(talked).page.main.text
    assert said not in officer.get("/staff/fostering").page.main.text


def test_a_note_needs_words(officer, enquiry):
    target, action = address(enquiry), f"{address(enquiry)}/contact"
    answer = officer.post_form(target, {"kind": "NOTE", "happened": "now"}, action=action)
    assert answer.status_code == 422
    assert "Enter the note" in answer.page.errors[0]
    assert "Note (optional)" not in answer.page.main.text, "it is not, for a note"
