"""Two administrators at once: the second is told in words what the first has done, on the page itself."""

from __future__ import annotations

import pytest

from portal.accounts import queries
from tests.accounts.signing_in import PEOPLE, SAME_ORIGIN, token_on
from tests.support.builders import make_staff

GRANT = {"permission": "fostering.export_named", "reason": "Covers for the team"}


@pytest.fixture
def nia(db):
    with db.transaction() as session:
        return make_staff(session, role="hr", name="Nia Example")


@pytest.fixture
def pair(sign_in, nia):
    """Two administrators who both have the page open; the first acts first."""
    return sign_in("admin"), sign_in("admin")


def path_of(person, *rest):
    return "/".join([PEOPLE, str(person.id), *rest])


def late(client, person, *rest, version="1", **typed):
    """What the second sends from the page as it was."""
    token = token_on(client.get(path_of(person)).page)
    data = {**typed, "csrf_token": token, "version": version, "form_end": "1"}
    return client.post(path_of(person, *rest), data=data, headers=SAME_ORIGIN)


def now(db, person):
    with db.reading() as session:
        return queries.person(session, person.id)


def test_an_account_already_disabled_or_enabled_is_said_to_be(pair, db, nia):
    first, second = pair
    first.post_form(path_of(nia), {}, action=path_of(nia, "disable"))
    answer = late(second, nia, "disable")
    assert answer.status_code == 409
    assert answer.page.h1 == "Nia Example"
    assert "Somebody else has already disabled this account" in answer.page.main.text
    assert "Somebody else has disabled this account" in late(second, nia, "password-link").page.main.text
    first.post_form(path_of(nia), {}, action=path_of(nia, "enable"))
    assert "Somebody else has already enabled this account" in late(second, nia, "enable").page.main.text


def test_another_change_meanwhile_is_said_and_nothing_is_done(pair, db, nia):
    first, second = pair
    first.post_form(path_of(nia, "roles"), {"roles": ["fostering"]})
    answer = late(second, nia, "disable")
    assert answer.status_code == 409
    assert "Somebody else changed this account after you opened its page" in answer.page.main.text
    assert "Fostering team" in answer.page.main.text
    assert now(db, nia).active


def test_a_permission_given_or_taken_back_meanwhile_is_said_to_be(pair, db, nia):
    first, second = pair
    first.post_form(path_of(nia, "permissions", "add"), GRANT)
    answer = late(second, nia, "permissions", "add", **{**GRANT, "reason": "My own words"})
    assert answer.status_code == 409
    assert "already given this permission to Nia Example" in answer.page.main.text
    assert "My own words" in answer.text
    (grant,) = now(db, nia).grants
    target = ("permissions", str(grant.id), "remove")
    first.post_form(path_of(nia), {}, action=path_of(nia, *target))
    answer = late(second, nia, *target)
    assert answer.status_code == 409
    assert "already taken this permission back" in answer.page.main.text
    assert late(second, nia, "permissions", "999", "remove").status_code == 404


def test_errors_of_the_password_page_stand_in_the_order_of_its_fields(sign_in):
    client = sign_in("hr")
    answer = client.post_form("/staff/password", {"current": "", "password": "", "again": ""})
    assert answer.page.errors == [
        "Enter your current password",
        "Enter a new password",
        "Enter the new password again",
    ]


def test_that_a_link_is_shown_once_is_said_before_and_where_to_make_another(sign_in):
    client = sign_in("admin")
    assert "make a new one" in client.get(f"{PEOPLE}/add").page.main.text
    typed = {"name": "Zoe New", "email": "zoe@example.org", "roles": "hr"}
    page = client.post_form(f"{PEOPLE}/add", typed).page
    assert "Copy it before you reload or leave this page" in page.main.text
    link = next(link for link in page.main.all("a") if "Zoe New" in link.text)
    assert "Make a password link" in client.get(link["href"]).text
