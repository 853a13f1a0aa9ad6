"""Demonstration enquiries: made-up households at every age and stage, so that each screen shows something.

They are marked as demonstration, sit at times relative to the moment of loading, and send no mail.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.queries import person_by_email
from portal.core.access import Actor
from portal.core.clock import london, london_instant
from portal.core.working_days import WorkingCalendar
from portal.council import Council
from portal.fostering import clocks
from portal.fostering.closures import CLOSED_BY_SERVICE
from portal.fostering.demo.households import HOUSEHOLDS, ORDINARY, Household
from portal.fostering.demo.past import load_demo_past
from portal.fostering.due import due_in_stage
from portal.fostering.enquire.forms import SendForm
from portal.fostering.enquire.journey import ENQUIRY
from portal.fostering.follow_up.concerns.options import PassedTo
from portal.fostering.follow_up.entering.forms import EnterForm
from portal.fostering.follow_up.entering.journey import ENTERING
from portal.fostering.guarding import restrict
from portal.fostering.history import note_history
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.options import MessageKind
from portal.fostering.messages.wording import BY_SERVICE
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import (
    CORE_CARE_TYPES,
    ActivityKind,
    CallOutcome,
    Channel,
    HistoryKind,
    Stage,
    Status,
    VisitMode,
    VisitOutcome,
)
from portal.fostering.service import insert_once, new_enquiry, note_acceptance
from portal.journeys.answers import Answers
from portal.journeys.engine import question_names
from portal.journeys.snapshot import build_snapshot

DEMO = Actor.system("demonstration data")
STATUS = {Stage.KEEP_IN_TOUCH: Status.KEEP_IN_TOUCH, Stage.CLOSED: Status.CLOSED}


def load_demo_enquiries(session: Session, at: datetime, council: Council) -> int:
    """Add the households to a database without enquiries; returns how many were added."""
    if session.scalar(select(Enquiry.id).limit(1)) is not None:
        return 0
    for number, household in enumerate(HOUSEHOLDS):
        load_household(session, household, f"demonstration-{number}", council, at)
    load_demo_past(session, at)
    session.flush()
    return len(HOUSEHOLDS)


def load_household(session: Session, household: Household, key: str, council: Council, at: datetime) -> None:
    """One household with its enquiry as answered, and what has been done since."""
    calendar = clocks.team_calendar(council.fostering)
    answers = {**ORDINARY, **household.answers}
    received_at = at - timedelta(minutes=40)
    if household.received_ago:
        day = working_day_before(calendar, london(at).date(), household.received_ago)
        received_at = london_instant(day, household.received)
    by_staff = household.channel is not Channel.WEB
    by = somebody(session, "fostering@example.org") if by_staff else DEMO
    enquiry = new_enquiry(
        answers,
        snapshot_of(answers, council, came_by=household.channel if by_staff else None, at=received_at),
        submission_key=key,
        channel=household.channel,
        by=by,
        at=received_at,
        council=council,
        form_version=ENQUIRY.version,
    )
    enquiry.demonstration = True
    enquiry.stage = household.stage
    insert_once(session, enquiry, council)
    note_acceptance(session, enquiry, by=by, at=enquiry.received_at)
    for name, value in household.more.items():
        setattr(enquiry, name, value)
    add_attempts(session, enquiry, household, calendar, at)
    add_progress(enquiry, household, calendar, at, council)
    add_messages(session, enquiry, at, council)
    if household.restricted:
        add_concern(session, enquiry, somebody(session, "fostering.manager@example.org"), calendar, at)


def somebody(session: Session, email: str) -> Actor:
    """One of the fictional staff, where they were loaded."""
    person = person_by_email(session, email)
    return Actor(id=person.id, name=person.name, email=person.email, kind="staff") if person else DEMO


def add_concern(
    session: Session, enquiry: Enquiry, by: Actor, calendar: WorkingCalendar, at: datetime
) -> None:
    """A concern that was raised and passed on: the record is restricted, and kept from retention."""
    read_at = london_instant(calendar.add(london(enquiry.received_at).date(), 1), time(12))
    passed_at = read_at + timedelta(minutes=25)
    enquiry.words_read_at = enquiry.concern_at = read_at
    enquiry.concern_passed_at = passed_at
    note_history(session, enquiry, HistoryKind.CONCERN, by=by, at=read_at)
    restrict(session, enquiry, by=by, at=read_at)
    facts = {"passed_to": PassedTo.CHILDREN.value, "passed_at": passed_at}
    note_history(session, enquiry, HistoryKind.PASSED_ON, by=by, at=passed_at, facts=facts)


def working_day_before(calendar: WorkingCalendar, day: date, count: int) -> date:
    """The working day so many working days earlier."""
    while count:
        day -= timedelta(days=1)
        count -= calendar.is_working_day(day)
    return day


def snapshot_of(
    answers: dict[str, Any], council: Council, *, came_by: Channel | None, at: datetime
) -> dict[str, Any]:
    """The questions and answers as the household would have seen them, or whoever typed them in."""
    journey = ENTERING if came_by else ENQUIRY
    given = {**answers, "channel": came_by.value, "arrived": "now"} if came_by else answers
    pages = {
        step.slug: {name: given[name] for name in question_names(step.form) if name in given}
        for step in journey.steps
    }
    facts = {
        "care_types": (*CORE_CARE_TYPES, *council.fostering.care_types),
        "evening_calls": council.fostering.evening_calls,
        "now": at,
    }
    said = {"notice_given": True} if came_by else {"privacy_seen": True, "true_to_best": True}
    final = (EnterForm if came_by else SendForm).from_answers(said)
    return build_snapshot(journey, Answers(steps=pages), facts, final)


def add_attempts(
    session: Session, enquiry: Enquiry, household: Household, calendar: WorkingCalendar, at: datetime
) -> None:
    """The calls made so far."""
    first_day = london(enquiry.received_at).date()
    for attempt in household.attempts:
        called_at = london_instant(calendar.add(first_day, attempt.days_after), attempt.moment)
        called_at = min(called_at, at - timedelta(minutes=5))
        session.add(
            Activity(
                enquiry_id=enquiry.id,
                at=called_at,
                kind=ActivityKind.CALL_OUT,
                outcome=attempt.outcome,
                by_name=DEMO.name,
            )
        )
        enquiry.attempts += 1
        enquiry.first_attempt_at = enquiry.first_attempt_at or called_at
        if attempt.outcome is CallOutcome.WRONG_NUMBER:
            enquiry.phone_wrong_at = called_at
        if attempt.outcome is CallOutcome.SPOKE:
            enquiry.first_contact_at = enquiry.initial_call_at = called_at
            enquiry.pack_settled_at = called_at
            session.add(
                Activity(enquiry_id=enquiry.id, at=called_at, kind=ActivityKind.INFO_PACK, by_name=DEMO.name)
            )


def add_progress(
    enquiry: Enquiry, household: Household, calendar: WorkingCalendar, at: datetime, council: Council
) -> None:
    """The dates that the stage brings with it, and when the next action is due."""
    today = london(at).date()
    enquiry.status = STATUS.get(household.stage, Status.OPEN)
    if household.due_in is not None:
        day = calendar.add(today, household.due_in) if household.due_in >= 0 else None
        day = day or working_day_before(calendar, today, -household.due_in)
        enquiry.due_at = london_instant(day, calendar.closes)
    if household.stage is Stage.VISIT_BOOKED:
        enquiry.visit_booked_for = london_instant(calendar.add(today, 3), time(14))
        enquiry.visit_mode = VisitMode.HOME
    if household.stage in (Stage.VISIT_DONE, Stage.STAGE_ONE):
        visited_on = calendar.add(london(enquiry.received_at).date(), 12)
        visited_on = min(visited_on, working_day_before(calendar, today, 3))
        enquiry.visit_done_at = london_instant(visited_on, time(10))
        enquiry.visit_mode, enquiry.visit_outcome = VisitMode.HOME, VisitOutcome.PROCEED
    if household.stage is Stage.STAGE_ONE:
        applied_on = working_day_before(calendar, today, 20)
        enquiry.roi_sent_at = london_instant(working_day_before(calendar, applied_on, 8), time(11))
        enquiry.application_at, enquiry.stage1_start = london_instant(applied_on, time(11)), applied_on
        enquiry.stage1_info_complete_at = london_instant(working_day_before(calendar, today, 3), time(11))
        enquiry.case_system_ref = "CASE-0000"
    if household.stage in (Stage.VISIT_DONE, Stage.STAGE_ONE):
        enquiry.due_at = due_in_stage(enquiry, council.fostering)
    if household.stage is Stage.KEEP_IN_TOUCH:
        enquiry.kit_review_on = london(enquiry.due_at or at).date()
    if household.closure is not None:
        closed_on = working_day_before(calendar, today, household.closed_ago)
        enquiry.closure_code, enquiry.closed_at = household.closure, london_instant(closed_on, time(12))
        enquiry.retention_due_on = clocks.retention_due_on(household.closure, closed_on, council.retention)
        enquiry.due_at = None
        enquiry.letter_owed_since = enquiry.closed_at if household.closure in CLOSED_BY_SERVICE else None


def add_messages(session: Session, enquiry: Enquiry, at: datetime, council: Council) -> None:
    """A letter that waits for somebody to read and send it, where the service has closed an enquiry."""
    reason = BY_SERVICE.get(enquiry.closure_code) if enquiry.closure_code else None
    if reason is None:
        return
    session.flush()
    words = f"Hello,\n\nWe cannot go on with your enquiry at present.\n\n{reason}\n\n{council.name}\n"
    letter = FamilyMessage(
        enquiry_id=enquiry.id,
        kind=MessageKind.CLOSING,
        closure_code=enquiry.closure_code,
        about_at=enquiry.closed_at,
        subject=f"Your enquiry {enquiry.public_ref}",
        body=words,
        written_at=enquiry.closed_at or at,
        written_by_name=DEMO.name,
    )
    session.add(letter)
