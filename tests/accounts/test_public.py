"""Signing in, as a browser meets it, and where it leads."""

from __future__ import annotations

from datetime import timedelta

import argon2
import pytest
from sqlalchemy import func, select

from portal.accounts import queries
from portal.accounts.forms import NOT_SIGNED_IN
from portal.accounts.public import TRIES, destination
from portal.core.sessions import StoredSession
from portal.core.way_back import LASTS, WayBack, read_way_back, sign_way_back
from tests.accounts.signing_in import COOKIE, HOME, NEW, PEOPLE, SAME_ORIGIN, SIGN_IN, enter, events, token_on
from tests.support.builders import PASSWORD, make_staff


def test_the_right_password_opens_the_staff_home_page(client, db, person, at):
    answer = enter(client)
    assert answer.status_code == 303
    assert answer.location == HOME
    home = client.follow(answer)
    assert home.page.h1 == "Staff home"
    assert "Ada Admin" in home.text
    (event,) = events(db, "staff.signed_in")
    assert (event.actor_id, event.actor, event.subject) == (person.id, "ada@example.org", person.reference)
    assert event.address == "127.0.0.1"
    with db.reading() as session:
        assert queries.person(session, person.id).signed_in_at == at


@pytest.mark.parametrize("typed", ["ADA@example.org", "  ada@Example.ORG "])
def test_capitals_and_spaces_of_the_address_do_not_matter(client, person, typed):
    assert enter(client, email=typed).status_code == 303


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ada@example.org", "wrong"),
        ("ada@example.org", PASSWORD.upper()),
        ("ada@example.org", PASSWORD + " "),
        ("ada@example.org", "x" * 5000),
        ("nobody@example.org", PASSWORD),
        ("disabled@example.org", PASSWORD),
        ("new@example.org", PASSWORD),
    ],
)
def test_every_reason_why_not_has_the_same_answer(client, db, person, email, password):
    with db.transaction() as session:
        make_staff(session, email="disabled@example.org", password=PASSWORD, active=False)
        make_staff(session, email="new@example.org")
    answer = enter(client, email=email, password=password)
    assert answer.status_code == 422
    assert [error.text for error in answer.page.all(class_="govuk-error-message")] == [
        f"Error: {NOT_SIGNED_IN}"
    ]
    assert client.get(HOME).status_code == 303


def test_the_address_is_kept_and_the_password_never_comes_back(client, person):
    answer = enter(client, password="Zq9-not-the-password")
    fields = {control.get("name"): control for control in answer.page.all("input")}
    assert fields["email"]["value"] == "ada@example.org"
    assert "Zq9-not-the-password" not in answer.text


def test_nothing_entered_is_told_field_by_field(client):
    answer = client.post_form(SIGN_IN, {"email": "", "password": ""})
    assert answer.status_code == 422
    assert "Enter your email address" in answer.text
    assert "Enter your password" in answer.text


def test_a_failed_sign_in_is_kept_without_the_address_that_was_typed(client, db, person):
    enter(client, email="somebody@example.org")
    enter(client, email="Somebody@example.org")
    enter(client, email="other@example.org")
    found = events(db, "staff.sign_in_failed")
    keys = [event.facts["account_key"] for event in found]
    assert keys[0] == keys[1] != keys[2]
    assert all("somebody" not in f"{event.facts}{event.actor}{event.subject}" for event in found)
    assert {event.address for event in found} == {"127.0.0.1"}


def test_an_old_token_keeps_the_address_and_counts_as_no_try(client, db, person):
    for _ in range(TRIES + 1):
        data = {"email": "ada@example.org", "password": PASSWORD, "csrf_token": "old"}
        answer = client.post_form(SIGN_IN, data)
        assert answer.status_code == 422
        assert 'value="ada@example.org"' in answer.text
    assert PASSWORD not in answer.text
    assert events(db) == []
    assert enter(client).status_code == 303


def test_known_and_unknown_people_cost_the_same_work(client, db, monkeypatch):
    """One argon2 run, and as many statements: neither time nor load tells who has an account."""
    with db.transaction() as session:
        strong = argon2.PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1).hash(PASSWORD)
        make_staff(session, email="ada@example.org", password_hash=strong)
    runs = []
    real = argon2.low_level.verify_secret

    def counted(hash_, secret, type_):
        runs.append(argon2.extract_parameters(hash_.decode()))
        return real(hash_, secret, type_)

    monkeypatch.setattr("argon2._password_hasher.verify_secret", counted)
    enter(client, email="ada@example.org", password="wrong")
    enter(client, email="nobody@example.org", password="wrong")
    assert len(runs) == 2
    assert runs[0] == runs[1]


def test_known_and_unknown_people_take_as_many_statements(client, db, person, statements):
    enter(client, email="warm@example.org", password="wrong")
    with statements() as known:
        enter(client, email="ada@example.org", password="wrong")
    with statements() as unknown:
        enter(client, email="nobody@example.org", password="wrong")
    assert known == unknown


def test_no_transaction_is_open_while_a_password_is_hashed(client, db, person, monkeypatch):
    """SQLite has one writer: thirty milliseconds of hashing must not make everybody else wait."""
    open_now, seen = [], []
    real = db.transaction

    def watched():
        context = real()

        class Watched:
            def __enter__(self):
                open_now.append(1)
                return context.__enter__()

            def __exit__(self, *error):
                open_now.pop()
                return context.__exit__(*error)

        return Watched()

    for name in ("verify_secret", "hash_secret"):
        work = getattr(argon2.low_level, name)

        def looked(*args, work=work, **options):
            seen.append(len(open_now))
            return work(*args, **options)

        monkeypatch.setattr(f"argon2._password_hasher.{name}", looked)
    monkeypatch.setattr(db, "transaction", watched)
    enter(client)  # a quick hash of the tests: it is also hashed anew
    client.post_form("/staff/password", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert len(seen) == 4
    assert set(seen) == {0}


def test_a_hash_with_old_parameters_is_renewed_at_sign_in(client, make_client, db, person):
    assert enter(client).status_code == 303
    with db.reading() as session:
        kept = queries.person(session, person.id).password_hash
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert enter(make_client()).status_code == 303


def test_somebody_signed_in_is_not_asked_again(client, person):
    enter(client)
    answer = client.get(SIGN_IN)
    assert (answer.status_code, answer.location) == (303, HOME)


def sign_in_from(client, path, email="ada@example.org", **changes):
    """Open a page, be asked to sign in, and do."""
    asked = client.get(path)
    assert asked.status_code == 303
    assert asked.location.startswith(SIGN_IN + "?next=")
    return client.post_form(asked.location, {"email": email, "password": PASSWORD, **changes}, action=SIGN_IN)


@pytest.mark.parametrize("path", [PEOPLE, f"{PEOPLE}/12/roles", "/staff/password"])
def test_after_sign_in_people_land_where_they_were_going(client, person, path):
    assert sign_in_from(client, path).location == path


def test_a_slip_of_the_finger_does_not_lose_the_way(client, person):
    page = client.get(client.get(PEOPLE).location).page
    hidden = {c["name"]: c["value"] for c in page.main.all("input") if c.get("type") == "hidden"}
    data = {**hidden, "email": "ada@example.org", "password": "wrong"}
    again = client.post(SIGN_IN, data=data, headers=SAME_ORIGIN).page
    hidden = {c["name"]: c["value"] for c in again.main.all("input") if c.get("type") == "hidden"}
    data = {**hidden, "email": "ada@example.org", "password": PASSWORD}
    assert client.post(SIGN_IN, data=data, headers=SAME_ORIGIN).location == PEOPLE


def test_where_they_may_not_go_they_are_not_sent(client, db):
    with db.transaction() as session:
        make_staff(session, role="hr", email="hr@example.org", password=PASSWORD)
    assert sign_in_from(client, PEOPLE, email="hr@example.org").location == HOME


def test_strangers_at_staff_pages_leave_nothing_behind(client, db):
    for path in (HOME, PEOPLE, f"{PEOPLE}/12"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        client.follow(answer)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(StoredSession)) == 0


def test_the_way_is_known_for_an_hour(client, person, clock):
    asked = client.get(PEOPLE).location
    clock.shift(LASTS + timedelta(seconds=1))
    answer = client.post_form(asked, {"email": "ada@example.org", "password": PASSWORD}, action=SIGN_IN)
    assert answer.location == HOME


def test_a_changed_way_leads_home(client, person):
    token = client.get(PEOPLE).location.partition("next=")[2]
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    for wrong in (changed, token[:-1], token + "x", "x" * 5000, "²"):
        assert sign_in_from(client, PEOPLE, next=wrong).location == HOME
        client.delete_cookie(COOKIE, domain="portal.example.org")


@pytest.mark.parametrize("endpoint", ["nothing.here", "https://evil.example", "", "people.disable"])
def test_only_a_page_that_exists_is_a_way(app, endpoint):
    with app.app_context():
        assert read_way_back(sign_way_back(WayBack(endpoint, {"person_id": 1}))) is None


@pytest.mark.parametrize("name", ["next", "url", "return_to", "redirect", "after_sign_in", "continue"])
@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_address_from_outside_decides_where_to(client, person, name, target):
    page = client.get(SIGN_IN, query_string={name: target}).page
    token = token_on(page)
    data = {
        "email": "ada@example.org",
        "password": PASSWORD,
        "csrf_token": token,
        "form_end": "1",
        name: target,
    }
    answer = client.post(
        SIGN_IN,
        query_string={name: target},
        data=data,
        headers={"Sec-Fetch-Site": "same-origin", "Referer": target},
    )
    assert (answer.status_code, answer.location) == (303, HOME)


@pytest.mark.parametrize("way", [None, WayBack("people.show", {})])
def test_what_is_no_page_of_ours_leads_home(app, db, person, way):
    with app.test_request_context(base_url="https://portal.example.org"), db.reading() as session:
        assert destination(way, queries.person(session, person.id)) == HOME
