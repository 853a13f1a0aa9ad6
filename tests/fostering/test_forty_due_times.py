"""Due times checked by hand, one household each, through the real services and the queue (domain §§6 and 11).

All times are London's. The expected ones were counted on a calendar, not by the code. Bank holidays: Good
Friday 3 April and Easter Monday 6 April 2026, 4 and 25 May, 31 August, 25 and 28 December 2026, 1 January, 26
and 29 March and 3 May 2027. The clocks change on 29 March and 25 October 2026 and 28 March 2027.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.database import Database
from portal.council import Council, load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up import queries
from portal.fostering.follow_up.contacts import Contact
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.follow_up.service import record_contact
from portal.fostering.models import Enquiry
from portal.fostering.options import (
    ActivityKind,
    CallOutcome,
    Channel,
    Stage,
    Status,
    VisitMode,
    VisitOutcome,
)
from portal.fostering.service import accept_enquiry
from tests.fostering.households import answers
from tests.support.builders import make_staff
from tests.support.client import Answer
from tests.support.people import SignIn

LONDON = ZoneInfo("Europe/London")
COUNCIL = load_council()
TEAM = COUNCIL.fostering
CHRISTMAS = (date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31))
BETWEEN_THE_YEARS = replace(COUNCIL, fostering=replace(COUNCIL.fostering, extra_closed_days=CHRISTMAS))


def at(text: str) -> datetime:
    """An instant by a London clock."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@dataclass
class Household:
    """One enquiry, and what is done with it."""

    session: Session
    enquiry: Enquiry
    by: Actor
    council: Council

    def contact(self, when: str, outcome: CallOutcome | None, kind: ActivityKind, back: str) -> None:
        called = Contact(
            kind=kind, outcome=outcome, happened_at=at(when), call_back_at=at(back) if back else None
        )
        ref, version, team = self.enquiry.public_ref, self.enquiry.version, self.council.fostering
        record_contact(self.session, ref, called, version=version, by=self.by, at=at(when), team=team)
        self.session.flush()

    def move(self, when: str, to: Stage, facts: dict[str, Any], code: Closure | None) -> None:
        ref, version = self.enquiry.public_ref, self.enquiry.version
        step = Move(to=to, facts=facts, code=code)
        move_enquiry(self.session, ref, step, version=version, by=self.by, at=at(when), council=self.council)
        self.session.flush()


Step = Callable[[Household], None]


def call(
    when: str, outcome: CallOutcome | None = CallOutcome.NO_ANSWER, kind: ActivityKind = ActivityKind.CALL_OUT
) -> Step:
    return lambda household: household.contact(when, outcome, kind, "")


def call_back(when: str, back: str) -> Step:
    return lambda household: household.contact(when, CallOutcome.CALL_BACK_AT, ActivityKind.CALL_OUT, back)


def written(when: str, kind: ActivityKind) -> Step:
    return call(when, None, kind)


def spoke(when: str) -> Step:
    return call(when, CallOutcome.SPOKE)


def move(when: str, to: Stage, code: Closure | None = None, **facts: Any) -> Step:
    return lambda household: household.move(when, to, facts, code)


def booked(visit: str) -> tuple[Step, ...]:
    """Spoken to on Tuesday 24 November, when the visit was booked."""
    facts = {"visit_booked_for": at(visit), "visit_mode": VisitMode.HOME}
    return (spoke("2026-11-24T11:00"), move("2026-11-24T12:00", Stage.VISIT_BOOKED, **facts))


def visited(visit: str, recorded: str) -> tuple[Step, ...]:
    facts = {
        "visit_done_at": at(visit),
        "visit_mode": VisitMode.HOME,
        "visit_outcome": VisitOutcome.PROCEED,
    }
    return (*booked(visit), move(recorded, Stage.VISIT_DONE, **facts))


def invited(sent: str) -> tuple[Step, ...]:
    seen = visited("2026-11-25T10:00", "2026-11-25T12:00")
    return (*seen, move(sent, Stage.APPLICATION_INVITED, roi_sent_at=at(sent)))


APPLIED = (
    *invited("2026-11-26T12:00"),
    move("2026-11-30T12:00", Stage.APPLICATION_ACCEPTED, application_at=at("2026-11-30T12:00")),
)
STARTED = {"stage1_start": date(2026, 12, 1), "stage1_info_complete_at": at("2026-12-10T12:00")}
COMPLETE = (*APPLIED, move("2026-12-10T13:00", Stage.STAGE_ONE, **STARTED))
DECIDED = (
    *COMPLETE,
    move("2026-12-15T13:00", Stage.STAGE_ONE, **STARTED, stage1_decision_at=at("2026-12-15T12:00")),
)
STAGE_TWO = (*DECIDED, move("2026-12-16T12:00", Stage.STAGE_TWO, stage2_start=date(2026, 12, 16)))
PANEL = (
    *STAGE_TWO,
    move(
        "2026-12-22T13:00",
        Stage.PANEL,
        panel_at=at("2026-12-22T12:00"),
        panel_recommendation="APPROVE",
    ),
)
OUTCOME = {"adm_at": at("2026-12-23T12:00")}
DECISION = (*PANEL, move("2026-12-23T13:00", Stage.DECISION, **OUTCOME))


def told(spoken: str, written_on: str | None = None) -> tuple[Step, ...]:
    facts = {**OUTCOME, "decision_told_at": at(spoken)}
    if written_on:
        facts["decision_notice_at"] = at(written_on)
    return (*DECISION, move(written_on or spoken, Stage.DECISION, **facts))


def kept_in_touch(review_on: date) -> tuple[Step, ...]:
    facts = {"kit_review_on": review_on}
    return (spoke("2026-11-24T11:00"), move("2026-11-24T12:00", Stage.KEEP_IN_TOUCH, **facts))


MONDAY = "2026-11-23T10:00"
PACK = "the information pack only"

CASES: tuple[tuple[str, str, tuple[Step, ...], str], ...] = (
    # The first contact: one working day
    ("§11: a minute before closing on Maundy Thursday", "2026-04-02T16:59", (), "2026-04-07T17:00"),
    ("§11: a minute after closing on Maundy Thursday", "2026-04-02T17:01", (), "2026-04-08T17:00"),
    ("at closing time to the minute", "2026-04-02T17:00", (), "2026-04-08T17:00"),
    ("§6: the morning of Christmas Eve", "2026-12-24T09:00", (), "2026-12-29T17:00"),
    ("§6: the Friday before the August bank holiday", "2026-08-28T10:00", (), "2026-09-01T17:00"),
    ("an ordinary Monday", MONDAY, (), "2026-11-24T17:00"),
    ("Friday night", "2026-11-27T21:00", (), "2026-12-01T17:00"),
    ("Saturday", "2026-11-28T11:00", (), "2026-12-01T17:00"),
    ("Friday at noon before summer time", "2026-03-27T12:00", (), "2026-03-30T17:00"),
    ("the Sunday on which summer time begins", "2026-03-29T03:30", (), "2026-03-31T17:00"),
    ("the Friday before winter time", "2026-10-23T16:59", (), "2026-10-26T17:00"),
    ("the hour that comes twice", "2026-10-25T01:30", (), "2026-10-27T17:00"),
    ("New Year’s Eve", "2026-12-31T10:00", (), "2027-01-04T17:00"),
    ("New Year’s Eve, after closing", "2026-12-31T17:30", (), "2027-01-05T17:00"),
    ("New Year’s Day", "2027-01-01T12:00", (), "2027-01-05T17:00"),
    ("Christmas Day", "2026-12-25T08:00", (), "2026-12-30T17:00"),
    ("the Friday before the early May bank holiday", "2026-05-01T09:00", (), "2026-05-05T17:00"),
    ("the spring bank holiday itself", "2026-05-25T14:00", (), "2026-05-27T17:00"),
    ("five past midnight in summer, still May in UTC", "2026-06-01T00:05", (), "2026-06-02T17:00"),
    ("Easter and summer time at once", "2027-03-25T16:00", (), "2027-03-30T17:00"),
    # Tried, and not reached: the initial call by the third working day, then a day on
    ("no answer", MONDAY, (call("2026-11-24T11:00"),), "2026-11-26T17:00"),
    ("no answer twice", MONDAY, (call("2026-11-24T11:00"), call("2026-11-25T15:00")), "2026-11-26T17:00"),
    (
        "the wrong number",
        MONDAY,
        (call("2026-11-24T11:00", CallOutcome.WRONG_NUMBER),),
        "2026-11-26T17:00",
    ),
    ("tried on the Friday after", MONDAY, (call("2026-11-27T11:00"),), "2026-11-30T17:00"),
    ("tried after closing on the third day", MONDAY, (call("2026-11-26T17:30"),), "2026-11-30T17:00"),
    (
        "written to a week later",
        MONDAY,
        (call("2026-11-24T11:00"), written("2026-11-30T09:00", ActivityKind.EMAIL)),
        "2026-12-01T17:00",
    ),
    ("no answer over Christmas", "2026-12-24T09:00", (call("2026-12-29T10:00"),), "2026-12-31T17:00"),
    (
        "a voicemail over Easter",
        "2026-04-01T18:00",
        (call("2026-04-07T12:00", CallOutcome.VOICEMAIL),),
        "2026-04-09T17:00",
    ),
    (
        "asked to be called on Saturday",
        MONDAY,
        (call_back("2026-11-24T11:00", "2026-11-28T10:30"),),
        "2026-11-28T10:30",
    ),
    (
        "tried three times, twice by phone and once in writing: they have fifteen working days to answer",
        MONDAY,
        (
            call("2026-11-24T11:00"),
            call("2026-11-25T15:00"),
            written("2026-11-27T10:00", ActivityKind.EMAIL),
        ),
        "2026-12-15T17:00",
    ),
    # Spoken to: the visit in ten working days
    ("spoken to", MONDAY, (spoke("2026-11-24T11:00"),), "2026-12-08T17:00"),
    (
        "spoken to again, which starts no clock",
        MONDAY,
        (spoke("2026-11-24T11:00"), spoke("2026-11-30T15:00")),
        "2026-12-08T17:00",
    ),
    (
        "spoken to one evening before Christmas",
        "2026-12-17T10:00",
        (spoke("2026-12-17T18:10"),),
        "2027-01-06T17:00",
    ),
    # The visit, and the word about it: five working days (§6: Christmas Eve and five is 5 January)
    ("a visit in the afternoon", MONDAY, booked("2026-12-03T14:00"), "2026-12-03T17:00"),
    ("a visit in the evening", MONDAY, booked("2026-12-03T18:30"), "2026-12-03T18:30"),
    ("a visit on a Saturday", MONDAY, booked("2026-12-05T10:00"), "2026-12-05T17:00"),
    (
        "§6: visited on Christmas Eve",
        MONDAY,
        visited("2026-12-24T11:00", "2026-12-24T13:00"),
        "2027-01-05T17:00",
    ),
    (
        "asked for a call after the visit, which puts no visit off",
        MONDAY,
        (*booked("2026-12-03T14:00"), call_back("2026-11-30T10:00", "2026-12-10T10:00")),
        "2026-12-03T17:00",
    ),
    (
        "asked for another time than the one before: only the last one counts",
        MONDAY,
        (
            *booked("2026-12-08T14:00"),
            call_back("2026-11-30T10:00", "2026-12-02T10:00"),
            call_back("2026-12-02T10:05", "2026-12-04T10:30"),
        ),
        "2026-12-04T10:30",
    ),
    (
        "asked for a time after the visit then: the visit is next again",
        MONDAY,
        (
            *booked("2026-12-03T14:00"),
            call_back("2026-11-30T10:00", "2026-12-02T10:00"),
            call_back("2026-12-02T10:05", "2026-12-10T10:00"),
        ),
        "2026-12-03T17:00",
    ),
    (
        "written to after a visit: five working days more for the next step",
        MONDAY,
        (
            *visited("2026-12-03T14:00", "2026-12-03T16:00"),
            written("2026-12-07T10:00", ActivityKind.LETTER),
        ),
        "2026-12-17T17:00",
    ),
    (
        "called after a visit when they had asked for it: the letter is still owed",
        MONDAY,
        (
            *visited("2026-12-03T14:00", "2026-12-03T16:00"),
            call_back("2026-12-04T10:00", "2026-12-08T10:00"),
            spoke("2026-12-08T10:05"),
        ),
        "2026-12-10T17:00",
    ),
    (
        "the same once they were written to, which a call does not take back",
        MONDAY,
        (
            *visited("2026-12-03T14:00", "2026-12-03T16:00"),
            written("2026-12-07T10:00", ActivityKind.LETTER),
            call_back("2026-12-08T10:00", "2026-12-09T10:00"),
            spoke("2026-12-09T10:05"),
        ),
        "2026-12-17T17:00",
    ),
    # The application
    ("a form sent a week before Christmas", MONDAY, invited("2026-12-18T12:00"), "2027-01-06T17:00"),
    (
        "asked after the form in a talk: ten working days on",
        MONDAY,
        (*invited("2026-12-18T12:00"), spoke("2027-01-05T11:00")),
        "2027-01-19T17:00",
    ),
    (
        "nobody answered when asked after the form",
        MONDAY,
        (*invited("2026-12-18T12:00"), call("2027-01-05T11:00")),
        "2027-01-06T17:00",
    ),
    (
        "a call after the law’s time does not put the decision off",
        MONDAY,
        (*COMPLETE, call_back("2026-12-11T10:00", "2027-01-20T10:00")),
        "2026-12-24T17:00",
    ),
    (
        "a call before it is what comes next",
        MONDAY,
        (*COMPLETE, call_back("2026-12-11T10:00", "2026-12-14T10:30")),
        "2026-12-14T10:30",
    ),
    ("six months end on a Sunday", MONDAY, APPLIED, "2027-05-28T17:00"),
    ("all Stage 1 information is in", MONDAY, COMPLETE, "2026-12-24T17:00"),
    ("decided after Stage 1", MONDAY, DECIDED, "2027-05-28T17:00"),
    ("Stage 2", MONDAY, STAGE_TWO, "2027-05-28T17:00"),
    ("the panel sat before Christmas", MONDAY, PANEL, "2027-01-05T17:00"),
    ("decided the day before Christmas Eve", MONDAY, DECISION, "2026-12-29T17:00"),
    ("told by phone, so the notice in writing is next", MONDAY, told("2026-12-23T16:00"), "2027-01-04T17:00"),
    ("told by phone after that time", MONDAY, told("2026-12-31T10:00"), "2027-01-04T17:00"),
    (
        "talked to again after that, which starts no clock",
        MONDAY,
        (*told("2026-12-23T16:00"), spoke("2026-12-30T15:00")),
        "2027-01-04T17:00",
    ),
    (
        "told in writing: four weeks to ask for a review",
        MONDAY,
        told("2026-12-23T16:00", "2026-12-29T12:00"),
        "2027-01-26T17:00",
    ),
    (
        "which end on Easter Monday, in summer time",
        MONDAY,
        told("2026-12-23T16:00", "2027-03-01T12:00"),
        "2027-03-30T17:00",
    ),
    # Keep in touch, and taken up again
    ("a review on a Saturday", MONDAY, kept_in_touch(date(2027, 2, 20)), "2027-02-22T17:00"),
    ("a review on a bank holiday", MONDAY, kept_in_touch(date(2027, 5, 3)), "2027-05-04T17:00"),
    (
        "back from keep in touch on New Year’s Eve",
        MONDAY,
        (*kept_in_touch(date(2027, 2, 20)), move("2026-12-31T10:00", Stage.CONTACTING)),
        "2027-01-04T17:00",
    ),
    (
        "opened again on Christmas Eve",
        MONDAY,
        (
            move("2026-11-30T10:00", Stage.CLOSED, Closure.Q01),
            move("2026-12-24T10:00", Stage.CONTACTING),
        ),
        "2026-12-29T17:00",
    ),
    # The information pack only: the courtesy message thirty days on, on a working morning
    (PACK, MONDAY, (written("2026-11-24T11:00", ActivityKind.INFO_PACK),), "2026-12-23T09:00"),
    (
        f"{PACK}, thirty days on is Boxing Day",
        "2026-11-26T10:00",
        (written("2026-11-27T10:00", ActivityKind.INFO_PACK),),
        "2026-12-29T09:00",
    ),
    # The service’s own closed days
    ("closed between the years", "2026-12-24T09:00", (), "2027-01-04T17:00"),
)


def accept(session: Session, app: Flask, number: int) -> Household:
    """The household of a case, with everything done that the case says."""
    name, received, steps, _due = CASES[number]
    council = BETWEEN_THE_YEARS if name.startswith("closed between") else COUNCIL
    wishes = {"next_step": "INFO_PACK_ONLY"} if name.startswith(PACK) else {}
    told = answers(last_name=f"Case{number:02}", email=f"case{number}@example.com", **wishes)
    with app.app_context():
        enquiry = accept_enquiry(
            session,
            told,
            {"sections": []},
            submission_key=f"case-{number}",
            channel=Channel.WEB,
            by=Actor.visitor(),
            at=at(received),
            council=council,
            form_version="test",
        )
    session.flush()
    person = session.info["person"]
    by = Actor(
        id=person.id,
        name=person.name,
        kind="staff",
        permissions=ROLE_PERMISSIONS["fostering_manager"],
    )
    household = Household(session, enquiry, by, council)
    for step in steps:
        step(household)
    return household


@pytest.fixture
def households(db: Database, app: Flask) -> list[str]:
    """Every case’s household, in the order of the cases, by reference."""
    with db.transaction() as session:
        session.info["person"] = make_staff(session, role="fostering_manager")
        return [accept(session, app, number).enquiry.public_ref for number in range(len(CASES))]


def in_queue(session: Session) -> dict[str, datetime]:
    """Reference → due time, as the queue has them, page by page."""
    found: dict[str, datetime] = {}
    before = at("2026-01-01T09:00")
    for status in (Status.OPEN, Status.KEEP_IN_TOUCH):
        after = None
        while True:
            filters = QueueFilters(status=status, after=after)
            page = queries.queue_page(session, filters, reader=1, at=before, team=TEAM)
            found |= {row.public_ref: row.due_at for row in page.rows}
            after = page.next_after
            if after is None:
                break
    return found


def test_there_are_forty_cases_and_those_of_the_domain_are_among_them() -> None:
    names = [name for name, *_ in CASES]
    assert len(names) == len(set(names)) >= 40
    assert sum(name.startswith("§") for name in names) == 5


def test_the_queue_shows_the_due_time_that_was_counted_by_hand(db: Database, households: list[str]) -> None:
    with db.reading() as session:
        due = in_queue(session)
        stages = {one.public_ref: one.stage for one in session.scalars(select(Enquiry))}
    shown = {
        f"{name} ({stages[reference].label})": due[reference].astimezone(LONDON).isoformat()[:16]
        for (name, *_), reference in zip(CASES, households, strict=True)
    }
    wanted = {
        f"{name} ({stages[reference].label})": expected
        for (name, _, _, expected), reference in zip(CASES, households, strict=True)
    }
    assert shown == wanted


def cells(answer: Answer) -> dict[str, str]:
    """Reference → what the page says of when it is due."""
    found = {}
    for row in answer.page.all("tr")[1:]:
        due = next(cell for cell in row.all("td") if cell.get("data-label") == "Next action due")
        reference = next(word for word in row.text.split() if word.startswith("FOS-"))
        found[reference[:12]] = due.text.partition("Log a call")[0].strip()
    return found


def test_the_page_says_the_same(households: list[str], sign_in: SignIn) -> None:
    with time_machine.travel(at("2026-01-01T09:00"), tick=False):
        officer, said = sign_in("fostering"), {}
        for status in ("OPEN", "KEEP_IN_TOUCH"):
            address: str | None = f"/staff/fostering?which={status}"
            while address:
                page = officer.get(address)
                said |= cells(page)
                following = page.page.first("a", rel="next")
                address = following["href"] if following is not None else None
    wanted = {
        reference: in_words(expected)
        for (_, _, _, expected), reference in zip(CASES, households, strict=True)
    }
    assert said == wanted


def in_words(expected: str) -> str:
    """A time of the table as the page writes it; by other means than the page."""
    moment = datetime.fromisoformat(expected)
    hours = {17: "5pm", 9: "9am", 10: "10:30am", 18: "6:30pm"}
    return f"{moment.day} {moment.strftime('%b %Y')}, {hours[moment.hour]}"
