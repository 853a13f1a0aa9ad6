"""Every enquiry ever accepted is in one of open, keep in touch, closed, approved; all counts agree."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import AuditEvent
from portal.core.errors import InvalidInput, InvalidTransition
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up import exports, queries
from portal.fostering.follow_up.contacts import Contact
from portal.fostering.follow_up.counts.queries import queue_counts
from portal.fostering.follow_up.filters import ExportFilters, QueueFilters
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.follow_up.service import record_contact
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import (
    ActivityKind,
    CallOutcome,
    Channel,
    Stage,
    Status,
    VisitMode,
    VisitOutcome,
)
from portal.fostering.pipeline import NEXT, codes_for, status_in
from portal.fostering.service import accept_enquiry
from tests.fostering.households import answers
from tests.support.builders import make_staff

COUNCIL = load_council()
TEAM = COUNCIL.fostering
HOUSEHOLDS = 24
STEPS = 10


def facts_for(stage, at):
    """What a careful colleague would enter."""
    visit = {"visit_mode": VisitMode.HOME}
    return {
        Stage.VISIT_BOOKED: {"visit_booked_for": at + timedelta(hours=30), **visit},
        Stage.VISIT_DONE: {"visit_done_at": at, "visit_outcome": VisitOutcome.PROCEED, **visit},
        Stage.APPLICATION_INVITED: {"roi_sent_at": at},
        Stage.APPLICATION_ACCEPTED: {"application_at": at},
        Stage.STAGE_ONE: {
            "stage1_start": at.date(),
            "stage1_info_complete_at": at,
            "stage1_decision_at": at,
        },
        Stage.STAGE_TWO: {"stage2_start": at.date()},
        Stage.PANEL: {"panel_at": at, "panel_recommendation": "APPROVE"},
        Stage.DECISION: {"adm_at": at},
        Stage.APPROVED: {"decision_notice_at": at, "approved_at": at},
        Stage.KEEP_IN_TOUCH: {"kit_review_on": (at + timedelta(days=60)).date()},
    }.get(stage, {})


class Team:
    """Works on random households, with the services that the pages call."""

    def __init__(self, db, app, seed):
        self.db, self.app, self.dice = db, app, random.Random(seed)  # noqa: S311  # a test's dice
        with db.transaction() as session:
            person = make_staff(session, role="fostering_manager")
        allowed = ROLE_PERMISSIONS["fostering_manager"]
        self.by = Actor(id=person.id, name=person.name, kind="staff", permissions=allowed)

    def accept(self, number, at):
        told = answers(last_name=f"Specimen{number}", email=f"n{number}@example.com")
        with self.app.app_context(), self.db.transaction() as session:
            accept_enquiry(
                session,
                told,
                {"sections": []},
                submission_key=f"reconciliation-{number}",
                channel=Channel.WEB,
                by=Actor.visitor(),
                at=at,
                council=COUNCIL,
                form_version="test",
            )

    def work(self, at):
        """One step with one household, possible or not; what is refused must change nothing."""
        try:
            with self.db.transaction() as session:
                rows = session.scalars(select(Enquiry).order_by(Enquiry.id)).all()
                enquiry = self.dice.choice(rows)
                if self.dice.random() < 0.3:
                    outcome = self.dice.choice([CallOutcome.SPOKE, CallOutcome.NO_ANSWER])
                    self.call(session, enquiry, outcome, at)
                else:
                    self.move(session, enquiry, at)
        except (InvalidInput, InvalidTransition):
            pass

    def call(self, session, enquiry, outcome, at):
        made = Contact(kind=ActivityKind.CALL_OUT, outcome=outcome, happened_at=at)
        known = {"version": enquiry.version, "by": self.by, "at": at, "team": COUNCIL.fostering}
        record_contact(session, enquiry.public_ref, made, **known)

    def move(self, session, enquiry, at):
        likely = [*NEXT[enquiry.stage], *NEXT[enquiry.stage], *Stage]
        to = self.dice.choice(likely)
        code = self.dice.choice([*codes_for(enquiry.stage), *Closure]) if to is Stage.CLOSED else None
        other = session.scalars(select(Enquiry.public_ref).order_by(Enquiry.id).limit(1)).one()
        step = Move(to=to, facts=facts_for(to, at), code=code, original=other, note="")
        known = {"version": enquiry.version, "by": self.by, "at": at, "council": COUNCIL}
        move_enquiry(session, enquiry.public_ref, step, **known)


def everybody_listed(session, status, at):
    """Every reference of the list of one status, page by page."""
    found, after = [], None
    while True:
        page = queries.queue_page(
            session, QueueFilters(status=status, after=after), reader=1, at=at, team=TEAM
        )
        found += [row.public_ref for row in page.rows]
        after = page.next_after
        if after is None:
            return found


def check_agreement(session, at, by):
    accepted = set(
        session.scalars(select(AuditEvent.subject).where(AuditEvent.event == "fostering.enquiry_accepted"))
    )
    listed = {status: everybody_listed(session, status, at) for status in Status}
    together = [reference for references in listed.values() for reference in references]
    assert len(together) == len(set(together)), "an enquiry stands in two lists"
    assert set(together) == accepted, "an enquiry stands in no list"

    counts = queue_counts(session, at, reader=1, team=TEAM)
    sizes = {status: len(references) for status, references in listed.items()}
    assert counts.open == sizes[Status.OPEN]
    assert counts.keep_in_touch == sizes[Status.KEEP_IN_TOUCH]
    assert counts.closed == sizes[Status.CLOSED]
    assert counts.approved == sizes[Status.APPROVED]
    assert exports.export_count(session, ExportFilters(), by=by) == len(accepted)
    for status, size in sizes.items():
        assert exports.export_count(session, ExportFilters(statuses=(status,)), by=by) == size
    due = [
        len(queries.queue_page(session, QueueFilters(due=when), reader=1, at=at, team=TEAM).rows)
        for when in ("overdue", "today")
    ]
    assert [min(number, queries.PAGE_SIZE) for number in (counts.overdue, counts.today)] == due


def check_rows(session):
    """What a row says of itself fits together, and the history leads to where it stands."""
    last = {}
    for entry in session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)):
        if entry.to_stage is not None:
            assert entry.from_stage is last.get(entry.enquiry_id, Stage.NEW)
            last[entry.enquiry_id] = entry.to_stage
    for enquiry in session.scalars(select(Enquiry)):
        assert enquiry.stage is last.get(enquiry.id, Stage.NEW)
        assert enquiry.status is status_in(enquiry.stage)
        assert (enquiry.due_at is not None) == enquiry.is_open
        closed = enquiry.status is Status.CLOSED
        for name in ("closed_at", "closure_code", "retention_due_on"):
            assert (getattr(enquiry, name) is not None) == closed, name
        assert (enquiry.kit_review_on is not None) == (enquiry.status is Status.KEEP_IN_TOUCH)
        assert (enquiry.duplicate_of_id is not None) == (enquiry.closure_code is Closure.X02)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_enquiry_is_in_one_list_and_all_counts_agree(db, app, at, seed):
    team = Team(db, app, seed)
    for number in range(HOUSEHOLDS):
        team.accept(number, at + timedelta(minutes=number))
    moment = at + timedelta(days=1)
    for step in range(HOUSEHOLDS * STEPS):
        moment += timedelta(hours=5)
        team.work(moment)
        if step % 60 == 59:
            with db.reading() as session:
                check_agreement(session, moment, team.by)
    with db.reading() as session:
        check_rows(session)
        stages = Counter(session.scalars(select(Enquiry.status)))
        moved = session.scalar(select(func.count()).select_from(HistoryEntry)) or 0
    assert len(stages) >= 3, stages
    assert moved > HOUSEHOLDS
