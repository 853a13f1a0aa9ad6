"""One-time links that set a password."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.accounts import queries, service
from tests.accounts.signing_in import HOME, NEW, SAME_ORIGIN, SYSTEM, enter, events, set_password, token_on
from tests.support.builders import PASSWORD, make_staff


@pytest.fixture
def link(app, db, at):
    """The path of a live link, for somebody without a password."""
    with app.app_context(), db.transaction() as session:
        newcomer = make_staff(session, role="hr", email="nia@example.org", name="Nia New")
        token = service.make_password_link(session, newcomer, by=SYSTEM, at=at)
    return f"/staff/set-password/{token}"


def test_a_link_sets_the_password_once(client, db, link):
    assert client.get(link).page.h1 == "Set your password"
    answer = set_password(client, link)
    assert client.follow(answer).page.h1 == "Your password is set"
    assert client.get(HOME).status_code == 303, "setting a password signs nobody in"
    assert enter(client, email="nia@example.org", password=NEW).status_code == 303
    assert client.get(link).status_code == 410
    assert [event.facts for event in events(db, "staff.password_set")] == [{"how": "link"}]


def test_opening_a_link_uses_nothing_up(client, link):
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert set_password(client, link).status_code == 303


def test_a_link_is_used_up_between_page_and_post(client, make_client, link):
    page = client.get(link).page
    token = token_on(page)
    assert set_password(make_client(), link).status_code == 303
    data = {"password": "tulip-anvil-9931", "again": "tulip-anvil-9931", "csrf_token": token, "form_end": "1"}
    answer = client.post(link, data=data, headers=SAME_ORIGIN)
    assert answer.status_code == 410
    assert enter(client, email="nia@example.org", password=NEW).status_code == 303


def test_a_link_runs_out(client, link, clock):
    clock.shift(timedelta(hours=24))
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("token", ["A" * 43, "A" * 16, "A" * 128])
def test_an_unknown_link_is_answered_like_a_used_one(client, link, token):
    set_password(client, link)
    used = client.get(link)
    unknown = client.get(f"/staff/set-password/{token}")
    assert (unknown.status_code, unknown.page.main.text) == (410, used.page.main.text)


@pytest.mark.parametrize(
    ("password", "again", "message"),
    [
        ("", "", "Enter a new password"),
        ("short", "short", "Password must be 12 characters or more"),
        ("x7" * 65, "x7" * 65, "Password must be 128 characters or fewer"),
        ("nia.new@example", "nia.new@example", "made only of common words"),
        ("Southampton2026", "Southampton2026", "made only of common words"),
        (NEW, NEW + " ", "The two passwords are not the same"),
    ],
)
def test_an_unsuitable_password_is_explained_and_the_link_still_works(client, link, password, again, message):
    answer = set_password(client, link, password, again)
    assert answer.status_code == 422
    assert message in answer.text
    assert set_password(client, link).status_code == 303


def test_a_password_keeps_its_spaces_and_any_letters(client, make_client, link):
    secret = "  ÉCLAIR\u0301 🦊 tulip anvil  "
    assert set_password(client, link, secret).status_code == 303
    assert enter(client, email="nia@example.org", password=secret).status_code == 303
    assert enter(make_client(), email="nia@example.org", password=secret.strip()).status_code == 422


def test_the_page_of_a_link_gives_its_address_to_nobody(client, link):
    answer = client.get(link)
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not [a for a in answer.page.all("img", "script") if a.get("src", "").startswith("http")]


def test_a_new_password_ends_the_sessions_of_this_person_only(make_client, app, db, person, at):
    client = make_client()
    with db.transaction() as session:
        other = make_staff(session, role="hr", email="hr@example.org", password=PASSWORD)
    mine, theirs = make_client(), make_client()
    enter(mine)
    enter(theirs, email=other.email)
    with app.app_context(), db.transaction() as session:
        found = queries.person_to_change(session, person.id)
        token = service.make_password_link(session, found, by=SYSTEM, at=at)
    set_password(client, f"/staff/set-password/{token}")
    assert mine.get(HOME).status_code == 303
    assert theirs.get(HOME).status_code == 200
    assert enter(client).status_code == 422
    assert enter(client, password=NEW).status_code == 303
