"""Signing in by a mailed link: asked for, used once, told to nobody (design/security.md, decision 7)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.applications.candidates.models import Candidate, SignInLink
from portal.core.audit import AuditEvent
from portal.core.mail import MailStatus
from portal.core.mail_delivery import Postman
from portal.core.mail_links import ASKED_AN_HOUR
from portal.core.mail_transport import FolderTransport
from portal.core.sessions import StoredSession
from portal.core.tokens import hash_of
from tests.support.applications import make_candidate
from tests.support.client import SAME_ORIGIN

SIGN_IN = "/applications/sign-in"
MINE = "amina@example.com"


def ask(client, clock, email=MINE, path=SIGN_IN):
    """Open the page, take some seconds, ask for a link."""
    page = client.get(path)
    hidden = {field["name"]: field["value"] for field in page.page.main.all("input")}
    clock.shift(timedelta(seconds=5))
    return client.post(SIGN_IN, data={**hidden, "email": email}, headers=SAME_ORIGIN)


def path_in(mail):
    """The address of the link in a mail, without the host."""
    return re.search(r"https://portal\.example\.org(/applications/sign-in/\S+)", mail.body).group(1)


def press(client, path):
    """Press the button of the page behind a link."""
    return client.post_form(path, {}, action=None)


def test_a_link_signs_in_and_makes_the_account(client, clock, db, mailbox):
    answer = ask(client, clock)
    assert answer.location == "/applications/sign-in/sent"
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Candidate)) == 0
    back = press(client, path_in(mailbox[0]))
    assert back.location == "/applications"
    page = client.follow(back)
    assert page.page.h1 == "My applications"
    assert page.page.first("p", class_="whose__who").text == f"Signed in as {MINE}"
    with db.reading() as session:
        candidate = session.scalars(select(Candidate)).one()
        events = session.scalars(select(AuditEvent).where(AuditEvent.event.like("candidate.%"))).all()
    assert [(event.event, event.subject, event.facts) for event in events] == [
        ("candidate.signed_in", f"CAND-{candidate.id}", {"first": True})
    ]
    assert MINE not in str([(event.actor, event.subject, event.facts) for event in events])


def test_only_the_hash_of_a_link_is_kept(client, clock, db, mailbox):
    ask(client, clock)
    token = path_in(mailbox[0]).rpartition("/")[2]
    with db.reading() as session:
        link = session.scalars(select(SignInLink)).one()
    assert link.token_hash == hash_of(token)
    assert token not in str(vars(link))


def test_the_answer_does_not_tell_whether_there_is_an_account(client, make_client, clock, db, mailbox):
    with db.transaction() as session:
        make_candidate(session, email=MINE)
    other = make_client()
    known, unknown = ask(client, clock), ask(other, clock, "nobody@example.com")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    # Each browser is shown what was typed in it, and nothing else differs.
    said = client.follow(known).page.main.text.replace(MINE, "nobody@example.com")
    assert said == other.follow(unknown).page.main.text
    first, second = mailbox
    shape = [re.sub(r"sign-in/\S+", "", mail.body) for mail in (first, second)]
    assert shape[0] == shape[1]
    assert first.subject == second.subject


@pytest.mark.parametrize("times", [1, 4])
def test_the_page_shows_the_address_as_it_was_typed(client, clock, times):
    """A slip is seen; what a mailbox has had enough of is said to nobody."""
    for _time in range(times):
        answer = ask(client, clock, "Amnia@exmaple.com")
    assert client.follow(answer).page.main.first("strong").text == "Amnia@exmaple.com"
    assert "exmaple" not in answer.location


def test_asking_again_for_another_address_leads_to_the_same_place(client, clock, mailbox):
    path = client.get("/applications").location
    page = client.follow(ask(client, clock, "Amnia@exmaple.com", path)).page
    again = next(link for link in page.links() if link.startswith("/applications/sign-in?"))
    ask(client, clock, MINE, again)
    assert press(client, path_in(mailbox[-1])).location == "/applications"
    assert again == path


def test_whoever_has_asked_for_nothing_is_shown_no_address(client, make_client, clock):
    ask(client, clock)
    answer = make_client().get("/applications/sign-in/sent")
    assert MINE not in answer.text
    assert "the address that you gave" in answer.page.main.text


def test_the_mail_goes_to_the_address_that_was_verified(client, clock, db, mailbox):
    with db.transaction() as session:
        make_candidate(session, email=MINE)
    ask(client, clock, "AMINA@example.com")
    assert mailbox[0].to == MINE


def test_looking_uses_nothing_up_and_the_button_works_once(client, make_client, clock, mailbox):
    ask(client, clock)
    path = path_in(mailbox[0])
    for _time in range(3):
        scanner = make_client()
        assert scanner.get(path).status_code == 200
        assert scanner.head(path).status_code == 200
        assert scanner.get("/applications").status_code == 303
    other_device = make_client()
    assert press(other_device, path).location == "/applications"
    assert other_device.get("/applications").status_code == 200
    late = client.get(path)
    assert late.status_code == 410
    assert "ask for a new link" in late.page.main.text
    assert client.get("/applications").status_code == 303


def test_of_many_who_press_at_once_one_gets_in(client, make_client, clock, db, mailbox):
    ask(client, clock)
    path = path_in(mailbox[0])
    clients = [make_client() for _one in range(6)]
    bodies = []
    for one in clients:
        page = one.get(path).page
        bodies.append({field["name"]: field["value"] for field in page.main.all("input")})
    barrier = Barrier(len(clients))

    def go(one, body):
        barrier.wait()
        return one.post(path, data=body, headers=SAME_ORIGIN).status_code

    with ThreadPoolExecutor(len(clients)) as pool:
        found = sorted(pool.map(go, clients, bodies))
    assert found == [303, 410, 410, 410, 410, 410]
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Candidate)) == 1
        mine = select(func.count()).where(StoredSession.candidate_id.is_not(None))
        assert session.scalar(mine) == 1


@pytest.mark.parametrize(("seconds", "status"), [(599, 200), (600, 410)])
def test_a_link_works_for_ten_minutes_exactly(client, clock, mailbox, seconds, status):
    ask(client, clock)
    clock.shift(timedelta(seconds=seconds))
    assert client.get(path_in(mailbox[0])).status_code == status


def test_asking_again_retires_the_link_before(client, clock, mailbox):
    ask(client, clock)
    ask(client, clock)
    before, now = (path_in(mail) for mail in mailbox)
    assert client.get(before).status_code == 410
    assert client.get(now).status_code == 200


def test_two_who_ask_at_once_leave_one_link(make_client, clock, db):
    clients = [make_client() for _one in range(3)]
    bodies = []
    for one in clients:
        page = one.get(SIGN_IN).page
        bodies.append({field["name"]: field["value"] for field in page.main.all("input")} | {"email": MINE})
    clock.shift(timedelta(seconds=5))
    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(
            pool.map(lambda one, body: one.post(SIGN_IN, data=body, headers=SAME_ORIGIN), clients, bodies)
        )
    assert {answer.status_code for answer in answers} == {303}
    with db.reading() as session:
        live = select(func.count()).select_from(SignInLink).where(SignInLink.used_at.is_(None))
        assert session.scalar(live) == 1


def test_a_mailbox_gets_three_links_in_a_quarter_of_an_hour_and_nobody_is_told(client, clock, mailbox):
    answers = [ask(client, clock) for _time in range(5)]
    assert {answer.location for answer in answers} == {"/applications/sign-in/sent"}
    assert len(mailbox.to(MINE)) == 3
    assert client.get(path_in(mailbox[2])).status_code == 200, "the last that was mailed still works"
    said = client.follow(answers[-1]).page.main.text
    assert "at most 3 links in 15 minutes to one address, whoever asks" in said


def test_a_stranger_keeps_nobody_out_for_longer_than_a_quarter_of_an_hour(
    client, make_client, clock, mailbox, at
):
    """On closing night somebody asks for links to an address that is not theirs, as often as they like."""
    ask(client, clock)
    for _time in range(4):
        ask(make_client(), clock)
    for seconds, mails in ((899, 3), (900, 4)):
        clock.move_to(at + timedelta(seconds=seconds))
        ask(client, clock)
        assert len(mailbox.to(MINE)) == mails
    assert press(client, path_in(mailbox[3])).location == "/applications"


def test_a_network_that_asks_too_often_is_told_to_wait(client, clock, mailbox):
    answers = [ask(client, clock, f"someone{number}@example.com") for number in range(ASKED_AN_HOUR + 1)]
    assert [answer.status_code for answer in answers] == [303] * ASKED_AN_HOUR + [429]
    assert len(mailbox) == ASKED_AN_HOUR


@pytest.fixture
def asked(client, clock):
    return ask(client, clock)


@pytest.fixture
def postman(db, tmp_path):
    return Postman(db, FolderTransport(tmp_path), "Council <no-reply@example.org>")


@pytest.mark.parametrize(("left", "fate"), [(1, MailStatus.SENT), (0, MailStatus.EXPIRED)])
def test_a_link_that_has_run_out_is_not_sent(asked, mailbox, postman, left, fate):
    assert asked.status_code == 303
    while postman.deliver_next(mailbox[0].expires_at - timedelta(seconds=left)):
        pass
    assert mailbox[0].status is fate


def test_where_somebody_was_going_is_signed(client, clock, mailbox):
    asked = client.get("/applications?x=1")
    assert asked.location.startswith("/applications/sign-in?next=")
    ask(client, clock, path=asked.location)
    assert press(client, path_in(mailbox[0])).location == "/applications?x=1"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/staff/", "x" * 3000])
def test_no_address_from_outside_leads_anywhere(client, clock, mailbox, target):
    ask(client, clock, path=f"{SIGN_IN}?next={target}")
    assert press(client, path_in(mailbox[0])).location == "/applications"


def test_a_way_to_the_staff_pages_leads_home(client, clock, mailbox):
    token = client.get("/staff/").location.partition("next=")[2]
    ask(client, clock, path=f"{SIGN_IN}?next={token}")
    assert press(client, path_in(mailbox[0])).location == "/applications"


def test_an_address_must_be_one(client, clock):
    answer = ask(client, clock, "not an address")
    assert answer.status_code == 422
    assert answer.page.errors


def test_the_session_is_new_and_sign_out_deletes_it(client, clock, db, mailbox):
    ask(client, clock)
    path = path_in(mailbox[0])
    client.get(path)
    before = client.get_cookie("__Host-session", domain="portal.example.org").value
    press(client, path)
    after = client.get_cookie("__Host-session", domain="portal.example.org").value
    assert before != after
    out = client.post_form("/applications", {}, action="/applications/sign-out")
    assert client.follow(out).page.h1 == "You are signed out"
    client.set_cookie("__Host-session", after, domain="portal.example.org", secure=True)
    assert client.get("/applications").status_code == 303
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(StoredSession)) == 0


@pytest.mark.parametrize(("rests", "status"), [(119, 200), (120, 303)])
def test_a_session_that_rests_ends(sign_in_candidate, clock, rests, status):
    client = sign_in_candidate()
    clock.shift(timedelta(minutes=rests))
    assert client.get("/applications").status_code == status


def test_a_session_ends_after_its_hours_whatever_is_done(sign_in_candidate, clock):
    client = sign_in_candidate()
    for _hour in range(11):
        clock.shift(timedelta(hours=1))
        assert client.get("/applications").status_code == 200
    clock.shift(timedelta(minutes=59))
    assert client.get("/applications").status_code == 200
    clock.shift(timedelta(minutes=1))
    assert client.get("/applications").status_code == 303


def test_a_candidate_is_no_member_of_staff_and_the_other_way_round(sign_in, sign_in_candidate, clock):
    candidate, officer = sign_in_candidate(), sign_in("hr")
    assert candidate.get("/staff/").location.startswith("/staff/sign-in")
    assert officer.get("/applications").location.startswith("/applications/sign-in")


def test_signing_in_as_a_candidate_ends_the_session_of_staff(sign_in, clock, db, mailbox):
    officer = sign_in("hr")
    ask(officer, clock)
    press(officer, path_in(mailbox[0]))
    assert officer.get("/staff/").status_code == 303
    assert officer.get("/applications").status_code == 200
    with db.reading() as session:
        rows = session.scalars(select(StoredSession)).all()
    assert [(row.staff_id, row.candidate_id is not None) for row in rows] == [(None, True)]


def test_an_epoch_ends_every_session(sign_in_candidate, db, clock):
    client = sign_in_candidate()
    with db.transaction() as session:
        session.get_one(Candidate, client.person.id).session_epoch += 1
    assert client.get("/applications").status_code == 303
