"""Closing with a reason: which code when, what each asks for, how long it is kept; and opening again."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import AuditEvent
from portal.core.errors import InvalidInput, InvalidTransition, StaleEdit
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up.contacts import Contact
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.follow_up.service import record_contact
from portal.fostering.models import Activity, Enquiry, HistoryEntry, PossibleDuplicate
from portal.fostering.options import (
    ActivityKind,
    CallOutcome,
    DuplicateState,
    MatchedOn,
    NextStep,
    Stage,
    Status,
)
from tests.support.builders import make_enquiry, make_staff

COUNCIL = load_council()
APPLIED = (Stage.APPLICATION_ACCEPTED, Stage.STAGE_ONE, Stage.STAGE_TWO, Stage.PANEL, Stage.DECISION)
EARLIER = (
    *(Stage.NEW, Stage.CONTACTING, Stage.CALL_DONE, Stage.VISIT_BOOKED, Stage.VISIT_DONE),
    *(Stage.APPLICATION_INVITED, Stage.KEEP_IN_TOUCH),
)
OFSTED = {"AW0", "AW1", "AW2", "AW3", "AW4", "AW5"}
OWN = {"WS", "S1N", "ADN"}


@pytest.fixture
def take(db):
    """Move an enquiry, by its reference, with the version that is current."""
    with db.transaction() as session:
        person = make_staff(session)
    by = Actor(id=person.id, name=person.name, kind="staff", permissions=ROLE_PERMISSIONS["fostering"])

    def move(reference, to, *, at, version=None, **parts):
        with db.transaction() as session:
            current = session.scalar(select(Enquiry.version).where(Enquiry.public_ref == reference))
            step = Move(to=to, **parts)
            move_enquiry(session, reference, step, version=version or current, by=by, at=at, council=COUNCIL)
        return stored(db, reference)

    return move


def stored(db, reference):
    with db.reading() as session:
        return session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()


def household(db, **changes):
    if changes.get("stage") is Stage.KEEP_IN_TOUCH:
        changes |= {"status": Status.KEEP_IN_TOUCH, "kit_review_on": date(2027, 1, 5)}
    with db.transaction() as session:
        return make_enquiry(session, **changes).public_ref


def refused(take, reference, code, at, **parts):
    with pytest.raises(InvalidInput) as caught:
        take(reference, Stage.CLOSED, at=at, code=code, **parts)
    return caught.value


ALONE = {Closure.X01, Closure.X02, Closure.S1N, Closure.ADN}
"""Codes that ask for more; they have tests of their own."""


@pytest.mark.parametrize("code", [code for code in Closure if code not in ALONE])
def test_each_code_closes_in_its_own_time_and_in_no_other(db, take, at, code):
    of_applications = code.value in OFSTED | OWN
    right, wrong = (APPLIED, EARLIER) if of_applications else (EARLIER, APPLIED)
    for stage in wrong:
        reference = household(db, stage=stage, application_at=at if stage in APPLIED else None)
        refusal = refused(take, reference, code, at)
        assert refusal.field == "reason"
        assert code.label in refusal.message
        assert stored(db, reference).stage is stage
    for stage in right:
        enquiry = take(household(db, stage=stage), Stage.CLOSED, at=at, code=code)
        assert (enquiry.status, enquiry.stage, enquiry.closure_code) == (Status.CLOSED, Stage.CLOSED, code)
        assert (enquiry.due_at, enquiry.closed_at, enquiry.kit_review_on) == (None, at, None)


@pytest.mark.parametrize(
    "case",
    [
        (Closure.Q01, Stage.CALL_DONE, date(2028, 11, 23)),
        (Closure.S03, Stage.NEW, date(2028, 11, 23)),
        (Closure.X03, Stage.NEW, date(2026, 12, 23)),
        (Closure.X04, Stage.NEW, date(2027, 5, 23)),
        (Closure.X05, Stage.NEW, date(2027, 5, 23)),
        (Closure.X06, Stage.NEW, date(2027, 5, 23)),
        (Closure.X07, Stage.NEW, date(2027, 5, 23)),
        (Closure.X08, Stage.NEW, date(2028, 11, 23)),
        (Closure.X09, Stage.NEW, date(2027, 5, 23)),
        (Closure.X10, Stage.NEW, date(2026, 11, 23)),
        (Closure.AW0, Stage.STAGE_ONE, date(2029, 11, 23)),
        (Closure.WS, Stage.STAGE_TWO, date(2029, 11, 23)),
    ],
)
def test_the_reason_sets_how_long_the_record_is_kept(db, take, at, case):
    code, stage, kept_until = case
    enquiry = take(household(db, stage=stage), Stage.CLOSED, at=at, code=code)
    assert enquiry.retention_due_on == kept_until


def test_whoever_has_applied_is_kept_as_the_law_asks_whatever_came_after(db, take, at):
    reference = household(db, stage=Stage.STAGE_ONE, application_at=at)
    take(reference, Stage.CLOSED, at=at, code=Closure.AW3)
    take(reference, Stage.CONTACTING, at=at + timedelta(days=30), note="They rang")
    again = at + timedelta(days=60)
    assert "They have applied" in refused(take, reference, Closure.X10, again).message
    enquiry = take(reference, Stage.CLOSED, at=again, code=Closure.X09)
    assert enquiry.retention_due_on == date(2030, 1, 22)


def test_without_a_code_nothing_is_closed(db, take, at):
    reference = household(db)
    assert refused(take, reference, None, at).message == "Select why the enquiry is closed"
    assert stored(db, reference).status is Status.OPEN


def test_what_is_closed_is_not_closed_again(db, take, at):
    reference = household(db)
    take(reference, Stage.CLOSED, at=at, code=Closure.Q00)
    with pytest.raises(InvalidTransition) as caught:
        take(reference, Stage.CLOSED, at=at, code=Closure.Q01)
    assert caught.value.facts["why"] == "This enquiry is already at “Closed”."
    with pytest.raises(StaleEdit):
        take(reference, Stage.CLOSED, at=at, version=1, code=Closure.Q01)
    assert stored(db, reference).closure_code is Closure.Q00


@pytest.mark.parametrize("code", [Closure.S09, Closure.S10])
def test_health_and_suitability_take_no_words(db, take, at, code):
    reference = household(db)
    refusal = refused(take, reference, code, at, note="Something that belongs elsewhere")
    assert refusal.field == "note"
    assert stored(db, reference).status is Status.OPEN
    take(reference, Stage.CLOSED, at=at, code=code)
    with db.reading() as session:
        notes = [entry.note for entry in session.scalars(select(HistoryEntry))]
        facts = [event.facts for event in session.scalars(select(AuditEvent))]
    assert set(notes) == {None}
    assert code.value not in str(facts)


def test_not_suitable_after_stage_one_needs_its_decision(db, take, at):
    reference = household(db, stage=Stage.STAGE_ONE, application_at=at)
    assert "Record the decision after Stage 1" in refused(take, reference, Closure.S1N, at).message
    decided = household(db, stage=Stage.STAGE_TWO, application_at=at, stage1_decision_at=at)
    assert take(decided, Stage.CLOSED, at=at, code=Closure.S1N).closure_code is Closure.S1N


def test_not_approved_needs_the_decision_makers_decision(db, take, at):
    reference = household(db, stage=Stage.PANEL, panel_at=at)
    assert "Record the decision before" in refused(take, reference, Closure.ADN, at).message
    decided = household(db, stage=Stage.DECISION, adm_at=at)
    assert "Record when they were told in writing" in refused(take, decided, Closure.ADN, at).message
    take(decided, Stage.DECISION, at=at, facts={"decision_notice_at": at})
    assert take(decided, Stage.CLOSED, at=at, code=Closure.ADN).closure_code is Closure.ADN


def test_a_record_that_is_held_is_not_erased(db, take, at):
    for review_on in (at.date(), at.date() - timedelta(days=1)):  # a review that is late ends no hold
        reference = household(db, hold_reason="LEGAL", hold_until=review_on)
        assert "kept beyond its time" in refused(take, reference, Closure.X10, at).message
    free = household(db)
    assert take(free, Stage.CLOSED, at=at, code=Closure.X10).status is Status.CLOSED


# Duplicates


def test_a_duplicate_is_linked_and_becomes_one_household(db, take, at):
    stays, copy = household(db), household(db)
    with db.transaction() as session:
        rows = {row.public_ref: row for row in session.scalars(select(Enquiry))}
        link = {"enquiry_id": rows[copy].id, "other_id": rows[stays].id, "matched_on": MatchedOn.EMAIL}
        session.add(PossibleDuplicate(**link))
    closed = take(copy, Stage.CLOSED, at=at, code=Closure.X02, original=f" {stays.lower()} ")
    kept = stored(db, stays)
    assert (closed.duplicate_of_id, closed.household_key) == (kept.id, kept.household_key)
    assert kept.status is Status.OPEN
    with db.reading() as session:
        pair = session.scalars(select(PossibleDuplicate)).one()
    assert (pair.state, pair.matched_on, pair.decided_at) == (DuplicateState.SAME, MatchedOn.EMAIL, at)


def test_a_duplicate_that_nothing_had_linked_is_linked_by_staff(db, take, at):
    stays, copy = household(db), household(db)
    take(copy, Stage.CLOSED, at=at, code=Closure.X02, original=stays)
    with db.reading() as session:
        pair = session.scalars(select(PossibleDuplicate)).one()
    assert (pair.state, pair.matched_on) == (DuplicateState.SAME, MatchedOn.STAFF)
    assert pair.enquiry_id > pair.other_id


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "Enter the reference of the enquiry that stays"),
        ("FOS-26-ZZZZZ", "There is no enquiry FOS-26-ZZZZZ"),
        ("itself", "this one cannot be a duplicate of itself"),
        ("a copy of this", "is itself a duplicate of"),
        ("a copy of another", "Enter that one"),
    ],
)
def test_a_duplicate_of_nothing_itself_or_a_duplicate_is_refused(db, take, at, given, words):
    reference, another, copy_of_this, copy = (household(db) for _ in range(4))
    take(copy_of_this, Stage.CLOSED, at=at, code=Closure.X02, original=reference)
    take(copy, Stage.CLOSED, at=at, code=Closure.X02, original=another)
    named = {"itself": reference, "a copy of this": copy_of_this, "a copy of another": copy}
    refusal = refused(take, reference, Closure.X02, at, original=named.get(given, given))
    assert refusal.field == "original"
    assert words in refusal.message
    assert stored(db, reference).status is Status.OPEN


@pytest.mark.parametrize(
    ("original", "words"),
    [
        ({"stage": Stage.CLOSED, "status": Status.CLOSED, "closure_code": Closure.Q01}, "is closed"),
        ({"stage": Stage.APPROVED, "status": Status.APPROVED}, "is approved"),
    ],
)
def test_a_duplicate_of_what_nobody_works_any_more_is_refused(db, take, at, original, words):
    over, copy = household(db, **original, due_at=None), household(db)
    refusal = refused(take, copy, Closure.X02, at, original=over)
    assert refusal.field == "original"
    assert refusal.message == f"{over} {words}. Enter an enquiry that is open"
    assert stored(db, copy).is_open


@pytest.mark.parametrize("way", ["{0} ", "fos {1} {2}", "fos{1}{2}", "FOS–{1}–{2}", "Fos-{1}-{3}"])
def test_the_reference_of_the_one_that_stays_is_understood_as_it_is_typed(db, take, at, way):
    stays, copy = household(db), household(db)
    _fos, year, end = stays.split("-")
    typed = way.format(stays, year, end, end.replace("0", "O"))
    assert take(copy, Stage.CLOSED, at=at, code=Closure.X02, original=typed).duplicate_of_id is not None
    assert stored(db, copy).duplicate_of_id == stored(db, stays).id


@pytest.mark.parametrize("first", ["stays", "goes"])
def test_the_one_that_stays_is_due_when_the_first_of_the_two_was(db, take, at, first):
    soon, later = at + timedelta(days=1), at + timedelta(days=120)
    kept = {"stage": Stage.KEEP_IN_TOUCH, "status": Status.KEEP_IN_TOUCH, "kit_review_on": date(2027, 3, 24)}
    stays = household(db, **kept, due_at=soon if first == "stays" else later)
    copy = household(db, due_at=later if first == "stays" else soon)
    take(copy, Stage.CLOSED, at=at, code=Closure.X02, original=stays)
    assert stored(db, stays).due_at == soon


def test_the_earlier_due_time_stands_when_failed_mail_of_the_one_that_stays_is_settled(db, take, at):
    soon, later = at + timedelta(days=1), at + timedelta(days=120)
    stays = household(db, due_at=at, email_failed_at=at, due_before_failure=later)
    take(household(db, due_at=soon), Stage.CLOSED, at=at, code=Closure.X02, original=stays)
    assert (stored(db, stays).due_at, stored(db, stays).due_before_failure) == (at, soon)


def test_what_was_a_duplicate_of_a_duplicate_belongs_to_the_one_that_stays(db, take, at):
    first, second, third = household(db), household(db), household(db)
    take(third, Stage.CLOSED, at=at, code=Closure.X02, original=second)
    take(second, Stage.CLOSED, at=at, code=Closure.X02, original=first)
    stays = stored(db, first)
    assert {stored(db, copy).duplicate_of_id for copy in (second, third)} == {stays.id}
    assert {stored(db, copy).household_key for copy in (second, third)} == {stays.household_key}


# No answer


def london_winter(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MORNING, AFTERNOON = london_winter("2026-11-24T10:00"), london_winter("2026-11-25T15:00")
CALL = (ActivityKind.CALL_OUT, CallOutcome.NO_ANSWER)
TALK = (ActivityKind.CALL_OUT, CallOutcome.SPOKE)
LETTER = (ActivityKind.LETTER, None)
CARER = (ActivityKind.AMBASSADOR_CALL, None)
WAITED = london_winter("2026-12-15T17:00")
"""Fifteen working days after the first attempt, Tuesday 24 November."""


def tried(db, at, *attempts, **changes):
    with db.transaction() as session:
        enquiry = make_enquiry(session, received_at=at, stage=Stage.CONTACTING, **changes)
        session.add_all(
            Activity(enquiry_id=enquiry.id, at=when, kind=kind, outcome=outcome)
            for (kind, outcome), when in attempts
        )
        return enquiry.public_ref


@pytest.mark.parametrize(
    ("attempts", "words"),
    [
        ([], "Try at least 3 times"),
        ([(CALL, MORNING), (LETTER, AFTERNOON)], "Try at least 3 times"),
        ([(CALL, MORNING), (CALL, AFTERNOON), (CALL, AFTERNOON)], "Write to them once"),
        ([(CALL, MORNING), (CALL, MORNING), (LETTER, MORNING)], "Try at another time of day"),
        ([(CALL, MORNING), (TALK, AFTERNOON), (CALL, AFTERNOON), (LETTER, AFTERNOON)], "at least 3 times"),
        ([(CALL, MORNING), (CARER, AFTERNOON), (CALL, AFTERNOON), (LETTER, AFTERNOON)], "at least 3 times"),
    ],
)
def test_no_answer_needs_honest_attempts(db, take, at, attempts, words):
    refusal = refused(take, tried(db, at, *attempts), Closure.X01, WAITED)
    assert words in refusal.message


@pytest.mark.parametrize(
    "case",
    [
        ({}, "2026-11-27T11:00", "2026-11-30T17:00"),
        ({}, "2026-11-24T09:00", "2026-12-15T17:00"),  # before the tries: these are not answered by it
        ({"next_step": NextStep.INFO_PACK_ONLY}, "2026-11-26T11:00", "2026-12-15T17:00"),  # nobody calls
    ],
)
def test_whoever_talked_to_a_foster_carer_is_tried_again_and_not_waited_out(officer, db, at, case):
    asked, called_at, due = case
    tries = [(CALL, MORNING), (CALL, AFTERNOON), (LETTER, AFTERNOON)]
    reference = tried(db, at, *tries, attempts=3, first_attempt_at=MORNING, due_at=WAITED, **asked)
    called = Contact(kind=CARER[0], outcome=None, happened_at=london_winter(called_at))
    now, by = london_winter("2026-11-27T12:00"), Actor(id=officer.person.id, kind="staff")
    with db.transaction() as session:
        version = session.scalars(select(Enquiry)).one().version
        record_contact(session, reference, called, version=version, by=by, at=now, team=COUNCIL.fostering)
    with db.reading() as session:
        assert session.scalars(select(Enquiry)).one().due_at == london_winter(due)


def test_no_answer_needs_fifteen_working_days(db, take, at):
    reference = tried(db, at, (CALL, MORNING), (CALL, AFTERNOON), (LETTER, AFTERNOON))
    early = refused(take, reference, Closure.X01, WAITED - timedelta(seconds=1))
    assert early.message == "They have until 15 December 2026 to answer"
    assert take(reference, Stage.CLOSED, at=WAITED, code=Closure.X01).closure_code is Closure.X01


def test_nobody_has_to_write_where_no_address_and_no_mobile_is_known(db, take, at):
    calls = [(CALL, MORNING), (CALL, MORNING), (CALL, AFTERNOON)]
    reference = tried(db, at, *calls, email=None, phone="+442380900123")
    assert "They have until" in refused(take, reference, Closure.X01, WAITED - timedelta(seconds=1)).message
    assert take(reference, Stage.CLOSED, at=WAITED, code=Closure.X01).closure_code is Closure.X01
    mobile = tried(db, at, *calls, email=None)
    assert "Write to them once" in refused(take, mobile, Closure.X01, WAITED).message
    mended = tried(db, at, *calls, email_failed_at=at, phone="+442380900123")
    assert take(mended, Stage.CLOSED, at=WAITED, code=Closure.X01).closure_code is Closure.X01


def test_whoever_left_a_wrong_number_and_nothing_else_is_not_called_three_times(db, take, at):
    wrong = (ActivityKind.CALL_OUT, CallOutcome.WRONG_NUMBER)
    nothing_else = {"email": None, "phone_wrong_at": MORNING}
    reference = tried(db, at, (wrong, MORNING), **nothing_else)
    assert "They have until" in refused(take, reference, Closure.X01, WAITED - timedelta(seconds=1)).message
    assert take(reference, Stage.CLOSED, at=WAITED, code=Closure.X01).closure_code is Closure.X01
    never = tried(db, at, **nothing_else)
    assert "Try at least 3 times" in refused(take, never, Closure.X01, WAITED).message


def test_no_answer_counts_only_attempts_since_it_was_opened_again(db, take, at):
    reference = tried(db, at, (CALL, MORNING), (CALL, AFTERNOON), (LETTER, AFTERNOON))
    take(reference, Stage.CLOSED, at=WAITED, code=Closure.X01)
    back = take(reference, Stage.CONTACTING, at=WAITED + timedelta(days=1), note="They wrote to us")
    assert "3 times" in refused(take, back.public_ref, Closure.X01, WAITED + timedelta(days=2)).message


def test_who_wanted_only_the_pack_is_closed_after_the_courtesy_message(db, take, at):
    courtesy = london_winter("2026-12-23T09:00")
    pack = tried(db, at, next_step=NextStep.INFO_PACK_ONLY)
    assert "pack was sent" in refused(take, pack, Closure.X01, courtesy).message
    sent = tried(db, at, next_step=NextStep.INFO_PACK_ONLY, attempts=1)
    assert "once more on 23 December" in refused(take, sent, Closure.X01, courtesy - timedelta(1)).message
    assert take(sent, Stage.CLOSED, at=courtesy, code=Closure.X01).status is Status.CLOSED


# Opening again


def test_opening_again_keeps_the_first_days(db, take, at):
    first = at - timedelta(days=30)
    kept = {
        "received_at": first,
        "sla_due_at": first + timedelta(days=1),
        "first_attempt_at": first,
        "first_contact_at": first,
        "initial_call_at": first,
        "attempts": 4,
    }
    reference = household(db, stage=Stage.CALL_DONE, **kept)
    take(reference, Stage.CLOSED, at=at, code=Closure.Q03)
    later = london_winter("2027-01-11T10:00")
    enquiry = take(reference, Stage.CONTACTING, at=later, note="They rang: all is well again")
    assert {name: getattr(enquiry, name) for name in kept} == kept
    assert (enquiry.status, enquiry.closure_code, enquiry.closed_at) == (Status.OPEN, None, None)
    assert enquiry.retention_due_on is None
    assert enquiry.due_at == london_winter("2027-01-12T17:00")
    with db.reading() as session:
        entries = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)).all()
    assert [(entry.to_stage, entry.closure_code) for entry in entries] == [
        (Stage.CLOSED, Closure.Q03),
        (Stage.CONTACTING, None),
    ]


def test_a_duplicate_that_is_opened_again_is_none_any_more(db, take, at):
    stays, copy = household(db), household(db)
    take(copy, Stage.CLOSED, at=at, code=Closure.X02, original=stays)
    assert take(copy, Stage.CONTACTING, at=at, note="Two sisters").duplicate_of_id is None


def test_what_is_to_be_erased_stays_closed(db, take, at):
    reference = household(db)
    take(reference, Stage.CLOSED, at=at, code=Closure.X10)
    with pytest.raises(InvalidTransition) as caught:
        take(reference, Stage.CONTACTING, at=at, note="Oh")
    assert "asked for their record to be erased" in caught.value.facts["why"]


# The page


def page_of(reference, stage="CL"):
    return f"/staff/fostering/{reference}/move/{stage}"


def test_an_enquiry_is_closed_and_opened_again_on_its_pages(officer, db):
    reference = household(db)
    answer = officer.post_form(page_of(reference), {"reason": "Q", "code_q": "Q07", "note": "Hampshire"})
    text = officer.follow(answer).page.main.text
    assert "Recorded: Closed. Nothing more is due." in text
    assert "Closed: Chose another local authority" in text
    assert officer.post_form(page_of(reference, "E20"), {"note": ""}).page.errors == [
        "Enter why it is opened again"
    ]
    opened = officer.post_form(page_of(reference, "E20"), {"note": "Moved back"})
    assert "Opened again" in officer.follow(opened).page.main.text


@pytest.mark.parametrize(
    ("typed", "messages"),
    [
        ({}, ["Select why the enquiry is closed"]),
        ({"reason": "Q"}, ["Select the reason"]),
        ({"reason": "Q", "code_s": "S01"}, ["Select the reason"]),
        ({"reason": "X", "code_x": "X02"}, ["Enter the reference of the enquiry that stays"]),
        (
            {"reason": "S", "code_s": "S09", "note": "Bad back"},
            ["Leave the note empty for “Health, discussed"],
        ),
        ({"reason": "X", "code_x": "X01"}, ["Try at least 3 times"]),
    ],
)
def test_what_is_missing_is_said_on_the_page(officer, db, typed, messages):
    reference = household(db)
    answer = officer.post_form(page_of(reference), typed)
    assert answer.status_code == 422
    for shown, expected in zip(answer.page.errors, messages, strict=True):
        assert shown.startswith(expected)
    assert stored(db, reference).status is Status.OPEN


@pytest.mark.parametrize(("code", "stage"), [("AW1", Stage.CALL_DONE), ("Q01", Stage.STAGE_ONE)])
def test_a_forged_code_of_the_wrong_time_is_refused(officer, db, code, stage):
    reference = household(db, stage=stage)
    page = officer.get(page_of(reference)).page
    hidden = {
        control["name"]: control["value"]
        for control in page.main.all("input")
        if control.get("type") == "hidden"
    }
    reason = "AW" if code.startswith("AW") else "Q"
    body = {**hidden, "reason": reason, f"code_{reason.lower()}": code}
    answer = officer.post(page_of(reference), data=body, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 422
    assert stored(db, reference).stage is stage


def test_an_application_is_offered_ofsteds_reasons_only(officer, db):
    reference = household(db, stage=Stage.STAGE_ONE)
    offered = [option.get("value") for option in officer.get(page_of(reference)).page.main.all("option")]
    assert {code for code in offered if code} == OFSTED | OWN
    answer = officer.post_form(page_of(reference), {"reason": "AW", "code_aw": "AW3"})
    assert answer.status_code == 303
    assert stored(db, reference).closure_code is Closure.AW3


def test_a_visit_that_is_still_in_diaries_stands_on_the_page_of_a_closed_enquiry(db, sign_in, at):
    words = "may still stand in diaries"
    closed = {"status": Status.CLOSED, "stage": Stage.CLOSED, "closure_code": Closure.Q09, "closed_at": at}
    ahead = household(db, visit_booked_for=at + timedelta(days=2), **closed)
    past = household(db, visit_booked_for=at - timedelta(days=2), **closed)
    booked = household(db, visit_booked_for=at + timedelta(days=2), stage=Stage.VISIT_BOOKED)
    with time_machine.travel(at, tick=False):
        client = sign_in("fostering")
        shown = [words in client.get(f"/staff/fostering/{one}").text for one in (ahead, past, booked)]
    assert shown == [True, False, False]
