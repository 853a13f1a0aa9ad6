"""What the post pays, each thing by itself: numbers as numbers, so that candidates can compare."""

from __future__ import annotations

from typing import Any

from portal.core.fields import CheckboxesField, NumberField, RadioField, TextAreaField, TextField
from portal.core.forms import FieldGroup, PortalForm
from portal.core.validators import MaxLength, Required
from portal.vacancies.options import Offer, PayScale

LEAST_SALARY, MOST_SALARY = 10_000, 250_000
MOST_POINT = 100
MOST_SUPPLEMENT = 50_000

SUPPLEMENTS = (
    ("market", "Market supplement"),
    ("welcome", "Welcome payment"),
    ("retention", "Retention payment"),
)


class PayForm(PortalForm):
    """Salary for a full-time year, with scale, grade and points."""

    groups = (
        FieldGroup(
            "Spinal column points", ("scp_min", "scp_max"), "Leave both empty where the scale has none"
        ),
        FieldGroup(
            "Salary, full time",
            ("salary_min", "salary_max"),
            "Whole pounds a year. What the hours of the post make of it is worked out and shown beside it",
        ),
    )

    pay_scale = RadioField("Pay scale", choices=PayScale.choices(), required="Select the pay scale")
    grade = TextField(
        "Grade", [MaxLength(20, "Grade")], width="10", hint="As candidates may read it, for example 10"
    )
    scp_min = NumberField(
        "Lowest point",
        min=1,
        max=MOST_POINT,
        optional_wording=False,
        short_label="Lowest spinal column point",
    )
    scp_max = NumberField(
        "Highest point",
        min=1,
        max=MOST_POINT,
        optional_wording=False,
        short_label="Highest spinal column point",
    )
    salary_min = NumberField(
        "From",
        [Required("Enter the lowest salary")],
        min=LEAST_SALARY,
        max=MOST_SALARY,
        prefix="£",
        width="10",
        subject="Lowest salary",
        short_label="Lowest salary",
    )
    salary_max = NumberField(
        "To",
        [Required("Enter the highest salary")],
        min=LEAST_SALARY,
        max=MOST_SALARY,
        prefix="£",
        width="10",
        subject="Highest salary",
        short_label="Highest salary",
    )
    salary_note = TextField(
        "Anything to add about the salary",
        [MaxLength(200, "What is added about the salary")],
        hint="For example, what has to be shown to start above the lowest point",
        short_label="About the salary",
    )

    def check(self) -> None:
        """No range runs backwards, and points come in pairs."""
        lowest, highest = self.scp_min.data, self.scp_max.data
        if not (self.scp_min.errors or self.scp_max.errors):
            if (lowest is None) != (highest is None):
                missing = "scp_min" if lowest is None else "scp_max"
                self.add_error(missing, "Enter both points, or leave both empty")
            elif lowest is not None and lowest > highest:
                self.add_error("scp_max", "Highest point must be the same as or above the lowest")
        if self.salary_min.errors or self.salary_max.errors:
            return
        if self.salary_min.data > self.salary_max.data:
            self.add_error("salary_max", "Highest salary must be the same as or more than the lowest")


def amount(words: str, hint: str) -> Any:
    """How much a supplement is."""
    return NumberField(
        f"{words}: how much?",
        [Required(f"Enter how much the {words.lower()} is")],
        min=1,
        max=MOST_SUPPLEMENT,
        prefix="£",
        width="10",
        hint=hint,
        subject=words,
        short_label=words,
    )


def terms(words: str) -> Any:
    """What it is tied to."""
    return TextAreaField(
        f"{words}: on what terms?",
        count=500,
        rows=3,
        required=f"Enter the terms of the {words.lower()}",
        hint="How it is paid, and when any of it would have to be paid back",
        subject=f"Terms of the {words.lower()}",
        short_label=f"Terms of the {words.lower()}",
    )


class ExtrasForm(PortalForm):
    """Payments beside the salary, and help that candidates ask about."""

    supplements = CheckboxesField(
        "Is anything paid beside the salary?",
        choices=SUPPLEMENTS,
        reveals={code: (f"{code}_amount", f"{code}_terms") for code, _label in SUPPLEMENTS},
        hint="Select all that apply. They are shown apart from the salary",
        short_label="Paid beside the salary",
    )
    market_amount = amount("Market supplement", "Whole pounds a year")
    market_terms = terms("Market supplement")
    welcome_amount = amount("Welcome payment", "Whole pounds, once")
    welcome_terms = terms("Welcome payment")
    retention_amount = amount("Retention payment", "Whole pounds")
    retention_terms = terms("Retention payment")
    relocation = RadioField(
        "Is there help with moving here?",
        choices=Offer.choices(),
        required="Select whether there is help with moving",
        short_label="Help with moving",
    )
    visa_sponsorship = RadioField(
        "Can a visa be sponsored?",
        choices=Offer.choices(),
        required="Select whether a visa can be sponsored",
        hint="Said on the advert either way, so that nobody has to guess",
        short_label="Visa sponsorship",
    )
