"""A note typed while the session ran out: given back to its writer after signing in, and to nobody else."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from portal.core.kept_words import KEPT, LASTS, LONGEST, MOST_WORDS, words_of
from portal.core.sessions import StoredSession
from portal.core.text import clean_text
from portal.fostering.models import Activity
from tests.accounts.signing_in import COOKIE, SAME_ORIGIN, SIGN_IN
from tests.support.builders import PASSWORD, make_enquiry, make_staff
from tests.support.naughty import NAUGHTY

NOTE = "Ask for Robin, after the school run"
TYPED = {"kind": "CALL_OUT", "outcome": "NO_ANSWER", "happened": "now", "note": NOTE}


@pytest.fixture
def clock(at):
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def people(db):
    """Two officers who can sign in with a password."""
    with db.transaction() as session:
        return [
            make_staff(session, email=f"{name}@example.org", name=name, password=PASSWORD)
            for name in ("asha", "bryn")
        ]


@pytest.fixture
def officer(clock, sign_in, people):
    return sign_in(person=people[0])


@pytest.fixture
def page(db, at):
    with db.transaction() as session:
        return f"/staff/fostering/{make_enquiry(session, received_at=at - timedelta(days=1)).public_ref}"


def form_on(client, path, typed=TYPED):
    """The form of a page that stands open, filled in."""
    answer = client.get(path)
    hidden = [control for control in answer.page.main.all("input") if control.get("type") == "hidden"]
    return {**{control["name"]: control["value"] for control in hidden}, **typed}


def sign_in_again(client, answer, email="asha@example.org"):
    """Go where the answer leads, and sign in there."""
    assert answer.status_code == 303
    assert answer.location.startswith(SIGN_IN)
    return client.post_form(answer.location, {"email": email, "password": PASSWORD}, action=SIGN_IN)


def ended(client, clock, how):
    """The session ends: left idle, or the browser was closed and has no cookie any more."""
    if how == "idle":
        clock.shift(timedelta(minutes=31))
    else:
        client.delete_cookie(COOKIE, domain="portal.example.org")


def recorded(db):
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Activity))


@pytest.mark.parametrize("how", ["idle", "absent"])
def test_the_words_are_back_after_signing_in_and_are_recorded_once_sent_again(officer, db, clock, page, how):
    filled = form_on(officer, page)
    ended(officer, clock, how)
    answer = officer.post(f"{page}/contact?area=HANTS", data=filled, headers=SAME_ORIGIN)
    assert "Robin" not in answer.location
    asked = officer.follow(answer)
    assert "What you typed is kept" in asked.page.main.text
    assert NOTE not in asked.text
    back = sign_in_again(officer, answer)
    assert back.location == f"{page}?area=HANTS"
    shown = officer.follow(back)
    assert "Nothing has been saved yet" in shown.page.main.text
    assert shown.page.first("textarea", name="note").source.strip() == NOTE
    assert recorded(db) == 0
    again = officer.post(f"{page}/contact", data=form_on(officer, page, {}) | TYPED, headers=SAME_ORIGIN)
    assert again.status_code == 303
    assert recorded(db) == 1
    assert officer.get(page).page.first("textarea", name="note").source.strip() == ""


def test_what_a_colleague_recorded_meanwhile_is_shown_first(officer, db, people, sign_in, page):
    filled = form_on(officer, page)
    ended(officer, None, "absent")
    colleague = sign_in(person=people[1])
    sent = colleague.post(f"{page}/contact", data=form_on(colleague, page), headers=SAME_ORIGIN)
    assert sent.status_code == 303
    sign_in_again(officer, officer.post(f"{page}/contact", data=filled, headers=SAME_ORIGIN))
    again = officer.post(f"{page}/contact", data=form_on(officer, page, {}) | TYPED, headers=SAME_ORIGIN)
    assert again.status_code == 409
    assert "Somebody else changed this enquiry" in again.text
    assert recorded(db) == 1


def test_a_reload_does_not_lose_them_and_another_enquiry_does_not_get_them(officer, db, clock, page):
    with db.transaction() as session:
        other = make_enquiry(session).public_ref
    filled = form_on(officer, page)
    ended(officer, clock, "idle")
    sign_in_again(officer, officer.post(f"{page}/contact", data=filled, headers=SAME_ORIGIN))
    assert NOTE not in officer.get(f"/staff/fostering/{other}").text
    assert all(NOTE in officer.get(page).text for _time in range(2))


@pytest.mark.parametrize("how", ["idle", "absent"])
def test_another_person_who_signs_in_never_sees_them(officer, db, clock, page, how):
    filled = form_on(officer, page)
    ended(officer, clock, how)
    answer = officer.post(f"{page}/contact", data=filled, headers=SAME_ORIGIN)
    sign_in_again(officer, answer, "bryn@example.org")
    shown = officer.get(page)
    assert shown.page.h1 in page
    assert NOTE not in shown.text
    with db.reading() as session:
        assert NOTE not in str([row.data for row in session.scalars(select(StoredSession))])


def test_a_page_left_open_by_one_is_not_recorded_by_another(officer, db, people, sign_in, page):
    filled = form_on(officer, page)
    another = sign_in(person=people[1])
    filled["csrf_token"] = form_on(another, page)["csrf_token"]
    answer = another.post(f"{page}/contact", data=filled, headers=SAME_ORIGIN)
    assert answer.status_code == 400
    assert NOTE not in answer.text
    assert recorded(db) == 0


def test_they_are_kept_for_an_hour(officer, clock, page):
    filled = form_on(officer, page)
    ended(officer, clock, "idle")
    answer = officer.post(f"{page}/contact", data=filled, headers=SAME_ORIGIN)
    clock.shift(LASTS)
    sign_in_again(officer, answer)
    assert NOTE not in officer.get(page).text


@pytest.mark.parametrize("mark", ["", "1", "IjEi.forged.mark"])
def test_a_stranger_can_store_nothing(officer, client, db, page, mark):
    filled = form_on(officer, page) | {"typed_by": mark}
    with db.reading() as session:
        before = session.scalar(select(func.count()).select_from(StoredSession))
    answer = client.post(f"{page}/contact", data=filled, headers=SAME_ORIGIN)
    assert answer.status_code == 403
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(StoredSession)) == before


def test_too_much_is_not_kept(officer, clock, page):
    filled = form_on(officer, page) | {"note": "x" * (LONGEST + 1)}
    ended(officer, clock, "idle")
    assert officer.post(f"{page}/contact", data=filled, headers=SAME_ORIGIN).status_code == 403


def test_too_many_are_not_kept(officer, clock, page):
    filled = form_on(officer, page)
    filled |= {f"field{number}": "" for number in range(MOST_WORDS)}
    ended(officer, clock, "idle")
    assert officer.post(f"{page}/contact", data=filled, headers=SAME_ORIGIN).status_code == 403


UNSTORABLE = {
    "NUL": (b"Robin%00 is at home", "Robin is at home"),
    "half of a character": (b"Robin is at home %ED%A0%80", "Robin is at home"),
    "bidirectional override": ("Robin \u202eis at\u202c home".encode(), "Robin is at home"),
    "line breaks": (b"Robin%0D%0Ais at home", "Robin\nis at home"),
}


@pytest.mark.parametrize("sent", UNSTORABLE)
def test_what_no_database_holds_is_cleaned_before_it_is_kept(officer, db, clock, page, sent):
    written, shown = UNSTORABLE[sent]
    filled = form_on(officer, page, {"kind": "CALL_OUT", "a\x00b\u202e": ""})
    body = urlencode(filled).encode() + b"&note=" + written
    ended(officer, clock, "idle")
    answer = officer.post(
        f"{page}/contact",
        data=body,
        content_type="application/x-www-form-urlencoded",
        headers=SAME_ORIGIN,
    )
    back = sign_in_again(officer, answer)
    (row,) = stored(db)
    assert all(clean_text(text) == text for word in row["words"] for text in word)
    found = officer.follow(back).page.first("textarea", name="note").source.strip()
    assert found.replace("&#10;", "\n").startswith(shown)


def stored(db):
    """What is kept, as the database holds it."""
    with db.reading() as session:
        return [row.data[KEPT] for row in session.scalars(select(StoredSession)) if KEPT in row.data]


@pytest.mark.parametrize("naughty", NAUGHTY)
def test_whatever_is_kept_can_be_stored(naughty):
    words = words_of(MultiDict([("note", naughty), (naughty, "x")]))
    assert "\\u0000" not in json.dumps(words)
    assert json.loads(json.dumps(words, ensure_ascii=False).encode()) == words


def test_nothing_is_hidden_behind_a_name_that_is_cleaned_into_one_of_ours():
    assert words_of(MultiDict([("csrf\x00_token", "x"), ("typed_by\u202e", "x"), ("note", "y")])) == [
        ["note", "y"]
    ]


def test_a_password_is_never_kept(officer, db, clock):
    typed = {"current": PASSWORD, "password": "some new words", "again": "some new words"}
    filled = form_on(officer, "/staff/password", typed)
    ended(officer, clock, "idle")
    assert officer.post("/staff/password", data=filled, headers=SAME_ORIGIN).status_code == 403
    with db.reading() as session:
        assert "some new words" not in str([row.data for row in session.scalars(select(StoredSession))])


def test_sign_in_returns_to_the_list_with_its_filters(client, people, clock):
    asked = client.get("/staff/fostering?area=HANTS&stage=E20&_external=1&x=a%0d%0ab")
    back = sign_in_again(client, asked)
    assert back.location == "/staff/fostering?area=HANTS&stage=E20&_external=1&x=a%0D%0Ab"


def test_a_reason_for_a_permission_is_given_back_too(sign_in, db, clock):
    with db.transaction() as session:
        admin = make_staff(session, role="admin", email="ada@example.org", password=PASSWORD)
        person = make_staff(session, role="hr")
    client, path = sign_in(person=admin), f"/staff/people/{person.id}/permissions/add"
    filled = form_on(client, path, {"reason": "Covers for the team"})
    ended(client, clock, "idle")
    back = sign_in_again(client, client.post(path, data=filled, headers=SAME_ORIGIN), "ada@example.org")
    assert "Covers for the team" in client.follow(back).text
