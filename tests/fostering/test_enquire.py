"""The enquiry over HTTP: five pages, one sending, a confirmation that shows no answer."""

import dataclasses
import re
import threading
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.core import throttle
from portal.core.audit import AuditEvent
from portal.core.mail import OutgoingMail
from portal.council import load_council
from portal.fostering import service
from portal.fostering.enquire.household_forms import NO_ADDRESS_FOR_THE_PACK
from portal.fostering.models import Enquiry, PossibleDuplicate
from portal.fostering.options import Area, HeardFrom, Status
from portal.journeys.models import Draft
from tests.fostering.households import HOME, PAGES, SEND, TYPED, YOU
from tests.fostering.walking import CHECK, PREFIX, answer_page, send, walk
from tests.support.client import SAME_ORIGIN, field_values, find_form

COUNCIL = load_council()
CONFIRMATION = f"{PREFIX}/confirmation"


@pytest.fixture
def clock(at):
    """A clock that stands still until it is moved: Monday morning."""
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


def stored(db):
    with db.reading() as session:
        return list(session.scalars(select(Enquiry).order_by(Enquiry.id)))


def count(db, table):
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


# The way through


def test_the_whole_way(client, clock, db, mailbox):
    check = walk(client, clock)
    for shown in ("Zoë", "Ọlá", "SO14 7LY", "zoe.specimen@example.com", "07700 900123", "Large print"):
        assert shown in check.text
    confirmation = client.follow(send(client, clock))
    (enquiry,) = stored(db)
    assert enquiry.public_ref in confirmation.text
    assert "by <strong>Tuesday 24 November 2026</strong>" in confirmation.text
    assert COUNCIL.fostering.phone in confirmation.text
    assert (enquiry.first_name, enquiry.postcode, enquiry.phone) == ("Zoë", "SO14 7LY", "+447700900123")
    assert enquiry.email == "zoe.specimen@example.com"
    assert (enquiry.area, enquiry.status, enquiry.flags) == (Area.SOTON, Status.OPEN, [])
    assert (enquiry.form_version, enquiry.notice_version) == ("2026-11", "2026-11")
    assert [mail.purpose for mail in mailbox] == ["fostering.acknowledgement", "fostering.alert"]


def test_the_snapshot_keeps_the_questions_as_they_were_worded(client, clock, db):
    walk(client, clock)
    send(client, clock)
    (enquiry,) = stored(db)
    rows = {
        row["name"]: row
        for section in enquiry.snapshot["sections"]
        for group in section["groups"]
        for row in group["rows"]
    }
    assert rows["spare_bedroom"]["question"] == "Is there a spare bedroom that a child could have?"
    assert rows["care_types"]["text"] == "Short-term\nEmergency"
    assert rows["privacy_seen"]["text"] == "Yes"
    assert set(rows) >= {name for _, answers in PAGES for name in answers} - {"current_agency"}


def test_the_confirmation_shows_no_answer_and_stays(client, clock, db):
    walk(client, clock)
    first = client.follow(send(client, clock))
    text = first.text.casefold()
    assert not [typed for typed in TYPED if typed.casefold() in text]
    clock.shift(timedelta(hours=20))
    again = client.get(CONFIRMATION)
    assert stored(db)[0].public_ref in again.text
    assert client.get(CHECK).location.endswith("/confirmation")
    assert client.get(f"{PREFIX}/about-you").location.endswith("/confirmation")
    assert client.get(f"{PREFIX}/").location.endswith("/confirmation")


def test_a_strangers_bookmark_of_the_confirmation_tells_nothing(client, make_client, clock):
    walk(client, clock)
    send(client, clock)
    stranger = make_client()
    assert stranger.get(CONFIRMATION).location.endswith("/fostering/enquire/")


def test_after_sending_a_new_enquiry_can_be_begun(client, clock, db):
    walk(client, clock)
    send(client, clock)
    client.post_form(CONFIRMATION, {}, action=f"{PREFIX}/delete-answers")
    assert "Start now" in client.get(f"{PREFIX}/").text
    walk(client, clock)
    send(client, clock)
    assert len({enquiry.public_ref for enquiry in stored(db)}) == 2


def test_nothing_is_kept_before_the_first_answer(client, db):
    client.get(f"{PREFIX}/")
    client.get(f"{PREFIX}/fostering-and-you")
    assert count(db, Draft) == 0
    answer_page(client, "fostering-and-you", YOU)
    assert count(db, Draft) == 1


def test_pages_are_seen_in_order(client):
    for slug, _ in PAGES[1:]:
        assert client.get(f"{PREFIX}/{slug}").location.endswith("/fostering-and-you")
    assert client.get(CHECK).location.endswith("/fostering-and-you")
    assert client.get(f"{PREFIX}/no-such-page").status_code == 404


def test_answers_are_deleted_after_an_hour_and_the_start_says_so(client, clock, db):
    assert "60 minutes" in client.get(f"{PREFIX}/").text
    walk(client, clock, until="your-home")
    clock.shift(timedelta(minutes=59))
    assert client.get(f"{PREFIX}/your-home").status_code == 200
    clock.shift(timedelta(minutes=2))
    assert client.get(f"{PREFIX}/your-home").location.endswith("/fostering-and-you")
    assert stored(db) == []


@pytest.mark.parametrize("lost", ["draft", "cookie"])
def test_sending_what_ran_out_says_that_nothing_was_sent(client, clock, db, lost):
    walk(client, clock)
    body = field_values(find_form(client.get(CHECK).page, set(SEND), None)) | SEND
    if lost == "draft":
        clock.shift(timedelta(minutes=61))
    else:
        client.delete_cookie("__Host-session", domain="portal.example.org")
    reply = client.post(CHECK, data=body, headers=SAME_ORIGIN)
    assert reply.location == f"{PREFIX}/fostering-and-you?away=sent"
    text = client.follow(reply).text
    assert "Your answers were not sent" in text
    assert "after 60 minutes without use" in text
    assert stored(db) == []


def test_back_from_the_first_page_leads_out_even_with_answers(client):
    first = f"{PREFIX}/fostering-and-you"
    assert client.get(first).page.first(class_="govuk-back-link")["href"] == f"{PREFIX}/"
    answer_page(client, "fostering-and-you", YOU)
    assert client.get(first).page.first(class_="govuk-back-link")["href"] == f"{PREFIX}/"
    assert client.get(f"{PREFIX}/").page.first(class_="govuk-back-link")["href"] == "/fostering"


def test_answers_that_wait_are_not_opened_at_once(client, clock):
    walk(client, until="about-you")
    page = client.get(f"{PREFIX}/").page
    assert page.first("h1").text == "Answers that were not sent"
    assert not [typed for typed in TYPED if typed.casefold() in page.main.text.casefold()]
    assert page.main.first("a", href=f"{PREFIX}/about-you")
    assert page.main.first("a", href=f"{PREFIX}/delete-answers")
    walk(client, clock)
    assert client.get(f"{PREFIX}/").page.main.first("a", href=CHECK)


def test_answers_can_be_deleted_by_hand(client, db):
    walk(client, until="your-home")
    reply = client.post_form(f"{PREFIX}/delete-answers", {})
    assert reply.location == f"{PREFIX}/answers-deleted"
    assert count(db, Draft) == 0
    assert client.follow(reply).page.h1 == "Your answers were deleted"
    assert client.get_cookie("__Host-session", domain="portal.example.org") is None


def test_a_tab_of_an_enquiry_already_sent_says_so_and_whom_to_tell(client, clock, db):
    walk(client, clock)
    stale = field_values(find_form(client.get(f"{PREFIX}/about-you").page, {"first_name"}, None))
    send(client, clock)
    reply = client.post(
        f"{PREFIX}/about-you", data={**stale, "contact_needs": "A quiet voice"}, headers=SAME_ORIGIN
    )
    assert reply.status_code == 409
    (enquiry,) = stored(db)
    said = reply.page.main.text
    for words in (enquiry.public_ref, "Monday 23 November 2026", "A quiet voice", COUNCIL.fostering.phone):
        assert words in said
    assert enquiry.contact_needs == "Large print"
    assert count(db, Draft) == 1


# What hangs on earlier answers


def test_a_second_person_is_asked_for_only_where_there_is_one(client):
    walk(client, until="about-you", enquirer_type="ONE_PERSON")
    assert 'name="second_first_name"' not in client.get(f"{PREFIX}/about-you").text
    answer_page(client, "your-home", {**HOME, "enquirer_type": "TWO_ADULTS_OTHER"})
    assert 'name="second_first_name"' in client.get(f"{PREFIX}/about-you").text


def test_a_second_person_who_was_taken_back_is_not_kept(client, clock, db):
    walk(client, clock)
    answer_page(client, "your-home", {**HOME, "enquirer_type": "ONE_PERSON"})
    assert "Ọlá" not in client.get(CHECK).text
    assert send(client, clock).status_code == 303
    (enquiry,) = stored(db)
    assert (enquiry.second_first_name, enquiry.second_last_name) == (None, None)
    assert "Ọlá" not in str(enquiry.snapshot)


def test_spare_bedrooms_are_counted_only_where_there_are_any(client, clock, db):
    walk(client, clock)
    answer_page(client, "fostering-and-you", {**YOU, "spare_bedroom": "no"})
    assert 'name="spare_bedrooms"' not in client.get(f"{PREFIX}/your-home").text
    send(client, clock)
    assert stored(db)[0].spare_bedrooms is None


@pytest.mark.parametrize("status", ["approved_now", "approved_last_12m"])
def test_whoever_is_approved_is_asked_with_whom(client, status):
    reply = answer_page(client, "fostering-and-you", {**YOU, "fostering_status": status})
    assert reply.page.errors == ["Enter the fostering service you are or were approved with"]
    named = {**YOU, "fostering_status": status, "current_agency": "A made-up agency"}
    assert answer_page(client, "fostering-and-you", named).status_code == 303


def test_the_service_is_asked_for_beneath_the_choices_that_call_for_it(client):
    page = client.get(f"{PREFIX}/fostering-and-you").page
    (box,) = page.all("input", name="current_agency")
    around = next(
        element
        for element in page.all("div")
        if box in element.all("input") and element.get("id").startswith("conditional-")
    )
    revealing = [
        radio["value"]
        for radio in page.all("input", name="fostering_status")
        if radio.get("data-aria-controls") == around["id"]
    ]
    assert revealing == ["approved_now", "approved_last_12m", "approved_earlier"]


def test_a_service_of_long_ago_may_be_left_out_and_one_without_approval_is_dropped(client, clock, db):
    earlier = {**YOU, "fostering_status": "approved_earlier"}
    assert answer_page(client, "fostering-and-you", earlier).status_code == 303
    walk(client, clock, current_agency="A made-up agency")
    send(client, clock)
    assert stored(db)[0].current_agency is None


@pytest.mark.parametrize(
    ("method", "missing"),
    [("EMAIL", []), ("TEXT", ["Select when is a good time to call or text you"])],
)
def test_times_and_voicemail_are_asked_for_calls(client, method, missing):
    walk(client, until="about-you")
    given = dict(PAGES)["about-you"]
    reply = answer_page(
        client, "about-you", {**given, "contact_method": method, "contact_times": [], "voicemail_ok": None}
    )
    assert (reply.status_code, reply.status_code == 303 or reply.page.errors) == (
        422 if missing else 303,
        missing or True,
    )


@pytest.mark.parametrize("method", ["EMAIL", "PHONE", "TEXT"])
def test_no_voicemail_is_kept_whatever_way_is_preferred(client, clock, db, method):
    check = walk(client, clock, contact_method=method)
    assert "May we leave a voicemail?" in check.text
    send(client, clock)
    assert stored(db)[0].voicemail_ok == "no"


def test_voicemail_is_no_question_without_a_phone(client, clock, db):
    check = walk(client, clock, contact_method="EMAIL", phone="")
    assert "May we leave a voicemail?" not in check.text
    send(client, clock)
    assert stored(db)[0].voicemail_ok is None


@pytest.mark.parametrize(
    ("page", "answers", "then", "words"),
    [
        ("fostering-and-you", {"age_21_plus": "no"}, "what-you-could-offer", "from the age of 18"),
        ("fostering-and-you", {"spare_bedroom": "not_yet"}, "what-you-could-offer", "a bedroom of their own"),
        ("fostering-and-you", {"uk_residency": "not_sure"}, "what-you-could-offer", "right to live and work"),
        (
            "fostering-and-you",
            {"fostering_status": "approved_now", "current_agency": "X"},
            "what-you-could-offer",
            "ask that service for a reference",
        ),
        ("what-you-could-offer", {"availability": "FULL_TIME_FIXED"}, "your-home", "Many foster carers work"),
        ("your-home", {"housing": "SOCIAL_RENT"}, "next-step", "Your landlord would need to agree"),
        ("your-home", {"smoking": "YES", "housing": "OWN"}, "next-step", "Children under 5"),
        ("next-step", {"next_step": "INFO_PACK_ONLY"}, "about-you", "We send the information pack by email"),
    ],
)
def test_advice_is_given_and_nobody_is_turned_away(client, page, answers, then, words):
    walk(client, until=page)
    reply = answer_page(client, page, {**dict(PAGES)[page], **answers})
    following = client.follow(reply)
    assert following.request.path.endswith(then)
    assert words in following.text


def test_no_advice_where_none_is_needed(client):
    walk(client, until="your-home")
    assert "govuk-inset-text" not in client.get(f"{PREFIX}/your-home").text


def test_everybody_may_send_whatever_they_answer(client, clock, db):
    walk(
        client,
        clock,
        age_21_plus="no",
        spare_bedroom="no",
        uk_residency="no",
        fostering_status="approved_now",
        current_agency="A made-up agency",
        housing="OTHER",
        smoking="YES",
        driver="NO",
    )
    assert send(client, clock).status_code == 303
    assert stored(db)[0].flags == ["F_AGE", "F_ROOM", "F_RESIDENCY", "F_TRANSFER"]


# What was asked for

PACK = "https://pack.example.org/fostering.pdf"


def with_team(make_app, make_client, **changes):
    """A visitor of a council whose fostering team is otherwise."""
    team = dataclasses.replace(COUNCIL.fostering, **changes)
    return make_client(make_app(council=dataclasses.replace(COUNCIL, fostering=team)))


PROMISES = [
    ({}, "will call you by"),
    ({"contact_method": "EMAIL"}, "will write to you by"),
    ({"contact_method": "TEXT"}, "will write to you by"),
    ({"next_step": "EVENT"}, "will tell you about our information events by"),
    ({"next_step": "INFO_PACK_ONLY"}, "email you our information pack by"),
]


@pytest.mark.parametrize(("asked", "words"), PROMISES)
def test_the_page_promises_what_was_asked_for(client, clock, asked, words):
    walk(client, clock, **asked)
    text = client.follow(send(client, clock)).page.main.text
    assert f"{words} Tuesday 24 November 2026" in text
    assert {other for _, other in PROMISES if other in text} == {words}
    assert ("Stage one" in text) is ("INFO_PACK_ONLY" not in asked.values())
    calls = asked.get("next_step") is None
    assert (f"We call {COUNCIL.fostering.hours}" in text) is calls
    assert ("we do not call you" in text) is ("INFO_PACK_ONLY" in asked.values())
    assert not [typed for typed in TYPED if typed.casefold() in text.casefold()]


def test_the_mail_is_the_same_whatever_was_answered(make_client, clock, db, mailbox):
    bodies = []
    for asked, _words in PROMISES:
        visitor = make_client()
        walk(visitor, clock, **asked)
        send(visitor, clock)
        ref = stored(db)[-1].public_ref
        mail = [mail for mail in mailbox if mail.purpose == "fostering.acknowledgement"][-1]
        assert "will be in touch by Tuesday 24 November 2026" in mail.body
        assert not [typed for typed in TYPED if typed.casefold() in mail.body.casefold()]
        bodies.append(mail.body.replace(ref, "REFERENCE"))
    assert len(bodies) == len(PROMISES)
    assert len(set(bodies)) == 1


def test_whoever_wants_the_pack_gets_its_address_where_there_is_one(make_app, make_client, clock, mailbox):
    visitor = with_team(make_app, make_client, information_pack_url=PACK)
    walk(visitor, clock, next_step="INFO_PACK_ONLY")
    page = visitor.follow(send(visitor, clock)).page.main
    assert page.first("a", href=PACK)
    assert PACK in mailbox[0].body
    assert "email you our information pack by" not in page.text


def test_the_evening_is_named_only_where_there_are_evening_calls(make_app, make_client, clock):
    visitor = with_team(make_app, make_client, evening_calls=True)
    walk(visitor, clock)
    page = visitor.follow(send(visitor, clock)).page.main.text
    assert "until 7pm" in page


def test_the_pack_needs_an_address_and_asks_for_no_call(client, clock, db):
    walk(client, until="about-you", next_step="INFO_PACK_ONLY")
    page = client.get(f"{PREFIX}/about-you")
    for name in ("phone", "contact_method", "contact_times", "voicemail_ok"):
        assert f'name="{name}"' not in page.text
    given = dict(PAGES)["about-you"]
    reply = answer_page(client, "about-you", {**given, "email": ""})
    assert reply.page.errors == [NO_ADDRESS_FOR_THE_PACK]
    assert "We send the information pack there" in reply.page.main.text
    assert answer_page(client, "about-you", given).status_code == 303
    send(client, clock)
    (enquiry,) = stored(db)
    assert (enquiry.next_step, enquiry.contact_method, enquiry.contact_times) == ("INFO_PACK_ONLY", None, [])
    assert (enquiry.phone, enquiry.voicemail_ok) == (None, None)


def test_changing_to_the_pack_without_an_address_asks_for_one(client):
    walk(client, email="")
    reply = client.post_form(f"{PREFIX}/next-step?change=1", {"next_step": "INFO_PACK_ONLY"})
    assert reply.location == f"{PREFIX}/about-you?change=1"
    assert "we need your email address" in client.follow(reply).text


def test_the_team_reads_what_was_asked_for(client, clock, mailbox):
    walk(client, clock, next_step="INFO_PACK_ONLY")
    send(client, clock)
    assert "Asked for: Only the information pack for now" in mailbox[1].body


def test_only_pages_of_questions_are_counted(client):
    numbers = []
    for slug, answers in PAGES:
        numbers.append(client.get(f"{PREFIX}/{slug}").page.first(class_="govuk-caption-l").text)
        answer_page(client, slug, answers)
    assert numbers == [f"Page {number} of 5" for number in range(1, 6)]
    assert "Page " not in client.get(CHECK).page.main.text
    assert "Five short pages" in client.get("/fostering").text


# Likeness, machines, campaigns


def test_a_likeness_is_never_revealed(client, make_client, clock, db):
    pages = []
    for visitor in (client, make_client()):
        walk(visitor, clock)
        page = visitor.follow(send(visitor, clock)).text
        pages.append(re.sub(r'FOS-26-\w{5}|name="csrf_token" value="[^"]+"', "", page))
    assert pages[0] == pages[1]
    assert count(db, PossibleDuplicate) == 1
    assert len(stored(db)) == 2


def test_a_machine_is_marked_but_gets_the_same_answer(client, clock, db):
    walk(client, clock)
    page = client.follow(send(client, clock, website="https://example.com"))
    (enquiry,) = stored(db)
    assert enquiry.public_ref in page.text
    assert (enquiry.flags, enquiry.quarantined) == (["F_HONEYPOT"], True)


def test_six_pages_in_no_time_are_marked(client, db):
    walk(client)
    send(client)
    assert "F_FAST" in stored(db)[0].flags


def test_the_campaign_of_the_link_arrives_silently(client, clock, db):
    page = client.get("/fostering?utm_source=Leaflet&utm_campaign=spring-2026&utm_medium=%3Cb%3E&other=1")
    link = page.page.first("a", class_="govuk-button")["href"]
    assert link == "/fostering/enquire/?utm_source=leaflet&utm_campaign=spring-2026"
    start = client.get(link)
    first = start.page.first("a", class_="govuk-button")["href"]
    client.post_form(first, YOU)
    walk(client, clock)
    assert "leaflet" not in client.get(CHECK).text
    send(client, clock)
    (enquiry,) = stored(db)
    assert (enquiry.utm_source, enquiry.utm_medium, enquiry.utm_campaign) == ("leaflet", None, "spring-2026")


# Sending once


def test_both_confirmations_are_needed(client, clock, db):
    walk(client, clock)
    reply = send(client, clock, privacy_seen="", true_to_best="")
    assert reply.status_code == 422
    assert reply.page.errors == [
        "Confirm that you have seen how the council uses what you have told it",
        "Confirm that what you have told us is true as far as you know",
    ]
    assert stored(db) == []


def test_when_a_mail_cannot_be_written_nothing_is_and_a_retry_succeeds(client, clock, db, monkeypatch):
    walk(client, clock)
    with monkeypatch.context() as broken:
        broken.setattr(service, "queue_mail", lambda *_a, **_k: 1 / 0)
        assert send(client, clock).status_code == 500
    assert (stored(db), count(db, AuditEvent), count(db, OutgoingMail)) == ([], 0, 0)
    assert send(client, clock).status_code == 303
    assert (len(stored(db)), count(db, AuditEvent), count(db, OutgoingMail)) == (1, 1, 2)


def test_twenty_posts_at_once_are_one_enquiry(client, app, db):
    walk(client)
    page = client.get(CHECK)
    body = (
        {control["name"]: control.get("value") for control in page.page.all("input")} | SEND | {"website": ""}
    )
    cookie = page.request.headers["Cookie"]
    answers, barrier = [], threading.Barrier(20)

    def post():
        barrier.wait()
        reply = FlaskClient(app, use_cookies=False).post(
            CHECK,
            base_url="https://portal.example.org",
            data=body,
            headers={"Sec-Fetch-Site": "same-origin", "Cookie": cookie},
        )
        answers.append((reply.status_code, reply.location))

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(303, CONFIRMATION)] * 20
    assert (len(stored(db)), count(db, AuditEvent), count(db, OutgoingMail)) == (1, 1, 2)
    assert stored(db)[0].public_ref in client.get(CONFIRMATION).text


def already_sent(app, db, address, times, at):
    """As if so many enquiries had come from this address."""
    with app.app_context(), db.transaction() as session:
        for _ in range(times):
            throttle.hit_within(session, "enquiry", address, limit=times, per=timedelta(hours=1), at=at)


def test_the_eleventh_in_an_hour_from_one_address_waits_and_keeps_the_answers(client, app, clock, db, at):
    already_sent(app, db, "127.0.0.1", 9, at)
    walk(client)
    assert send(client).status_code == 303
    client.post_form(CONFIRMATION, {}, action=f"{PREFIX}/delete-answers")
    clock.shift(timedelta(minutes=20))
    walk(client)
    reply = send(client)
    assert reply.status_code == 429
    assert int(reply.headers["Retry-After"]) == 40 * 60
    assert len(stored(db)) == 1
    page = reply.page.main
    for words in (
        "Nothing has been sent",
        "until 11:20am on Monday 23 November 2026",
        "Try again in 40 minutes, from 11am",
        COUNCIL.fostering.phone,
        COUNCIL.fostering.hours,
        COUNCIL.fostering.email,
    ):
        assert words in page.text
    assert page.first("a", href=CHECK)
    clock.shift(timedelta(minutes=40))
    assert "Zoë" in client.get(CHECK).text
    assert send(client).status_code == 303


def test_the_answers_outlast_the_wait_however_short_drafts_live(make_app, make_client, clock, db, at):
    app = make_app(draft_minutes=20)
    visitor = make_client(app)
    already_sent(app, db, "127.0.0.1", 10, at)
    walk(visitor)
    reply = send(visitor)
    assert "until 11:15am" in reply.page.main.text
    clock.shift(timedelta(minutes=60))
    assert send(visitor).status_code == 303


def test_another_address_is_not_held_up(client, app, clock, db, at):
    already_sent(app, db, "127.0.0.1", 10, at)
    client.environ_base["REMOTE_ADDR"] = "192.0.2.44"
    walk(client)
    assert send(client).status_code == 303


# What the council decides


def test_only_the_kinds_of_care_that_the_council_offers(make_app, make_client):
    team = dataclasses.replace(COUNCIL.fostering, care_types=("SHORT_BREAKS", "NOT_SURE"))
    visitor = make_client(make_app(council=dataclasses.replace(COUNCIL, fostering=team)))
    walk(visitor, until="what-you-could-offer")
    page = visitor.get(f"{PREFIX}/what-you-could-offer").page
    offered = [control["value"] for control in page.all("input") if control.get("name") == "care_types"]
    assert offered == ["SHORT_TERM", "LONG_TERM", "EMERGENCY", "SHORT_BREAKS", "NOT_SURE"]
    reply = answer_page(
        visitor, "what-you-could-offer", dict(PAGES)["what-you-could-offer"] | {"care_types": ["UASC"]}
    )
    assert reply.status_code == 422
    assert "Young people seeking safety" not in visitor.get("/fostering").text


@pytest.mark.parametrize("evenings", [True, False])
def test_evening_calls_are_offered_where_they_are_made(make_app, make_client, evenings):
    team = dataclasses.replace(COUNCIL.fostering, evening_calls=evenings)
    visitor = make_client(make_app(council=dataclasses.replace(COUNCIL, fostering=team)))
    walk(visitor, until="about-you")
    assert ("WD_EVENING" in visitor.get(f"{PREFIX}/about-you").text) is evenings


def test_every_source_is_offered(client):
    walk(client, until="next-step")
    page = client.get(f"{PREFIX}/next-step").page
    offered = [option.get("value") for option in page.all("option")]
    assert offered == ["", *(source.value for source in HeardFrom)]


# The information page


def test_the_information_page_says_what_people_ask(client):
    page = client.get("/fostering")
    for words in (
        "Short-term",
        "Long-term",
        "Emergency",
        "Who can foster",
        "The support foster carers get",
        "Stage one takes about two months",
        "Stage two takes about four months",
        "28 days",
        "kinship",
        COUNCIL.fostering.adoption_name,
        COUNCIL.safeguarding.public_phone,
        COUNCIL.safeguarding.out_of_hours_phone,
        "999",
        "Crown copyright",
    ):
        assert words in page.text
    assert not page.headers.getlist("Set-Cookie")
    assert page.headers["Cache-Control"].startswith("public")


def test_the_start_page_points_elsewhere_first(client):
    text = client.get(f"{PREFIX}/").text
    for words in ("999", COUNCIL.safeguarding.public_phone, "private fostering", "kinship", "Adopt South"):
        assert words in text


# Away too long

LOST_PAGE = {**dict(PAGES)["about-you"]}


def typed_on_the_last_page(client):
    """What a browser holds of the page about the household, filled in and not sent yet."""
    walk(client, until="about-you")
    page = client.get(f"{PREFIX}/about-you").page
    return field_values(find_form(page, {"second_first_name"}, None)) | LOST_PAGE


def answer_the_others_again(client):
    for slug, answers in PAGES[:-1]:
        assert answer_page(client, slug, answers).status_code == 303


def assert_nothing_was_lost(client):
    shown = field_values(find_form(client.get(f"{PREFIX}/about-you").page, set(), None))
    for name in ("first_name", "second_first_name", "second_last_name", "voicemail_ok", "contact_needs"):
        assert shown[name] == LOST_PAGE[name]
    assert [shown["contact_times"]] == LOST_PAGE["contact_times"]


def test_a_page_sent_after_the_draft_ran_out_comes_back_whole(client, clock):
    body = typed_on_the_last_page(client)
    clock.shift(timedelta(minutes=61))
    reply = client.post(f"{PREFIX}/about-you", data=body, headers=SAME_ORIGIN)
    assert reply.location == f"{PREFIX}/fostering-and-you?away=1"
    assert "What you entered on the last page has been kept" in client.follow(reply).text
    answer_the_others_again(client)
    assert_nothing_was_lost(client)


def test_a_page_sent_after_the_cookie_was_lost_comes_back_whole(client, clock):
    body = typed_on_the_last_page(client)
    client.delete_cookie("__Host-session", domain="portal.example.org")
    refused = client.post(f"{PREFIX}/about-you", data=body, headers=SAME_ORIGIN)
    assert refused.status_code == 422
    again = field_values(find_form(refused.page, {"second_first_name", "second_last_name"}, None))
    assert (again["second_first_name"], again["second_last_name"]) == ("Ọlá", "O’Specimen")
    assert client.post(f"{PREFIX}/about-you", data=again, headers=SAME_ORIGIN).status_code == 303
    answer_the_others_again(client)
    assert_nothing_was_lost(client)


def test_an_error_on_such_a_page_loses_nothing_either(client, clock):
    body = typed_on_the_last_page(client)
    clock.shift(timedelta(minutes=61))
    wrong = client.post(f"{PREFIX}/about-you", data={**body, "postcode": "no"}, headers=SAME_ORIGIN)
    assert wrong.status_code == 422
    again = field_values(find_form(wrong.page, {"second_first_name"}, None)) | {"postcode": "SO14 7LY"}
    assert client.post(f"{PREFIX}/about-you", data=again, headers=SAME_ORIGIN).status_code == 303
    answer_the_others_again(client)
    assert_nothing_was_lost(client)


def test_what_came_back_and_is_not_asked_any_more_is_not_sent(client, clock, db):
    body = typed_on_the_last_page(client)
    clock.shift(timedelta(minutes=61))
    client.post(f"{PREFIX}/about-you", data=body, headers=SAME_ORIGIN)
    for slug, answers in PAGES[:-1]:
        answer_page(client, slug, answers | {"enquirer_type": "ONE_PERSON"})
    assert 'name="second_first_name"' not in client.get(f"{PREFIX}/about-you").text
    send(client, clock)
    (enquiry,) = stored(db)
    assert (enquiry.second_first_name, enquiry.second_last_name) == (None, None)
    assert "Ọlá" not in str(enquiry.snapshot)
