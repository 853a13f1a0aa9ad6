"""What a candidate typed while the session ran out: given back to them after signing in, to nobody else.

The page is one of this test’s own: a question that only candidates see.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import render_template_string

from portal.applications.candidates.presence import begin_session
from portal.core import clock as wall_clock
from portal.core import wording
from portal.core.access import candidate_only
from portal.core.fields import TextAreaField
from portal.core.forms import PortalForm
from portal.core.kept_words import LASTS, LONGEST, forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from tests.support.applications import make_candidate
from tests.support.builders import make_vacancy
from tests.support.client import SAME_ORIGIN
from tests.support.people import give_session

PAGE = """{% extends "layouts/candidate_journey.html" %}
{% from "components/forms.html" import error_summary, fields, form_close, form_open, submit, title_prefix %}
{% block title %}{{ title_prefix(form) }}Your statement{% endblock %}
{% block errors %}{{ error_summary(form) }}{% endblock %}
{% block question %}<h1 class="govuk-heading-l">Your statement</h1>
{{ form_open(form) }}{{ fields(form) }}{{ submit("Save") }}{{ form_close(form) }}{% endblock %}"""
WORDS = "I have worked with children since I was 19."


class StatementForm(PortalForm):
    words = TextAreaField("Your words", required="Enter your words")


@keeps_words
@words_return_to("statement")
def statement():
    form = StatementForm(typed_or_kept())
    if form.validate_on_submit():
        forget_words()
        return see_other("my_applications.index")
    return render_template_string(PAGE, form=form), form.status


@pytest.fixture
def portal(make_app):
    app = make_app()
    app.add_url_rule("/statement", "statement", candidate_only(statement), methods=["GET", "POST"])
    return app


@pytest.fixture
def people(db):
    with db.transaction() as session:
        return [make_candidate(session), make_candidate(session)]


def arrive(portal, client, candidate):
    """Sign this browser in, as the link’s button does."""
    name, cookie = "__Host-session", client.get_cookie("__Host-session", domain="portal.example.org")
    if cookie is None:
        give_session(portal, client, lambda: begin_session(candidate, wall_clock.now()))
        return
    headers = {"Cookie": f"{name}={cookie.value}"}
    give_session(portal, client, lambda: begin_session(candidate, wall_clock.now()), headers=headers)


def send_late(portal, make_client, clock, candidate, words=WORDS):
    """A form that was open while the session ended."""
    client = make_client(portal)
    arrive(portal, client, candidate)
    page = client.get("/statement").page
    filled = {field["name"]: field["value"] for field in page.main.all("input")} | {"words": words}
    clock.shift(timedelta(hours=3))
    return client, client.post("/statement", data=filled, headers=SAME_ORIGIN)


def test_the_words_come_back_to_whoever_typed_them(portal, make_client, clock, people):
    client, answer = send_late(portal, make_client, clock, people[0])
    assert urlsplit(answer.location).path == "/applications/sign-in"
    asked = client.follow(answer)
    assert "What you typed is kept" in asked.page.main.text
    assert WORDS not in asked.text
    arrive(portal, client, people[0])
    shown = client.get("/statement")
    assert "Nothing has been saved yet" in shown.page.main.text
    assert shown.page.first("textarea").source.strip() == WORDS
    assert client.post_form("/statement").status_code == 303
    assert WORDS not in client.get("/statement").text


def test_every_page_on_the_way_says_where_the_words_come_back(portal, make_client, clock, people, mailbox):
    client, answer = send_late(portal, make_client, clock, people[0])
    asked = client.follow(answer)
    until = wording.clock_time(wall_clock.now() + LASTS)
    assert f"by {until}" in asked.page.main.text
    hidden = {field["name"]: field["value"] for field in asked.page.main.all("input")}
    clock.shift(timedelta(seconds=5))
    sent = client.post(
        "/applications/sign-in", data={**hidden, "email": people[0].email}, headers=SAME_ORIGIN
    )
    told = client.follow(sent).page.main.text
    assert f"comes back only in this browser, until {until}" in told
    assert "another" not in told.partition("If it does not arrive")[0]
    path = re.search(r"(/applications/sign-in/\S+)", mailbox[0].body).group(1)
    assert "comes back in the form" in client.get(path).page.main.text
    elsewhere = make_client(portal).get(path).page.main.text
    assert "That comes back only in the browser in which you typed it" in elsewhere
    assert "comes back in the form" not in elsewhere
    clock.shift(timedelta(minutes=8))
    client.post_form(path, {}, action=None)
    assert client.get("/statement").page.first("textarea").source.strip() == WORDS


def test_without_kept_words_no_page_speaks_of_them(portal, make_client, clock):
    client = make_client(portal)
    for path in ("/applications/sign-in", "/applications/sign-in/sent"):
        assert "typed" not in client.get(path).page.main.text


def test_another_person_never_sees_them(portal, make_client, clock, people):
    client, _answer = send_late(portal, make_client, clock, people[0])
    arrive(portal, client, people[1])
    assert WORDS not in client.get("/statement").text
    arrive(portal, client, people[0])
    assert WORDS not in client.get("/statement").text, "they are gone as soon as somebody else signs in"


def test_a_form_of_one_is_not_taken_from_another(portal, make_client, clock, people):
    client = make_client(portal)
    arrive(portal, client, people[0])
    page = client.get("/statement").page
    filled = {field["name"]: field["value"] for field in page.main.all("input")} | {"words": WORDS}
    other = make_client(portal)
    arrive(portal, other, people[1])
    answer = other.post("/statement", data=filled, headers=SAME_ORIGIN)
    assert answer.status_code == 400
    assert WORDS not in answer.text


def test_five_thousand_words_are_kept(portal, make_client, clock, people):
    words = "statement " * 5_000
    assert len(words) < LONGEST
    client, answer = send_late(portal, make_client, clock, people[0], words)
    assert answer.status_code == 303
    arrive(portal, client, people[0])
    assert client.get("/statement").page.first("textarea").source.strip() == words.strip()


def test_a_page_of_the_application_gives_its_words_back(app, client, clock, db, people):
    with db.transaction() as session:
        vacancy = make_vacancy(session)
    path = f"/applications/for/{vacancy.reference}/details"
    arrive(app, client, people[0])
    client.post_form(f"/applications/begin/{vacancy.reference}")
    page = client.get(path).page
    filled = {
        field["name"]: field["value"] for field in page.main.all("input") if field.get("type") == "hidden"
    }
    clock.shift(timedelta(hours=3))
    answer = client.post(path, data={**filled, "given_names": "Ámina Łucja"}, headers=SAME_ORIGIN)
    assert urlsplit(answer.location).path == "/applications/sign-in"
    arrive(app, client, people[0])
    assert client.get(path).page.first("input", name="given_names")["value"] == "Ámina Łucja"
