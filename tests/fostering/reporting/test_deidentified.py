"""Rows without anybody in them: nothing that was written, no day, and the same figures as before."""

import re
from dataclasses import asdict, fields
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up.contacts import Contact
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.follow_up.service import record_contact
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import ActivityKind, Area, CallOutcome, Channel, NextStep, Stage, Status
from portal.fostering.reporting.deidentified import DeidentifiedRow, deidentified
from portal.fostering.reporting.models import AnonymousEnquiry
from portal.fostering.reporting.outcomes import Place
from portal.fostering.reporting.queries import Asked, counted_applications, counted_between, current_rules
from portal.fostering.reporting.service import keep_row
from tests.fostering.follow_up.test_reconciliation import facts_for
from tests.support.builders import make_enquiry, make_staff

COUNCIL = load_council()
TEAM = COUNCIL.fostering

WORDS = {
    "public_ref": "FOS-26-B4BBL",
    "first_name": "Zoë",
    "last_name": "Quixotic",
    "second_first_name": "Wren",
    "second_last_name": "Quixotic",
    "email": "zoe.quixotic@example.com",
    "phone": "+447700900999",
    "postcode": "SO14 7LY",
    "motivation": "The house is quiet.",
    "contact_needs": "Large print",
    "heard_detail": "The stall",
    "current_agency": "Made-up Fostering",
    "hub_ref": "HUB-77",
    "case_system_ref": "CASE-77",
    "utm_campaign": "spring-fair",
    "submission_key": "submission-77",
    "household_key": "household-77",
}


def row_of(enquiry, at, **more):
    return deidentified(enquiry, at=at, team=TEAM, **more)


def flat(value):
    """Every value in a row, however deep."""
    if isinstance(value, dict):
        return [part for one in value.values() for part in flat(one)]
    if isinstance(value, list | tuple):
        return [part for one in value for part in flat(one)]
    return [value]


def test_a_row_holds_nothing_that_was_written_and_no_day(db, at):
    with db.transaction() as session:
        full = {
            name: at + timedelta(days=number)
            for number, name in enumerate(
                (
                    "first_attempt_at",
                    "first_contact_at",
                    "visit_done_at",
                    "application_at",
                    "panel_at",
                    "adm_at",
                )
            )
        }
        enquiry = make_enquiry(
            session, **WORDS, **full, closed_at=at + timedelta(days=9), closure_code=Closure.ADN
        )
        enquiry.status, enquiry.stage, enquiry.due_at = Status.CLOSED, Stage.CLOSED, None
        values = flat(asdict(row_of(enquiry, at + timedelta(days=30))))
    assert not [value for value in values if isinstance(value, date | datetime)]
    texts = [str(value) for value in values if isinstance(value, str)]
    assert not [text for text in texts for word in WORDS.values() if word.casefold() in text.casefold()]
    assert not [text for text in texts if re.search(r"\d{4}-\d{2}-\d{2}", text)]
    assert "2026-11" in texts


def test_a_row_says_how_long_things_took_in_london_days(db):
    received = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)  # the clocks go forward on the 29th
    with db.transaction() as session:
        enquiry = make_enquiry(
            session,
            received_at=received,
            sla_due_at=datetime(2026, 3, 30, 16, 0, tzinfo=UTC),
            first_attempt_at=datetime(2026, 3, 29, 23, 15, tzinfo=UTC),  # London: 00:15 on the 30th
            first_contact_at=datetime(2026, 4, 2, 9, 0, tzinfo=UTC),
            spare_bedrooms=4,
        )
        row = row_of(enquiry, received + timedelta(days=30))
    assert (row.fy, row.received_month) == (2025, "2026-03")
    assert (row.hours_to_first_attempt, row.days_to_first_attempt, row.days_to_contact) == (47, 3, 6)
    assert row.spare_bedrooms_band == "3+"
    assert row.attempt_on_time is True
    assert row.contact_on_time is True
    assert row.furthest_stage is Stage.CALL_DONE


def test_a_target_that_is_still_open_is_neither_kept_nor_missed(db, at):
    due = at + timedelta(days=1)
    with db.transaction() as session:
        waiting = make_enquiry(session, sla_due_at=due)
        gone = make_enquiry(session, sla_due_at=due, closed_at=at + timedelta(hours=2))
        pack = make_enquiry(session, sla_due_at=due, next_step=NextStep.INFO_PACK_ONLY)
        for enquiry in (waiting, gone, pack):
            assert row_of(enquiry, due).attempt_on_time is None
        later = due + timedelta(days=20)
        assert row_of(waiting, due + timedelta(seconds=1)).attempt_on_time is False
        assert row_of(gone, later).attempt_on_time is None, "closed before it fell due"
        assert row_of(waiting, later).contact_on_time is False
        assert row_of(pack, later).contact_on_time is None, "asked that nobody calls"


@pytest.mark.parametrize(("number", "told"), [(5, Area.IOW), (4, None)])
def test_the_area_of_few_is_not_kept(db, at, number, told):
    with db.transaction() as session:
        ids = [make_enquiry(session, received_at=at, area=Area.IOW).id for _ in range(number)]
        make_enquiry(session, received_at=at - timedelta(days=400), area=Area.IOW)  # the year before
    let_go(db, ids[0], at=at)
    with db.reading() as session:
        assert session.scalars(select(AnonymousEnquiry.area)).one() is told


def test_a_kept_row_comes_back_as_it_went(db, at):
    with db.transaction() as session:
        enquiry = make_enquiry(
            session,
            care_types=["SHORT_TERM"],
            flags=["F_AGE"],
            channel=Channel.HUB,
            application_at=at + timedelta(days=3),
        )
        row = row_of(enquiry, at + timedelta(days=5), place=Place(repeats=True))
        session.add(AnonymousEnquiry.of(row))
    with db.reading() as session:
        kept = session.scalars(select(AnonymousEnquiry)).one()
        assert kept.row == row
        assert {name.name for name in fields(DeidentifiedRow)} == set(kept.__table__.columns.keys()) - {"id"}
    assert row.hub
    assert row.applications[0].applied_month == "2026-11"


def counted(session, at):
    asked = Asked(Actor.system("test"), at, current_rules(session), TEAM)
    found = [one.row for one in counted_between(session, "2026-04", "2027-03", asked, whole=True)]
    applied = [one.row for one in counted_applications(session, 2026, asked)]
    return found, applied


def let_go(db, *ids, at):
    with db.transaction() as session:
        enquiries = [session.get(Enquiry, identifier) for identifier in ids]
        for enquiry in enquiries:
            keep_row(session, enquiry, at=at, council=COUNCIL)
        session.execute(delete(Enquiry).where(Enquiry.id.in_(ids)))


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1]], ids=["oldest first", "newest first", "one"])
@pytest.mark.parametrize("together", [True, False], ids=["at once", "one by one"])
def test_a_household_counts_once_whatever_is_made_anonymous(db, at, order, together):
    with db.transaction() as session:
        ids = [
            make_enquiry(session, household_key="one", received_at=at + timedelta(days=day)).id
            for day in range(3)
        ]
        make_enquiry(session, household_key="one", received_at=at - timedelta(days=300))  # the year before
    later = at + timedelta(days=60)
    for part in [order] if together else [[number] for number in order]:
        let_go(db, *(ids[number] for number in part), at=later)
        with db.reading() as session:
            rows, _ = counted(session, later)
            assert len(rows) == 3
            assert [row.repeats for row in rows].count(False) == 1


@pytest.mark.parametrize("code", [Closure.X02, Closure.X03, Closure.X09])
def test_who_has_applied_counts_for_whatever_reason_they_were_closed_later(db, at, code):
    later = at + timedelta(days=60)
    closed = {"status": Status.CLOSED, "stage": Stage.CLOSED, "due_at": None, "closed_at": later}
    closed["closure_code"] = code
    applied = {"application_at": at + timedelta(days=9)}
    with db.transaction() as session:
        for days, changes in ((0, applied | closed), (20, {})):
            make_enquiry(session, household_key="one", received_at=at + timedelta(days=days), **changes)
        for days, changes in ((30, closed), (40, {})):
            make_enquiry(session, household_key="two", received_at=at + timedelta(days=days), **changes)
    with db.reading() as session:
        rules, (rows, _) = current_rules(session), counted(session, later)
        first = session.scalars(select(Enquiry.id).order_by(Enquiry.received_at)).first()
    stands = [(rules.counts(row), row.repeats) for row in rows]
    assert stands == [(True, False), (True, True), (False, False), (True, False)]
    let_go(db, first, at=later)
    with db.reading() as session:
        rows, _ = counted(session, later)
    assert sum(rules.is_household(row) for row in rows) == 2


class Household:
    """One that is worked with the services that the pages call."""

    def __init__(self, db, at):
        self.db, self.at = db, at
        with db.transaction() as session:
            person = make_staff(session, role="fostering_manager")
            self.reference = make_enquiry(session, received_at=at).public_ref
        allowed = ROLE_PERMISSIONS["fostering_manager"]
        self.by = Actor(id=person.id, name=person.name, kind="staff", permissions=allowed)

    def known(self, session):
        version = session.scalar(select(Enquiry.version).where(Enquiry.public_ref == self.reference))
        return {"version": version, "by": self.by, "at": self.at}

    def talk(self):
        made = Contact(kind=ActivityKind.CALL_OUT, outcome=CallOutcome.SPOKE, happened_at=self.at)
        with self.db.transaction() as session:
            record_contact(session, self.reference, made, **self.known(session), team=TEAM)

    def move(self, *stages, code=None, days=1):
        for stage in stages:
            self.at += timedelta(days=days)
            step = Move(
                to=stage, facts=facts_for(stage, self.at), code=code if stage is Stage.CLOSED else None
            )
            with self.db.transaction() as session:
                move_enquiry(session, self.reference, step, **self.known(session), council=COUNCIL)

    def apply(self):
        self.talk()
        self.move(Stage.APPLICATION_INVITED, Stage.APPLICATION_ACCEPTED)

    def row(self):
        with self.db.reading() as session:
            enquiry = session.scalars(select(Enquiry).where(Enquiry.public_ref == self.reference)).one()
            history = session.scalars(select(HistoryEntry).order_by(HistoryEntry.at, HistoryEntry.id)).all()
            return deidentified(enquiry, history, at=self.at, team=TEAM)


def test_who_withdraws_and_applies_again_has_two_applications(db, at):
    household = Household(db, at)
    household.apply()
    household.move(Stage.CLOSED, code=Closure.AW3, days=10)
    first = household.row().applications
    assert [(one.applied_month, one.ended_month, one.outcome) for one in first] == [
        ("2026-11", "2026-12", "AW3")
    ]
    household.move(Stage.CONTACTING, days=100)
    assert household.row().applications == first, "taken up again, it was withdrawn all the same"

    household.apply()
    household.move(Stage.STAGE_ONE, Stage.STAGE_TWO, Stage.PANEL, Stage.DECISION, Stage.APPROVED, days=40)
    again = household.row().applications
    assert again[0] == first[0]
    assert (again[1].outcome, again[1].days_to_decision, again[1].in_time) == ("AP", 160, True)
    assert household.row().furthest_stage is Stage.APPROVED


def test_a_panel_after_eight_months_is_late_by_a_day(db, at):
    with db.transaction() as session:
        applied = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
        late = make_enquiry(
            session,
            received_at=applied,
            application_at=applied,
            panel_at=datetime(2026, 9, 16, 9, tzinfo=UTC),
        )
        (application,) = row_of(late, at).applications
        assert application.in_time is False
        late.panel_at = datetime(2026, 9, 15, 20, tzinfo=UTC)
        (application,) = row_of(late, at).applications
        assert application.in_time is True


def test_what_is_kept_counts_as_it_did(db, at):
    household = Household(db, at)
    household.apply()
    household.move(Stage.CLOSED, code=Closure.AW1, days=30)
    later = household.at + timedelta(days=1)
    with db.transaction() as session:
        for number in range(5):
            make_enquiry(session, received_at=at + timedelta(days=number), area=Area.SOTON)
        session.scalars(
            select(Enquiry).where(Enquiry.public_ref == household.reference)
        ).one().area = Area.SOTON
    with db.reading() as session:
        before = counted(session, later)
        identifier = session.scalar(select(Enquiry.id).where(Enquiry.public_ref == household.reference))
    let_go(db, identifier, at=later)
    with db.reading() as session:
        after = counted(session, later)
    for kind, found in zip(before, after, strict=True):
        assert sorted(map(repr, kind)) == sorted(map(repr, found))
    assert len(after[1]) == 1
