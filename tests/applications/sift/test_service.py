"""Changes of status, their undoing, many at once, and notes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications import transitions
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind, InterviewMode
from portal.applications.reasons import REASONS, essential_criteria, reason_words
from portal.applications.sift import queries, service
from portal.applications.sift.facts import KEPT
from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.errors import InvalidInput, InvalidTransition, NotFound, StaleEdit
from tests.support.applications import make_application
from tests.support.builders import AT, make_staff, make_vacancy

HR = Actor(
    id=None, name="Harper Example", kind="staff", roles=frozenset({"hr"}), permissions=ROLE_PERMISSIONS["hr"]
)
ADVERT = {
    "criteria": [
        {"wording": "Direct work with children", "importance": "essential", "assessed_by": []},
        {"wording": "A second language", "importance": "desirable", "assessed_by": []},
    ]
}

FACTS: dict[Status, dict[str, Any]] = {
    Status.NOT_SHORTLISTED: {"reasons": ["essential:1", "lower_score"]},
    Status.UNSUCCESSFUL_INTERVIEW: {"reasons": ["lower_score"]},
    Status.OFFER_WITHDRAWN: {"reasons": ["checks"]},
    Status.OFFER_DECLINED: {"reasons": ["salary"]},
    Status.INTERVIEW_INVITED: {"interview_at": AT + timedelta(days=7)},
    Status.STARTED: {"starts_on": AT.date()},
}
"""What each status needs to be entered."""


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """Answers are drawn with the application’s templates."""
    with app.app_context():
        yield


def made(session: Session, status: Status = Status.SUBMITTED, **changes: Any) -> Application:
    """A loaded application, as the page of a change has it; its candidate knows where it stands."""
    row = make_application(session, status=status, advert=ADVERT, **{"told_status": status, **changes})
    vacancy = session.get_one(type(row).vacancy.property.mapper.class_, row.vacancy_id)
    return queries.application_to_change(session, vacancy.reference, row.reference, by=HR)


def kept(application: Application) -> dict[str, Any]:
    return {name: getattr(application, name) for name in KEPT}


MOVES = [
    (status, to)
    for status in Status
    for to in transitions.onwards(status)
    if to not in (Status.WITHDRAWN, Status.POST_ENDED)
]  # fmt: skip


@pytest.mark.parametrize(("status", "to"), MOVES)
def test_each_move_of_the_table_is_made_and_undone_exactly(db: Database, status: Status, to: Status) -> None:
    with db.transaction() as session:
        application = made(session, status, status_since=AT - timedelta(days=1), outcome_reasons=["other"])
        before = kept(application)
        history = service.change_status(session, application, to, by=HR, at=AT, **FACTS.get(to, {}))
        assert (application.status, application.status_since) == (to, AT)
        assert application.outcome_reasons == FACTS.get(to, {}).get("reasons", [])
        later = AT + timedelta(hours=1)
        undone = service.undo_change(session, application, history.id, by=HR, at=later)
        assert kept(application) == before
        assert (undone.kind, undone.undoes_id) == (HistoryKind.UNDONE, history.id)
    with db.reading() as session:
        kinds = session.scalars(select(ApplicationHistory.kind).order_by(ApplicationHistory.id)).all()
        assert kinds == [HistoryKind.SUBMITTED, HistoryKind.STATUS, HistoryKind.UNDONE]
        events = session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)).all()
        assert events == ["application.moved", "application.move_undone"]


REFUSED = [
    (status, to)
    for status in Status
    for to in Status
    if (status, to) not in MOVES
]  # fmt: skip


def test_no_other_move_is_made(db: Database) -> None:
    with db.transaction() as session:
        applications = {status: made(session, status) for status in Status}
        for status, to in REFUSED:
            with pytest.raises(InvalidTransition) as refusal:
                service.change_status(session, applications[status], to, by=HR, at=AT)
            assert refusal.value.facts["why"]
        assert all(one.status is status for status, one in applications.items())


@pytest.mark.parametrize("to", REASONS)
def test_a_negative_outcome_needs_a_reason_that_belongs_to_it(db: Database, to: Status) -> None:
    status = next(status for status, after in MOVES if after is to)
    foreign = "salary" if to is not Status.OFFER_DECLINED else "lower_score"
    with db.transaction() as session:
        application = made(session, status)
        for reasons in ([], [foreign], ["nonsense"], ["withdrawn:1"]):
            with pytest.raises(InvalidInput) as refusal:
                service.change_status(session, application, to, by=HR, at=AT, reasons=reasons)
            assert refusal.value.field == "reasons"
        with pytest.raises(InvalidInput) as refusal:
            service.change_status(session, application, to, by=HR, at=AT, reasons=["other"], note="  ")
        assert refusal.value.field == "note"
        service.change_status(session, application, to, by=HR, at=AT, reasons=["other"], note="Moved away")


@pytest.mark.parametrize("reasons", [["essential"], ["essential:2"], ["essential:9"], ["essential:²"]])
def test_which_essential_criterion_is_not_met_must_be_said(db: Database, reasons: list[str]) -> None:
    with db.transaction() as session:
        application = made(session, Status.SIFTING)
        with pytest.raises(InvalidInput) as refusal:
            service.change_status(session, application, Status.NOT_SHORTLISTED, by=HR, at=AT, reasons=reasons)
        assert refusal.value.field == "criteria"
    words = reason_words(["essential:1", "lower_score"], ADVERT)
    assert words == [
        "Does not meet essential criteria: Direct work with children",
        "Lower score than others",
    ]


@pytest.mark.parametrize(
    ("status", "to", "field", "facts"),
    [
        (Status.SHORTLISTED, Status.INTERVIEW_INVITED, "interview_on", {}),
        (Status.SHORTLISTED, Status.INTERVIEW_INVITED, "interview_on", {"interview_at": AT}),
        (
            Status.SHORTLISTED,
            Status.INTERVIEW_INVITED,
            "interview_on",
            {"interview_at": AT + timedelta(days=400)},
        ),
        (
            Status.SHORTLISTED,
            Status.INTERVIEW_INVITED,
            "interview_place",
            {"interview_at": AT + timedelta(days=4), "interview_mode": InterviewMode.IN_PERSON},
        ),
        (Status.CLEARED, Status.STARTED, "starts_on", {}),
        (Status.CLEARED, Status.STARTED, "starts_on", {"starts_on": date(2027, 1, 1)}),
        (Status.SIFTING, Status.RESERVE, "note", {"note": "x" * 1001}),
        (Status.SIFTING, Status.RESERVE, "reasons", {"reasons": ["lower_score"]}),
    ],
)
def test_dates_that_cannot_be_are_refused_beside_their_field(
    db: Database, status: Status, to: Status, field: str, facts: dict[str, Any]
) -> None:
    with db.transaction() as session:
        application = made(session, status)
        with pytest.raises(InvalidInput) as refusal:
            service.change_status(session, application, to, by=HR, at=AT, **facts)
        assert refusal.value.field == field
        assert application.status is status


def test_the_facts_of_a_whole_way_to_the_first_day(db: Database) -> None:
    way = [
        *(Status.SIFTING, Status.SHORTLISTED, Status.INTERVIEW_INVITED, Status.INTERVIEWED),
        *(Status.OFFERED, Status.CHECKS, Status.CLEARED, Status.STARTED),
    ]
    with db.transaction() as session:
        application = made(session)
        for hours, to in enumerate(way):
            at = AT + timedelta(hours=hours)
            met = {"interview_at": AT + timedelta(hours=2, minutes=30)}
            facts = met if to is Status.INTERVIEW_INVITED else FACTS.get(to, {})
            service.change_status(session, application, to, by=HR, at=at, **facts)
            application.told_status = to
        assert application.shortlisted_at == AT + timedelta(hours=1)
        assert application.interview_at == AT + timedelta(hours=2, minutes=30)
        assert application.offered_at == AT + timedelta(hours=4)
        assert application.accepted_at == AT + timedelta(hours=5)
        assert application.starts_on == AT.date()
        assert application.decided_at == AT + timedelta(hours=7)


FIRST = [
    (Status.INTERVIEW_INVITED, Status.DID_NOT_ATTEND, "Send the invitation first"),
    *(
        (Status.OFFERED, to, "Send the offer first")
        for to in (Status.CHECKS, Status.OFFER_DECLINED, Status.OFFER_WITHDRAWN)
    ),
]


@pytest.mark.parametrize(("status", "to", "why"), FIRST)
def test_what_presupposes_that_the_candidate_was_told_waits_for_that(
    db: Database, status: Status, to: Status, why: str
) -> None:
    with db.transaction() as session:
        application = made(session, status, told_status=Status.SHORTLISTED, interview_at=AT)
        facts = FACTS.get(to, {})
        with pytest.raises(InvalidTransition) as refused:
            service.change_status(session, application, to, by=HR, at=AT, **facts)
        assert refused.value.facts["why"].startswith(why)
        assert to.value not in refused.value.facts["instead"]
        [judged] = service.change_many(session, [application], to, by=HR, at=AT, **facts)
        assert judged.why_not.startswith(why)
        assert application.status is status
        application.told_status = status
        service.change_status(session, application, to, by=HR, at=AT, **facts)


def test_whoever_no_mail_can_be_written_to_is_told_another_way(db: Database) -> None:
    with db.transaction() as session:
        told = {"told_status": Status.SUBMITTED, "email": "two@example.org, addresses@example.org"}
        application = made(session, Status.OFFERED, **told)
        service.change_status(session, application, Status.CHECKS, by=HR, at=AT)


def test_only_the_newest_change_is_undone_and_the_one_before_it_after_that(db: Database) -> None:
    with db.transaction() as session:
        application = made(session)
        first = service.change_status(session, application, Status.SIFTING, by=HR, at=AT)
        second = service.change_status(session, application, Status.SHORTLISTED, by=HR, at=AT)
        with pytest.raises(InvalidTransition):
            service.undo_change(session, application, first.id, by=HR, at=AT)
        service.undo_change(session, application, second.id, by=HR, at=AT)
        assert application.shortlisted_at is None
        with pytest.raises(InvalidTransition):
            service.undo_change(session, application, second.id, by=HR, at=AT)
        service.undo_change(session, application, first.id, by=HR, at=AT)
        assert application.status is Status.SUBMITTED


def test_nothing_is_undone_of_an_archived_vacancy(db: Database) -> None:
    with db.transaction() as session:
        application = made(session)
        change = service.change_status(session, application, Status.SIFTING, by=HR, at=AT)
        application.vacancy.archived_at = AT
        with pytest.raises(InvalidTransition) as refused:
            service.undo_change(session, application, change.id, by=HR, at=AT)
        assert "archived" in refused.value.facts["why"]
        application.vacancy.archived_at = None
        service.undo_change(session, application, change.id, by=HR, at=AT)


def test_another_applications_change_is_no_change_of_this_one(db: Database) -> None:
    with db.transaction() as session:
        one, other = made(session), made(session)
        history = service.change_status(session, other, Status.SIFTING, by=HR, at=AT)
        with pytest.raises(InvalidTransition):
            service.undo_change(session, one, history.id, by=HR, at=AT)


def test_of_several_each_is_judged_on_its_own(db: Database) -> None:
    other_advert = {"criteria": [{**ADVERT["criteria"][0], "wording": "Something else"}]}
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        rows = [
            make_application(session, vacancy, status=status, advert=advert)
            for status, advert in (
                (Status.SIFTING, ADVERT),
                (Status.SUBMITTED, ADVERT),
                (Status.RESERVE, ADVERT),
                (Status.SIFTING, other_advert),
            )
        ]
        references = [row.reference for row in rows]
        locked = queries.applications_to_change(session, vacancy.reference, references, by=HR)
        judged = service.change_many(
            session,
            locked,
            Status.NOT_SHORTLISTED,
            by=HR,
            at=AT,
            reasons=["essential:1"],
            criteria=essential_criteria(ADVERT),
        )
        assert [(one.reference, not one.why_not) for one in judged] == list(
            zip(references, [True, False, True, False], strict=True)
        )
        assert "Being shortlisted" in judged[1].why_not
        assert judged[3].why_not == service.OTHERWISE_WORDED
        assert [row.status for row in rows] == [
            Status.NOT_SHORTLISTED,
            Status.SUBMITTED,
            Status.NOT_SHORTLISTED,
            Status.SIFTING,
        ]


def test_a_hiring_manager_decides_for_their_own_vacancy_and_reads_no_checks(db: Database) -> None:
    with db.transaction() as session:
        person = make_staff(session, role="hiring_manager")
        manager = Actor(
            id=person.id, name=person.name, kind="staff", permissions=ROLE_PERMISSIONS["hiring_manager"]
        )
        own = make_vacancy(session, hiring_manager_id=person.id)
        application = make_application(session, own, status=Status.CHECKS, advert=ADVERT)
        foreign = make_vacancy(session)
        other = make_application(session, foreign)
        find = queries.application_to_change
        for vacancy, reference in ((foreign, other), (own, other), (foreign, application)):
            with pytest.raises(NotFound):
                find(session, vacancy.reference, reference.reference, by=manager)
        loaded = find(session, own.reference, application.reference, by=manager)
        with pytest.raises(InvalidInput):
            service.change_status(
                session, loaded, Status.OFFER_WITHDRAWN, by=manager, at=AT, reasons=["checks"]
            )
        with pytest.raises(InvalidTransition):
            service.change_status(session, loaded, Status.CLEARED, by=manager, at=AT)
        service.change_status(session, loaded, Status.OFFER_DECLINED, by=manager, at=AT, reasons=["salary"])


def test_a_version_that_was_read_before_somebody_elses_change_is_stale(db: Database) -> None:
    with db.transaction() as session:
        application = made(session)
        version, vacancy = application.version, application.vacancy.reference
        service.change_status(session, application, Status.SIFTING, by=HR, at=AT)
    with db.transaction() as session, pytest.raises(StaleEdit):
        queries.application_to_change(session, vacancy, application.reference, by=HR, version=version)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 1001])
def test_a_note_has_words_and_not_too_many(db: Database, text: str) -> None:
    with db.transaction() as session, pytest.raises(InvalidInput):
        service.add_note(session, made(session), text, by=HR, at=AT)


def test_the_audit_of_deciding_holds_codes_and_no_words(db: Database) -> None:
    with db.transaction() as session:
        application = made(session, Status.SIFTING)
        service.add_note(session, application, "Secret words", by=HR, at=AT)
        service.change_status(
            session, application, Status.NOT_SHORTLISTED, by=HR, at=AT, reasons=["other"], note="Secret words"
        )
    with db.reading() as session:
        events = session.scalars(select(AuditEvent)).all()
        assert {event.event for event in events} == {"application.noted", "application.moved"}
        assert "Secret" not in str([event.facts for event in events])
        assert "Amina" not in str([event.facts for event in events])
