"""Fields: what is typed, what is kept, what is shown; and that no junk upsets them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.core.fields import (
    YES_NO,
    CheckboxesField,
    Choice,
    DateField,
    EmailField,
    MonthField,
    NumberField,
    PasswordField,
    PhoneField,
    PostcodeField,
    RadioField,
    SearchField,
    SelectField,
    TextAreaField,
    TextField,
    TickField,
)
from portal.core.forms import PortalForm
from portal.core.validators import InThePast, MaxLength, NotBefore, PersonName, Required

CARE = (("SHORT", "Short term"), ("LONG", "Long term"), Choice("NOT_SURE", "Not sure", exclusive=True))


class EveryField(PortalForm):
    """One of each."""

    line = TextField("Line", [MaxLength(20, "Line")])
    text = TextAreaField("Text", count=100)
    search = SearchField("Search")
    email = EmailField()
    phone = PhoneField()
    postcode = PostcodeField()
    number = NumberField("Number", min=0, max=10)
    amount = NumberField("Amount", decimals=2, prefix="£", max=100000)
    radio = RadioField("Radio", choices=YES_NO)
    select = SelectField("Select", choices=YES_NO)
    boxes = CheckboxesField("Boxes", choices=CARE)
    day = DateField("Day")
    month = MonthField("Month")
    tick = TickField("Tick")
    password = PasswordField("Password")


def posted(form: type[PortalForm], **values: Any) -> PortalForm:
    """A form as sent by a browser, judged."""
    data = MultiDict(
        [
            (k.replace("__", "-"), v)
            for k, vs in values.items()
            for v in (vs if isinstance(vs, list) else [vs])
        ]
    )
    made = form(data, meta={"csrf": False})
    made.validate()
    return made


def error_of(field: Any, **values: Any) -> str:
    """The message of a form that consists of one field, `it`."""
    form = posted(type("OneField", (PortalForm,), {"it": field}), **values)
    return str(form["it"].error)  # type: ignore[attr-defined]


# Round trips

junk = st.text(alphabet=st.characters(codec=None), max_size=60)
json_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | junk,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(junk, inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from([field.name for field in EveryField(None, meta={"csrf": False}).portal_fields])
parts = st.sampled_from(["", "-day", "-month", "-year", "-hour"])


@given(st.lists(st.tuples(names, parts, junk), max_size=30))
def test_no_post_raises_and_answers_come_back_as_they_were(sent: list[tuple[str, str, str]]) -> None:
    form = EveryField(MultiDict([(name + part, value) for name, part, value in sent]), meta={"csrf": False})
    valid = form.validate()
    answers = json.loads(json.dumps(form.answers()))
    again = EveryField.from_answers(answers)
    assert again.validate() == valid
    assert again.answers() == answers
    for field in form.portal_fields:
        assert isinstance(field.display(field.answer), str)
        assert field.params()["name"] == field.name


@given(st.dictionaries(names, json_junk, max_size=15))
def test_no_stored_junk_raises(stored: dict[str, Any]) -> None:
    form = EveryField.from_answers(stored)
    form.validate()
    json.dumps(form.answers())
    for field in form.portal_fields:
        assert isinstance(field.display(stored.get(field.name)), str)
        assert isinstance(field.display(field.answer), str)


def test_answers_and_their_words() -> None:
    form = posted(
        EveryField,
        line="Zoë", text="one\r\ntwo", email="Sam@Example.ORG", phone="(07700) 900 982", postcode="so147ly",
        number="007", amount="£1,250.50", radio="yes", select="no", boxes=["LONG", "SHORT", "LONG"],
        day__day="2", day__month="Feb", day__year="2024", month__month="09", month__year="2019", tick="yes",
        password=" secret ",
    )  # fmt: skip
    assert not form.errors
    assert form.answers() == {
        "line": "Zoë", "text": "one\ntwo", "search": "", "email": "Sam@example.org", "phone": "+447700900982",
        "postcode": "SO14 7LY", "number": 7, "amount": "1250.50", "radio": "yes", "select": "no",
        "boxes": ["SHORT", "LONG"], "day": "2024-02-02", "month": "2019-09", "tick": True,
    }  # fmt: skip
    shown = {field.name: field.display(field.answer) for field in form.questions}
    assert shown == {
        "line": "Zoë", "text": "one\ntwo", "search": "", "email": "Sam@example.org", "phone": "07700 900982",
        "postcode": "SO14 7LY", "number": "7", "amount": "£1250.50", "radio": "Yes", "select": "No",
        "boxes": "Short term\nLong term", "day": "2 February 2024", "month": "September 2019", "tick": "Yes",
    }  # fmt: skip
    assert form["amount"].data == Decimal("1250.50")
    assert form["day"].data == date(2024, 2, 2)
    assert form["password"].data == " secret "


def test_what_is_missing_in_a_post_was_left_empty_whatever_was_stored() -> None:
    stored = {"line": "x", "radio": "yes", "boxes": ["LONG"], "tick": True, "day": "2024-02-02", "number": 3}
    form = EveryField(MultiDict([("text", "y")]), data=stored, meta={"csrf": False})
    assert {name for name, answer in form.answers().items() if answer} == {"text"}


# Messages


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter your first name"),
        (" \u200b ", "Enter your first name"),
        ("x" * 61, "First name must be 60 characters or less"),
        ("Sam3", "First name must only include letters, spaces, hyphens, apostrophes and full stops"),
        ("٣", "First name must only include letters, spaces, hyphens, apostrophes and full stops"),
        ("Sam\u2603", "First name must only include letters, spaces, hyphens, apostrophes and full stops"),
        ("--", "First name must only include letters, spaces, hyphens, apostrophes and full stops"),
        ("Anne-Marie O’Neill Jr.", ""),
        ("Nguyễn Thị Ánh", ""),
        ("محمد‌رضا", ""),
    ],
)
def test_names(typed: str, message: str) -> None:
    field = TextField(
        "First name",
        [Required("Enter your first name"), MaxLength(60, "First name"), PersonName("First name")],
    )
    assert error_of(field, it=typed) == message


def test_the_length_of_a_long_text() -> None:
    assert error_of(TextAreaField("Reason", count=3), it="a\r\nb") == ""
    assert error_of(TextAreaField("Reason", count=3), it="abcd") == "Reason must be 3 characters or less"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter how many"),
        ("7", ""),
        ("0", ""),
        (" 10 ", ""),
        ("-1", "Adults must be 0 or more"),
        ("11", "Adults must be 10 or less"),
        ("1.5", "Adults must be a whole number"),
        ("two", "Adults must be a number in digits, like 2"),
        ("٣", "Adults must be a number in digits, like 2"),
        ("²", "Adults must be a number in digits, like 2"),
        ("1 0", "Adults must be a number in digits, like 2"),
        ("1e1", "Adults must be a number in digits, like 2"),
        ("9" * 25, "Adults must be 10 or less"),
        ("-" + "9" * 25, "Adults must be 0 or more"),
        ("9" * 4000, "Adults must be 10 or less"),
    ],
)
def test_whole_numbers(typed: str, message: str) -> None:
    field = NumberField("Other adults", [Required("Enter how many")], max=10, subject="Adults")
    assert error_of(field, it=typed) == message


def test_numbers_stay_within_what_databases_hold() -> None:
    assert error_of(NumberField("Pay"), it=str(2**63 - 1)) == ""
    assert error_of(NumberField("Pay"), it=str(2**63)) == f"Pay must be {2**63 - 1:,} or less"
    with pytest.raises(ValueError, match="hold"):
        error_of(NumberField("Pay", max=2**63), it="1")
    assert error_of(NumberField("Pay", decimals=2), it="1.234") == "Pay must have at most 2 decimal places"


def test_a_choice_that_is_not_offered() -> None:
    for field in (RadioField, SelectField, CheckboxesField):
        made = field("Help", choices=YES_NO, required="Select yes if you need help")
        assert error_of(made, it="maybe\x00") == "Select yes if you need help"
        assert error_of(made) == "Select yes if you need help"
        assert error_of(made, it="yes") == ""
        assert error_of(field("Help", choices=YES_NO), it="other") == "Select help"
        assert error_of(field("Help", choices=YES_NO)) == ""


def test_an_exclusive_choice_stands_alone() -> None:
    field = CheckboxesField("Care", choices=CARE)
    assert error_of(field, it=["NOT_SURE"]) == ""
    message = "Select “Not sure” on its own, or select the other options that apply"
    assert error_of(field, it=["LONG", "NOT_SURE"]) == message


def test_choices_may_depend_on_what_the_council_offers() -> None:
    field = RadioField("Care", choices=lambda form: [(code, code.title()) for code in form.facts["offered"]])
    form_class = type("Offered", (PortalForm,), {"care": field})
    form = form_class.from_answers({"care": "LONG"}, facts={"offered": ["SHORT"]})
    assert not form.validate()
    assert form["care"].display("LONG") == "LONG"  # type: ignore[attr-defined]


# Dates


@pytest.mark.parametrize(
    ("day", "month", "year", "message", "wrong"),
    [
        ("", "", "", "Enter the date you left", ("day", "month", "year")),
        ("1", "", "2020", "Date you left must include a month", ("month",)),
        ("", "", "2020", "Date you left must include a day and month", ("day", "month")),
        ("31", "2", "2020", "Date you left must be a real date", ("day",)),
        ("29", "2", "2023", "Date you left must be a real date", ("day",)),
        ("1", "13", "2020", "Date you left must be a real date", ("month",)),
        ("0", "1", "2020", "Date you left must be a real date", ("day",)),
        ("٣", "1", "2020", "Date you left must be a real date", ("day",)),
        ("²", "1", "2020", "Date you left must be a real date", ("day",)),
        ("1", "1", "99999999999999999999", "Date you left must be a real date", ("year",)),
        ("1", "1", "20", "Year must include 4 numbers", ("year",)),
        ("1", "Smarch", "2020", "Date you left must be a real date", ("month",)),
        ("1", "1", "2099", "Date you left must be in the past", ("day", "month", "year")),
        ("29", "february", "2020", "", ()),
        ("01", "Sept.", "2020", "", ()),
        (" 1 ", "DEC", "2020", "", ()),
    ],
)  # fmt: skip
def test_one_message_a_date(day: str, month: str, year: str, message: str, wrong: tuple[str, ...]) -> None:
    field = DateField(
        "When did you leave?",
        [Required("Enter the date you left"), InThePast("Date you left")],
        subject="Date you left",
    )
    form = posted(
        type("Leaving", (PortalForm,), {"left": field}), left__day=day, left__month=month, left__year=year
    )
    made: Any = form["left"]
    assert made.error == message
    assert made.wrong_parts == wrong
    assert made.focus_id == f"left-{(wrong or ('day',))[0]}"
    assert len(form.problems()) == bool(message)


@pytest.mark.parametrize("sent", [[], ["day"], ["day", "month", "year", "hour"], ["month", "month", "year"]])
def test_any_number_of_parts(sent: list[str]) -> None:
    data = MultiDict([(f"it-{part}", "1") for part in sent])
    form = type("When", (PortalForm,), {"it": DateField("When", required="Enter when")})(
        data, meta={"csrf": False}
    )
    assert not form.validate()


def test_parts_that_are_no_date_are_kept_as_typed() -> None:
    form = posted(EveryField, day__day="31", day__month="feb", day__year="2020", month__month="x")
    answers = form.answers()
    assert answers["day"] == {"day": "31", "month": "feb", "year": "2020"}
    again = EveryField.from_answers(answers)
    assert not again.validate()
    assert again["day"].typed == {"day": "31", "month": "feb", "year": "2020"}
    assert again["day"].display(answers["day"]) == "31 feb 2020"


def test_a_date_not_before_another() -> None:
    class Job(PortalForm):
        began = MonthField("Began", subject="Start date")
        ended = MonthField(
            "Ended",
            [NotBefore(lambda form: form.began.data, "End date must be the same as or after the start date")],
        )

    values = {"began__month": "5", "began__year": "2020", "ended__month": "4", "ended__year": "2020"}
    assert posted(Job, **values)["ended"].errors == ["End date must be the same as or after the start date"]
    assert not posted(Job, **{**values, "ended__month": "5"}).errors
    assert not posted(Job, ended__month="4", ended__year="2020").errors
