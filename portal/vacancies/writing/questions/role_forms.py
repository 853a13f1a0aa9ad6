"""The first pages of an advert: title, role, contract, hours, place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from portal.core.fields import (
    YES_NO,
    CheckboxesField,
    DateField,
    NumberField,
    PostcodeField,
    RadioField,
    SelectField,
    TextField,
)
from portal.core.forms import PortalForm
from portal.core.validators import MaxLength, Required
from portal.vacancies.options import (
    CarUser,
    ContractReason,
    ContractType,
    Flexibility,
    JobFamily,
    RoleLevel,
    WorkingPattern,
)
from portal.vacancies.pay import WEEKS_IN_YEAR

MOST_WEEKS = Decimal("52.14")
"""A year in weeks, as local government reckons it (pay.WEEKS_IN_YEAR), to two places."""

SHORTEST_TITLE = 3

if not MOST_WEEKS <= WEEKS_IN_YEAR < MOST_WEEKS + 1:
    raise RuntimeError("the year of the form and the year of the pay differ")


class TitleForm(PortalForm):
    """What the post is called in every list and alert."""

    title = TextField(
        "What is the job title?",
        [Required("Enter the job title"), MaxLength(100, "Job title")],
        hint=(
            "A short, plain title that people search for, such as “Social worker, Jigsaw”. No grades, "
            "post numbers "
            "or capitals"
        ),
        short_label="Job title",
    )

    def check(self) -> None:
        """A word at least."""
        typed = str(self.title.data or "")
        if typed and not self.title.errors and len(typed) < SHORTEST_TITLE:
            self.add_error("title", f"Job title must be {SHORTEST_TITLE} characters or more")


class RoleForm(PortalForm):
    """Where the post stands."""

    family = RadioField(
        "What kind of post is it?", choices=JobFamily.choices(), required="Select what kind of post it is"
    )
    role_level = SelectField(
        "Level",
        choices=RoleLevel.choices(),
        required="Select the level of the post",
        hint="Candidates filter by it, and the usual checks are proposed from it",
    )
    team = SelectField(
        "Team",
        choices=lambda form: form.facts.get("teams", ()),
        required="Select the team",
        unknown="Select a team that exists",
    )
    number_of_posts = NumberField(
        "How many posts?",
        [Required("Enter how many posts there are")],
        min=1,
        max=50,
        subject="Number of posts",
        short_label="Number of posts",
    )
    hr_post_number = TextField(
        "HR post number", [MaxLength(20, "HR post number")], width="10", hint="Candidates do not see it"
    )
    covered_by_agency = RadioField(
        "Is the post covered by an agency worker now?",
        choices=YES_NO,
        required="Select yes if an agency worker covers the post now",
        hint="For the workforce census. Candidates do not see it",
        inline=True,
        short_label="Covered by an agency worker",
    )


class ContractForm(PortalForm):
    """What kind of contract."""

    contract_type = RadioField(
        "What kind of contract is it?",
        choices=ContractType.choices(),
        reveals=dict.fromkeys(("fixed_term", "secondment"), ("contract_ends_on", "contract_reason")),
        required="Select what kind of contract it is",
        short_label="Contract",
    )
    contract_ends_on = DateField(
        "When does it end?",
        required="Enter when the contract ends",
        subject="End of the contract",
        hint="For example, 31 8 2027",
        short_label="Contract ends on",
    )
    contract_reason = RadioField(
        "Why does it end?",
        choices=ContractReason.choices(),
        required="Select why the contract ends",
        hint="Candidates see the reason",
        short_label="Why it ends",
    )

    def check(self) -> None:
        """A contract ends after today, and after its start where that was said."""
        ends_on, starts_on = self.contract_ends_on.data, iso_date(self.given.get("starts_on"))
        if not self.contract_ends_on.asked or ends_on is None or self.contract_ends_on.errors:
            return
        if ends_on <= self.facts["today"]:
            self.add_error("contract_ends_on", "End of the contract must be in the future")
        elif starts_on is not None and ends_on <= starts_on:
            self.add_error("contract_ends_on", "End of the contract must be after its start")


class HoursForm(PortalForm):
    """When and where the work may be done."""

    working_patterns = CheckboxesField(
        "Which working patterns are open to applicants?",
        choices=WorkingPattern.choices(),
        reveals={"term_time": "paid_weeks"},
        required="Select at least one working pattern",
        hint="Select all that apply. Each one brings more applicants",
        short_label="Working patterns",
    )
    paid_weeks = NumberField(
        "Paid weeks a year",
        [Required("Enter how many weeks a year are paid")],
        min=1,
        max=MOST_WEEKS,
        decimals=2,
        width="5",
        hint="Weeks worked in term time, and paid leave",
        subject="Paid weeks",
    )
    flexible = CheckboxesField(
        "What else is flexible?",
        choices=Flexibility.choices(),
        hint="Select all that apply",
        short_label="Flexible working",
    )
    hours_per_week = NumberField(
        "Hours a week",
        [Required("Enter the hours a week")],
        min=Decimal("0.5"),
        max=48,
        decimals=2,
        width="5",
        short_label="Hours a week",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        full_time = self.facts.get("full_time_hours", "")
        self.hours_per_week.hint = (
            f"For one post. A full-time week is {full_time} hours here. "
            "Pay in proportion is worked out from this"
        )


class PlaceForm(PortalForm):
    """Where, and what travel the post asks for."""

    location_base = TextField(
        "Where is the post based?",
        [Required("Enter where the post is based"), MaxLength(120, "Where the post is based")],
        hint="For example, Civic Centre, Southampton",
        short_label="Based at",
    )
    address = TextField(
        "Address", [Required("Enter the address"), MaxLength(300, "Address")], hint="Street and town"
    )
    postcode = PostcodeField(required="Enter the postcode", autocomplete="off")
    car_user = RadioField(
        "What does the post ask about travel?",
        choices=CarUser.choices(),
        required="Select what the post asks about travel",
        short_label="Travel",
    )


def iso_date(text: object) -> date | None:
    """A stored date; None for what is none."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
