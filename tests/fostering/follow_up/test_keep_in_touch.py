"""Keep in touch: nothing is due until the review date, then it is; and waiting longer for an answer."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.errors import InvalidInput, InvalidTransition
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up import queries
from portal.fostering.follow_up.contacts import Contact
from portal.fostering.follow_up.counts.queries import queue_counts
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.follow_up.moving.waiting import may_wait, wait_longer
from portal.fostering.follow_up.service import record_contact
from portal.fostering.jobs import close_when_unanswered, send_follow_up
from portal.fostering.models import Activity, Enquiry, HistoryEntry
from portal.fostering.options import ActivityKind, CallOutcome, HistoryKind, NextStep, Stage, Status
from portal.fostering.service import CLOSE_UNANSWERED
from tests.support.builders import make_enquiry

COUNCIL = load_council()
TEAM = COUNCIL.fostering


def winter(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def take(db, by):
    def move(reference, to, *, at, **facts):
        with db.transaction() as session:
            enquiry = session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()
            version, step = enquiry.version, Move(to=to, code=facts.pop("code", None), facts=facts)
            move_enquiry(session, reference, step, version=version, by=by, at=at, council=COUNCIL)
        return stored(db, reference)

    return move


def stored(db, reference):
    with db.reading() as session:
        return session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()


def household(db, **changes):
    with db.transaction() as session:
        return make_enquiry(session, **{"stage": Stage.CALL_DONE, **changes}).public_ref


@pytest.mark.parametrize(
    ("review_on", "due"),
    [
        (date(2027, 1, 5), "2027-01-05T17:00"),
        (date(2027, 1, 3), "2027-01-04T17:00"),  # a Sunday
        (date(2026, 12, 25), "2026-12-29T17:00"),  # Christmas, Boxing Day and its substitute
        (date(2027, 3, 26), "2027-03-30T16:00"),  # Good Friday; summer time by Easter Tuesday
        (date(2027, 11, 23), "2027-11-23T17:00"),  # twelve months on, the latest there is
    ],
)
def test_it_is_due_at_closing_time_on_the_review_date(db, take, at, review_on, due):
    enquiry = take(household(db), Stage.KEEP_IN_TOUCH, at=at, kit_review_on=review_on)
    assert (enquiry.status, enquiry.stage) == (Status.KEEP_IN_TOUCH, Stage.KEEP_IN_TOUCH)
    assert (enquiry.kit_review_on, enquiry.due_at) == (review_on, winter(due))


@pytest.mark.parametrize(
    "here",
    [
        *(Stage.CONTACTING, Stage.CALL_DONE, Stage.VISIT_BOOKED, Stage.VISIT_DONE),
        Stage.APPLICATION_INVITED,
    ],
)
def test_the_clock_that_ran_is_paused(db, take, at, here):
    overdue = at - timedelta(days=3)
    reference = household(db, stage=here, due_at=overdue)
    enquiry = take(reference, Stage.KEEP_IN_TOUCH, at=at, kit_review_on=date(2027, 1, 5))
    assert not enquiry.is_overdue(winter("2027-01-05T17:00"))
    assert enquiry.is_overdue(winter("2027-01-05T17:01"))


@pytest.mark.parametrize("here", [Stage.NEW, Stage.STAGE_ONE, Stage.PANEL, Stage.APPROVED])
def test_nobody_is_paused_before_the_first_try_or_once_applied(db, take, at, here):
    reference = household(db, stage=here)
    with pytest.raises(InvalidTransition):
        take(reference, Stage.KEEP_IN_TOUCH, at=at, kit_review_on=date(2027, 1, 5))


@pytest.mark.parametrize(
    ("review_on", "words"),
    [
        (date(2026, 11, 22), "must be in the future"),
        (date(2026, 11, 23), "must be in the future"),
        (date(2027, 11, 24), "must be on or before 23 November 2027"),
        (date(2099, 1, 1), "must be on or before 23 November 2027"),
    ],
)
def test_a_review_date_lies_ahead_and_within_a_year(db, take, at, review_on, words):
    reference = household(db)
    with pytest.raises(InvalidInput) as refused:
        take(reference, Stage.KEEP_IN_TOUCH, at=at, kit_review_on=review_on)
    assert refused.value.field == "kit_review_on"
    assert words in refused.value.message
    assert stored(db, reference).stage is Stage.CALL_DONE


def test_nobody_is_kept_in_touch_with_for_ever(db, take, at):
    reference = household(db, received_at=at - timedelta(days=3 * 365))
    with pytest.raises(InvalidInput) as refused:
        take(reference, Stage.KEEP_IN_TOUCH, at=at, kit_review_on=date(2026, 12, 1))
    assert "the last contact was on 24 November 2023" in refused.value.message


def test_what_a_colleague_noted_is_no_contact_after_which_they_are_kept_in_touch_with(db, take, by, at):
    reference = household(db, received_at=at - timedelta(days=3 * 365 - 30))
    with db.transaction() as session:
        enquiry = session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()
        enquiry.activities.append(Activity(at=at, kind=ActivityKind.NOTE, by_id=by.id, by_name="Robin"))
    with pytest.raises(InvalidInput) as refused:
        take(reference, Stage.KEEP_IN_TOUCH, at=at, kit_review_on=date(2027, 6, 1))
    assert "on or before 24 December 2026: the last contact was on 24 December 2023" in refused.value.message


def test_at_the_review_it_goes_on_or_the_date_is_set_again(db, take, at):
    reference = household(db)
    take(reference, Stage.KEEP_IN_TOUCH, at=at, kit_review_on=date(2027, 1, 5))
    review = winter("2027-01-05T10:00")
    enquiry = take(reference, Stage.KEEP_IN_TOUCH, at=review, kit_review_on=date(2027, 7, 5))
    assert enquiry.due_at == winter("2027-07-05T16:00")
    taken_up = take(reference, Stage.CONTACTING, at=winter("2027-07-05T09:00"))
    assert (taken_up.status, taken_up.kit_review_on) == (Status.OPEN, None)
    assert taken_up.due_at == winter("2027-07-06T16:00")


def contact(db, by, reference, *, kind, outcome, at, **more):
    with db.transaction() as session:
        enquiry = session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()
        made = Contact(kind=kind, outcome=outcome, happened_at=at, **more)
        record_contact(session, reference, made, version=enquiry.version, by=by, at=at, team=TEAM)
    return stored(db, reference)


def test_a_contact_meanwhile_leaves_the_review_and_a_call_back_comes_before_it(db, take, by, at):
    reference = household(db)
    take(reference, Stage.KEEP_IN_TOUCH, at=at, kit_review_on=date(2027, 3, 1))
    review, back = winter("2027-03-01T17:00"), winter("2026-12-10T14:00")
    call = ActivityKind.CALL_IN
    assert contact(db, by, reference, kind=call, outcome=CallOutcome.SPOKE, at=at).due_at == review
    asked = {"outcome": CallOutcome.CALL_BACK_AT, "call_back_at": back}
    agreed = contact(db, by, reference, kind=call, at=at, **asked)
    assert (agreed.due_at, agreed.stage) == (back, Stage.KEEP_IN_TOUCH)
    spoke = {"kind": ActivityKind.CALL_OUT, "outcome": CallOutcome.SPOKE}
    assert contact(db, by, reference, at=back, **spoke).due_at == review


def test_the_queue_of_what_is_due_has_it_again_at_the_review(db, take, at):
    reference = household(db)
    take(reference, Stage.KEEP_IN_TOUCH, at=at, kit_review_on=date(2027, 1, 5))
    filters = QueueFilters(due="overdue")
    with db.reading() as session:
        for moment, listed in (("2027-01-05T17:00", []), ("2027-01-05T17:01", [reference])):
            rows = queries.queue_page(session, filters, reader=1, at=winter(moment), team=TEAM).rows
            assert [row.public_ref for row in rows] == listed
            assert queue_counts(session, winter(moment), reader=1, team=TEAM).overdue == len(listed)
        today = QueueFilters(due="today")
        rows = queries.queue_page(session, today, reader=1, at=winter("2027-01-05T09:00"), team=TEAM).rows
    assert [row.public_ref for row in rows] == [reference]


# Waiting longer for somebody who wanted only the pack

COURTESY = winter("2026-12-23T09:00")


@pytest.fixture
def pack(db, at, by):
    """The pack was sent, and the courtesy message has been."""
    with db.transaction() as session:
        enquiry = make_enquiry(
            session,
            received_at=at,
            stage=Stage.CONTACTING,
            next_step=NextStep.INFO_PACK_ONLY,
            attempts=1,
            due_at=winter("2027-01-18T17:00"),
        )
        session.add(Activity(enquiry_id=enquiry.id, at=at, kind=ActivityKind.INFO_PACK, by_id=by.id))
        session.add(Activity(enquiry_id=enquiry.id, at=COURTESY, kind=ActivityKind.EMAIL))
        return enquiry.public_ref


def wait(db, by, reference, until, at):
    with db.transaction() as session:
        version = session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one().version
        wait_longer(session, reference, until, version=version, note="", by=by, at=at, team=TEAM)
    return stored(db, reference)


def test_staff_may_wait_longer_and_the_portal_then_does_not_close(db, by, pack, at, app):
    enquiry = wait(db, by, pack, date(2027, 2, 26), winter("2027-01-12T10:00"))
    assert enquiry.due_at == winter("2027-02-26T17:00")
    planned = winter("2027-01-18T17:00")
    with app.app_context(), db.transaction() as session:
        close_when_unanswered(session, {"ref": pack}, planned)
        again = session.scalars(select(Job).where(Job.kind == CLOSE_UNANSWERED)).one()
        assert again.run_at == enquiry.due_at
    assert stored(db, pack).status is Status.OPEN
    with app.app_context(), db.transaction() as session:
        close_when_unanswered(session, {"ref": pack}, enquiry.due_at)
    assert stored(db, pack).status is Status.CLOSED


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (date(2026, 12, 23), "must be in the future"),
        (date(2020, 1, 1), "must be in the future"),
        (date(2027, 3, 24), "must be within 90 days"),
    ],
)
def test_the_day_lies_ahead_and_not_too_far(db, by, pack, until, words):
    with pytest.raises(InvalidInput, match="422") as refused:
        wait(db, by, pack, until, COURTESY)
    assert words in refused.value.message


@pytest.mark.parametrize(
    "changes",
    [
        {"next_step": NextStep.CALL},
        {"attempts": 0},
        {"stage": Stage.CALL_DONE},
        {"status": Status.APPROVED},
    ],
)
def test_nothing_else_waits(db, by, pack, changes):
    with db.transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        for name, value in changes.items():
            setattr(enquiry, name, value)
        assert not may_wait(session, enquiry)
    with pytest.raises(InvalidTransition):
        wait(db, by, pack, date(2027, 1, 20), COURTESY)


def test_before_the_courtesy_message_there_is_nothing_to_put_off(db, pack):
    with db.transaction() as session:
        assert may_wait(session, session.scalars(select(Enquiry)).one())
        session.delete(session.scalars(select(Activity).where(Activity.kind == ActivityKind.EMAIL)).one())
    with db.reading() as session:
        assert not may_wait(session, session.scalars(select(Enquiry)).one())


@pytest.mark.parametrize("pause", [Stage.KEEP_IN_TOUCH, Stage.CLOSED])
def test_whoever_is_taken_up_again_is_not_closed_by_the_portal(db, take, pack, app, pause):
    paused, back = winter("2027-01-04T10:00"), winter("2027-01-05T10:00")
    more = {"code": Closure.Q00} if pause is Stage.CLOSED else {"kit_review_on": date(2027, 3, 1)}
    take(pack, pause, at=paused, **more)
    again = take(pack, Stage.CONTACTING, at=back)
    assert again.due_at == winter("2027-01-06T17:00")
    with db.reading() as session:
        assert not may_wait(session, session.scalars(select(Enquiry)).one())
    planned = winter("2027-01-18T17:00")
    for work in (send_follow_up, close_when_unanswered):
        with app.app_context(), db.transaction() as session:
            work(session, {"ref": pack}, planned)
            assert session.scalars(select(Job)).all() == []
    found = stored(db, pack)
    assert (found.status, found.due_at) == (Status.OPEN, again.due_at)


def test_whoever_asked_to_stop_gets_no_courtesy_message(db, at, app):
    with db.transaction() as session:
        wanted = {"stage": Stage.CONTACTING, "next_step": NextStep.INFO_PACK_ONLY, "attempts": 1}
        pack = make_enquiry(session, received_at=at, **wanted)
        stops = {"kind": HistoryKind.ASKED_TO_STOP, "by_name": "the household", "facts": {}}
        session.add(HistoryEntry(enquiry_id=pack.id, at=at, **stops))
    for work in (send_follow_up, close_when_unanswered):
        with app.app_context(), db.transaction() as session:
            work(session, {"ref": pack.public_ref}, COURTESY)
            assert session.scalars(select(OutgoingMail)).all() == []
            assert session.scalars(select(Job)).all() == []
    assert stored(db, pack.public_ref).status is Status.OPEN


def test_the_page_gives_the_choice(sign_in, db, pack):
    with time_machine.travel(winter("2027-01-12T10:00"), tick=False):
        officer = sign_in("fostering")
        page = officer.get(f"/staff/fostering/{pack}").page
        assert "Nobody has answered the last message. The portal closes this enquiry on" in page.main.text
        words = [link.text for link in page.main.all("a")]
        assert "Close the enquiry" in words
        link = next(link for link in page.main.all("a") if link.text == "wait longer")
        slip = officer.post_form(link["href"], {"wait_until-day": "5"})
        assert slip.page.errors == ["The day must include a month and year"]
        day = {"wait_until-day": "26", "wait_until-month": "2", "wait_until-year": "2027"}
        text = officer.follow(officer.post_form(link["href"], {**day, "note": "On holiday"})).page.main.text
    assert "Waiting longer for an answer" in text
    assert "Until: 26 Feb 2027" in text
    assert "On holiday" in text


def test_a_household_is_paused_on_its_page(sign_in, db, at):
    reference = household(db)
    with time_machine.travel(at, tick=False):
        officer = sign_in("fostering")
        address = f"/staff/fostering/{reference}/move/KIT"
        day = {"kit_review_on-day": "5", "kit_review_on-month": "1", "kit_review_on-year": "2027"}
        late = officer.post_form(address, {**day, "kit_review_on-year": "2026"})
        assert late.page.errors == ["The review date must be in the future"]
        text = officer.follow(officer.post_form(address, day)).page.main.text
    assert "Recorded: Keep in touch. Next action due 5 Jan 2027, 5pm" in text
    assert "We ask again: 5 Jan 2027" in text
    assert "Take up again" in text
