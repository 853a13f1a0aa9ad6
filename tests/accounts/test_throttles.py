"""How often a sign-in may be tried, and that nobody can keep an owner out."""

from __future__ import annotations

import threading
from datetime import timedelta

from portal.accounts.public import EVERYBODY, KNOWN_FOR, TRIES, TRIES_IN_ALL, TRIES_OF_AN_OFFICE, WINDOW
from portal.core import throttle
from portal.core.clock import now
from tests.accounts.signing_in import SAME_ORIGIN, SIGN_IN, enter, events, token_on
from tests.support.builders import PASSWORD, make_staff


def test_the_eleventh_try_at_an_account_is_refused_even_with_the_right_password(client, db, person):
    for number in range(TRIES):
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        assert enter(client, password="wrong").status_code == 422
    client.environ_base["REMOTE_ADDR"] = "192.0.2.50"
    answer = enter(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert len(events(db, "staff.sign_in_failed")) == TRIES


def test_an_unknown_account_is_refused_alike(client, person):
    for _ in range(TRIES):
        enter(client, email="nobody@example.org")
    assert enter(client, email="nobody@example.org").status_code == 429


def test_an_owner_gets_in_again_within_fifteen_minutes_whatever_is_tried_meanwhile(
    make_client, person, clock
):
    """Somebody guesses without a pause, from many addresses; a window does not grow by being hit."""
    attacker, waited = make_client(), 0
    for number in range(TRIES):
        enter(attacker, password="wrong")
        attacker.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
    owner = make_client()
    owner.environ_base["REMOTE_ADDR"] = "192.0.2.50"
    while enter(owner).status_code != 303:
        attacker.environ_base["REMOTE_ADDR"] = f"203.0.113.{waited}"
        assert enter(attacker, password="wrong").status_code == 429
        waited += 1
        clock.shift(timedelta(minutes=1))
        assert waited <= 15
    assert waited == 5


def test_at_the_usual_place_an_owner_gets_in_each_time_whatever_strangers_do(make_client, app, person, clock):
    """For an hour, each window of the account is used up the moment it begins."""
    assert enter(make_client()).status_code == 303
    attacker = make_client()
    attacker.environ_base["REMOTE_ADDR"] = "203.0.113.1"
    for _ in range(12):
        with app.app_context():
            for _ in range(TRIES):
                throttle.hit("sign-in account", person.email, limit=TRIES, per=WINDOW, at=now())
        assert enter(attacker).status_code == 429
        assert enter(make_client()).status_code == 303
        assert enter(attacker).status_code == 429
        clock.shift(WINDOW)


def test_at_the_usual_place_the_total_keeps_nobody_out(make_client, app, person, at):
    assert enter(make_client()).status_code == 303
    with app.app_context():
        for _ in range(TRIES_IN_ALL):
            throttle.hit("sign-in total", EVERYBODY, limit=TRIES_IN_ALL, per=WINDOW, at=at)
    assert enter(make_client()).status_code == 303
    elsewhere = make_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.50"
    assert enter(elsewhere).status_code == 429


def test_the_usual_place_of_one_is_not_that_of_another(make_client, db, person):
    with db.transaction() as session:
        make_staff(session, email="nia@example.org", password=PASSWORD)
    assert enter(make_client()).status_code == 303
    attacker = make_client()
    attacker.environ_base["REMOTE_ADDR"] = "203.0.113.1"
    for _ in range(TRIES):
        enter(attacker, email="nia@example.org", password="wrong")
    assert enter(make_client(), email="nia@example.org").status_code == 429


def test_the_usual_place_has_a_limit_too(make_client, person):
    assert enter(make_client()).status_code == 303
    client = make_client()
    assert {enter(client, password="wrong").status_code for _ in range(TRIES)} == {422}
    assert enter(client).status_code == 429


def test_a_place_is_forgotten_after_a_month(make_client, person, clock):
    assert enter(make_client()).status_code == 303
    clock.shift(KNOWN_FOR)
    attacker = make_client()
    attacker.environ_base["REMOTE_ADDR"] = "203.0.113.1"
    for _ in range(TRIES):
        enter(attacker, password="wrong")
    assert enter(make_client()).status_code == 429


def test_of_many_tries_at_once_no_more_than_the_limit_are_judged(make_client, db, person):
    """Each at another account, so that only the address’s limit holds them back."""
    start, answers = threading.Barrier(24), []
    clients = [make_client() for _ in range(24)]

    def attempt(number):
        page = clients[number].get(SIGN_IN).page
        start.wait()
        data = {"email": f"p{number}@example.org", "password": "wrong", "form_end": "1"}
        data["csrf_token"] = token_on(page)
        answers.append(clients[number].post(SIGN_IN, data=data, headers=SAME_ORIGIN).status_code)

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers.count(422), answers.count(429)) == (TRIES, 24 - TRIES)


def test_what_the_account_refuses_does_not_use_the_address_up(make_client, db, person):
    """The owner at a new place, trying again and again, locks no colleague out."""
    attacker, owner = make_client(), make_client()
    attacker.environ_base["REMOTE_ADDR"] = "203.0.113.1"
    for _ in range(TRIES):
        enter(attacker, password="wrong")
    assert {enter(owner).status_code for _ in range(TRIES + 2)} == {429}
    with db.transaction() as session:
        make_staff(session, email="nia@example.org", password=PASSWORD)
    assert enter(make_client(), email="nia@example.org").status_code == 303


def test_one_address_cannot_try_many_accounts(client, person):
    for number in range(TRIES):
        assert enter(client, email=f"person{number}@example.org").status_code == 422
    assert enter(client).status_code == 429


def test_an_office_of_thirty_signs_in_from_one_address(make_client, db):
    """Right passwords do not count against an address, nor do they use an account up."""
    with db.transaction() as session:
        for number in range(30):
            make_staff(session, email=f"colleague{number}@example.org", password=PASSWORD)
    for number in range(30):
        assert enter(make_client(), email=f"colleague{number}@example.org").status_code == 303
    for _ in range(TRIES + 2):
        assert enter(make_client(), email="colleague0@example.org").status_code == 303


def test_colleagues_who_mistype_lock_nobody_out_of_the_shared_office(make_client, db, person):
    with db.transaction() as session:
        for number in range(TRIES):
            make_staff(session, email=f"colleague{number}@example.org", password=PASSWORD)
    assert enter(make_client()).status_code == 303
    for number in range(TRIES):
        for _ in range(2):
            enter(make_client(), email=f"colleague{number}@example.org", password="wrong")
    assert enter(make_client()).status_code == 303


def test_an_office_as_a_whole_has_a_limit_too(make_client, app, person, at):
    assert enter(make_client()).status_code == 303
    with app.app_context():
        for _ in range(TRIES_OF_AN_OFFICE):
            throttle.hit("sign-in office", "127.0.0.1", limit=TRIES_OF_AN_OFFICE, per=WINDOW, at=at)
    assert enter(make_client()).status_code == 429


def test_all_failures_together_have_a_limit(client, app, person, at):
    with app.app_context():
        for _ in range(TRIES_IN_ALL):
            throttle.hit("sign-in total", "everybody", limit=TRIES_IN_ALL, per=timedelta(minutes=5), at=at)
    assert enter(client).status_code == 429


def test_the_refusal_says_nothing_of_the_account(client, person):
    for _ in range(TRIES):
        enter(client, password="wrong")
    known = enter(client).page.main.text
    for _ in range(TRIES):
        enter(client, email="nobody@example.org")
    assert enter(client, email="nobody@example.org").page.main.text == known
    assert "ada" not in known.lower()
