"""Forms: rules over several fields, errors, what is drawn, the token, and signs of robots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from portal import create_app
from portal.core.errors import InvalidInput
from portal.core.fields import (
    YES_NO,
    CheckboxesField,
    Choice,
    DateField,
    HiddenField,
    NumberField,
    PasswordField,
    RadioField,
    TextAreaField,
    TextField,
    TickField,
)
from portal.core.forms import SESSION_ENDED, FieldGroup, Honeypot, PortalForm, hidden_inputs
from portal.core.validators import MaxLength, Required, RequiredWhen
from tests.support.markup import Document
from tests.support.settings import settings_for

PAGE = """{% from "components/forms.html" import error_summary, fields, form_close, form_open, submit %}
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>x</title></head><body><main>
{{ error_summary(form) }}
{{ form_open(form) }}{{ fields(form, heading=heading) }}{{ submit() }}{{ form_close(form) }}
</main></body></html>"""


class HomeForm(PortalForm):
    spare = RadioField(
        "Have you a spare room?", choices=YES_NO, required="Select yes if you have", reveals={"yes": "rooms"}
    )
    rooms = NumberField("How many?", [Required("Enter how many rooms")], min=1, max=6, subject="Rooms")
    pets = CheckboxesField(
        "Pets", choices=(("DOG", "Dog"), Choice("NONE", "None", exclusive=True, divider="or"))
    )
    notes = TextAreaField("Notes", count=40, hint="A few words")
    young = NumberField("0 to 4", default=0, max=10)
    old = NumberField("5 to 10", default=0, max=10)
    moved = DateField(
        "When did you move in?", [Required("Enter when you moved in")], subject="Date you moved in"
    )
    email = TextField(
        "Email", [RequiredWhen(lambda form: not form.phone.data, "Enter an email address or a phone number")]
    )
    phone = TextField("Phone", asked_when=lambda form: form.spare.data != "no")
    agreed = TickField("I agree", required="Confirm that you agree")
    came_from = HiddenField()
    groups = (FieldGroup("Children who live with you", ("young", "old"), hint="Numbers only"),)

    def check(self) -> None:
        if self.young.data and self.spare.data == "no":
            self.add_error("young", "Check the number of children")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application whose database is never opened: forms know none."""
    folder = tmp_path_factory.mktemp("forms")
    return create_app(settings_for(folder, f"sqlite:///{folder}/never-opened.sqlite3"))


@pytest.fixture
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", base_url="https://portal.example.org"):
        yield


def sent(form: type[PortalForm], **values: Any) -> PortalForm:
    made = form(MultiDict([(k.replace("__", "-"), v) for k, v in values.items()]), meta={"csrf": False})
    made.validate()
    return made


def drawn(form: PortalForm, *, heading: bool = False) -> Document:
    return Document(render_template_string(PAGE, form=form, heading=heading))


def test_a_revealed_field_counts_only_when_it_is_revealed() -> None:
    assert sent(HomeForm, spare="yes", rooms="").errors["rooms"] == ["Enter how many rooms"]
    without = sent(HomeForm, spare="no", rooms="99")
    assert "rooms" not in without.errors
    assert "rooms" not in without.answers()
    assert without["rooms"].typed == "99"
    assert sent(HomeForm, spare="yes", rooms="2").answers()["rooms"] == 2


def test_a_question_that_is_not_put_has_no_rules_and_no_answer() -> None:
    assert sent(HomeForm, spare="no", phone="1").answers().keys() >= {"spare", "email"}
    assert "phone" not in sent(HomeForm, spare="no", phone="1").answers()
    assert sent(HomeForm, spare="yes", phone="1").answers()["phone"] == "1"


def test_rules_over_several_fields() -> None:
    form = sent(HomeForm, spare="no", young="1")
    assert form.errors["young"] == ["Check the number of children"]
    assert form.errors["email"] == ["Enter an email address or a phone number"]
    assert "email" not in sent(HomeForm, spare="yes", phone="1").errors
    assert form.status == 422


def test_a_refusal_of_the_service_becomes_an_error_of_the_form() -> None:
    form = sent(HomeForm, spare="no")
    with form.catching():
        raise InvalidInput("phone", "Enter another number")
    with form.catching():
        raise InvalidInput("no_such_field", "Try again tomorrow")
    assert form.errors["phone"] == ["Enter another number"]
    assert form.problems()[0].text == "Try again tomorrow"
    with pytest.raises(ZeroDivisionError), form.catching():
        raise ZeroDivisionError


def test_optional_questions_say_so() -> None:
    form = HomeForm(None, meta={"csrf": False})
    assert form["notes"].label_text == "Notes (optional)"
    assert form["rooms"].label_text == "How many?"
    assert form["agreed"].label_text == "I agree"
    assert form["email"].label_text == "Email"


@pytest.mark.usefixtures("request_context")
def test_what_is_drawn() -> None:
    page = drawn(
        sent(HomeForm, spare="yes", moved__day="31", moved__month="2", moved__year="2020", notes="x" * 41)
    )
    form = page.first("form")
    assert form is not None
    assert "novalidate" in form.attrs
    assert not [control for control in page.all("input", "textarea", "select") if "required" in control.attrs]
    links = {link.text: link["href"] for link in page.first(class_="govuk-error-summary").all("a")}
    assert links["Date you moved in must be a real date"] == "#moved-day"
    assert links["Enter how many rooms"] == "#rooms"
    assert links["Confirm that you agree"] == "#agreed"
    assert all(page.by_id(href[1:]).tag in ("input", "textarea") for href in links.values())
    assert page.by_id("moved-day").get("class").split()[-1] == "govuk-input--error"
    assert "govuk-input--error" not in page.by_id("moved-year").get("class")
    assert page.by_id("rooms") in page.first(class_="govuk-radios__conditional").all("input")
    assert page.by_id("old").inside("fieldset").first("legend").text == "Children who live with you"
    assert page.by_id("young")["inputmode"] == "numeric"
    assert drawn(HomeForm(None)).by_id("young")["value"] == "0"
    assert page.first("textarea").parent.classes >= {"govuk-character-count"}
    assert page.first("input", value="NONE")["data-behaviour"] == "exclusive"


@pytest.mark.usefixtures("request_context")
def test_what_was_typed_is_shown_again_exactly() -> None:
    class Words(PortalForm):
        more = RadioField("More?", choices=YES_NO, reveals={"yes": "words"})
        words = TextAreaField("Words", [MaxLength(3, "Words")])
        name = TextField("Name", [MaxLength(3, "Name")])
        secret = PasswordField("Password")

    typed = "first\n    indented\n<b>&amp; “last”"
    page = drawn(sent(Words, more="yes", words=typed, name='"><script>', secret="hunter2hunter2"))
    assert page.first("textarea").source == typed
    assert page.by_id("name")["value"] == '"><script>'
    assert not page.by_id("secret").get("value")
    assert "hunter2" not in str(page.root)


@pytest.mark.usefixtures("request_context")
def test_the_only_question_of_a_page_is_its_heading() -> None:
    for field, tag in (
        (TextField("Your name?"), "label"),
        (RadioField("Your name?", choices=YES_NO), "legend"),
    ):
        form = type("One", (PortalForm,), {"name": field, "carried": HiddenField()})(None)
        assert form.only_question is form["name"]
        heading = drawn(form, heading=True).first("h1")
        assert heading.text == "Your name? (optional)"
        assert heading.first(tag) or heading.inside(tag)
    assert HomeForm(None).only_question is None
    assert type("Tick", (PortalForm,), {"tick": TickField("I agree")})(None).only_question is None


@pytest.mark.usefixtures("request_context")
def test_hidden_inputs_end_with_the_mark_of_the_end() -> None:
    inputs = list(hidden_inputs(HomeForm(None, data={"came_from": "here"})))
    assert [hidden["name"] for hidden in inputs] == ["csrf_token", "came_from", "form_end"]
    assert inputs[1]["value"] == "here"


class Trapped(Honeypot):
    name = TextField("Name")


def test_signs_of_robots_are_noted_and_refuse_nothing(app: Flask) -> None:
    with time_machine.travel("2026-11-23T10:00:00Z", tick=False) as clock, app.test_request_context("/"):
        page = drawn(Trapped(None))
        trap = page.by_id("website")
        assert page.first("label", **{"for": "website"}).text == "Leave this box empty"
        assert trap["tabindex"] == "-1"
        assert trap.parent.classes == {"govuk-visually-hidden"}
        shown_at = page.first("input", name="shown_at")["value"]
        quick = sent(Trapped, shown_at=shown_at, name="x")
        assert quick.looks_automated() == ("too_fast",)
        clock.shift(4)
        assert sent(Trapped, shown_at=shown_at).looks_automated() == ()
        filled = sent(Trapped, shown_at=shown_at, website="http://x")
        assert filled.looks_automated() == ("trap",)
        assert not filled.errors
        for forged in ("", "1", f"{shown_at}x", "9999999999.abc", "\ud800", "٣.٣"):
            assert sent(Trapped, shown_at=forged).looks_automated() == ("forged_time",)
        assert "website" not in quick.answers()


def test_an_ended_session_is_one_message_and_keeps_the_words(app: Flask) -> None:
    data = {"notes": "kept", "csrf_token": "stale", "form_end": "1"}
    with app.test_request_context("/", method="POST", data=data, base_url="https://portal.example.org"):
        form = HomeForm()
        assert not form.validate_on_submit()
        assert [problem.text for problem in form.problems()] == [SESSION_ENDED]
        assert form.status == 422
        page = drawn(form)
        assert page.first("textarea").source == "kept"
        assert not page.all(class_="govuk-error-message")


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
def test_other_bodies_are_an_empty_post(app: Flask, content_type: str) -> None:
    body: Any = '[{"notes": "x"}]'
    if content_type.startswith("multipart"):
        body = b'--b\r\nContent-Disposition: form-data; name="notes"; filename="n.txt"\r\n\r\nx\r\n--b--\r\n'
        content_type += "; boundary=b"
    with app.test_request_context("/", method="POST", data=body, content_type=content_type):
        form = HomeForm(data={"notes": "stored"})
        assert not form.validate_on_submit()
        assert form["notes"].data == ""
