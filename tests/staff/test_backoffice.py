"""The shell: which doors open for whom, the audit log, and what the worker could not do."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, event, select, update

from portal.accounts import events as account_events
from portal.accounts.models import StaffGrant
from portal.core.access import ROLE_PERMISSIONS, Actor, policy_of
from portal.core.audit import AuditEvent, AuditHead, record
from portal.core.jobs import Job
from portal.core.mail import MailStatus, OutgoingMail, queue_mail
from portal.staff.doors import DOORS, enquiries
from portal.staff.queries import CHECKED, PAGE_SIZE
from tests.support.builders import make_enquiry, make_staff

HOME, AUDIT, OPERATIONS = "/staff/", "/staff/audit", "/staff/operations"


@pytest.fixture(autouse=True)
def _clock(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def admin(sign_in):
    return sign_in("admin", name="Ada Admin", email="ada@example.org")


# Doors


SEEN = {
    "hr": ["Vacancies", "Applications", "Inspections"],
    "hiring_manager": ["Vacancies", "Applications"],
    "fostering": ["Fostering enquiries", "Information events", "Fostering figures"],
    "fostering_manager": [
        "Fostering enquiries",
        "Information events",
        "Keeping records",
        "Fostering figures",
    ],
    "fostering_analyst": ["Fostering figures"],
    "admin": ["People", "Audit log", "Operations"],
}


def doors(page):
    return [heading.text for heading in page.main.all("h2")]


@pytest.mark.parametrize("role", ROLE_PERMISSIONS)
def test_each_role_sees_its_own_doors_and_every_one_opens(sign_in, role):
    client = sign_in(role)
    page = client.get(HOME).page
    assert doors(page) == SEEN[role]
    navigation = [link.text for nav in page.all("nav") for link in nav.all("a")]
    assert navigation == ["Home", *SEEN[role]]
    for link in page.main.all("a"):
        assert client.get(link["href"]).status_code == 200


def test_somebody_with_two_roles_sees_both(sign_in):
    assert doors(sign_in("hr", roles=["hr", "admin"]).get(HOME).page) == [*SEEN["hr"], *SEEN["admin"]]


def test_a_grant_opens_its_door(sign_in, db, at):
    with db.transaction() as session:
        person = make_staff(session, role="hr")
        grant = {
            "permission": "fostering.export_named",
            "reason": "August",
            "granted_by": "Ada",
            "granted_at": at,
        }
        session.add(StaffGrant(person_id=person.id, **grant))
    page = sign_in(person=person).get(HOME).page
    assert doors(page) == ["Export of fostering enquiries", *SEEN["hr"]]


def test_somebody_without_a_role_is_told_so(sign_in):
    page = sign_in(role=None).get(HOME).page
    assert doors(page) == []
    assert "nothing here for you to open yet" in page.main.text


def test_every_door_has_a_view_that_asks_for_the_door_s_permission(app):
    for door in DOORS:
        policy = policy_of(app, door.endpoint)
        assert policy is not None, door.endpoint
        assert policy.permission in (None, door.permission)


def test_the_fostering_door_tells_what_is_overdue(sign_in, db, at):
    with db.transaction() as session:
        for hours in (-30, -1, 2, 80):
            make_enquiry(session, due_at=at + timedelta(hours=hours))
    page = sign_in("fostering").get(HOME).page
    assert [figure.text for figure in page.main.all(class_="overdue")] == ["2 enquiries overdue"]
    whole = "2 enquiries overdue, 1 enquiry due by the end of today and 4 enquiries open in all"
    assert whole in page.main.text


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 enquiries"), (1, "1 enquiry"), (2, "2 enquiries"), (1000, "1,000 enquiries")],
)
def test_every_number_of_enquiries_is_said_right(count, said):
    assert enquiries(count) == said
    assert enquiries(1001) == "more than 1,000 enquiries"


def test_everything_given_up_is_counted_where_the_page_lists_the_latest(admin, db, at):
    with db.transaction() as session:
        session.add_all(
            Job(kind="sample", payload={}, run_at=at, attempts=5, parked_at=at, last_error="ValueError")
            for _ in range(101)
        )
    text = admin.get(OPERATIONS).page.main.text
    assert "101 jobs and 0 emails were given up. The latest hundred of each are listed" in text
    assert "101 jobs given up and 0 emails not delivered" in admin.get(HOME).page.main.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/staff/fostering/FOS-26-ZZZZZ", 404), ("/staff/mistyped", 404), ("/staff/people", 403)],
)
def test_errors_of_staff_pages_keep_the_way_through_them(sign_in, client, path, status):
    answer = sign_in("fostering").get(path)
    assert answer.status_code == status
    assert "Sign out" in answer.text
    assert "/staff/fostering" in [link.get("href") for link in answer.page.all("a")]
    assert "01632" not in answer.page.main.text
    stranger = client.get(path)
    assert "Sign out" not in stranger.text


def test_the_home_page_asks_little_of_the_database(sign_in, db, statements):
    with db.transaction() as session:
        for _ in range(30):
            make_enquiry(session)
    client = sign_in("fostering")
    with statements() as found:
        client.get(HOME)
    assert len(found) <= 5, (
        found
    )  # the session, who it is, the figures of the queue, of first answers and of letters


def test_nothing_of_the_back_office_is_stored_by_browsers(admin):
    for path in (HOME, AUDIT, OPERATIONS, "/staff/people"):
        assert admin.get(path).headers["Cache-Control"] == "no-store"


def test_strangers_are_sent_to_sign_in(client):
    for path in (HOME, AUDIT, OPERATIONS):
        answer = client.get(path)
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/staff/sign-in")


@pytest.mark.parametrize("role", [role for role in ROLE_PERMISSIONS if role != "admin"])
def test_only_administrators_read_audit_and_operations(sign_in, role):
    client = sign_in(role)
    assert client.get(AUDIT).status_code == 403
    assert client.get(OPERATIONS).status_code == 403


def test_an_administrator_sees_no_case_content(admin, db, at):
    with db.transaction() as session:
        enquiry = make_enquiry(session, first_name="Zebedee", last_name="Quartermain", email="zq@example.com")
    for path in ("/staff/fostering", f"/staff/fostering/{enquiry.public_ref}", "/staff/fostering/export"):
        assert admin.get(path).status_code == 403
    for path in (HOME, AUDIT, OPERATIONS):
        text = admin.get(path).text
        assert "Zebedee" not in text
        assert "Quartermain" not in text
        assert "zq@example.com" not in text


# Audit log


ADA = Actor(id=None, name="portal staff", kind="system")


def write(db, count, at, *, by=ADA, subject="STAFF-1", event=account_events.GRANT_GIVEN, **facts):
    """Events a minute apart, oldest first."""
    with db.transaction() as session:
        for number in range(count):
            given = facts or {"permission": f"number {number}"}
            record(session, event, by=by, at=at + timedelta(minutes=number), subject=subject, **given)


def listed(answer):
    return [row.text for row in answer.page.main.all("tr")[1:]]


def test_the_newest_entry_comes_first_and_every_entry_once(admin, db, at):
    write(db, 2 * PAGE_SIZE + 7, at - timedelta(days=2))
    seen, answer = [], admin.get(AUDIT)
    pages = 1
    while True:
        seen += listed(answer)
        older = [link for link in answer.page.main.all("a") if link.get("rel") == "next"]
        if not older:
            break
        answer = admin.get(older[0]["href"])
        pages += 1
    numbers = [int(row.rsplit("number ", 1)[1]) for row in seen]
    assert numbers == list(reversed(range(2 * PAGE_SIZE + 7)))
    assert pages == 3
    newest = [link for link in answer.page.main.all("a") if link.get("rel") == "prev"]
    assert listed(admin.get(newest[0]["href"])) == seen[:PAGE_SIZE]


def test_a_page_far_back_costs_what_the_first_does(admin, db, at, statements):
    write(db, PAGE_SIZE + 5, at - timedelta(days=2))
    with statements() as first:
        admin.get(AUDIT)
    with statements() as second:
        admin.get(f"{AUDIT}?before=6")
    assert len(first) == len(second) <= 5


def test_entries_show_what_who_about_whom_and_the_facts(admin, db, at):
    with db.transaction() as session:
        person = make_staff(session, email="nia@example.org")
    by = Actor(id=person.id, email="nia@example.org", kind="staff", address="192.0.2.1")
    facts = {"before": ["hr"], "after": ["hr", "admin"]}
    write(db, 1, at, by=by, subject="STAFF-77", event=account_events.ROLES_CHANGED, **facts)
    (row,) = listed(admin.get(AUDIT))
    for words in ("23 Nov 2026, 10am", "Staff: roles changed", "nia@example.org", "192.0.2.1", "STAFF-77"):
        assert words in row
    assert "before: hr; after: hr, admin" in row


def on(name, day, *, year=2026):
    """A day of November as the parts of a date field."""
    return {f"{name}-day": str(day), f"{name}-month": "11", f"{name}-year": str(year)}


@pytest.fixture
def mixed(db, at):
    """Three events that differ in everything that can be filtered."""
    with db.transaction() as session:
        person = make_staff(session, email="nia@example.org")
    nia = Actor(id=person.id, email="nia@example.org", kind="staff")
    write(db, 1, at - timedelta(days=9), by=nia, subject="STAFF-5", permission="first")
    write(
        db,
        1,
        at - timedelta(days=5),
        subject="STAFF-6",
        event=account_events.ROLES_CHANGED,
        before=[],
        after=[],
    )
    late = at.replace(hour=23, minute=59) - timedelta(days=1)
    write(db, 1, late, subject="STAFF-5", permission="third")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 3),
        ({"event": "staff.grant_given"}, 2),
        ({"event": "staff.disabled"}, 0),
        ({"actor": "NIA@example.org"}, 1),
        ({"actor": "portal staff"}, 2),
        ({"actor": "nobody@example.org"}, 0),
        ({"subject": "staff-5"}, 2),
        ({"subject": "STAFF-5", "actor": "nia@example.org"}, 1),
        (on("from_on", 22), 1),
        (on("to_on", 22), 3),
        (on("to_on", 21), 2),
        (on("to_on", 30, year=9999), 3),
        ({"to_on-day": "31", "to_on-month": "12", "to_on-year": "9999"}, 3),
        ({"before": "1"}, 0),
        ({"before": "x"}, 3),
        ({"before": "9" * 30}, 3),
        ({"before": "²"}, 3),
        ({"_external": "1", "_scheme": "javascript", "endpoint": "x", "before": "999"}, 3),
    ],
)
def test_filters(admin, mixed, query, found):
    answer = admin.get(AUDIT, query_string=query)
    assert answer.status_code == 200
    assert len(listed(answer)) == found
    assert "javascript:" not in answer.text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"event": "nonsense"}, "Select what happened"),
        (on("from_on", 31), "From date must be a real date"),
        ({"actor": "x" * 300}, "Who must be 254 characters or less"),
        ({**on("from_on", 9), **on("to_on", 8)}, "To date must be the same as or after the from date"),
    ],
)
def test_a_filter_that_makes_no_sense_is_said(admin, mixed, query, message):
    answer = admin.get(AUDIT, query_string=query)
    assert answer.status_code == 422
    assert message in answer.text
    assert listed(answer) == []


def test_the_status_line_sees_what_was_tampered_with(admin, db, at):
    write(db, 5, at)
    assert "nothing was changed, removed or added" in admin.get(AUDIT).text
    for tampering in (
        update(AuditEvent).where(AuditEvent.id == 3).values(actor="somebody else"),
        delete(AuditEvent).where(AuditEvent.id == 4),
        delete(AuditEvent).where(AuditEvent.id == 5),
        delete(AuditEvent).where(AuditEvent.id == 1),
        delete(AuditEvent),
        update(AuditHead).values(count=3),
    ):
        connection = db.engine.connect()
        with connection, connection.begin() as change:
            connection.execute(tampering)
            change.commit()
        assert "does not hang together" in admin.get(AUDIT).text, str(tampering)
        restore(db, at)


def restore(db, at):
    """The chain as it was."""
    with db.engine.begin() as connection:
        connection.execute(delete(AuditEvent))
        connection.execute(delete(AuditHead))
        if not db.is_sqlite:
            connection.exec_driver_sql("ALTER SEQUENCE audit_events_id_seq RESTART")
    write(db, 5, at)


def test_the_status_line_looks_at_the_latest_entries_only(admin, db, at):
    write(db, CHECKED + 3, at)
    with db.engine.begin() as connection:
        connection.execute(update(AuditEvent).where(AuditEvent.id == 2).values(actor="somebody else"))
    assert f"latest {CHECKED} entries" in admin.get(AUDIT).text
    with db.engine.begin() as connection:
        connection.execute(update(AuditEvent).where(AuditEvent.id == 4).values(actor="somebody else"))
    assert "see entry 4" in admin.get(AUDIT).text


def test_what_is_recorded_while_the_page_is_read_is_no_alarm(admin, db, at):
    """Somebody writes between the page’s look at the entries and its look at the head."""
    write(db, 3, at)
    written = []

    @event.listens_for(db.read_engine, "after_cursor_execute")
    def write_in_between(_connection, _cursor, statement, *_rest):
        if "FROM audit_events" in statement and "ORDER BY" in statement and len(written) < 5:
            written.append(statement)
            thread = threading.Thread(target=write, args=(db, 1, at))
            thread.start()
            thread.join()

    try:
        page = admin.get(AUDIT).page
    finally:
        event.remove(db.read_engine, "after_cursor_execute", write_in_between)
    assert len(written) >= 2
    assert "nothing was changed, removed or added" in page.main.text


def test_an_empty_log_is_no_alarm(admin):
    page = admin.get(AUDIT)
    assert "0 entries were checked" in page.text
    assert "Nothing like that has been recorded" in page.text


# Operations


@pytest.fixture
def trouble(app, db, at):
    """A job that was given up, and a mail."""
    with app.app_context(), db.transaction() as session:
        job = Job(
            kind="fostering.follow_up",
            payload={"reference": "FOS-26-SECRET"},
            run_at=at,
            attempts=5,
            parked_at=at,
        )
        to, purpose = "zebedee@mail.example.com", "fostering.acknowledgement"
        mail = queue_mail(
            session, to=to, template="staff_password_set", facts={"at": at}, at=at, purpose=purpose
        )
        mail.subject, mail.body, mail.status, mail.last_error = (
            "A subject",
            "A body",
            MailStatus.FAILED,
            "550",
        )
        session.add(job)
        session.flush()
        return job, mail


def test_what_was_given_up_is_shown_without_whose_it_is(admin, trouble):
    home = admin.get(HOME).page
    assert [figure.text for figure in home.main.all(class_="overdue")] == [
        "1 job given up",
        "1 email not delivered",
    ]
    answer = admin.get(OPERATIONS)
    assert "fostering.follow_up" in answer.text
    assert "fostering.acknowledgement" in answer.text
    assert "mail.example.com" in answer.text
    assert "550" in answer.text
    for secret in ("zebedee", "FOS-26-SECRET", "A body", "A subject"):
        assert secret not in answer.text


def test_both_can_be_tried_again_once(admin, db, trouble):
    job, mail = trouble
    for path in (f"{OPERATIONS}/jobs/{job.id}/retry", f"{OPERATIONS}/mails/{mail.id}/retry"):
        assert admin.post_form(OPERATIONS, {}, action=path).location == OPERATIONS
    text = admin.get(OPERATIONS).page.main.text
    assert text.count("None.") == 2
    assert "has waited since" in text
    with db.reading() as session:
        assert session.get(Job, job.id).parked_at is None
        assert session.get(OutgoingMail, mail.id).status is MailStatus.WAITING
        names = session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)).all()
    assert names == ["operations.job_retried", "operations.mail_retried"]


def test_trying_again_what_is_not_there_is_no_fault(admin, db, trouble):
    page = admin.get(OPERATIONS).page
    token = next(c["value"] for c in page.all("input") if c.get("name") == "csrf_token")
    data, headers = {"csrf_token": token, "form_end": "1"}, {"Sec-Fetch-Site": "same-origin"}
    assert admin.post(f"{OPERATIONS}/jobs/999/retry", data=data, headers=headers).status_code == 404
    assert admin.post(f"{OPERATIONS}/mails/999/retry", data=data, headers=headers).status_code == 404
    path = f"{OPERATIONS}/mails/{trouble[1].id}/retry"
    assert admin.post(path, data=data, headers=headers).status_code == 303
    assert admin.post(path, data=data, headers=headers).status_code == 409
