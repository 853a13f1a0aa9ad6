"""Accepting an enquiry: one transaction, one reference, flags, links and mails; nobody is refused."""

import re
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from portal.core import jobs
from portal.core.access import Actor
from portal.core.audit import AuditEvent, verify
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.council import load_council
from portal.fostering import references, service
from portal.fostering.area import place_of
from portal.fostering.closures import Closure
from portal.fostering.flags import Flag
from portal.fostering.models import Activity, Enquiry, PossibleDuplicate
from portal.fostering.options import (
    ActivityKind,
    Area,
    AreaConfidence,
    Availability,
    CallOutcome,
    Channel,
    MatchedOn,
    Stage,
    Status,
    YesNo,
)
from portal.fostering.queries import enquiry_by_ref
from portal.fostering.service import accept_enquiry
from tests.fostering.households import TYPED, answers

COUNCIL = load_council()
VISITOR = Actor.visitor("192.0.2.7", "test-request")
SNAPSHOT = {"sections": []}


@pytest.fixture
def accept(app, db, at):
    """Accept an enquiry in a transaction of its own: `accept(last_name="…", when=…)`."""
    count = iter(range(1, 1000))

    def accept(*, key=None, when=None, channel=Channel.WEB, **changes):
        with app.app_context(), db.transaction() as session:
            return accept_enquiry(
                session,
                answers(**changes),
                SNAPSHOT,
                submission_key=key or f"key-{next(count)}",
                channel=channel,
                by=VISITOR,
                at=when or at,
                council=COUNCIL,
                form_version="2026-11",
                started_at=(when or at) - timedelta(minutes=5),
            )

    return accept


@pytest.fixture
def shared(app, db, at):
    """Application, database and time."""
    return app, db, at


def rows(db, table):
    with db.reading() as session:
        return list(session.scalars(select(table).order_by(table.id)))


def test_every_answer_lands_in_its_column(accept, db):
    ref = accept(utm_source="leaflet", updates_opt_in=True).public_ref
    with db.reading() as session:
        stored = enquiry_by_ref(session, ref)
    assert (stored.first_name, stored.last_name) == ("Zoë", "Specimen")
    assert stored.second_name == "Ọlá O’Specimen"
    assert stored.age_21_plus is YesNo.YES
    assert stored.availability is Availability.PART_TIME
    assert stored.care_types == ["SHORT_TERM", "EMERGENCY"]
    assert (stored.children_5_10, stored.children_16_17, stored.spare_bedrooms) == (1, 2, 2)
    assert (stored.postcode, stored.phone) == ("SO14 7LY", "+447700900123")
    assert (stored.area, stored.area_confidence) == (Area.SOTON, AreaConfidence.UNIT)
    assert (stored.district, stored.local_authority) == ("SO14", "Southampton")
    assert (stored.stage, stored.status, stored.channel) == (Stage.NEW, Status.OPEN, Channel.WEB)
    assert stored.utm_source == "leaflet"
    assert stored.updates_opt_in_at == stored.received_at
    assert stored.current_agency is None
    assert stored.snapshot == SNAPSHOT
    assert (stored.last_name_key, stored.second_last_name_key) == ("specimen", "ospecimen")
    assert stored.second_first_name_key == "ola"


def test_the_reference_is_random_and_says_the_year(accept):
    refs = {accept().public_ref for _ in range(5)}
    assert len(refs) == 5
    assert all(re.fullmatch(r"FOS-26-[0-9BCDFGHJKMNPQRSTVWXYZ]{5}", ref) for ref in refs)


def test_the_year_of_a_reference_is_londons(at):
    new_year = at.replace(year=2026, month=12, day=31, hour=23, minute=59)
    assert references.new_reference(new_year).startswith("FOS-26-")
    assert references.new_reference(new_year + timedelta(minutes=1)).startswith("FOS-27-")
    summer = at.replace(month=6, day=30, hour=23, minute=30)
    assert references.new_reference(summer).startswith("FOS-26-")


def test_a_reference_that_is_taken_is_drawn_again(accept, monkeypatch):
    drawn = iter(["FOS-26-BBBBB", "FOS-26-BBBBB", "FOS-26-BBBBB", "FOS-26-CCCCC"])
    monkeypatch.setattr(service, "new_reference", lambda _at: next(drawn))
    assert accept().public_ref == "FOS-26-BBBBB"
    assert accept().public_ref == "FOS-26-CCCCC"


def test_due_one_working_day_on(accept, at):
    enquiry = accept()
    assert enquiry.due_at == enquiry.sla_due_at == at.replace(day=24, hour=17)


@pytest.mark.parametrize(
    ("given", "flags"),
    [
        ({}, []),
        ({"age_21_plus": "no"}, ["F_AGE"]),
        ({"spare_bedroom": "no"}, ["F_ROOM"]),
        ({"spare_bedroom": "not_yet"}, ["F_ROOM"]),
        ({"spare_bedroom": "not_sure"}, ["F_ROOM"]),
        ({"uk_residency": "no"}, ["F_RESIDENCY"]),
        ({"uk_residency": "not_sure"}, ["F_RESIDENCY"]),
        ({"fostering_status": "approved_now", "current_agency": "An agency"}, ["F_TRANSFER"]),
        ({"fostering_status": "approved_last_12m", "current_agency": "An agency"}, ["F_TRANSFER"]),
        ({"fostering_status": "approved_earlier"}, []),
        ({"fostering_status": "applied_before"}, []),
        (
            {
                "age_21_plus": "no",
                "spare_bedroom": "no",
                "uk_residency": "no",
                "fostering_status": "approved_now",
            },
            ["F_AGE", "F_ROOM", "F_RESIDENCY", "F_TRANSFER"],
        ),
    ],
)
def test_answers_set_flags_and_refuse_nobody(accept, given, flags):
    enquiry = accept(**given)
    assert enquiry.flags == flags
    assert not enquiry.quarantined
    assert enquiry.status is Status.OPEN


@pytest.mark.parametrize(
    ("signs", "seconds", "flags"),
    [
        (("trap",), 300, ["F_HONEYPOT"]),
        (("too_fast",), 300, ["F_FAST"]),
        (("forged_time",), 300, ["F_FORGED"]),
        ((), 2, ["F_FAST"]),
        (("trap", "too_fast"), 2, ["F_HONEYPOT", "F_FAST"]),
        ((), 300, []),
        ((), -5, []),  # a clock that was stepped back says nothing about the sender
        (("something_new",), 300, []),
    ],
)
def test_what_looks_like_a_machine_is_marked_and_still_accepted(shared, signs, seconds, flags):
    app, db, at = shared
    with app.app_context(), db.transaction() as session:
        enquiry = accept_enquiry(
            session,
            answers(),
            SNAPSHOT,
            submission_key="k",
            channel=Channel.WEB,
            by=VISITOR,
            at=at,
            council=COUNCIL,
            form_version="2026-11",
            signs=signs,
            started_at=at - timedelta(seconds=seconds),
        )
    assert enquiry.flags == flags
    assert enquiry.quarantined == enquiry.flagged == bool(flags)
    assert enquiry.public_ref
    assert [mail.purpose for mail in rows(db, OutgoingMail)] == [
        "fostering.acknowledgement",
        "fostering.alert",
    ]


def test_the_same_submission_is_one_enquiry_one_reference_one_mail(accept, db):
    first, second = accept(key="same"), accept(key="same", last_name="Other")
    assert first.public_ref == second.public_ref
    assert len(rows(db, Enquiry)) == 1
    assert len(rows(db, OutgoingMail)) == 2
    assert len(rows(db, AuditEvent)) == 1


def test_two_mails_with_the_promised_day_and_nothing_that_was_typed(accept, mailbox):
    ref = accept(age_21_plus="no").public_ref
    acknowledgement, alert = mailbox
    assert acknowledgement.to == "zoe.specimen@example.com"
    assert alert.to == COUNCIL.fostering.alert_email
    assert ref in acknowledgement.subject
    assert "will be in touch by Tuesday 24 November 2026" in acknowledgement.body
    assert ref in alert.body
    assert "Southampton" in alert.body
    assert "Under 21" in alert.body
    assert "5pm on Tuesday 24 November 2026" in alert.body
    assert f"https://portal.example.org/staff/fostering/{ref}" in alert.body
    for mail in (acknowledgement, alert):
        text = f"{mail.subject}\n{mail.body}".casefold()
        for typed in TYPED:
            assert typed.casefold() not in text


def test_no_acknowledgement_without_an_email_address(accept, mailbox):
    accept(email="")
    assert [mail.purpose for mail in mailbox] == ["fostering.alert"]


def test_the_audit_says_codes_only_and_its_chain_holds(accept, db):
    ref = accept(uk_residency="no").public_ref
    (event,) = rows(db, AuditEvent)
    assert (event.event, event.subject) == ("fostering.enquiry_accepted", ref)
    assert event.facts == {"channel": "WEB", "quarantined": False}
    with db.reading() as session:
        assert verify(session).intact


def test_when_a_mail_cannot_be_written_nothing_is(accept, db, monkeypatch):
    def fail(*_args, **_facts):
        raise RuntimeError("disk full")

    monkeypatch.setattr(service, "queue_mail", fail)
    with pytest.raises(RuntimeError):
        accept(next_step="INFO_PACK_ONLY")
    for table in (Enquiry, OutgoingMail, AuditEvent, Job, PossibleDuplicate):
        assert rows(db, table) == []


@pytest.mark.parametrize(
    ("first", "second", "matched"),
    [
        ({}, {"last_name": "Else", "phone": "", "postcode": "PO1 2AB"}, MatchedOn.EMAIL),
        (
            {},
            {"last_name": "Else", "email": "ZOE.Specimen@example.com", "phone": "", "postcode": ""},
            MatchedOn.EMAIL,
        ),
        ({}, {"last_name": "Else", "email": "other@example.com", "postcode": ""}, MatchedOn.PHONE),
        (
            {"last_name": "Núñez-O’Hara"},
            {"last_name": "NUNEZ O'HARA", "email": "", "phone": "+447700900999"},
            MatchedOn.NAME_POSTCODE,
        ),
    ],
)
def test_likely_duplicates_are_linked_for_staff(accept, db, first, second, matched):
    earlier, later = accept(**first), accept(**second)
    assert later.public_ref != earlier.public_ref
    (link,) = rows(db, PossibleDuplicate)
    assert (link.enquiry_id, link.other_id, link.matched_on) == (later.id, earlier.id, matched)
    assert later.household_key != earlier.household_key


@pytest.mark.parametrize(
    "other",
    [
        {"email": "ZOE.specimen@example.com", "phone": "+447700900999", "postcode": "", "last_name": "Else"},
        {"email": "else@example.com", "postcode": "", "last_name": "Else"},
        {"email": "else@example.com", "phone": "+447700900999"},
        {},
    ],
)
def test_households_alike_that_arrive_at_once_are_linked(accept, app, db, at, other):
    """The second begins while the first has been written and not committed yet."""
    second = threading.Thread(target=accept, kwargs=other)
    with app.app_context(), db.transaction() as session:
        accept_enquiry(
            session,
            answers(),
            SNAPSHOT,
            submission_key="first",
            channel=Channel.WEB,
            by=VISITOR,
            at=at,
            council=COUNCIL,
            form_version="2026-11",
        )
        second.start()
        while not db.is_sqlite and second.is_alive() and not somebody_waits(db):
            pass
    second.join()
    assert len(rows(db, Enquiry)) == 2
    assert len(rows(db, PossibleDuplicate)) == 1


def somebody_waits(db):
    with db.reading() as session:
        return session.scalar(
            text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        )


def test_all_locks_of_a_likeness_are_asked_for_at_once_and_in_order(accept, db, statements):
    with statements() as found:
        first, second = accept(), accept(last_name="Else")
    asked = [statement for statement in found if "pg_advisory_xact_lock" in statement]
    assert len(asked) == (0 if db.is_sqlite else 2)
    assert [one.count("pg_advisory_xact_lock(") for one in asked] == [3] * len(asked)
    locks = service.likeness_locks(first), service.likeness_locks(second)
    assert all(each == sorted(each) and len(each) == 3 for each in locks)
    assert len({*locks[0], *locks[1]}) == 4


def test_a_pair_is_linked_once_however_much_is_alike(accept, db):
    accept()
    accept()
    assert len(rows(db, PossibleDuplicate)) == 1


def test_a_likeness_joins_no_households_before_staff_have_decided(accept, db):
    keys = {accept().household_key for _ in range(3)}
    assert len(keys) == 3
    assert len(rows(db, PossibleDuplicate)) == 3


def test_strangers_are_not_linked(accept, db):
    first = accept()
    second = accept(last_name="Else", email="else@example.com", phone="+447700900555")
    third = accept(email="third@example.com", phone="+447700900556", postcode="")
    assert rows(db, PossibleDuplicate) == []
    assert len({first.household_key, second.household_key, third.household_key}) == 3


@pytest.mark.parametrize(("day", "links"), [(22, 0), (23, 1)])
def test_likeness_counts_for_two_years(accept, db, at, day, links):
    accept(when=at.replace(year=2024, month=11, day=day, hour=12))
    accept()
    assert len(rows(db, PossibleDuplicate)) == links


def test_empty_contacts_never_match_each_other(accept, db):
    accept(email="", phone="+447700900001", postcode="")
    accept(email="", phone="+447700900002", postcode="")
    assert rows(db, PossibleDuplicate) == []


def test_without_a_postcode_the_area_is_not_known(accept):
    enquiry = accept(postcode="")
    assert (enquiry.area, enquiry.district) == (Area.UNKNOWN, None)
    assert place_of(None).confidence is AreaConfidence.NONE


def test_only_information_gets_one_courtesy_message_a_month_later(accept, app, db, at, mailbox):
    ref = accept(next_step="INFO_PACK_ONLY").public_ref
    due = at.replace(month=12, day=23, hour=9)
    with app.app_context():
        assert not jobs.run_next(due - timedelta(seconds=1))
        assert jobs.run_next(due)
        assert jobs.run_next(due + timedelta(days=60))
    message = list(mailbox)[-1]
    assert [mail.purpose for mail in mailbox].count("fostering.follow_up") == 1
    assert (message.purpose, message.to) == ("fostering.follow_up", "zoe.specimen@example.com")
    assert ref in message.body
    assert not [typed for typed in TYPED if typed.casefold() in message.body.casefold()]
    assert len(rows(db, Activity)) == 1


@pytest.fixture
def pack_sent(accept, app, db, at):
    """An enquiry for the pack only, which was sent by hand, and the job runner: `run(when)`."""
    ref = accept(next_step="INFO_PACK_ONLY").public_ref
    with db.transaction() as session:
        enquiry = enquiry_by_ref(session, ref)
        enquiry.attempts, enquiry.stage, enquiry.due_at = 1, Stage.CONTACTING, COURTESY_AT
        enquiry.motivation, enquiry.words_read_at = "We like children", at

    def run(when):
        with app.app_context():
            return jobs.run_next(when)

    return ref, run


COURTESY_AT = datetime(2026, 12, 23, 9, 0, tzinfo=UTC)
NO_ANSWER_AT = datetime(2027, 1, 18, 17, 0, tzinfo=UTC)
"""Fifteen working days after the courtesy message."""


def test_after_the_courtesy_message_nothing_is_overdue_and_silence_closes_the_enquiry(pack_sent, db):
    ref, run = pack_sent
    assert run(COURTESY_AT)
    with db.reading() as session:
        assert enquiry_by_ref(session, ref).due_at == NO_ANSWER_AT
    assert not run(NO_ANSWER_AT - timedelta(seconds=1))
    assert run(NO_ANSWER_AT)
    with db.reading() as session:
        closed = enquiry_by_ref(session, ref)
        mine = select(AuditEvent).where(AuditEvent.subject == ref).order_by(AuditEvent.id)
        events = session.scalars(mine).all()
    assert (closed.status, closed.stage, closed.closure_code) == (Status.CLOSED, Stage.CLOSED, Closure.X01)
    assert (closed.closed_at, closed.due_at) == (NO_ANSWER_AT, None)
    assert closed.retention_due_on == date(2029, 1, 18)
    assert events[-1].event == "fostering.closed_unanswered"
    assert not run(NO_ANSWER_AT + timedelta(days=400))


def test_a_contact_after_the_courtesy_message_puts_the_closing_off(pack_sent, db):
    ref, run = pack_sent
    run(COURTESY_AT)
    later = NO_ANSWER_AT + timedelta(days=10)
    with db.transaction() as session:
        enquiry_by_ref(session, ref).due_at = later
    assert run(NO_ANSWER_AT)
    with db.reading() as session:
        assert enquiry_by_ref(session, ref).status is Status.OPEN
    assert run(later)
    with db.reading() as session:
        assert enquiry_by_ref(session, ref).closure_code is Closure.X01


@pytest.mark.parametrize("change", [{"stage": Stage.CALL_DONE}, {"attempts": 0}, {"words_read_at": None}])
def test_who_was_talked_to_or_never_sent_the_pack_or_wrote_what_nobody_read_is_not_closed(
    pack_sent, db, change
):
    ref, run = pack_sent
    run(COURTESY_AT)
    with db.transaction() as session:
        enquiry = enquiry_by_ref(session, ref)
        for name, value in change.items():
            setattr(enquiry, name, value)
    assert run(NO_ANSWER_AT + timedelta(days=1))
    with db.reading() as session:
        assert enquiry_by_ref(session, ref).status is Status.OPEN


def test_who_agreed_on_a_call_after_all_is_not_closed(pack_sent, db):
    ref, run = pack_sent
    run(COURTESY_AT)
    with db.transaction() as session:
        enquiry = enquiry_by_ref(session, ref)
        agreed = {"kind": ActivityKind.CALL_OUT, "outcome": CallOutcome.CALL_BACK_AT}
        session.add(Activity(enquiry_id=enquiry.id, at=COURTESY_AT, call_back_at=NO_ANSWER_AT, **agreed))
    assert run(NO_ANSWER_AT)
    with db.reading() as session:
        assert enquiry_by_ref(session, ref).status is Status.OPEN


@pytest.mark.parametrize("step", ["CALL", "EVENT"])
def test_other_next_steps_send_no_message_later(accept, db, step):
    accept(next_step=step)
    assert rows(db, Job) == []


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.CLOSED, "closure_code": "Q09", "stage": Stage.CLOSED},
        {"stage": Stage.CALL_DONE},
    ],
)
def test_no_courtesy_message_once_things_have_moved_on(accept, shared, mailbox, change):
    app, db, at = shared
    ref = accept(next_step="INFO_PACK_ONLY").public_ref
    with db.transaction() as session:
        enquiry = enquiry_by_ref(session, ref)
        for name, value in change.items():
            setattr(enquiry, name, value)
    with app.app_context():
        assert jobs.run_next(at + timedelta(days=40))
    assert "fostering.follow_up" not in [mail.purpose for mail in mailbox]


def test_without_an_address_the_courtesy_becomes_the_teams_next_action(accept, app, db, at, mailbox):
    ref = accept(next_step="INFO_PACK_ONLY", email="").public_ref
    with db.transaction() as session:
        enquiry_by_ref(session, ref).due_at = at + timedelta(days=90)
    with app.app_context():
        assert jobs.run_next(at + timedelta(days=40))
    with db.reading() as session:
        assert enquiry_by_ref(session, ref).due_at == at + timedelta(days=40)
    assert [mail.purpose for mail in mailbox] == ["fostering.alert"]


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn",
        "Łukasz",
        "محمد",
        "Ó Súilleabháin",
        "Llŷr",
        "李小龍",
        "D’Arcy-Ñúñez",
        "O'Neill",
        "ẞtraße",
        "दीपिका",
    ],
)
def test_names_of_any_script_come_back_exactly(accept, db, name):
    ref = accept(first_name=name, last_name=name).public_ref
    with db.reading() as session:
        stored = enquiry_by_ref(session, ref)
    assert (stored.first_name, stored.last_name) == (name, name)
    assert stored.last_name_key


def test_every_flag_has_words_for_staff():
    for flag in Flag:
        assert flag.label
        assert flag.hint


def test_an_enquiry_counts_a_couple_once(accept, db):
    accept(enquirer_type="COUPLE")
    with db.reading() as session:
        assert session.scalar(select(func.count(func.distinct(Enquiry.household_key)))) == 1
