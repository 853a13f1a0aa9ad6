"""How long a session lasts and what ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts import queries, service
from portal.accounts.public import TRIES
from portal.core.sessions import StoredSession
from tests.accounts.signing_in import (
    HOME,
    NEW,
    PEOPLE,
    SAME_ORIGIN,
    SYSTEM,
    cookie_of,
    enter,
    events,
    token_on,
    with_cookie,
)
from tests.support.builders import PASSWORD


def test_the_session_id_changes_at_sign_in_and_the_planted_one_stays_worthless(client, make_client, person):
    planted = "A" * 43
    with_cookie(client, planted)
    client.get(HOME)  # a row under the planted id
    assert enter(client).status_code == 303
    assert cookie_of(client) != planted
    assert with_cookie(make_client(), planted).get(HOME).status_code == 303


def test_nothing_of_the_visitor_s_session_is_carried_over(client, db, person):
    client.get(PEOPLE)
    enter(client)
    with db.reading() as session:
        (row,) = session.scalars(select(StoredSession)).all()
    assert set(row.data) == {"staff_id", "epoch", "signed_in_at"}
    assert row.staff_id == person.id


def test_a_replayed_cookie_does_nothing_after_sign_out(client, make_client, db, person):
    enter(client)
    old = cookie_of(client)
    replay = with_cookie(make_client(), old)
    assert replay.get(HOME).status_code == 200
    answer = client.post_form(HOME, {}, action="/staff/sign-out")
    assert client.follow(answer).page.h1 == "You have signed out"
    assert with_cookie(make_client(), old).get(HOME).status_code == 303
    assert client.get(HOME).status_code == 303
    (event,) = events(db, "staff.signed_out")
    assert (event.actor_id, event.subject) == (person.id, person.reference)


def test_signing_out_is_a_post(client, person):
    enter(client)
    assert client.get("/staff/sign-out").status_code == 405
    assert client.get(HOME).status_code == 200


def test_signing_out_twice_is_no_error(client, person):
    enter(client)
    page = client.get(HOME).page
    token = token_on(page)
    for _ in range(2):
        answer = client.post(
            "/staff/sign-out",
            data={"csrf_token": token, "form_end": "1"},
            headers=SAME_ORIGIN,
        )
        assert answer.status_code in (303, 400)
    assert client.get(HOME).status_code == 303


@pytest.mark.parametrize(("minutes", "in_"), [(29, True), (30, False), (31, False)])
def test_a_session_ends_after_half_an_hour_of_nothing(client, person, clock, minutes, in_):
    enter(client)
    clock.shift(timedelta(minutes=minutes))
    assert (client.get(HOME).status_code == 200) is in_


def test_use_keeps_a_session_but_not_beyond_eight_hours(client, db, person, clock):
    enter(client)
    for _ in range(19):
        clock.shift(timedelta(minutes=25))
        assert client.get(HOME).status_code == 200
    clock.shift(timedelta(minutes=4))  # 7 hours 59 minutes
    assert client.get(HOME).status_code == 200
    clock.shift(timedelta(minutes=1))
    assert client.get(HOME).status_code == 303
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(StoredSession.staff_id == person.id)) == 0


def test_an_ended_session_stays_ended_when_the_clock_is_set_back(client, person, clock):
    enter(client)
    clock.shift(timedelta(minutes=31))
    assert client.get(HOME).status_code == 303
    clock.shift(timedelta(minutes=-31))
    assert client.get(HOME).status_code == 303


def test_last_seen_is_written_once_a_minute_at_most(client, person, clock, statements):
    enter(client)
    written = []
    for _ in range(7):
        with statements() as found:
            client.get(HOME)
        written.append(sum(statement.startswith("UPDATE sessions") for statement in found))
        clock.shift(timedelta(seconds=20))
    assert written == [0, 0, 0, 1, 0, 0, 1]


def test_roles_taken_away_bite_at_the_next_click(client, db, person):
    enter(client)
    assert client.get(PEOPLE).status_code == 200
    with db.transaction() as session:
        found = queries.person_to_change(session, person.id)
        found.roles = ["hr"]  # even without the service, which also ends the session
    assert client.get(PEOPLE).status_code == 403


def test_a_change_of_roles_ends_the_session(client, db, app, person, at):
    enter(client)
    with db.transaction() as session:
        found = queries.person_to_change(session, person.id)
        service.change_roles(session, found, ["admin", "hr"], version=found.version, by=SYSTEM, at=at)
    assert client.get(HOME).status_code == 303


def test_a_disabled_person_is_out_at_once(client, db, person, at):
    enter(client)
    with db.transaction() as session:
        found = queries.person_to_change(session, person.id)
        service.disable(session, found, version=found.version, by=SYSTEM, at=at)
    assert client.get(HOME).status_code == 303
    assert enter(client).status_code == 422


def test_a_form_sent_after_the_session_ended_is_not_lost_silently(client, person, clock):
    """The answer says plainly that nothing was saved and how to get the words back; it is no redirect."""
    enter(client)
    page = client.get("/staff/people/add").page
    token = token_on(page)
    clock.shift(timedelta(minutes=31))
    data = {"name": "Nia", "email": "nia@example.org", "roles": "hr", "csrf_token": token, "form_end": "1"}
    answer = client.post("/staff/people/add", data=data, headers=SAME_ORIGIN)
    assert answer.status_code == 403
    assert "You were signed out" in answer.text
    assert "Nothing was saved" in answer.text


def change_password(client, current=PASSWORD, password=NEW, again=None):
    data = {"current": current, "password": password, "again": password if again is None else again}
    return client.post_form("/staff/password", data)


def test_changing_one_s_password_keeps_this_session_and_ends_the_others(
    client, make_client, db, person, mailbox
):
    elsewhere = make_client()
    enter(elsewhere)
    enter(client)
    before = cookie_of(client)
    answer = change_password(client)
    assert client.follow(answer).page.h1 == "Your password has changed"
    assert cookie_of(client) != before
    assert elsewhere.get(HOME).status_code == 303
    assert enter(make_client()).status_code == 422
    assert enter(make_client(), password=NEW).status_code == 303
    assert [event.facts for event in events(db, "staff.password_set")] == [{"how": "changed"}]
    assert [mail.to for mail in mailbox] == ["ada@example.org"]


def test_a_changed_password_does_not_lengthen_the_eight_hours(client, person, clock):
    enter(client)
    for _ in range(19):
        clock.shift(timedelta(minutes=25))
        client.get(HOME)
    change_password(client)
    clock.shift(timedelta(minutes=5))
    assert client.get(HOME).status_code == 303


def test_the_current_password_must_be_right_and_cannot_be_guessed_at_length(client, person):
    enter(client)
    for _ in range(TRIES):
        answer = change_password(client, current="wrong")
        assert answer.status_code == 422
        assert "current password is not right" in answer.text
    assert change_password(client).status_code == 429
    assert client.get(HOME).status_code == 200
