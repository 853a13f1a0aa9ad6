"""`portal staff …`: the first administrator, emergencies, and the demonstration’s people."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from portal.accounts import queries
from portal.accounts.demo import PEOPLE, load_demo_staff, prepare_demo_staff
from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import AuditEvent
from tests.support.builders import PASSWORD, make_staff

NEW = "marmalade lamp oak"
LINK = re.compile(r"^https://portal\.example\.org(/staff/set-password/[A-Za-z0-9_-]{43})$", re.MULTILINE)


def person(db, email):
    with db.reading() as session:
        found = queries.person_by_email(session, email)
        return queries.person(session, found.id) if found else None


def run(runner, *arguments, **options):
    return runner.invoke(args=["staff", *arguments], **options)


def test_add_prints_a_link_that_works_once(runner, client, db):
    result = run(runner, "add", "Ada@Example.org", "--role", "admin", "--name", "Ada Admin")
    assert result.exit_code == 0, result.output
    path = LINK.search(result.output)[1]
    client.post_form(path, {"password": NEW, "again": NEW})
    assert client.get(path).status_code == 410
    answer = client.post_form("/staff/sign-in", {"email": "ada@example.org", "password": NEW})
    assert answer.status_code == 303
    assert person(db, "ada@example.org").roles == ["admin"]
    with db.reading() as session:
        first = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).first()
    assert (first.event, first.actor) == ("staff.added", "portal staff")


def test_add_takes_a_password_from_standard_input(runner, client, db):
    result = run(
        runner,
        "add",
        "ada@example.org",
        "--role",
        "hr",
        "--role",
        "admin",
        "--password-stdin",
        input=NEW + "\n",
    )
    assert result.exit_code == 0, result.output
    assert NEW not in result.output
    assert "https://" not in result.output
    assert (
        client.post_form("/staff/sign-in", {"email": "ada@example.org", "password": NEW}).status_code == 303
    )
    assert person(db, "ada@example.org").name == "ada"


@pytest.mark.parametrize(
    ("arguments", "typed", "message"),
    [
        (["add", "ada"], "", "like name@example.com"),
        (["add", "\N{KELVIN SIGN}ate@example.org"], "", "like name@example.com"),
        (["add", "a@example.org,b@example.org"], "", "like name@example.com"),
        (["add", "known@example.org"], "", "already a member of staff"),
        (["add", "ada@example.org", "--password-stdin"], "short\n", "12 characters or more"),
        (["add", "ada@example.org", "--password-stdin"], "Southampton2026\n", "made only of common words"),
        (["add", "ada@example.org", "--password-stdin"], "", "12 characters or more"),
        (["role", "nobody@example.org"], "", "no member of staff"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_changes(runner, db, arguments, typed, message):
    with db.transaction() as session:
        make_staff(session, email="known@example.org")
    result = run(runner, *arguments, "--role", "admin", input=typed)
    assert result.exit_code == 1
    assert message in result.output
    assert person(db, "ada@example.org") is None


def test_an_unknown_role_is_refused_with_the_list(runner):
    result = run(runner, "add", "ada@example.org", "--role", "owner")
    assert result.exit_code == 2
    assert all(role in result.output for role in ROLE_PERMISSIONS)


def test_list_role_disable_enable_and_link(runner, client, sign_in, db):
    with db.transaction() as session:
        ada = make_staff(session, role="hr", email="ada@example.org", name="Ada", password=PASSWORD)
    theirs = sign_in(person=ada)
    assert "ada@example.org\tAda\thr\tactive" in run(runner, "list").output
    assert run(runner, "role", "ada@example.org", "--role", "fostering").exit_code == 0
    assert theirs.get("/staff/").status_code == 303
    assert run(runner, "disable", "ADA@example.org").exit_code == 0
    assert "fostering\tdisabled" in run(runner, "list").output
    assert run(runner, "link", "ada@example.org").exit_code == 1
    assert run(runner, "enable", "ada@example.org").exit_code == 0
    path = LINK.search(run(runner, "link", "ada@example.org").output)[1]
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("given", [None, "a demonstration only"])
def test_the_demonstration_has_somebody_in_each_role_and_two_in_hr(client, app, db, at, given):
    with app.app_context():
        prepared = prepare_demo_staff(given)
        with db.transaction() as session:
            loaded = load_demo_staff(session, prepared, by=Actor.system("demo"), at=at)
    roles = [role for role, _, _ in loaded]
    assert list(dict.fromkeys(roles)) == list(ROLE_PERMISSIONS)
    assert [role for role in ROLE_PERMISSIONS if roles.count(role) > 1] == [
        "hr"
    ]  # adverts need a second person
    passwords = {password for _, _, password in loaded}
    assert passwords == {given} if given else len(passwords) == len(PEOPLE)
    for role, email, password in loaded:
        assert person(db, email).roles == [role]
        assert email.endswith("@example.org")
        answer = client.post_form("/staff/sign-in", {"email": email, "password": password})
        assert answer.status_code == 303
        client.post_form("/staff/", {}, action="/staff/sign-out")


def test_loading_the_demonstration_again_adds_nobody(app, db, at):
    with app.app_context():
        for _ in range(2):
            prepared = prepare_demo_staff("a demonstration only")
            with db.transaction() as session:
                load_demo_staff(session, prepared, by=Actor.system("demo"), at=at)
    with db.reading() as session:
        assert len(queries.people(session)) == len(PEOPLE)
