"""The pipeline: every step of the table and no other, its facts, its clock, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import AuditEvent
from portal.core.errors import InvalidInput, InvalidTransition, NotFound, StaleEdit
from portal.council import load_council
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.refusals import possible_moves, refusal
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import Recommendation, Stage, Status, VisitMode, VisitOutcome
from portal.fostering.pipeline import BY_A_CONTACT, CORRECTED, NEXT
from tests.support.builders import make_enquiry, make_staff

COUNCIL = load_council()


def moment(*parts):
    """A London winter time, which is UTC."""
    return datetime(*parts, tzinfo=UTC)


def actor(person, role="fostering"):
    return Actor(id=person.id, name=person.name, kind="staff", permissions=ROLE_PERMISSIONS[role])


@pytest.fixture
def officer(db):
    with db.transaction() as session:
        return actor(make_staff(session))


@pytest.fixture
def move(db, officer):
    """Take a step with the version that is current."""

    def take(reference, to, *, at, version=None, by=officer, council=COUNCIL, **facts):
        step = Move(to=to, facts=facts)
        with db.transaction() as session:
            current = version or session.scalar(
                select(Enquiry.version).where(Enquiry.public_ref == reference)
            )
            move_enquiry(session, reference, step, version=current, by=by, at=at, council=council)
        return stored(db, reference)

    return take


def stored(db, reference):
    with db.reading() as session:
        return session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()


def household(db, **changes):
    with db.transaction() as session:
        return make_enquiry(session, **changes).public_ref


CALLED = {"stage": Stage.CALL_DONE, "initial_call_at": moment(2026, 11, 23, 10)}


def test_a_household_goes_all_the_way_and_each_clock_is_set(db, move, at):
    reference = household(db, **CALLED)
    visit = moment(2026, 12, 1, 14)
    steps = [
        # Booked: by closing time on the day of the visit.
        (at, Stage.VISIT_BOOKED, {"visit_booked_for": visit, "visit_mode": VisitMode.HOME}, (2026, 12, 1)),
        # Visited: five working days to tell them.
        (
            moment(2026, 12, 1, 16),
            Stage.VISIT_DONE,
            {"visit_done_at": visit, "visit_mode": VisitMode.HOME, "visit_outcome": VisitOutcome.PROCEED},
            (2026, 12, 8),
        ),
        # Form sent: ten working days, Christmas, Boxing Day and its substitute between them.
        (
            moment(2026, 12, 15, 10),
            Stage.APPLICATION_INVITED,
            {"roi_sent_at": moment(2026, 12, 15, 10)},
            (2026, 12, 31),
        ),
        # Applied: six months to the panel; 20 June 2027 is a Sunday, so the Friday before.
        (
            moment(2026, 12, 21, 9),
            Stage.APPLICATION_ACCEPTED,
            {"application_at": moment(2026, 12, 20, 12)},
            (2027, 6, 18),
        ),
        (moment(2027, 1, 4, 9), Stage.STAGE_ONE, {"stage1_start": date(2027, 1, 4)}, (2027, 6, 18)),
        # All Stage 1 information is in: the law's ten working days, over Easter.
        (
            moment(2027, 3, 22, 9),
            Stage.STAGE_ONE,
            {"stage1_info_complete_at": moment(2027, 3, 19, 12)},
            (2027, 4, 6),
        ),
        (
            moment(2027, 4, 1, 9),
            Stage.STAGE_ONE,
            {"stage1_decision_at": moment(2027, 4, 1, 9)},
            (2027, 6, 18),
        ),
        (moment(2027, 4, 2, 9), Stage.STAGE_TWO, {"stage2_start": date(2027, 4, 2)}, (2027, 6, 18)),
        # Panel: seven working days for the decision maker.
        (
            moment(2027, 6, 10, 12),
            Stage.PANEL,
            {"panel_at": moment(2027, 6, 10, 11), "panel_recommendation": Recommendation.APPROVE.value},
            (2027, 6, 21),
        ),
        (moment(2027, 6, 17, 12), Stage.DECISION, {"adm_at": moment(2027, 6, 17, 11)}, (2027, 6, 21)),
        # Told by word of mouth: the notice in writing is due five working days after the decision.
        (
            moment(2027, 6, 17, 15),
            Stage.DECISION,
            {"decision_told_at": moment(2027, 6, 17, 15)},
            (2027, 6, 24),
        ),
        # Told in writing: 28 days in which they can ask for a review.
        (
            moment(2027, 6, 18, 8),
            Stage.DECISION,
            {"decision_notice_at": moment(2027, 6, 18, 8)},
            (2027, 7, 16),
        ),
    ]
    for when, stage, facts, due in steps:
        enquiry = move(reference, stage, at=when, **facts)
        assert (enquiry.stage, enquiry.status) == (stage, Status.OPEN)
        hour = 17 if enquiry.due_at.month < 4 or due[1] == 12 else 16
        assert enquiry.due_at == moment(*due, hour), stage
        assert all(getattr(enquiry, name) == value for name, value in facts.items())
    approved = move(reference, Stage.APPROVED, at=moment(2027, 6, 18, 9), approved_at=moment(2027, 6, 18, 9))
    assert (approved.status, approved.due_at) == (Status.APPROVED, None)
    with db.reading() as session:
        entries = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)).all()
        events = session.scalars(select(AuditEvent).where(AuditEvent.event == "fostering.moved")).all()
    assert [entry.to_stage for entry in entries] == [*(step[1] for step in steps), Stage.APPROVED]
    assert len(events) == len(entries)


EVERYTHING = {
    "initial_call_at": moment(2026, 11, 23, 10),
    "visit_booked_for": moment(2026, 11, 24, 10),
    "visit_done_at": moment(2026, 11, 24, 10),
    "visit_outcome": VisitOutcome.PROCEED,
    "roi_sent_at": moment(2026, 11, 25, 10),
    "application_at": moment(2026, 11, 26, 10),
    "stage1_start": date(2026, 11, 26),
    "stage1_info_complete_at": moment(2026, 11, 26, 10),
    "stage1_decision_at": moment(2026, 11, 26, 10),
    "stage2_start": date(2026, 11, 26),
    "panel_at": moment(2026, 11, 27, 10),
    "adm_at": moment(2026, 11, 27, 11),
    "decision_notice_at": moment(2026, 11, 27, 12),
}


@pytest.mark.parametrize("here", Stage)
def test_what_is_not_in_the_table_is_refused_with_the_reason(db, at, officer, here):
    enquiry = Enquiry(stage=here, **EVERYTHING)
    manager = Actor(kind="staff", permissions=ROLE_PERMISSIONS["fostering_manager"])
    for there in Stage:
        why = refusal(enquiry, there, by=manager, panel=True)
        allowed = there in NEXT[here] and there not in BY_A_CONTACT
        again = there is here and here in CORRECTED
        assert (not why) == (allowed or again), (here, there, why)
    offered = possible_moves(enquiry, by=manager, panel=True)
    assert all(not refusal(enquiry, stage, by=manager, panel=True) for stage in offered)


@pytest.mark.parametrize("here", [stage for stage in Stage if Stage.DECISION not in NEXT[stage]])
def test_a_skipped_stage_changes_nothing(db, move, at, here):
    if here is Stage.DECISION:
        return
    status = {"CL": Status.CLOSED, "KIT": Status.KEEP_IN_TOUCH, "AP": Status.APPROVED}.get(here, Status.OPEN)
    more = {"closure_code": "Q00", "kit_review_on": date(2027, 1, 5)}
    reference = household(db, stage=here, status=status, **more)
    with pytest.raises(InvalidTransition) as refused:
        move(reference, Stage.DECISION, at=at, adm_at=at)
    assert "“Decision” can only follow “Panel”" in refused.value.facts["why"]
    assert here.label in refused.value.facts["why"]
    assert (stored(db, reference).stage, stored(db, reference).adm_at) == (here, None)


def test_without_a_panel_stage_two_leads_to_the_decision():
    enquiry = Enquiry(stage=Stage.STAGE_TWO)
    anybody = Actor(kind="staff")
    assert refusal(enquiry, Stage.DECISION, by=anybody, panel=True)
    assert not refusal(enquiry, Stage.DECISION, by=anybody, panel=False)
    assert refusal(enquiry, Stage.PANEL, by=anybody, panel=False) == "No enquiry can be moved to “Panel”."


def test_only_a_manager_invites_an_application_without_a_visit(db, move, at, officer):
    reference = household(db, **CALLED)
    with pytest.raises(InvalidTransition) as refused:
        move(reference, Stage.APPLICATION_INVITED, at=at, roi_sent_at=at)
    assert "Only a fostering manager" in refused.value.facts["why"]
    with db.transaction() as session:
        manager = actor(make_staff(session, role="fostering_manager"), "fostering_manager")
    assert move(reference, Stage.APPLICATION_INVITED, at=at, by=manager, roi_sent_at=at).roi_sent_at == at


@pytest.mark.parametrize("outcome", [VisitOutcome.NOT_NOW, VisitOutcome.NOT_SUITABLE])
def test_after_a_visit_that_ended_otherwise_nobody_is_invited(db, move, at, outcome):
    visited = {"visit_done_at": at, "visit_mode": VisitMode.HOME}
    reference = household(db, stage=Stage.VISIT_DONE, visit_outcome=outcome, **visited)
    with pytest.raises(InvalidTransition) as refused:
        move(reference, Stage.APPLICATION_INVITED, at=at, roi_sent_at=at)
    assert outcome.label in refused.value.facts["why"]
    move(reference, Stage.VISIT_DONE, at=at, visit_outcome=VisitOutcome.PROCEED, **visited)
    assert (
        move(reference, Stage.APPLICATION_INVITED, at=at, roi_sent_at=at).stage is Stage.APPLICATION_INVITED
    )


@pytest.mark.parametrize(
    "case",
    [
        ("E40", {"visit_booked_for": -timedelta(minutes=1)}, "visit_on", "The visit must be in the future"),
        ("E40", {"visit_booked_for": timedelta(days=91)}, "visit_on", "The visit must be within 90 days"),
        ("E40", {"visit_booked_for": timedelta(hours=17)}, "visit_time", "must be between 7am and 10pm"),
        ("E50", {"visit_done_at": timedelta(days=1)}, "visit_on", "must be today or in the past"),
        ("E50", {"visit_done_at": timedelta(hours=1)}, "visit_on", "The visit must be in the past"),
        ("E60", {"roi_sent_at": -timedelta(days=1)}, "sent_on", "on or after 23 November 2026"),
        ("A10", {"application_at": -timedelta(days=9)}, "received_on", "when the enquiry came"),
        ("A50", {"decision_told_at": timedelta(days=1)}, "told_on", "must be today or in the past"),
        ("A50", {"decision_notice_at": -timedelta(days=1)}, "notice_on", "on or after 23 November 2026"),
        ("AP", {"approved_at": timedelta(days=1)}, "approved_on", "must be today or in the past"),
    ],
)
def test_dates_that_cannot_be_are_refused_beside_their_field(db, move, at, case):
    stage, facts, field, words = case
    before = {"E40": "E30", "E50": "E40", "E60": "E50", "A10": "E60", "A50": "A50", "AP": "A50"}[stage]
    known = {"initial_call_at": at, "adm_at": at}
    reference = household(db, stage=Stage(before), received_at=at - timedelta(days=1), **known)
    with pytest.raises(InvalidInput) as refused:
        move(reference, Stage(stage), at=at, **{name: at + ahead for name, ahead in facts.items()})
    assert refused.value.field == field
    assert words in refused.value.message
    assert stored(db, reference).stage == before


def test_nobody_is_approved_before_they_were_told_in_writing(db, move, at):
    reference = household(db, stage=Stage.DECISION, adm_at=at, decision_told_at=at)
    with pytest.raises(InvalidInput) as refused:
        move(reference, Stage.APPROVED, at=at, approved_at=at)
    assert refused.value.field == "notice_on"
    assert stored(db, reference).stage is Stage.DECISION
    approved = move(reference, Stage.APPROVED, at=at, approved_at=at, decision_notice_at=at)
    assert (approved.status, approved.decision_notice_at) == (Status.APPROVED, at)


def test_a_panel_needs_the_decision_after_stage_one(db, move, at):
    reference = household(db, stage=Stage.STAGE_TWO, application_at=at, stage2_start=at.date())
    with pytest.raises(InvalidInput, match="422") as refused:
        move(reference, Stage.PANEL, at=at, panel_at=at)
    assert refused.value.message == "Record the decision after Stage 1 first"
    with pytest.raises(InvalidInput) as refused:
        move(reference, Stage.STAGE_TWO, at=at, stage1_decision_at=at)
    assert refused.value.field == "complete_on"


def test_without_a_panel_the_decision_needs_the_one_after_stage_one(db, move, at):
    team = replace(COUNCIL.fostering, panel_before_decision=False)
    council = replace(COUNCIL, fostering=team)
    reference = household(db, stage=Stage.STAGE_TWO, application_at=at, stage2_start=at.date())
    with pytest.raises(InvalidInput) as refused:
        move(reference, Stage.DECISION, at=at, council=council, adm_at=at)
    assert (refused.value.field, refused.value.message) == (
        "decided_on",
        "Record the decision after Stage 1 first",
    )
    with db.transaction() as session:
        wanted = select(Enquiry).where(Enquiry.public_ref == reference)
        session.scalars(wanted).one().stage1_decision_at = at
    assert move(reference, Stage.DECISION, at=at, council=council, adm_at=at).stage is Stage.DECISION


def test_the_day_of_all_information_cannot_be_taken_from_under_the_decision(db, move, at):
    dates = {"application_at": at, "stage1_info_complete_at": at, "stage1_decision_at": at}
    reference = household(db, stage=Stage.STAGE_ONE, **dates)
    with pytest.raises(InvalidInput) as refused:
        move(reference, Stage.STAGE_ONE, at=at, stage1_info_complete_at=None, stage1_decision_at=at)
    assert refused.value.field == "complete_on"
    both = dict.fromkeys(("stage1_info_complete_at", "stage1_decision_at"))
    assert move(reference, Stage.STAGE_ONE, at=at, **both).stage1_info_complete_at is None


def test_a_visit_that_is_put_off_moves_the_due_time_and_both_dates_are_kept(db, move, at):
    reference = household(db, **CALLED)
    mode = {"visit_mode": VisitMode.VIRTUAL}
    move(reference, Stage.VISIT_BOOKED, at=at, visit_booked_for=moment(2026, 11, 25, 10), **mode)
    later = moment(2026, 12, 3, 18)
    enquiry = move(reference, Stage.VISIT_BOOKED, at=at, visit_booked_for=later, **mode)
    # After closing time: due when it begins, since it cannot be done before.
    assert enquiry.due_at == later
    with db.reading() as session:
        facts = [entry.facts for entry in session.scalars(select(HistoryEntry).order_by(HistoryEntry.id))]
    assert [fact["visit_booked_for"][:10] for fact in facts] == ["2026-11-25", "2026-12-03"]


def test_whoever_read_an_older_version_is_told(db, move, at):
    reference = household(db)
    move(reference, Stage.CONTACTING, at=at)
    with pytest.raises(StaleEdit):
        move(reference, Stage.CONTACTING, at=at, version=1)
    with pytest.raises(NotFound):
        move("FOS-26-ZZZZZ", Stage.CONTACTING, at=at, version=1)


def test_taking_up_a_new_household_keeps_its_promised_time(db, move, at, officer):
    reference = household(db)
    due = stored(db, reference).due_at
    enquiry = move(reference, Stage.CONTACTING, at=at)
    assert (enquiry.owner_id, enquiry.due_at, enquiry.stage_since) == (officer.id, due, at)
