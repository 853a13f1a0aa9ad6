"""What goes, with what, and what stays; a list that is exactly what the run deletes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.applications.apply.desk import Desk
from portal.applications.candidates.models import ApplicationDraft
from portal.applications.keeping import queries, service
from portal.applications.keeping.models import ApplicationStatistic
from portal.applications.models import Application, ApplicationHistory, ApplicationNote, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import MessageState
from portal.applications.transitions import OFFERS
from portal.core import jobs, retention
from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.database import Database, transaction
from portal.core.errors import InvalidTransition
from portal.core.mail import OutgoingMail, queue_mail
from portal.council import load_council
from portal.journeys.models import Draft
from portal.journeys.service import expire_drafts
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application, make_candidate, make_message
from tests.support.builders import AT, make_vacancy

BY = Actor.system("tests")
PERIODS = load_council().retention
ENDED = datetime(2025, 11, 10, 12, tzinfo=UTC)
GOES = datetime(2026, 11, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """The council’s periods, and mail."""
    with app.app_context():
        yield


def ended(session: Session, vacancy: Vacancy, status: Status, **changes: Any) -> Application:
    """An application that came to its end at ENDED."""
    facts = {"status_since": ENDED, "decided_at": ENDED, "submitted_at": ENDED - timedelta(days=30)}
    return make_application(session, vacancy, status=status, **{**facts, **changes})


def make_draft(session: Session, vacancy: Vacancy, at: datetime) -> ApplicationDraft:
    """Somebody’s draft, with its answers in the journey’s own table."""
    candidate = make_candidate(session)
    draft = ApplicationDraft(
        candidate_id=candidate.id, vacancy_id=vacancy.id, started_at=at, saved_at=at, reminded=[]
    )
    session.add(draft)
    session.add(
        Draft(
            journey="application",
            journey_version="2026-11",
            holder=draft.holder,
            answers={},
            submission_key=f"key-of-draft-{candidate.id}",
            created_at=at,
            updated_at=at,
            expires_at=at + timedelta(days=900),
        )
    )
    session.flush()
    return draft


def listed(db: Database, at: datetime) -> list[str]:
    """What a dry run says."""
    with db.reading() as session:
        return [due.reference for due in retention.everything_due(session, at)]


def left(db: Database) -> set[str]:
    with db.reading() as session:
        drafts = {f"DRAFT-{number}" for number in session.scalars(select(ApplicationDraft.id))}
        return {*session.scalars(select(Application.reference)), *drafts}


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_application_goes_with_everything_of_it_and_leaves_a_figure_without_a_name(db: Database) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session, decision_promised_on=ENDED.date())
        row = ended(
            session,
            vacancy,
            Status.NOT_SHORTLISTED,
            answered_at=ENDED,
            answered_on=ENDED.date(),
            equality_mark="m" * 64,
        )
        make_message(session, row, state=MessageState.SENT)
        session.add(ApplicationNote(application_id=row.id, at=ENDED, text="Good", by_name="Harper Example"))
        facts = {"subject": "News", "body": "Some."}
        queue_mail(
            session,
            to=row.email,
            template="application_answer",
            facts=facts,
            at=AT,
            purpose="x",
            about=row.reference,
        )
        reference, names = row.reference, (row.family_name, row.email)
        stays = ended(session, make_vacancy(session), Status.SHORTLISTED)
    assert listed(db, GOES - SECOND) == []
    with db.transaction() as session:
        assert service.delete_due_applications(session, GOES - SECOND, PERIODS) == 0
    assert listed(db, GOES) == [reference]
    with db.transaction() as session:
        assert service.delete_due_applications(session, GOES, PERIODS) == 1
        assert service.delete_due_applications(session, GOES, PERIODS) == 0
    with db.reading() as session:
        assert session.scalars(select(Application.reference)).all() == [stays.reference]
        gone = [count(session, table) for table in (ApplicationNote, CandidateMessage, OutgoingMail)]
        assert gone == [0, 0, 0]
        assert count(session, ApplicationHistory) == 1
        figure = session.scalars(select(ApplicationStatistic)).one()
        assert (figure.status, figure.answered_on_time) == (Status.NOT_SHORTLISTED, True)
        assert figure.month == date(2025, 10, 1)
        assert not [name for name in names if name in str(vars(figure))]
        event = session.scalars(select(AuditEvent)).one()
        assert (event.event, event.subject) == ("retention.deleted", reference)


def test_who_was_decided_about_waits_for_the_others_but_not_for_ever(db: Database) -> None:
    closed = ENDED - timedelta(days=10)
    with db.transaction() as session:
        vacancy = make_vacancy(session, publish_at=closed - timedelta(days=30), closes_at=closed)
        first = ended(session, vacancy, Status.WITHDRAWN, withdrawn_at=ENDED, decided_at=None)
        other = ended(session, vacancy, Status.INTERVIEWED)
        late = ended(session, vacancy, Status.NOT_SHORTLISTED, decided_at=ENDED + timedelta(days=250))
        days = [queries.goes_on(session, one, PERIODS) for one in (first, other, late)]
        assert days == [date(2027, 4, 30), None, date(2027, 7, 18)]
    assert listed(db, GOES) == []
    with db.transaction() as session:
        row = session.get_one(Application, other.id)
        row.status, row.decided_at = Status.UNSUCCESSFUL_INTERVIEW, ENDED + timedelta(days=300)
        session.flush()
        days = [
            queries.goes_on(session, session.get_one(Application, one.id), PERIODS) for one in (first, late)
        ]
        assert days == [date(2027, 4, 30), date(2027, 7, 18)], "a last decision moves nobody’s day"
    assert listed(db, datetime(2027, 4, 29, 23, tzinfo=UTC) - SECOND) == []
    assert listed(db, datetime(2027, 4, 29, 23, tzinfo=UTC)) == [first.reference]
    retention.delete_everything_due(datetime(2027, 4, 29, 23, tzinfo=UTC))
    assert left(db) == {other.reference, late.reference}


def test_a_campaign_that_ends_in_time_ends_for_all_at_once(db: Database) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session, publish_at=ENDED - timedelta(days=60), closes_at=ENDED)
        first = ended(session, vacancy, Status.NOT_SHORTLISTED)
        ended(session, vacancy, Status.OFFERED, decided_at=ENDED + timedelta(days=40))
        assert queries.goes_on(session, first, PERIODS) == date(2026, 12, 20)
    assert listed(db, datetime(2026, 12, 20, tzinfo=UTC)) == [first.reference]


@pytest.mark.parametrize("state", [MessageState.DRAFT, MessageState.HELD])
def test_nobody_goes_whose_answer_was_never_sent(db: Database, state: MessageState) -> None:
    with db.transaction() as session:
        row = ended(session, make_vacancy(session), Status.NOT_SHORTLISTED)
        message = make_message(session, row, state=state)
        assert queries.goes_on(session, row, PERIODS) is None
    assert listed(db, GOES + timedelta(days=400)) == []
    with db.transaction() as session:
        assert service.delete_due_applications(session, GOES + timedelta(days=400), PERIODS) == 0
        session.get_one(CandidateMessage, message.id).state = MessageState.SENT
    assert listed(db, GOES) == [row.reference]


def test_who_was_appointed_goes_a_year_after_the_first_day(db: Database) -> None:
    with db.transaction() as session:
        row = ended(session, make_vacancy(session), Status.STARTED, starts_on=date(2025, 12, 1))
    assert listed(db, datetime(2026, 12, 1, tzinfo=UTC) - SECOND) == []
    assert listed(db, datetime(2026, 12, 1, tzinfo=UTC)) == [row.reference]


@pytest.mark.parametrize(
    ("starts_on", "goes"),
    [
        (None, date(2027, 5, 10)),
        (date(2025, 12, 1), date(2027, 6, 1)),
        (date(2025, 11, 1), date(2027, 5, 10)),
    ],
)
@pytest.mark.parametrize("status", sorted(OFFERS))
def test_an_offer_that_neither_starts_nor_ends_goes_in_the_end(
    db: Database, status: Status, starts_on: date | None, goes: date
) -> None:
    with db.transaction() as session:
        row = ended(session, make_vacancy(session), status, starts_on=starts_on)
        assert queries.goes_on(session, row, PERIODS) == goes
    begins = datetime(goes.year, goes.month, goes.day, tzinfo=UTC) - timedelta(hours=1)  # in summer time
    assert listed(db, begins - SECOND) == []
    assert listed(db, begins) == [row.reference]
    assert retention.delete_everything_due(begins) == 1
    assert left(db) == set()


def test_drafts_go_thirty_days_after_the_advert_ended_however_it_ended(db: Database) -> None:
    closes = datetime(2026, 6, 1, 22, 59, tzinfo=UTC)
    with db.transaction() as session:
        closed = make_draft(session, make_vacancy(session, publish_at=ENDED, closes_at=closes), ENDED)
        early = make_vacancy(
            session, publish_at=ENDED, closes_at=closes, closed_early_at=closes - timedelta(days=10)
        )
        sooner = make_draft(session, early, ENDED)
        make_draft(session, make_vacancy(session), AT)
    assert [line.split()[0] for line in listed(db, datetime(2026, 6, 20, 23, tzinfo=UTC))] == [
        f"DRAFT-{sooner.id}"
    ]
    goes = datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert len(listed(db, goes - SECOND)) == 1
    assert [line.split()[0] for line in listed(db, goes)] == [f"DRAFT-{closed.id}", f"DRAFT-{sooner.id}"]
    with db.transaction() as session:
        assert service.delete_due_drafts(session, goes, PERIODS) == 2
        assert service.delete_due_drafts(session, goes, PERIODS) == 0
    with db.reading() as session:
        assert (count(session, ApplicationDraft), count(session, Draft)) == (1, 1)


def test_a_hold_keeps_one_application_or_all_of_a_vacancy_until_it_ends(db: Database) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        one, two = (ended(session, vacancy, Status.NOT_SHORTLISTED) for _ in range(2))
        service.hold_application(session, one, "A claim", by=BY, at=AT)
        with pytest.raises(InvalidTransition):
            service.hold_application(session, one, "Another", by=BY, at=AT)
        assert queries.goes_on(session, one, PERIODS) is None
    assert listed(db, GOES) == [two.reference]
    with db.transaction() as session:
        held = session.get_one(Vacancy, vacancy.id)
        service.hold_vacancy(session, held, "An inquiry", by=BY, at=AT)
        with pytest.raises(InvalidTransition):
            service.hold_vacancy(session, held, "Another", by=BY, at=AT)
    assert listed(db, GOES) == []
    assert retention.delete_everything_due(GOES) == 0
    with db.transaction() as session:
        service.end_vacancy_hold(session, session.get_one(Vacancy, vacancy.id), by=BY, at=AT)
        service.end_application_hold(session, session.get_one(Application, one.id), by=BY, at=AT)
    assert set(listed(db, GOES)) == {one.reference, two.reference}
    with db.reading() as session:
        kinds = session.scalars(select(ApplicationHistory.kind).order_by(ApplicationHistory.id)).all()
        assert kinds[-2:] == ["held", "released"]


STATUSES = st.sampled_from(list(Status))
DAYS = st.integers(-3, 3)


@settings(max_examples=15)
@given(
    people=st.lists(st.tuples(st.integers(0, 2), STATUSES, DAYS, st.booleans()), min_size=1, max_size=7),
    drafts=st.lists(DAYS, max_size=3),
)
def test_the_list_is_exactly_what_the_run_deletes(
    people: list[tuple[int, Status, int, bool]], drafts: list[int]
) -> None:
    """For any mixture: what the dry run names is gone after the run, and nothing else is."""
    db: Database = context_database()
    with db.transaction() as session:
        vacancies = [make_vacancy(session) for _ in range(3)]
        for number, status, days, held in people:
            at = ENDED + timedelta(days=days)
            facts = {"status_since": at, "decided_at": at, "starts_on": at.date(), "withdrawn_at": at}
            facts |= {"held_at": AT, "hold_reason": "A claim"} if held else {}
            ended(session, vacancies[number], status, **facts)
        for days in drafts:
            closes = GOES - timedelta(days=30 - days)
            make_draft(session, make_vacancy(session, publish_at=ENDED, closes_at=closes), ENDED)
    before, names = left(db), {line.split()[0] for line in listed(db, GOES)}
    assert retention.delete_everything_due(GOES) == len(names)
    assert before - left(db) == names
    assert listed(db, GOES) == []


def context_database() -> Database:
    """The database of the application at hand; the examples of one test share it."""
    found: Database = retention.database()
    return found


def test_parallel_runs_delete_each_once(app: Flask, db: Database) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        for _ in range(12):
            ended(session, vacancy, Status.NOT_SHORTLISTED)

    def run(_number: int) -> int:
        with app.app_context():
            return retention.delete_everything_due(GOES)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 12
    with db.reading() as session:
        assert (count(session, Application), count(session, ApplicationStatistic)) == (0, 12)


def test_a_run_that_is_killed_in_the_middle_leaves_whole_batches(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        for _ in range(5):
            ended(session, vacancy, Status.NOT_SHORTLISTED)
    with transaction() as session:
        assert service.delete_due_applications(session, GOES, PERIODS) == 2
    with pytest.raises(KeyboardInterrupt):
        killed_after_a_batch()
    with db.reading() as session:
        assert (count(session, Application), count(session, ApplicationStatistic)) == (3, 2)
    assert retention.delete_everything_due(GOES) == 3
    with db.reading() as session:
        assert (count(session, Application), count(session, ApplicationStatistic)) == (0, 5)


def killed_after_a_batch() -> None:
    """A worker that dies before its batch is committed."""
    with transaction() as session:
        assert service.delete_due_applications(session, GOES, PERIODS) == 2
        raise KeyboardInterrupt


def test_the_night_deletes_batch_by_batch(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        for _ in range(5):
            ended(session, vacancy, Status.NOT_SHORTLISTED)
    at = GOES + timedelta(hours=4)
    jobs.start_nightly(at)
    while jobs.run_next(at):
        pass
    assert left(db) == set()


def test_the_command_lists_and_deletes_the_same(db: Database, runner: FlaskCliRunner) -> None:
    with db.transaction() as session:
        row = ended(session, make_vacancy(session), Status.NOT_SHORTLISTED)
    dry = runner.invoke(args=["retention", "--dry-run"])
    assert dry.output.splitlines() == [f"application\t{row.reference}\t2026-11-10", "1 to be deleted"]
    assert left(db) == {row.reference}
    assert runner.invoke(args=["retention"]).output == "1 deleted\n"
    assert left(db) == set()
    assert runner.invoke(args=["retention", "--dry-run"]).output == "0 to be deleted\n"


def test_an_advert_that_is_extended_keeps_its_drafts_as_long_as_it_says_then(db: Database) -> None:
    """The journey itself would delete them by what it knew when they were saved last."""
    with db.transaction() as session:
        vacancy = make_vacancy(session, publish_at=AT, closes_at=AT + timedelta(days=10))
        draft = make_draft(session, vacancy, AT)
        desk = Desk(vacancy, candidate_id=draft.candidate_id, at=AT)
        assert desk.kept_until == (AT + timedelta(days=40)).date()
        kept = session.scalars(select(Draft)).one()
        kept.expires_at = AT + desk.lifetime
        vacancy.closes_at = AT + timedelta(days=80)
    later = AT + timedelta(days=80)
    assert listed(db, later) == []
    with db.transaction() as session:
        expire_drafts(session, later)
        assert count(session, Draft) == 1
    assert len(listed(db, AT + timedelta(days=111))) == 1
