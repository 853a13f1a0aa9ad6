"""One household or two: said side by side, on both timelines, and taken back."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import AuditEvent
from portal.core.errors import PortalError
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up.linking.options import Said
from portal.fostering.follow_up.linking.service import BOTH_MERGED, compare_households
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.models import Activity, Enquiry, HistoryEntry, PossibleDuplicate
from portal.fostering.options import (
    ActivityKind,
    CallOutcome,
    DuplicateState,
    HistoryKind,
    MatchedOn,
    Stage,
    Status,
)
from portal.fostering.queries import taken_up_again_at
from tests.support.builders import make_enquiry, make_staff
from tests.support.databases import ON_POSTGRESQL


@pytest.fixture
def pair(db):
    with db.transaction() as session:
        one, two = (make_enquiry(session, email="shared@example.com") for _ in range(2))
        session.add(PossibleDuplicate(enquiry_id=two.id, other_id=one.id, matched_on=MatchedOn.EMAIL))
    return one, two


def home(enquiry):
    return f"/staff/fostering/{enquiry.public_ref}"


def compare(one, two):
    return f"{home(one)}/household/{two.public_ref}"


def keys(db):
    with db.reading() as session:
        return list(session.scalars(select(Enquiry.household_key).order_by(Enquiry.id)))


@pytest.mark.parametrize("said_on", [0, 1])
def test_the_same_household_has_the_earlier_ones_key_wherever_it_is_said(officer, db, pair, said_on):
    earlier, _later = keys(db)
    one, two = (pair[said_on], pair[1 - said_on])
    link = next(link for link in officer.get(home(one)).page.all("a") if link.text.startswith("Compare"))
    assert link["href"] == compare(one, two)
    answer = officer.post_form(link["href"], {"state": "SAME", "note": "Same voice"})
    assert f"Same household as {two.public_ref}" in officer.follow(answer).page.main.text
    assert f"Same household as {one.public_ref}" in officer.get(home(two)).page.main.text
    assert keys(db) == [earlier, earlier]
    with db.reading() as session:
        assert session.scalars(select(PossibleDuplicate)).one().state is DuplicateState.SAME


def test_it_can_be_taken_back(officer, db, pair):
    one, two = pair
    first, _second = keys(db)
    officer.post_form(compare(one, two), {"state": "SAME"})
    answer = officer.post_form(compare(one, two), {"state": "DIFFERENT"})
    assert f"A different household from {two.public_ref}" in officer.follow(answer).page.main.text
    assert keys(db)[0] == first
    assert len(set(keys(db))) == 2


def test_whoever_was_said_to_be_one_with_either_comes_along(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        third = make_enquiry(session)
    officer.post_form(compare(third, two), {"state": "SAME"})
    officer.post_form(compare(two, one), {"state": "SAME"})
    assert len(set(keys(db))) == 1


def test_an_enquiry_is_not_compared_with_itself(officer, db, pair):
    answer = officer.post_form(compare(pair[0], pair[0]), {"state": "SAME"})
    assert answer.page.errors == ["These are one and the same enquiry"]
    assert officer.get(f"{home(pair[0])}/household/FOS-26-ZZZZZ").status_code == 404


@pytest.fixture
def strangers(db):
    """Two enquiries of one household with another name and number in each: nothing links them."""
    with db.transaction() as session:
        one = make_enquiry(session, first_name="Rosa", email="rosa@example.com")
        two = make_enquiry(session, first_name="Tom", email="tom@example.com")
    return one, two


@pytest.mark.parametrize("said", list(Said))
def test_any_two_enquiries_are_compared_by_their_references(officer, db, strangers, said):
    one, two = strangers
    link = next(
        link for link in officer.get(home(one)).page.all("a") if link.text == "Compare with another enquiry"
    )
    answer = officer.post_form(link["href"], {"other": f" {two.public_ref.lower()} "})
    assert answer.status_code == 303
    assert officer.follow(answer).request.path == compare(one, two)
    assert officer.post_form(compare(one, two), {"state": said.value}).status_code == 303
    with db.reading() as session:
        link = session.scalars(select(PossibleDuplicate)).one()
        closed = [row.id for row in session.scalars(select(Enquiry)) if not row.is_open]
    different = said is Said.DIFFERENT
    assert link.matched_on is MatchedOn.STAFF
    assert link.state is (DuplicateState.DIFFERENT if different else DuplicateState.SAME)
    assert len(set(keys(db))) == 1 + different
    assert closed == {Said.MERGE: [two.id], Said.MERGE_LATER: [one.id]}.get(said, [])


def test_what_cannot_be_compared_is_said_beside_the_reference(officer, db, strangers, at):
    one, two = strangers
    with db.transaction() as session:
        secret = make_enquiry(session, restricted_at=at).public_ref
    refused = {
        "": "Enter the reference of the other enquiry",
        "fos-26-zzzzz": "There is no enquiry FOS-26-ZZZZZ",
        "Rosa & Tom": "There is no enquiry ROSA & TOM",
        secret: f"There is no enquiry {secret}",
        one.public_ref: f"Enter another enquiry: {one.public_ref} is this one",
    }
    for typed, words in refused.items():
        answer = officer.post_form(f"{home(one)}/household", {"other": typed})
        assert answer.status_code == 422
        assert answer.page.errors == [words]
        assert answer.page.first("input", name="other")["value"] == typed
    assert officer.get(f"/staff/fostering/{secret}/household").status_code == 404
    assert officer.get(home(two)).status_code == 200


def test_nothing_is_said_without_a_choice_or_over_a_colleagues_word(officer, db, pair):
    page = compare(*pair)
    assert officer.post_form(page, {}).page.errors == ["Select whether these are one household"]
    assert officer.post_form(page, {"state": "SAME"}).status_code == 303
    assert officer.post_form(page, {"state": "DIFFERENT", "version": "1"}).status_code == 409
    assert len(set(keys(db))) == 1


@pytest.mark.parametrize("said_on", [0, 1])
def test_merging_closes_the_later_and_leaves_the_earlier_due_first(officer, db, pair, at, said_on):
    one, two = pair
    with db.transaction() as session:
        later = session.get_one(Enquiry, two.id)
        later.due_at = soon = at + timedelta(hours=1)
    answer = officer.post_form(
        compare(pair[said_on], pair[1 - said_on]), {"state": "MERGE", "note": "One call"}
    )
    assert answer.status_code == 303
    with db.reading() as session:
        earlier, later = session.scalars(select(Enquiry).order_by(Enquiry.id)).all()
    assert (later.status, later.closure_code, later.duplicate_of_id) == (Status.CLOSED, Closure.X02, one.id)
    assert (earlier.status, earlier.due_at) == (Status.OPEN, soon)
    assert earlier.household_key == later.household_key
    assert f"Same household as {one.public_ref}" in officer.get(home(two)).page.main.text


def test_the_one_that_stays_says_which_was_closed_as_its_duplicate(officer, db, pair):
    one, two = pair
    assert officer.post_form(f"{home(two)}/move/CL", duplicate_of(one)).status_code == 303
    words = "Closed as a duplicate of this enquiry:"
    assert f"{words} {two.public_ref}" in officer.get(home(one)).page.main.text
    assert words not in officer.get(home(two)).page.main.text
    with db.transaction() as session:
        session.get_one(Enquiry, two.id).restricted_at = two.received_at
    assert f"{words} another enquiry" in officer.get(home(one)).page.main.text


def test_what_nobody_has_read_is_not_merged_away(officer, db, pair, at):
    one, two = pair
    with db.transaction() as session:
        session.get_one(Enquiry, two.id).motivation = "My neighbour’s child is often hungry"
    assert "Their own words" in officer.get(compare(one, two)).page.main.text
    answer = officer.post_form(compare(one, two), {"state": "MERGE"})
    assert answer.page.errors == [
        f"Read first what {two.public_ref} says in their own words, and say whether there is a concern"
    ]
    with db.transaction() as session:
        session.get_one(Enquiry, two.id).words_read_at = at
    assert officer.post_form(compare(one, two), {"state": "MERGE"}).status_code == 303


def test_the_one_that_stays_names_who_and_how_only_the_other_says(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        kept, gone = session.get_one(Enquiry, one.id), session.get_one(Enquiry, two.id)
        kept.phone_wrong_at = kept.received_at
        gone.phone, gone.second_first_name = "+447700900456", "Hugo"
    assert "(wrong number)" in officer.get(compare(one, two)).page.main.text
    assert "Only there" not in officer.get(home(one)).page.main.text, "nobody has said that they are one"
    officer.post_form(compare(one, two), {"state": "MERGE"})
    assert "Only there: Hugo, 07700 900456" in officer.get(home(one)).page.main.text


def test_whoever_has_the_enquiry_that_stays_open_is_told_of_a_duplicate_that_came_meanwhile(
    officer, db, pair
):
    one, two = pair
    assert officer.post_form(f"{home(two)}/move/CL", duplicate_of(one)).status_code == 303
    closing = {"reason": "Q", "code_q": "Q01", "version": str(one.version)}
    assert officer.post_form(f"{home(one)}/move/CL", closing).status_code == 409
    assert read_row(db, one).is_open


@pytest.mark.parametrize("said_on", [0, 1])
def test_a_merge_is_undone_by_saying_that_they_differ(officer, db, pair, said_on):
    one, two = pair
    officer.post_form(compare(two, one), {"state": "MERGE"})
    page = compare(pair[said_on], pair[1 - said_on])
    again = officer.get(home(pair[said_on])).page.first("a", href=page)
    assert again.text.startswith("Compare again")
    assert "it is opened again where it stood" in officer.get(page).text
    answer = officer.post_form(page, {"state": "DIFFERENT"})
    assert answer.status_code == 303
    with db.reading() as session:
        earlier, later = session.scalars(select(Enquiry).order_by(Enquiry.id)).all()
        events = session.scalars(select(AuditEvent.event)).all()
    assert (later.stage, later.duplicate_of_id, later.closed_at) == (Stage.NEW, None, None)
    assert earlier.household_key != later.household_key
    assert {"fostering.households_merged", "fostering.merge_undone"} <= set(events)


STOOD = ("stage", "status", "due_at", "stage_since", "kit_review_on", "letter_owed_since", "visit_booked_for")


@pytest.mark.parametrize(
    "stood",
    [
        {"stage": Stage.CONTACTING, "attempts": 2},
        {"stage": Stage.CALL_DONE, "initial_call_at": datetime(2026, 11, 20, 9, tzinfo=UTC)},
        {"stage": Stage.VISIT_BOOKED, "visit_booked_for": datetime(2026, 12, 4, 14, tzinfo=UTC)},
        {
            "stage": Stage.KEEP_IN_TOUCH,
            "status": Status.KEEP_IN_TOUCH,
            "kit_review_on": date(2027, 3, 1),
            "letter_owed_since": datetime(2026, 11, 20, 10, tzinfo=UTC),
        },
    ],
)
def test_an_undone_merge_leaves_each_where_it_stood(officer, db, pair, at, stood):
    one, two = pair
    with db.transaction() as session:
        goes = session.get_one(Enquiry, two.id)
        for name, value in {**stood, "stage_since": at - timedelta(days=2), "due_at": APRIL}.items():
            setattr(goes, name, value)
    before = [{name: getattr(row, name) for name in STOOD} for row in (read_row(db, one), read_row(db, two))]
    assert officer.post_form(compare(two, one), {"state": "MERGE"}).status_code == 303
    assert read_row(db, one).letter_owed_since == stood.get("letter_owed_since"), "the family still waits"
    part(officer, one, two)
    after = [{name: getattr(row, name) for name in STOOD} for row in (read_row(db, one), read_row(db, two))]
    assert after[1] == before[1]
    assert {**after[0], "due_at": None} == {**before[0], "due_at": None}


T1, T2 = datetime(2026, 11, 18, 10, tzinfo=UTC), datetime(2026, 11, 20, 10, tzinfo=UTC)


def owes(db, enquiry, since, **changes):
    with db.transaction() as session:
        row = session.get_one(Enquiry, enquiry.id)
        for name, value in {"letter_owed_since": since, **changes}.items():
            setattr(row, name, value)


KEPT = {"stage": Stage.KEEP_IN_TOUCH, "status": Status.KEEP_IN_TOUCH, "kit_review_on": date(2027, 3, 1)}


def test_an_undone_merge_leaves_the_one_that_stays_its_own_letter(officer, db, pair):
    one, two = pair
    owes(db, one, T2, **KEPT)
    owes(db, two, T1, **KEPT)
    assert officer.post_form(compare(two, one), {"state": "MERGE"}).status_code == 303
    assert read_row(db, one).letter_owed_since == T1
    part(officer, one, two)
    assert [read_row(db, each).letter_owed_since for each in pair] == [T2, T1]


def test_an_undone_merge_leaves_the_letter_of_a_closing_since(officer, db, pair, at):
    one, two = pair
    owes(db, two, T1, **KEPT)
    assert officer.post_form(compare(two, one), {"state": "MERGE"}).status_code == 303
    closed = {"reason": "S", "code_s": "S07"}
    assert officer.post_form(f"{home(one)}/move/CL", closed).status_code == 303
    assert read_row(db, one).letter_owed_since == T1
    part(officer, one, two)
    assert [read_row(db, each).letter_owed_since for each in pair] == [at, T1]


def test_a_letter_that_is_the_next_action_is_handed_on_too(officer, db, pair):
    one, two = pair
    owes(db, two, None, stage=Stage.VISIT_DONE, visit_done_at=T1)
    assert officer.post_form(compare(two, one), {"state": "MERGE"}).status_code == 303
    assert read_row(db, one).letter_owed_since == T1
    part(officer, one, two)
    assert [read_row(db, each).letter_owed_since for each in pair] == [None, None]


@pytest.mark.parametrize("called_meanwhile", [False, True])
def test_before_the_first_call_it_is_due_when_it_was_once_they_are_parted(
    officer, db, pair, at, called_meanwhile
):
    one, two = pair
    own, sooner, promised = (at + timedelta(hours=hours) for hours in (30, 2, 20))
    owes(db, one, None, due_at=own)
    owes(db, two, None, due_at=sooner)
    assert officer.post_form(compare(two, one), {"state": "MERGE"}).status_code == 303
    assert read_row(db, one).due_at == sooner
    if called_meanwhile:
        owes(db, one, None, due_at=promised)
    part(officer, one, two)
    assert [read_row(db, each).due_at for each in pair] == [promised if called_meanwhile else own, sooner]


def test_a_pack_that_the_duplicate_has_is_the_familys_until_they_are_parted(officer, db, pair, at):
    one, two = pair
    owes(db, one, None, pack_settled_at=None)
    owes(db, two, None, pack_settled_at=at)
    assert officer.post_form(compare(two, one), {"state": "MERGE"}).status_code == 303
    assert read_row(db, one).pack_settled_at == at
    part(officer, one, two)
    assert [read_row(db, each).pack_settled_at for each in pair] == [None, at]


def test_an_undone_merge_is_no_new_beginning(officer, db, pair, at):
    """What was tried before counts, and no call was had by it."""
    one, two = pair
    owes(db, two, None, stage=Stage.CONTACTING, attempts=1)
    assert officer.post_form(compare(two, one), {"state": "MERGE"}).status_code == 303
    part(officer, one, two)
    assert "Opened again" in officer.get(home(two)).page.main.text
    with db.reading() as session:
        assert taken_up_again_at(session, session.get_one(Enquiry, two.id)) is None


def read_row(db, enquiry):
    with db.reading() as session:
        return session.get_one(Enquiry, enquiry.id)


APRIL = datetime(2027, 4, 30, 17, tzinfo=UTC)


def part(officer, one, two):
    assert officer.post_form(compare(two, one), {"state": "DIFFERENT"}).status_code == 303


def reopen(officer, _one, two):
    assert officer.post_form(f"{home(two)}/move/E20", {"note": "Two sisters"}).status_code == 303


@pytest.fixture
def merged(officer, db, pair, at):
    """A household invited to apply, due in weeks, and a new enquiry, due in an hour, merged into it."""
    one, two = pair
    with db.transaction() as session:
        stays = session.get_one(Enquiry, one.id)
        stays.stage, stays.roi_sent_at, stays.due_at = Stage.APPLICATION_INVITED, at, APRIL
        session.get_one(Enquiry, two.id).due_at = at + timedelta(hours=1)
    assert officer.post_form(compare(two, one), {"state": "MERGE"}).status_code == 303
    return one, two


def due_of(db, one):
    with db.reading() as session:
        return session.get_one(Enquiry, one.id).due_at


@pytest.mark.parametrize("undo", [part, reopen])
def test_an_undone_merge_gives_back_the_due_time_of_the_one_that_stayed(officer, db, merged, at, undo):
    one, two = merged
    assert due_of(db, one) == at + timedelta(hours=1)
    undo(officer, one, two)
    assert due_of(db, one) == APRIL
    with db.reading() as session:
        assert session.get_one(Enquiry, two.id).is_open


def test_an_undone_merge_leaves_the_promise_of_the_one_that_stayed(officer, db, merged, at):
    one, two = merged
    tomorrow = at + timedelta(days=1)
    with db.transaction() as session:
        back = {"outcome": CallOutcome.CALL_BACK_AT, "call_back_at": tomorrow}
        session.add(Activity(enquiry_id=one.id, at=at, kind=ActivityKind.CALL_OUT, **back))
    part(officer, one, two)
    assert due_of(db, one) == tomorrow


def test_an_undone_merge_leaves_what_another_duplicate_has_made_due(officer, db, merged, at):
    one, two = merged
    with db.transaction() as session:
        third = make_enquiry(session)
    assert officer.post_form(compare(third, one), {"state": "MERGE"}).status_code == 303
    part(officer, one, two)
    assert due_of(db, one) == at + timedelta(hours=1)


def test_whoever_has_an_earlier_duplicate_is_due_when_it_was_once_a_merge_is_undone(officer, db, pair, at):
    _one, two = pair
    with db.transaction() as session:
        before = make_enquiry(session, due_at=at + timedelta(hours=5))
        moment = at - timedelta(days=1)
        known = {"status": Status.CLOSED, "stage": Stage.CLOSED, "closure_code": Closure.X02, "due_at": None}
        make_enquiry(session, duplicate_of_id=before.id, closed_at=moment, **known)
        session.get_one(Enquiry, two.id).due_at = at + timedelta(hours=1)
    assert officer.post_form(compare(two, before), {"state": "MERGE_LATER"}).status_code == 303
    assert due_of(db, before) == at + timedelta(hours=1)
    part(officer, before, two)
    assert due_of(db, before) == at + timedelta(hours=5)


def test_an_undone_merge_leaves_what_the_household_asked_for_since(officer, db, merged, at):
    one, two = merged
    with db.transaction() as session:
        session.add(HistoryEntry(enquiry_id=one.id, at=at, kind=HistoryKind.ASKED_TO_STOP))
    part(officer, one, two)
    assert due_of(db, one) == at + timedelta(hours=1)


def test_what_is_closed_already_is_not_merged(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        row = session.get_one(Enquiry, one.id)
        row.status, row.stage, row.closure_code = Status.CLOSED, Stage.CLOSED, Closure.Q01
    answer = officer.post_form(compare(two, one), {"state": "MERGE"})
    assert answer.page.errors == [f"{one.public_ref} is closed: only two open enquiries are merged"]
    with db.reading() as session:
        assert session.get_one(Enquiry, two.id).is_open
    assert len(set(keys(db))) == 2


def test_whoever_has_applied_is_not_merged_away(officer, db, pair):
    with db.transaction() as session:
        session.get_one(Enquiry, pair[1].id).stage = Stage.STAGE_ONE
    answer = officer.post_form(compare(*pair), {"state": "MERGE"})
    assert "this household has applied" in answer.page.errors[0]
    assert len(set(keys(db))) == 2


def test_a_duplicate_that_was_closed_on_its_own_page_is_parted_the_same_way(officer, db, pair):
    one, two = pair
    assert officer.post_form(f"{home(two)}/move/CL", duplicate_of(one)).status_code == 303
    assert officer.post_form(compare(two, one), {"state": "DIFFERENT"}).status_code == 303
    with db.reading() as session:
        assert session.get_one(Enquiry, two.id).is_open
    assert len(set(keys(db))) == 2


def test_the_enquiry_that_has_come_further_is_offered_to_stay_first(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        session.get_one(Enquiry, two.id).stage = Stage.VISIT_DONE
    page = officer.get(compare(one, two)).page
    offered = [choice["value"] for choice in page.all("input") if choice["name"] == "state"]
    assert offered == ["SAME", "MERGE_LATER", "MERGE", "DIFFERENT"]
    assert f"{two.public_ref} has come further" in page.main.text
    assert officer.post_form(compare(one, two), {"state": "MERGE_LATER"}).status_code == 303
    with db.reading() as session:
        earlier, later = session.scalars(select(Enquiry).order_by(Enquiry.id)).all()
    assert (earlier.closure_code, earlier.duplicate_of_id) == (Closure.X02, two.id)
    assert (later.stage, later.status) == (Stage.VISIT_DONE, Status.OPEN)
    assert earlier.household_key == later.household_key
    assert one.public_ref in officer.get(home(two)).page.main.text


def test_what_was_merged_before_is_listed_by_the_enquiry_that_stays(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        third = make_enquiry(session)
    assert officer.post_form(compare(third, two), {"state": "MERGE"}).status_code == 303
    assert officer.post_form(compare(two, one), {"state": "MERGE"}).status_code == 303
    text = officer.get(home(one)).page.main.text
    assert two.public_ref in text
    assert third.public_ref in text


@pytest.mark.parametrize("stays", ["MERGE", "MERGE_LATER"])
def test_an_undone_merge_takes_its_own_duplicates_back(officer, db, pair, at, stays):
    """They are that family’s, and neither looked at nor erased with the other."""
    with db.transaction() as session:
        third = make_enquiry(session)
        goes, other = pair if stays == "MERGE_LATER" else pair[::-1]
        session.get_one(Enquiry, other.id).due_at = own = at + timedelta(days=1)
        session.get_one(Enquiry, goes.id).due_at = at + timedelta(hours=1)
    assert officer.post_form(f"{home(third)}/move/CL", duplicate_of(goes)).status_code == 303
    assert officer.post_form(compare(*pair), {"state": stays}).status_code == 303
    assert read_row(db, third).duplicate_of_id == other.id
    part(officer, *pair)
    assert read_row(db, third).duplicate_of_id == goes.id
    assert read_row(db, third).household_key == read_row(db, goes).household_key
    assert read_row(db, other).household_key != read_row(db, goes).household_key
    assert read_row(db, other).due_at == own


def duplicate_of(original):
    return {"reason": "X", "code_x": "X02", "original": original.public_ref}


@ON_POSTGRESQL
@pytest.mark.parametrize("by_moving", [False, True])
def test_opposite_merges_at_once_wait_for_each_other_and_one_is_told(app, db, pair, at, by_moving):
    with db.transaction() as session:
        ids = [make_staff(session).id for _ in range(2)]
    allowed = ROLE_PERMISSIONS["fostering"]
    people = [Actor(id=one, name="Robin", kind="staff", permissions=allowed) for one in ids]
    references, council = [one.public_ref for one in pair], load_council()
    start, results = threading.Barrier(2, timeout=20), [None, None]

    def merge(session, first, other, by):
        if by_moving:
            move = Move(to=Stage.CLOSED, code=Closure.X02, original=other)
            move_enquiry(session, first, move, version=1, by=by, at=at, council=council)
        else:
            said = {"version": 1, "note": "", "by": by, "at": at, "council": council}
            compare_households(session, (first, other), Said.MERGE, **said)

    def act(place):
        with app.app_context():
            try:
                with db.transaction() as session:
                    session.execute(select(1))
                    start.wait()
                    merge(session, references[place], references[1 - place], people[place])
                results[place] = "done"
            except (PortalError, DBAPIError) as error:
                results[place] = type(error).__name__

    threads = [threading.Thread(target=act, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["StaleEdit", "done"]
    with db.reading() as session:
        assert len([one for one in session.scalars(select(Enquiry)) if one.is_open]) == 1


@ON_POSTGRESQL
def test_a_duplicate_that_somebody_is_changing_is_waited_for(app, officer, db, pair, at):
    one, two = pair
    with db.transaction() as session:
        third = make_enquiry(session)
    assert officer.post_form(compare(third, two), {"state": "MERGE"}).status_code == 303
    allowed, results = ROLE_PERMISSIONS["fostering"], []
    with db.transaction() as session:
        by = Actor(id=make_staff(session).id, name="Robin", kind="staff", permissions=allowed)
        version = session.get_one(Enquiry, two.id).version

    def close():
        move, council = Move(to=Stage.CLOSED, code=Closure.X02, original=one.public_ref), load_council()
        with app.app_context():
            try:
                with db.transaction() as session:
                    move_enquiry(
                        session, two.public_ref, move, version=version, by=by, at=at, council=council
                    )
                results.append("done")
            except PortalError as error:
                results.append(type(error).__name__)

    send = threading.Thread(target=close)
    with db.transaction() as session:
        session.get_one(Enquiry, third.id, with_for_update=True).case_system_ref = "M1"
        session.flush()
        send.start()
        while send.is_alive() and not somebody_waits(db):
            pass
    send.join()
    assert results == ["done"]
    with db.reading() as session:
        rows = {row.id: row for row in session.scalars(select(Enquiry))}
    assert {rows[two.id].duplicate_of_id, rows[third.id].duplicate_of_id} == {one.id}
    assert rows[third.id].case_system_ref == "M1"


def somebody_waits(db):
    with db.reading() as session:
        return session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))


def test_a_wrong_link_parts_those_whom_it_brought_together(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        three, four = make_enquiry(session), make_enquiry(session)
    for first, second in ((one, two), (three, four), (two, three)):
        officer.post_form(compare(first, second), {"state": "SAME"})
    assert len(set(keys(db))) == 1
    officer.post_form(compare(two, three), {"state": "DIFFERENT"})
    first, second, third, fourth = keys(db)
    assert (first, third) == (second, fourth)
    assert first != third


def test_of_three_said_to_be_one_only_the_parted_one_goes(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        three = make_enquiry(session)
    for first, second in ((one, two), (two, three), (one, three)):
        officer.post_form(compare(first, second), {"state": "SAME"})
    officer.post_form(compare(one, three), {"state": "DIFFERENT"})
    first, second, third = keys(db)
    assert first == second != third


def same(officer, first, second):
    assert officer.post_form(compare(first, second), {"state": "SAME"}).status_code == 303


def test_what_is_no_longer_counted_as_one_is_not_said_to_be_one_either(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        three = make_enquiry(session)
    for first, second in ((one, two), (two, three), (one, three)):
        same(officer, first, second)
    officer.post_form(compare(one, three), {"state": "DIFFERENT"})

    def offered(on, other):
        return officer.get(home(on)).page.first("a", href=compare(on, other)).text

    assert offered(three, two).startswith("Compare with")
    assert offered(three, one).startswith("Compare again")
    assert offered(two, one).startswith("Compare again")


def test_a_duplicate_stays_with_its_original_when_it_is_parted_from_a_third(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        three = make_enquiry(session)
    same(officer, one, two)
    assert officer.post_form(f"{home(three)}/move/CL", duplicate_of(two)).status_code == 303
    officer.post_form(compare(three, one), {"state": "DIFFERENT"})
    first, second, third = keys(db)
    assert second == third != first


def test_whoever_is_parted_takes_its_duplicates_along(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        three, fourth = make_enquiry(session), make_enquiry(session)
    for first, second in ((one, two), (two, three), (one, three)):
        same(officer, first, second)
    assert officer.post_form(f"{home(fourth)}/move/CL", duplicate_of(three)).status_code == 303
    officer.post_form(compare(one, three), {"state": "DIFFERENT"})
    first, second, third, last = keys(db)
    assert first == second
    assert third == last != first


def test_two_duplicates_of_one_enquiry_are_not_parted_before_one_of_them_is_none(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        three = make_enquiry(session)
    for goes in (two, three):
        assert officer.post_form(f"{home(goes)}/move/CL", duplicate_of(one)).status_code == 303
    answer = officer.post_form(compare(two, three), {"state": "DIFFERENT"})
    assert answer.page.errors == [BOTH_MERGED]
    assert len(set(keys(db))) == 1
    part(officer, one, two)
    officer.post_form(compare(two, three), {"state": "DIFFERENT"})
    first, second, third = keys(db)
    assert first == third != second
