"""People: adding, roles, single permissions, links and disabling, as administrators do it in a browser."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts import queries
from portal.accounts.models import StaffUser
from portal.core.audit import AuditEvent
from tests.accounts.signing_in import SAME_ORIGIN, token_on
from tests.support.builders import PASSWORD, make_staff

PEOPLE = "/staff/people"
ADD = "/staff/people/add"
NEW = "marmalade lamp oak"


@pytest.fixture
def admin(sign_in):
    return sign_in("admin", name="Ada Admin", email="ada@example.org")


@pytest.fixture
def nia(db):
    with db.transaction() as session:
        return make_staff(session, role="hr", name="Nia Example", email="nia@example.org", password=PASSWORD)


def page_of(person, *rest):
    return "/".join([PEOPLE, str(person.id), *rest])


def reload(db, person):
    with db.reading() as session:
        return queries.person(session, person.id)


def events(db):
    with db.reading() as session:
        return [
            (event.event, event.facts)
            for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        ]


def link_on(answer):
    (code,) = answer.page.main.all("code")
    assert code.text.startswith("https://portal.example.org/staff/set-password/")
    return code.text.removeprefix("https://portal.example.org")


def test_the_list_has_everybody_with_roles_and_standing(admin, db, nia):
    with db.transaction() as session:
        make_staff(session, roles=["hr", "admin"], name="Zoe Gone", email="zoe@example.org", active=False)
    rows = [row.text for row in admin.get(PEOPLE).page.all("tr")[1:]]
    assert ["Ada Admin" in rows[0], "Nia Example" in rows[1], "Zoe Gone" in rows[2]] == [True] * 3
    assert "Administrator" in rows[0]
    assert "Active" in rows[1]
    assert "HR, Administrator" in rows[2]
    assert "Disabled" in rows[2]


def test_somebody_is_added_and_gets_in_with_the_link(admin, client, db):
    answer = admin.post_form(
        ADD, {"name": "Nia Example", "email": "Nia@Example.org", "roles": ["hr", "fostering"]}
    )
    assert answer.status_code == 200
    assert answer.page.h1 == "Person added"
    path = link_on(answer)
    set_ = client.post_form(path, {"password": NEW, "again": NEW})
    assert set_.status_code == 303
    signed_in = client.post_form("/staff/sign-in", {"email": "nia@example.org", "password": NEW})
    assert signed_in.location == "/staff/"
    with db.reading() as session:
        person = queries.person_by_email(session, "nia@example.org")
    assert (person.name, person.roles) == ("Nia Example", ["hr", "fostering"])
    assert events(db)[:2] == [
        ("staff.added", {"roles": ["hr", "fostering"]}),
        ("staff.password_link_made", {"expires_at": "2026-11-24T10:00:00+00:00"}),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"name": ""}, "Enter the person’s name"),
        ({"name": "x" * 121}, "Name must be 120 characters or less"),
        ({"email": ""}, "Enter the person’s work email address"),
        ({"email": "nia"}, "Enter an email address in the correct format"),
        ({"email": "ADA@example.org"}, "There is already a member of staff with this email address"),
        ({"roles": []}, "Select at least one role"),
        ({"roles": ["owner"]}, "Select at least one role"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(admin, db, data, message):
    answer = admin.post_form(ADD, {"name": "Nia", "email": "nia@example.org", "roles": ["hr"], **data})
    assert answer.status_code == 422
    assert message in answer.text
    values = {control.get("name"): control.get("value") for control in answer.page.main.all("input")}
    assert values["email"] == data.get("email", "nia@example.org")
    with db.reading() as session:
        assert len(session.scalars(select(StaffUser)).all()) == 1


def test_an_old_token_keeps_the_words(admin):
    answer = admin.post_form(
        ADD, {"name": "Nia", "email": "nia@example.org", "roles": "hr", "csrf_token": "expired"}
    )
    assert answer.status_code == 422
    assert 'value="nia@example.org"' in answer.text


def test_roles_are_changed_and_the_person_is_signed_out(admin, sign_in, db, nia):
    theirs = sign_in(person=nia)
    assert theirs.get("/staff/").status_code == 200
    answer = admin.post_form(page_of(nia, "roles"), {"roles": ["fostering"]})
    assert admin.follow(answer).page.h1 == "Nia Example"
    assert reload(db, nia).roles == ["fostering"]
    assert theirs.get("/staff/").status_code == 303
    assert events(db) == [("staff.roles_changed", {"before": ["hr"], "after": ["fostering"]})]


def test_two_administrators_do_not_overwrite_each_other(admin, sign_in, db, nia):
    page = admin.get(page_of(nia, "roles")).page
    hidden = {c.get("name"): c.get("value") for c in page.main.all("input") if c.get("type") == "hidden"}
    other = sign_in("admin")
    assert other.post_form(page_of(nia, "roles"), {"roles": ["fostering"]}).status_code == 303
    answer = admin.post(page_of(nia, "roles"), data={**hidden, "roles": "admin"}, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert reload(db, nia).roles == ["fostering"]
    assert "The roles are now: Fostering team." in answer.page.main.text
    fields = answer.page.main.all("input")
    assert [c["value"] for c in fields if "checked" in c.attrs] == ["admin"]
    again = {c.get("name"): c.get("value") for c in fields if c.get("type") == "hidden"}
    answer = admin.post(page_of(nia, "roles"), data={**again, "roles": "admin"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    assert reload(db, nia).roles == ["admin"]


@pytest.mark.parametrize("version", ["", "x", "²", "9" * 400, "-1"])
def test_a_version_that_is_none_changes_nothing(admin, db, nia, version):
    answer = admin.post_form(page_of(nia, "roles"), {"roles": ["admin"], "version": version})
    assert answer.status_code == 409
    assert reload(db, nia).roles == ["hr"]


def test_a_permission_is_given_with_its_reason_and_taken_back(admin, sign_in, db, nia):
    missing = admin.post_form(page_of(nia, "permissions", "add"), {})
    assert missing.status_code == 422
    assert "Enter why this person needs the permission" in missing.text
    data = {"permission": "fostering.export_named", "reason": "Covers the team in August"}
    shown = admin.follow(admin.post_form(page_of(nia, "permissions", "add"), data))
    assert "Covers the team in August" in shown.text
    assert "Given by Ada Admin" in shown.text
    assert sign_in(person=reload(db, nia)).get("/staff/fostering/export").status_code == 200
    grant = reload(db, nia).grants[0]
    action = page_of(nia, "permissions", str(grant.id), "remove")
    shown = admin.follow(admin.post_form(page_of(nia), {}, action=action))
    assert "taken back by Ada Admin" in shown.text
    assert sign_in(person=reload(db, nia)).get("/staff/fostering/export").status_code == 403


def test_disabling_and_enabling(admin, sign_in, client, db, nia):
    theirs = sign_in(person=nia)
    admin.post_form(page_of(nia), {}, action=page_of(nia, "disable"))
    assert theirs.get("/staff/").status_code == 303
    assert client.post_form("/staff/sign-in", {"email": nia.email, "password": PASSWORD}).status_code == 422
    admin.post_form(page_of(nia), {}, action=page_of(nia, "enable"))
    assert client.post_form("/staff/sign-in", {"email": nia.email, "password": PASSWORD}).status_code == 303
    assert [name for name, _ in events(db) if "abled" in name] == ["staff.disabled", "staff.enabled"]


def test_a_link_is_shown_once_and_nowhere_kept(admin, client, db, nia):
    answer = admin.post_form(page_of(nia), {}, action=page_of(nia, "password-link"))
    path = link_on(answer)
    token = path.rsplit("/", 1)[1]
    assert token not in admin.get(page_of(nia)).text
    with db.reading() as session:
        kept = [*session.scalars(select(AuditEvent)).all(), queries.person(session, nia.id)]
        assert all(token not in str(vars(row)) for row in kept)
    assert client.post_form(path, {"password": NEW, "again": NEW}).status_code == 303


@pytest.mark.parametrize("verb", ["disable", "enable", "password-link"])
def test_nobody_manages_themselves(admin, db, verb):
    me = admin.person
    page = admin.get(page_of(me))
    assert "This is you" in page.text
    assert not page.page.main.all("form")
    token = token_on(page.page)
    data = {"csrf_token": token, "form_end": "1", "version": "1"}
    answer = admin.post(page_of(me, verb), data=data, headers=SAME_ORIGIN)
    assert answer.status_code == 403
    assert admin.post_form(page_of(me, "roles"), {"roles": ["admin", "fostering"]}).status_code == 403
    grant = {"permission": "fostering.export_named", "reason": "mine"}
    assert admin.post_form(page_of(me, "permissions", "add"), grant).status_code == 403
    assert reload(db, me).permissions == {"people.manage", "audit.read", "operations.read"}


@pytest.mark.parametrize("path", ["999999", "9223372036854775807", "9223372036854775808", "0", "²", "x"])
def test_nobody_there_is_404(admin, path):
    assert admin.get(f"{PEOPLE}/{path}").status_code == 404
    assert admin.get(f"{PEOPLE}/{path}/roles").status_code == 404


@pytest.mark.parametrize("role", ["hr", "hiring_manager", "fostering", "fostering_manager"])
def test_only_administrators_manage_people(sign_in, nia, role):
    client = sign_in(role)
    token = token_on(client.get("/staff/").page)
    for path in (PEOPLE, ADD, page_of(nia), page_of(nia, "roles"), page_of(nia, "permissions", "add")):
        assert client.get(path).status_code == 403
    for path in (page_of(nia, "disable"), page_of(nia, "password-link"), page_of(nia, "roles"), ADD):
        data = {"csrf_token": token, "form_end": "1"}
        assert client.post(path, data=data, headers=SAME_ORIGIN).status_code == 403


def test_strangers_are_sent_to_sign_in(client, nia):
    for path in (PEOPLE, ADD, page_of(nia), "/staff/password"):
        assert client.get(path).location.partition("?")[0] == "/staff/sign-in"


def test_names_in_any_script_are_kept_and_shown(admin, db):
    name = "Siân Nguyễn-O’Brien محمد 🦊"
    admin.post_form(ADD, {"name": name, "email": "sian@example.org", "roles": "hr"})
    assert name in admin.get(PEOPLE).text
