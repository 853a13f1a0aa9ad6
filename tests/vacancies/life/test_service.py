"""Approval by a second person, sending back, extension, early closing, cancelling, outcome, archive."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.models import StaffUser
from portal.core.audit import AuditEvent
from portal.core.clock import london_instant
from portal.core.errors import InvalidInput, InvalidTransition, StaleEdit
from portal.core.page_cache import Publication
from portal.journeys.models import Draft
from portal.vacancies.life import service
from portal.vacancies.life.approval import SecondPersonNeeded
from portal.vacancies.life.extension import Extension
from portal.vacancies.life.readiness import NotReady
from portal.vacancies.models import Decision, Vacancy
from portal.vacancies.options import ContractType, DecisionKind, ExtensionReason, Outcome, Status
from portal.vacancies.writing.models import VacancyDraft, VacancyRevision
from portal.vacancies.writing.starting import open_working_copy
from tests.support.builders import AT, make_staff
from tests.vacancies.life.adverts import DAY, actor_of, load, look, make_hr, make_in_state, sent_by

WRITER, SECOND = "writer@example.org", "second@example.org"
NEW_CLOSING = london_instant(date(2026, 12, 16), time(23, 59))


@pytest.fixture(autouse=True)
def context(app):
    """Mail is drawn with the application’s templates."""
    with app.app_context():
        yield


@pytest.fixture
def writer(db):
    with db.transaction() as session:
        return make_hr(session, email=WRITER, name="Wilma Example")


@pytest.fixture
def second(db):
    with db.transaction() as session:
        return make_hr(session, email=SECOND, name="Seb Example")


@pytest.fixture
def advert(db, writer):
    """The reference of an advert in this state, written and sent by the writer."""

    def make(status=Status.PENDING_APPROVAL, **changes):
        with db.transaction() as session:
            vacancy = make_in_state(session, status, **changes)
            sent_by(session, vacancy, writer)
            return vacancy.reference

    return make


@pytest.fixture
def do(db, at):
    """Do something with an advert in a transaction of its own; gives it as it stands then."""

    def act(verb, reference, *given, version=None, at=at, **said):
        with db.transaction() as session:
            vacancy = load(session, reference)
            verb(session, vacancy, *given, version=version or vacancy.version, at=at, **said)
        return now(db, reference)

    return act


def now(db, reference):
    with db.reading() as session:
        return look(session, reference)


def newest_decision(db):
    with db.reading() as session:
        return session.scalars(select(Decision).order_by(Decision.id.desc()).limit(1)).one()


def newest_event(db):
    with db.reading() as session:
        return session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()


def publications(db):
    with db.reading() as session:
        return session.scalar(select(Publication.version)) or 0


def test_a_second_person_approves_and_everything_is_noted(db, advert, do, second, mailbox):
    vacancy = do(service.approve_vacancy, advert(), by=second)
    assert (vacancy.status(AT), vacancy.approved_by_id, vacancy.version) == (Status.SCHEDULED, second.id, 2)
    decision = newest_decision(db)
    assert (decision.kind, decision.by_name) == (DecisionKind.APPROVED, "Seb Example")
    event = newest_event(db)
    assert (event.event, event.subject, event.actor) == ("vacancy.approved", vacancy.reference, SECOND)
    assert event.facts["status"] == ["pending_approval", "scheduled"]
    assert publications(db) == 1
    assert [(mail.to, mail.purpose) for mail in mailbox] == [(WRITER, "vacancy.approved")]


def test_who_sent_it_cannot_approve_it(db, advert, do, writer):
    with pytest.raises(SecondPersonNeeded) as refusal:
        do(service.approve_vacancy, advert(), by=writer)
    assert refusal.value.facts["why"].startswith("You sent this advert")
    assert publications(db) == 0


def test_who_last_wrote_it_cannot_approve_it(db, at, advert, do, second):
    reference = advert()
    with db.transaction() as session:
        vacancy = load(session, reference)
        vacancy.salary_max += 1
        sent = select(Decision).where(Decision.vacancy_id == vacancy.id)
        service.record_revision(session, vacancy, by=second, at=at)
        assert len(session.scalars(sent).all()) == 1
    with pytest.raises(SecondPersonNeeded) as refusal:
        do(service.approve_vacancy, reference, by=second)
    assert refusal.value.facts["why"].startswith("You wrote some of this advert")


def test_a_hiring_manager_approves_what_names_them_and_nothing_else(db, at, advert, do):
    with db.transaction() as session:
        person = make_staff(session, role="hiring_manager")
        manager = actor_of(person)
    with pytest.raises(SecondPersonNeeded) as refusal:
        do(service.approve_vacancy, advert(), by=manager)
    assert "another hiring manager" in refusal.value.facts["why"]
    with pytest.raises(SecondPersonNeeded):
        do(
            service.send_back_vacancy,
            advert(),
            "Shorter",
            open_copy=lambda *_, **__: None,
            by=manager,
        )
    named = advert(hiring_manager_id=person.id)
    assert do(service.approve_vacancy, named, by=manager).status(at) is Status.SCHEDULED


def test_what_is_not_complete_is_refused_with_every_reason(db, at, advert, do, second):
    reference = advert(postcode=None, hiring_manager_name=None)
    with pytest.raises(NotReady) as refusal:
        do(service.approve_vacancy, reference, by=second)
    assert [reason.field for reason in refusal.value.facts["reasons"]] == ["postcode", "hiring_manager_name"]
    with pytest.raises(NotReady), db.transaction() as session:
        service.submit_vacancy(session, load(session, reference), by=second, at=at)
    assert now(db, reference).status(at) is Status.PENDING_APPROVAL


def test_what_is_approved_after_its_day_is_published_then(at, advert, do, second):
    vacancy = do(service.approve_vacancy, advert(publish_at=at - DAY), by=second)
    assert (vacancy.status(at), vacancy.publish_at) == (Status.OPEN, at)


def test_what_should_have_closed_meanwhile_is_not_approved(at, advert, do, second):
    reference = advert()
    with pytest.raises(NotReady) as refusal:
        do(service.approve_vacancy, reference, by=second, at=at + 30 * DAY)
    assert refusal.value.facts["reasons"][0].field == "closes_at"


def test_who_can_approve_hears_of_it_and_nobody_who_cannot(db, at, writer, mailbox):
    with db.transaction() as session:
        manager = make_staff(session, role="hiring_manager", email="manager@example.org")
        gone = make_staff(session, role="hr", email="gone@example.org", active=False)
        vacancy = make_in_state(session, Status.DRAFT, hiring_manager_id=manager.id, hr_owner_id=writer.id)
        service.submit_vacancy(session, load(session, vacancy.reference), by=writer, at=at)
        other = make_in_state(session, Status.DRAFT, hr_owner_id=gone.id)
        service.submit_vacancy(session, load(session, other.reference), by=writer, at=at)
    assert [mail.to for mail in mailbox] == ["manager@example.org", "recruitment@example.org"]
    for mail in mailbox:
        assert mail.subject.startswith("Advert SCC-CS-")
        assert "Wilma" not in mail.subject
        assert "Social worker" in mail.body


def test_sending_again_after_approval_takes_the_approval_back(db, advert, do, writer, second):
    reference = advert()
    do(service.approve_vacancy, reference, by=second)
    with db.transaction() as session:
        service.submit_vacancy(session, load(session, reference), by=writer, at=AT)
    vacancy = now(db, reference)
    assert (vacancy.status(AT), vacancy.approved_by_id) == (Status.PENDING_APPROVAL, None)
    assert publications(db) == 2


def test_it_goes_back_to_its_writer_with_a_working_copy(at, advert, do, writer, second):
    reference, opened = advert(), []

    def open_copy(_session, vacancy, *, by, at):
        opened.append((vacancy.reference, by.id, by.name, at))

    vacancy = do(service.send_back_vacancy, reference, "Shorter", open_copy=open_copy, by=second)
    assert vacancy.status(at) is Status.DRAFT
    assert opened == [(reference, writer.id, "Wilma Example", at)]


def test_comments_are_kept_with_the_decision_and_nowhere_else(db, advert, do, second, mailbox):
    said = {"open_copy": lambda *_, **__: None, "by": second}
    do(service.send_back_vacancy, advert(), "Say what the caseload is", **said)
    assert newest_decision(db).comment == "Say what the caseload is"
    assert "caseload" not in str(newest_event(db).facts)
    assert [(mail.to, mail.purpose) for mail in mailbox] == [(WRITER, "vacancy.sent_back")]
    assert "caseload" not in mailbox[0].body


@pytest.mark.parametrize("comment", ["", "   ", "\n"])
def test_nothing_is_sent_back_without_a_comment(advert, do, second, comment):
    with pytest.raises(InvalidInput) as refusal:
        do(service.send_back_vacancy, advert(), comment, open_copy=lambda *_, **__: None, by=second)
    assert refusal.value.field == "comment"


def test_a_working_copy_that_is_open_is_left_alone(db, at, advert, do, second):
    reference = advert()
    with db.transaction() as session:
        add_working_copy(session, load(session, reference), at)
    do(
        service.send_back_vacancy,
        reference,
        "Shorter",
        open_copy=lambda *_, **__: pytest.fail("opened a second one"),
        by=second,
    )


def add_working_copy(session, vacancy, at):
    session.add(
        VacancyDraft(
            reference=vacancy.reference,
            vacancy_id=vacancy.id,
            base_version=vacancy.version,
            title=vacancy.title,
            created_at=at,
            created_by_name="Wilma Example",
            updated_at=at,
            updated_by_name="Wilma Example",
        )
    )
    session.flush()


# Extension


def extension(**changes):
    values = {
        "closes_at": NEW_CLOSING,
        "reason": ExtensionReason.NO_APPLICATIONS,
        "decision_promised_on": date(2026, 12, 21),
    }
    return Extension(**{**values, **changes})


def test_the_closing_time_moves_with_its_reason(db, at, advert, do, second):
    reference = advert(Status.OPEN)
    before = now(db, reference).closes_at
    vacancy = do(service.extend_vacancy, reference, extension(), by=second)
    assert vacancy.closes_at == NEW_CLOSING
    decision = newest_decision(db)
    assert (decision.reason, decision.closes_before, decision.closes_after) == (
        "no_applications",
        before,
        NEW_CLOSING,
    )
    with db.reading() as session:
        assert session.scalar(select(func.max(VacancyRevision.number))) == 2
    assert publications(db) == 1


def test_an_advert_that_has_closed_opens_again_until_it_has_an_outcome(at, advert, do, second):
    closed = do(service.extend_vacancy, advert(Status.CLOSED), extension(), by=second)
    assert closed.status(at) is Status.OPEN
    early = advert(Status.OPEN, closed_early_at=at - timedelta(hours=1))
    assert do(service.extend_vacancy, early, extension(), by=second).status(at) is Status.OPEN
    with pytest.raises(InvalidTransition):
        do(service.extend_vacancy, advert(Status.NOT_FILLED), extension(), by=second)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_at": london_instant(date(2026, 11, 23), time(9))}, "closes_on"),
        ({"closes_at": london_instant(date(2026, 12, 13), time(23, 59))}, "closes_on"),
        ({"closes_at": london_instant(date(2026, 12, 1), time(23, 59))}, "closes_on"),
        ({"decision_promised_on": date(2026, 12, 16)}, "decision_promised_on"),
        ({"decision_promised_on": date(2026, 12, 17)}, "decision_promised_on"),
        ({"closes_at": london_instant(date(2026, 12, 17), time(9))}, "take_off"),
        ({"reason": ExtensionReason.OTHER}, "other"),
    ],
    ids=str,
)
def test_a_time_that_cannot_be_is_refused(advert, do, second, changes, field):
    reference = advert(Status.OPEN, interview_dates=["2026-12-17", "2026-12-18"])
    with pytest.raises(InvalidInput) as refusal:
        do(service.extend_vacancy, reference, extension(**changes), by=second)
    assert refusal.value.field == field


def test_an_advert_does_not_close_after_the_contract_has_ended(advert, do, second):
    ends = {"contract_type": ContractType.FIXED_TERM, "contract_ends_on": date(2026, 12, 16)}
    with pytest.raises(InvalidInput) as refusal:
        do(service.extend_vacancy, advert(Status.OPEN, **ends), extension(), by=second)
    assert refusal.value.field == "closes_on"
    later = ends | {"contract_ends_on": date(2026, 12, 17)}
    do(service.extend_vacancy, advert(Status.OPEN, **later), extension(take_off=True), by=second)


def test_dates_that_would_be_overtaken_come_off(db, advert, do, second):
    reference = advert(
        Status.OPEN, interview_dates=["2026-12-15", "2026-12-18"], starts_on=date(2026, 12, 16)
    )
    vacancy = do(service.extend_vacancy, reference, extension(take_off=True), by=second)
    assert (vacancy.interview_dates, vacancy.starts_on) == (["2026-12-18"], None)
    assert newest_event(db).facts["taken_off"] == ["interview_dates", "starts_on"]


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31)], ids=str)
def test_an_extension_over_a_change_of_clocks_closes_at_a_minute_to_midnight(at, advert, do, second, night):
    closes = london_instant(night, time(23, 59))
    later = extension(closes_at=closes, take_off=True, decision_promised_on=None)
    vacancy = do(service.extend_vacancy, advert(Status.OPEN), later, by=second)
    second_before = timedelta(seconds=1)
    assert vacancy.status(closes - second_before) is Status.OPEN
    assert vacancy.status(closes) is Status.CLOSED


# Closing early, cancelling


def test_closing_early_needs_a_reason_unless_the_advert_announced_it(db, at, advert, do, second):
    assert (
        do(service.close_vacancy_early, advert(Status.OPEN, may_close_early=True), "", by=second).status(at)
        is Status.CLOSED
    )
    assert newest_event(db).facts["announced"] is True
    with pytest.raises(InvalidInput):
        do(service.close_vacancy_early, advert(Status.OPEN), " ", by=second)
    closed = do(service.close_vacancy_early, advert(Status.OPEN), "Sixty applications", by=second)
    assert closed.status(at) is Status.CLOSED
    assert newest_event(db).facts["announced"] is False
    assert publications(db) == 2


def test_cancelling_needs_a_reason_and_takes_the_working_copy_along(db, at, advert, do, second):
    reference = advert(Status.OPEN)
    with db.transaction() as session:
        open_working_copy(session, load(session, reference), by=second, at=at)
    with pytest.raises(InvalidInput):
        do(service.cancel_vacancy, reference, "", by=second)
    assert (
        do(service.cancel_vacancy, reference, "The team is merged", by=second).status(at) is Status.CANCELLED
    )
    with db.reading() as session:
        assert session.scalars(select(VacancyDraft)).all() == []
        assert session.scalars(select(Draft)).all() == []
    assert publications(db) == 1
    do(service.cancel_vacancy, advert(Status.PENDING_APPROVAL), "Not needed", by=second)
    assert publications(db) == 1


# Outcome and archive


@pytest.mark.parametrize(
    "case",
    [
        (3, Outcome.FILLED, None, 3),
        (3, Outcome.NOT_FILLED, 2, 0),
        (3, Outcome.PART_FILLED, 1, 1),
        (3, Outcome.PART_FILLED, 2, 2),
        (3, Outcome.PART_FILLED, 3, "posts_filled"),
        (3, Outcome.PART_FILLED, 0, "posts_filled"),
        (3, Outcome.PART_FILLED, None, "posts_filled"),
        (1, Outcome.PART_FILLED, 1, "outcome"),
    ],
)
def test_an_outcome_says_how_many_posts_are_filled(advert, do, second, case):
    posts, outcome, given, filled = case
    reference = advert(Status.CLOSED, number_of_posts=posts)
    if isinstance(filled, str):
        with pytest.raises(InvalidInput) as refusal:
            do(service.record_outcome, reference, outcome, posts_filled=given, by=second)
        assert refusal.value.field == filled
        return
    vacancy = do(service.record_outcome, reference, outcome, posts_filled=given, by=second)
    assert (vacancy.outcome, vacancy.posts_filled) == (outcome, filled)


def test_a_wrong_outcome_is_put_right_with_a_reason(db, at, advert, do, second):
    reference = advert(Status.FILLED)
    with pytest.raises(InvalidInput):
        do(service.record_outcome, reference, Outcome.NOT_FILLED, by=second)
    said = {"comment": "The person withdrew", "by": second}
    assert do(service.record_outcome, reference, Outcome.NOT_FILLED, **said).status(at) is Status.NOT_FILLED
    assert newest_event(db).facts["outcome"] == ["filled", "not_filled"]


def test_nothing_is_archived_until_everyone_has_an_answer(db, at, advert, do, second):
    reference = advert(Status.FILLED)
    asked = []

    def why_not(_session, vacancy_id):
        asked.append(vacancy_id)
        return "2 applicants have no outcome yet" if len(asked) == 1 else ""

    with pytest.raises(InvalidTransition, match="invalid_transition") as refusal:
        do(service.archive_vacancy, reference, why_not=why_not, confirmed=True, by=second)
    assert refusal.value.facts["why"] == "2 applicants have no outcome yet"
    with pytest.raises(InvalidInput) as missing:
        do(service.archive_vacancy, reference, why_not=why_not, confirmed=False, by=second)
    assert missing.value.field == "confirmed"
    done = do(service.archive_vacancy, reference, why_not=why_not, confirmed=True, by=second)
    assert done.status(at) is Status.ARCHIVED
    assert asked == [done.id] * 3


def test_what_nobody_could_apply_for_needs_no_confirmation(at, advert, do, second):
    reference = advert(Status.PENDING_APPROVAL, cancelled_at=at)
    archived = do(service.archive_vacancy, reference, why_not=lambda *_: "", confirmed=False, by=second)
    assert archived.status(at) is Status.ARCHIVED


# Versions


VERBS = {
    "approve": (Status.PENDING_APPROVAL, service.approve_vacancy, (), {}),
    "send back": (
        Status.PENDING_APPROVAL,
        service.send_back_vacancy,
        ("Shorter",),
        {"open_copy": lambda *_, **__: None},
    ),
    "extend": (Status.OPEN, service.extend_vacancy, (extension(),), {}),
    "close": (Status.OPEN, service.close_vacancy_early, ("Enough",), {}),
    "cancel": (Status.OPEN, service.cancel_vacancy, ("Merged",), {}),
    "outcome": (Status.CLOSED, service.record_outcome, (Outcome.FILLED,), {}),
    "archive": (
        Status.FILLED,
        service.archive_vacancy,
        (),
        {"why_not": lambda *_: "", "confirmed": True},
    ),
}


@pytest.mark.parametrize("name", VERBS)
def test_what_somebody_changed_meanwhile_stops_every_deed(db, advert, do, second, name):
    status, verb, given, said = VERBS[name]
    reference = advert(status)
    with db.transaction() as session:
        load(session, reference).grade = "8"
    with pytest.raises(StaleEdit):
        do(verb, reference, *given, version=1, by=second, **said)
    assert now(db, reference).status(AT) is status
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(StaffUser)) == 2
        assert session.scalar(select(Vacancy.version)) == 2
