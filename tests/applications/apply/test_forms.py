"""What is asked, of whom, and what is said where an answer is missing or cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from portal.applications.apply.details_forms import DetailsForm, EligibilityForm
from portal.applications.apply.journey import journey_for
from portal.applications.apply.needs import Needs, Wanted
from portal.applications.apply.numbers import hcpc_number, swe_number
from portal.applications.apply.options import RegisterBody
from portal.applications.apply.registration_forms import QualifyingForm, RegistrationForm
from portal.applications.apply.statement_forms import ANSWER, LONGEST, StatementForm, criterion_form
from portal.applications.apply.support_forms import DeclarationsForm, support_form
from portal.applications.history.months import Month
from portal.core.forms import PortalForm
from portal.journeys.answers import Answers
from portal.journeys.engine import Progress
from portal.vacancies.options import InterviewScheme
from tests.applications.apply.filling import DECLARED, DETAILS, ELIGIBILITY, Typed
from tests.applications.history.telling import ago
from tests.applications.history.telling import typed as typed_month

NEEDS = Needs(
    registers=(),
    asye=False,
    travel=False,
    one_statement=True,
    criteria=(),
    disability_confident=True,
    schemes=(),
    regulated=False,
)


def errors(form: type[PortalForm], typed: Mapping[str, str], **options: Any) -> dict[str, str]:
    """The message of each field."""
    judged = form(Typed(typed), meta={"csrf": False}, **options)
    judged.validate()
    return {field.short_name: field.error for field in judged.portal_fields if field.errors}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("SW123", "SW123"),
        ("sw 000-123", "SW123"),
        ("SW 12 34 56", "SW123456"),
        ("sw‑1", "SW1"),
        ("SW١٢٣", "SW123"),
        ("SW１２３", "SW123"),
        ("SWE123", None),
        ("SW0", None),
        ("SW1234567", None),
        ("123", None),
        ("SW12²", None),
        ("PYL123", None),
    ],
)
def test_a_social_workers_number_is_read_as_the_register_writes_it(typed: str, number: str | None) -> None:
    assert swe_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("PYL001234", "PYL001234"),
        ("pyl 00 12 34", "PYL001234"),
        ("PYL1", "PYL1"),
        ("PYL٠٠١٢", "PYL0012"),
        ("PYL1234567", None),
        ("PY123", None),
        ("SW123", None),
    ],
)
def test_a_psychologists_number_keeps_its_noughts(typed: str, number: str | None) -> None:
    assert hcpc_number(typed) == number


def test_what_is_missing_of_the_details() -> None:
    assert errors(DetailsForm, {}) == {
        "given_names": "Enter your given names",
        "family_name": "Enter your family name",
        "previous_names_any": "Select yes if you have been known by any other names",
        "phone": "Enter a phone number",
        "address1": "Enter address line 1, typically the building and street",
        "town": "Enter town or city",
        "postcode": "Enter postcode",
    }


@pytest.mark.parametrize("name", ["إسماعيل", "Ó Briain", "Nguyễn", "李小龍", "👩‍🦰", "O'Neil-Smith 3rd"])
def test_names_may_hold_any_character(name: str) -> None:
    assert errors(DetailsForm, {**DETAILS, "given_names": name, "family_name": name}) == {}


@pytest.mark.parametrize(
    ("country", "postcode", "error"),
    [
        ("", "SO14", "Enter a full UK postcode, like SO14 7LY"),
        ("England", "nonsense", "Enter a full UK postcode, like SO14 7LY"),
        ("France", "75001", None),
        ("Ireland", "", None),
        ("U.K.", "so14 7ly", None),
    ],
)
def test_a_postcode_is_judged_where_it_can_be_ours(country: str, postcode: str, error: str | None) -> None:
    found = errors(DetailsForm, {**DETAILS, "country": country, "postcode": postcode})
    assert found == ({"postcode": error} if error else {})


def test_the_address_of_mail_is_the_accounts_whatever_is_sent() -> None:
    form = DetailsForm(
        Typed({**DETAILS, "email": "someone@example.net"}),
        meta={"csrf": False},
        facts={"email": "mine@example.com"},
    )
    assert form.answers()["email"] == "mine@example.com"


def test_travel_is_asked_where_the_post_asks() -> None:
    assert errors(EligibilityForm, ELIGIBILITY) == {}
    wanted = errors(EligibilityForm, ELIGIBILITY, facts={"asks_travel": True})
    assert wanted == {"travel": "Select how you can travel for this role"}
    assert errors(EligibilityForm, {}) == {
        "right_to_work": "Select your right to work in the UK",
        "lived_abroad": "Select yes if you have lived or worked outside the UK for 3 months or more",
        "internal_employee": "Select yes if you work for the council now",
    }


def test_no_answer_about_the_right_to_work_refuses_anybody() -> None:
    for answer in ("unlimited", "limited", "sponsorship", "unsure"):
        assert errors(EligibilityForm, {**ELIGIBILITY, "right_to_work": answer}) == {}


@pytest.mark.parametrize("typed", ["Ireland", "Ireland, three years", "Germany\nSpain, 14 months"])
def test_a_country_without_dates_is_asked_for_its_dates(typed: str) -> None:
    said = {**ELIGIBILITY, "lived_abroad": "yes", "abroad_details": typed}
    asked = "Enter from when to when you were in each country, for example March 2022 to August 2023"
    assert errors(EligibilityForm, said) == {"abroad_details": asked}
    assert errors(EligibilityForm, {**said, "lived_abroad": "no"}) == {}


@pytest.mark.parametrize(
    "typed",
    ["Ireland, March 2022 to August 2023", "Ireland since 2022", "أيرلندا ٢٠٢٢", "03/22 to 08/23, Spain"],
)
def test_dates_abroad_may_be_written_in_any_way(typed: str) -> None:
    assert errors(EligibilityForm, {**ELIGIBILITY, "lived_abroad": "yes", "abroad_details": typed}) == {}


# Registration


def registration(typed: Mapping[str, str], body: RegisterBody) -> dict[str, str]:
    return errors(RegistrationForm, typed, facts={"registers": (body,)})


def test_the_number_of_the_advert_s_register_is_asked() -> None:
    said = {"reg_status": "registered"}
    assert registration({}, RegisterBody.SWE) == {"reg_status": "Select your registration status"}
    assert registration(said, RegisterBody.SWE) == {
        "swe_number": "Enter a Social Work England registration number"
    }
    assert registration({**said, "swe_number": "SWE1"}, RegisterBody.SWE) == {
        "swe_number": "Enter a Social Work England registration number in the correct format"
    }
    assert registration(said, RegisterBody.HCPC) == {
        "hcpc_number": "Enter an HCPC registration number",
        "hcpc_domain": "Select the domain you are registered in",
    }
    assert registration({**said, "hcpc_number": "1", "hcpc_domain": "clinical"}, RegisterBody.HCPC) == {
        "hcpc_number": "Enter an HCPC registration number in the correct format"
    }
    for status in ("applied", "lapsed", "none"):
        assert registration({"reg_status": status}, RegisterBody.SWE) == {}
    assert "qualified_due" in registration({"reg_status": "qualifying"}, RegisterBody.SWE)


@pytest.mark.parametrize(
    ("due", "accepted"), [(ago(-6), True), (ago(0), True), (ago(1), False), (Month.of(2020, 3), False)]
)
def test_nobody_is_due_to_qualify_in_the_past(due: Month, *, accepted: bool) -> None:
    found = registration({"reg_status": "qualifying", **typed_month("qualified_due", due)}, RegisterBody.SWE)
    assert found == (
        {} if accepted else {"qualified_due": "The date you are due to qualify must be this month or later"}
    )


def test_whoever_has_not_qualified_yet_is_not_asked_when() -> None:
    typed = {"asye_status": "not_started", "sw_qual_route": "step_up"}
    assert errors(QualifyingForm, typed, given={"reg_status": "qualifying"}) == {}
    assert errors(QualifyingForm, typed, given={"reg_status": "registered"}) == {
        "qualified_month": "Enter the month and year you qualified"
    }


def slugs(needs: Needs, **stored: Mapping[str, Any]) -> list[str]:
    """The pages on the path."""
    return [step.slug for step in Progress(journey_for(needs), Answers(steps=stored)).path]


def changed(**changes: Any) -> Needs:
    return Needs(**{name: getattr(NEEDS, name) for name in Needs.__slots__} | changes)


def test_registration_is_asked_only_where_the_advert_needs_it() -> None:
    assert [section.slug for section in journey_for(NEEDS).sections] == [
        *("details", "eligibility", "education", "training", "employment"),
        *("statement", "referees", "support", "declarations"),
    ]
    one = changed(registers=(RegisterBody.SWE,))
    assert "register" not in slugs(one)
    assert "fitness" not in slugs(one)
    assert "fitness" in slugs(one, registration={"reg_status": "registered"})
    assert "qualifying" not in slugs(one)
    assert "qualifying" in slugs(changed(registers=(RegisterBody.SWE,), asye=True))
    either = changed(registers=tuple(RegisterBody), asye=True)
    assert "register" in slugs(either)
    assert "qualifying" not in slugs(either, register={"reg_body": "hcpc"})
    assert "qualifying" in slugs(either, register={"reg_body": "swe"})


# What is written

LATER = ". You can save it now and shorten it later"


def test_a_statement_has_a_length() -> None:
    assert errors(StatementForm, {}) == {"statement": "Enter your supporting statement"}
    assert errors(StatementForm, {"statement": "a" * 199}) == {
        "statement": "Supporting statement must be 200 characters or more"
    }
    assert errors(StatementForm, {"statement": "a" * LONGEST}) == {}
    assert errors(StatementForm, {"statement": "a" * (LONGEST + 1)}) == {
        "statement": "Supporting statement must be 8,000 characters or less" + LATER
    }


def test_essential_criteria_are_answered_and_desirable_ones_may_be() -> None:
    essential, desirable = (
        Wanted(1, "Knows the law", essential=True),
        Wanted(2, "Speaks Welsh", essential=False),
    )
    assert errors(criterion_form(essential), {}) == {"criterion_1": "Enter how you meet this criterion"}
    assert errors(criterion_form(desirable), {}) == {}
    assert errors(criterion_form(desirable), {"criterion_2": "a" * (ANSWER + 1)}) == {
        "criterion_2": "Your answer must be 2,000 characters or less" + LATER
    }
    asked = changed(one_statement=False, criteria=(essential, desirable))
    assert [slug for slug in slugs(asked) if slug.startswith("crit")] == ["criterion-1", "criterion-2"]


def test_the_hint_of_a_criterion_is_true_of_its_advert() -> None:
    wanted = Wanted(1, "Knows the law", essential=True)
    certified = Wanted(2, "Has a degree", essential=True, by_certificate=True)
    hints = [
        form.from_answers({}).only_question.hint
        for form in (
            criterion_form(wanted, anonymous=False),
            criterion_form(wanted),
            criterion_form(certified),
        )
    ]
    assert "name" not in hints[0]
    assert "Say what you did" in hints[0]
    assert "Leave out your name" in hints[1]
    assert "One sentence is enough" in hints[2]


# Schemes and declarations


def test_each_scheme_is_a_question_of_its_own() -> None:
    form = support_form(disability_confident=True, schemes=(InterviewScheme.ARMED_FORCES,))
    assert [field.short_name for field in form.from_answers({}).questions] == [
        *("dc_scheme", "scheme_armed_forces", "adjustments", "adjustments_details"),
    ]
    assert errors(form, {}) == {
        "dc_scheme": "Select yes if you want to apply under the Disability Confident scheme",
        "scheme_armed_forces": "Select yes if you want to apply under the armed forces scheme",
        "adjustments": "Select yes if you need support or adjustments if you are interviewed",
    }
    without = support_form(disability_confident=False, schemes=())
    assert list(errors(without, {})) == ["adjustments"]


def test_every_declaration_is_made() -> None:
    assert errors(DeclarationsForm, DECLARED, facts={"regulated": False}) == {}
    assert "understand_barred" in errors(DeclarationsForm, DECLARED, facts={"regulated": True})
    missing = errors(DeclarationsForm, {}, facts={"regulated": True})
    assert len(missing) == 7
    assert missing["canvassing_ack"].startswith("Confirm that")


NEVER_ASKED = (
    "birth",
    "insurance",
    "title",
    "gender",
    "nationality",
    "convict",
    "crimin",
    "health",
    "sick",
    "bank",
)


def test_what_is_not_needed_yet_is_not_asked() -> None:
    everything = changed(registers=tuple(RegisterBody), asye=True, travel=True, regulated=True)
    names = [
        field.short_name
        for step in journey_for(everything).steps
        if step.slug in ("details", "eligibility", "registration", "fitness", "support", "declarations")
        for field in step.form.from_answers({}).questions
    ]
    assert not [name for name in names for never in NEVER_ASKED if never in name]
