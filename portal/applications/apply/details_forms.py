"""Who applies and whether they may work here (domain recruitment §9, sections 1 and 2).

Date of birth, National Insurance number, title, gender and nationality are not asked, on purpose.
"""

from __future__ import annotations

import re
from typing import Any

from wtforms.validators import StopValidation

from portal.applications.apply.options import Travel
from portal.applications.options import RightToWork, Source
from portal.core.fields import (
    YES_NO,
    HiddenField,
    PhoneField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
)
from portal.core.forms import FieldGroup, PortalForm
from portal.core.postcodes import normalise_postcode, suggest_postcode
from portal.core.text import clean_line
from portal.core.validators import MaxLength, Required, RequiredWhen

NAME = 100
YEAR = re.compile(r"\d{4}|\d\s*[/.-]\s*\d{2}|[’']\d{2}")
UK = ("", "uk", "gb", "united kingdom", "great britain", "england", "wales", "scotland", "northern ireland")
"""What people write, or leave out, where the address is here."""


class AccountEmailField(HiddenField):
    """The address of the account: it was verified when its owner signed in, so it is not asked again."""

    holds_answer = True

    def parse(self, text: str) -> None:
        """As the account has it."""
        self.typed = self.data = clean_line(text)
        self.problem = ""

    def display(self, value: Any) -> str:
        """As it is."""
        return value if isinstance(value, str) else ""


class DetailsForm(PortalForm):
    """Section 1: names and how to reach somebody. Names may hold any character: people come from anywhere."""

    groups = (
        FieldGroup(
            "What is your address?", ("address1", "address2", "town", "county", "postcode", "country")
        ),
    )

    given_names = TextField(
        "Given names",
        [Required("Enter your given names"), MaxLength(NAME, "Given names")],
        autocomplete="given-name",
        spellcheck=False,
        hint="Your first name and any others, as they should stand in a contract",
    )
    family_name = TextField(
        "Family name",
        [Required("Enter your family name"), MaxLength(NAME, "Family name")],
        autocomplete="family-name",
        spellcheck=False,
    )
    preferred_name = TextField(
        "What should we call you?",
        [MaxLength(NAME, "What we should call you")],
        autocomplete="nickname",
        spellcheck=False,
        short_label="Preferred name",
    )
    previous_names_any = RadioField(
        "Have you been known by any other names?",
        choices=YES_NO,
        hint="For example a name before marriage. References and certificates may carry it",
        required="Select yes if you have been known by any other names",
        reveals={"yes": "previous_names"},
        short_label="Known by other names",
    )
    previous_names = TextField(
        "Which other names?",
        [Required("Enter the other names you have been known by"), MaxLength(300, "Other names")],
        spellcheck=False,
        short_label="Other names",
    )
    email = AccountEmailField("Email address")
    phone = PhoneField(
        required="Enter a phone number", hint="For the United Kingdom, or with the country’s code"
    )
    address1 = TextField(
        "Address line 1",
        [
            Required("Enter address line 1, typically the building and street"),
            MaxLength(100, "Address line 1"),
        ],
        autocomplete="address-line1",
        width="full",
    )
    address2 = TextField(
        "Address line 2", [MaxLength(100, "Address line 2")], autocomplete="address-line2", width="full"
    )
    town = TextField(
        "Town or city",
        [Required("Enter town or city"), MaxLength(NAME, "Town or city")],
        autocomplete="address-level2",
        width="two-thirds",
    )
    county = TextField("County", [MaxLength(NAME, "County")], width="two-thirds")
    postcode = TextField(
        "Postcode",
        [RequiredWhen(lambda form: form.in_the_uk, "Enter postcode"), MaxLength(12, "Postcode")],
        autocomplete="postal-code",
        width="10",
        spellcheck=False,
        optional_wording=False,
    )
    country = TextField(
        "Country, if it is not the United Kingdom",
        [MaxLength(60, "Country")],
        autocomplete="country-name",
        width="two-thirds",
        short_label="Country",
        optional_wording=False,
    )

    def process(self, *args: Any, **kwargs: Any) -> None:
        """The address of mail is the account’s, whatever a page sends; and a postcode as it is written."""
        super().process(*args, **kwargs)
        if self.facts.get("email"):
            self.email.parse(str(self.facts["email"]))
        known = normalise_postcode(str(self.postcode.data or ""))
        if known is not None and self.in_the_uk:
            self.postcode.data = known

    @property
    def in_the_uk(self) -> bool:
        """Whether the address is here."""
        return " ".join(str(self.country.data or "").casefold().replace(".", "").split()) in UK

    def check(self) -> None:
        """A postcode is judged by its form only where it can be one of ours."""
        typed = str(self.postcode.data or "")
        if not typed or self.postcode.errors or not self.in_the_uk or normalise_postcode(typed):
            return
        likely = suggest_postcode(typed)
        message = "Enter a full UK postcode"
        self.add_error(
            "postcode", f"{message}. Did you mean {likely}?" if likely else f"{message}, like SO14 7LY"
        )


class WithDates:
    """Countries without a year do not say how long somebody was there: the dates are asked for."""

    def __call__(self, _form: Any, field: Any) -> None:
        """Any way of writing a year will do, in digits of any script."""
        if not field.empty and not YEAR.search(field.data):
            raise StopValidation(
                "Enter from when to when you were in each country, for example March 2022 to August 2023"
            )


class EligibilityForm(PortalForm):
    """Section 2. No answer refuses anybody: people look at it."""

    right_to_work = RadioField(
        "Do you have the right to work in the UK?",
        choices=RightToWork.choices(),
        hint="We look at documents only if we offer you the post",
        required="Select your right to work in the UK",
        short_label="Right to work in the UK",
    )
    lived_abroad = RadioField(
        "Have you lived or worked outside the UK for 3 months or more in the last 5 years?",
        choices=YES_NO,
        hint="In total, and counting only time since you turned 18",
        required="Select yes if you have lived or worked outside the UK for 3 months or more",
        reveals={"yes": "abroad_details"},
        short_label="Lived or worked outside the UK",
    )
    abroad_details = TextAreaField(
        "Which countries, and from when to when?",
        [Required("Enter the countries, and from when to when you were there"), WithDates()],
        count=1000,
        rows=3,
        hint="For example, Ireland, March 2022 to August 2023",
        short_label="Countries and dates",
    )
    travel = RadioField(
        "Could you travel as this role needs?",
        choices=Travel.choices(),
        hint="An adjustment such as a driver or taxis counts as other means",
        required="Select how you can travel for this role",
        asked_when=lambda form: form.facts.get("asks_travel", False),
        short_label="Travel for the role",
    )
    internal_employee = RadioField(
        "Do you work for the council now?",
        choices=YES_NO,
        required="Select yes if you work for the council now",
        reveals={"yes": ("employee_number", "at_risk")},
        short_label="Works for the council",
    )
    employee_number = TextField("Employee number", [MaxLength(20, "Employee number")], width="10")
    at_risk = RadioField(
        "Is your post at risk of redundancy?",
        choices=YES_NO,
        required="Select yes if your post is at risk of redundancy",
        short_label="At risk of redundancy",
    )
    source = SelectField(
        "Where did you hear of this vacancy?", choices=Source.choices(), short_label="Heard of the vacancy"
    )

    def layout(self) -> list[Any]:
        """Without the question of travel where the post does not ask."""
        rows = super().layout()
        return rows if self.travel.asked else [row for row in rows if row[1][0] is not self.travel]
