"""Professional registration (domain recruitment §2, §9): asked only where the advert needs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.applications.apply.numbers import HcpcNumberField, SweNumberField
from portal.applications.apply.options import AsyeStatus, QualificationRoute, RegisterBody, RegistrationStatus
from portal.core import clock
from portal.core.fields import YES_NO, MonthField, RadioField, TextAreaField, TextField
from portal.core.forms import PortalForm
from portal.core.validators import InThePast, MaxLength, NotBefore, Required
from portal.vacancies.options import HcpcDomain

QUALIFIED = (RegistrationStatus.REGISTERED, RegistrationStatus.LAPSED)
"""Whoever was ever registered has qualified."""

OF_BODY = {
    RegisterBody.SWE: ("swe_number",),
    RegisterBody.HCPC: ("hcpc_number", "hcpc_domain", "bps_membership"),
}
"""Questions that only one register gives rise to."""


def this_month(_form: Any) -> date:
    """A month is kept as its first day."""
    return clock.today().replace(day=1)


class RegisterForm(PortalForm):
    """Which register, where the advert takes either."""

    reg_body = RadioField(
        "Which register is your profession on?",
        choices=RegisterBody.choices(),
        required="Select which register your profession is on",
        short_label="Register",
    )


class RegistrationForm(PortalForm):
    """Where somebody stands with the register."""

    reg_status = RadioField(
        "What is your registration status?",
        choices=RegistrationStatus.choices(),
        required="Select your registration status",
        reveals={
            RegistrationStatus.REGISTERED.value: ("swe_number", "hcpc_number", "hcpc_domain"),
            RegistrationStatus.QUALIFYING.value: "qualified_due",
        },
        short_label="Registration status",
    )
    swe_number = SweNumberField(
        "Social Work England registration number",
        required="Enter a Social Work England registration number",
        hint="For example, SW1234",
        width="10",
        spellcheck=False,
        short_label="Social Work England number",
    )
    hcpc_number = HcpcNumberField(
        "HCPC registration number",
        required="Enter an HCPC registration number",
        hint="For example, PYL012345",
        width="10",
        spellcheck=False,
        short_label="HCPC number",
    )
    hcpc_domain = RadioField(
        "In which domain are you registered?",
        choices=HcpcDomain.choices(),
        required="Select the domain you are registered in",
        short_label="Domain",
    )
    qualified_due = MonthField(
        "When are you due to qualify?",
        [NotBefore(this_month, "The date you are due to qualify must be this month or later")],
        required="Enter the month and year you are due to qualify",
        hint="For example, 7 2027",
        subject="The date you are due to qualify",
        short_label="Due to qualify",
    )
    bps_membership = TextField(
        "British Psychological Society membership number",
        [MaxLength(20, "Membership number")],
        width="10",
        spellcheck=False,
        hint="Membership is voluntary, and leaving this empty makes no difference",
        short_label="BPS membership",
    )

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Without what belongs to another register than this person’s."""
        body = body_of(self.facts, self.given)
        if body is not None:
            for other in RegisterBody:
                if other is not body:
                    self.leave_out(OF_BODY[other])
            self.reg_status.label.text = f"Where do you stand with {said(body)}?"
        super().process(*args, **kwargs)

    def leave_out(self, names: Sequence[str]) -> None:
        """Drop these questions from the page."""
        for name in names:
            delattr(self, name)
        reveals = self.reg_status.reveals
        self.reg_status.reveals = {
            choice: tuple(name for name in revealed if name not in names)
            for choice, revealed in reveals.items()
        }


def body_of(facts: Any, given: Any) -> RegisterBody | None:
    """The register that counts: the advert’s only one, or the one that was chosen."""
    registers = facts.get("registers", ())
    if len(registers) == 1:
        return RegisterBody(registers[0])
    chosen = given.get("reg_body")
    return RegisterBody(chosen) if chosen in list(RegisterBody) else None


def said(body: RegisterBody) -> str:
    """A register in the middle of a sentence."""
    return body.label if body is RegisterBody.SWE else f"the {body.label}"


class FitnessForm(PortalForm):
    """Restrictions on a registration; only HR reads the details."""

    fitness_to_practise = RadioField(
        "Are there any conditions, sanctions or open proceedings on your registration?",
        choices=YES_NO,
        hint="Only HR reads the details. An answer of yes does not in itself end your application",
        required="Select yes if there are any conditions, sanctions or open proceedings on your registration",
        reveals={"yes": "fitness_details"},
        short_label="Conditions, sanctions or open proceedings",
    )
    fitness_details = TextAreaField(
        "What are they, and since when?",
        [Required("Enter what they are, and since when")],
        count=1000,
        hint="Leave out details of your health",
        short_label="Details for HR",
    )


class QualifyingForm(PortalForm):
    """How and when somebody became a social worker, and their first year in practice."""

    asye_status = RadioField(
        "Have you done your assessed and supported year in employment (ASYE)?",
        choices=AsyeStatus.choices(),
        required="Select where you stand with your assessed and supported year in employment",
        short_label="ASYE",
    )
    sw_qual_route = RadioField(
        "How did you qualify as a social worker, or how will you?",
        choices=QualificationRoute.choices(),
        required="Select how you qualified as a social worker, or how you will",
        short_label="Route into social work",
    )
    qualified_month = MonthField(
        "When did you qualify as a social worker?",
        [
            Required("Enter the month and year you qualified"),
            InThePast("The date you qualified", today_counts=True),
        ],
        hint="For example, 7 2024",
        subject="The date you qualified",
        short_label="Qualified",
        asked_when=lambda form: form.given.get("reg_status") in QUALIFIED,
    )

    def layout(self) -> list[Any]:
        """Without the month where somebody has not qualified yet."""
        rows = super().layout()
        month = self.qualified_month
        return rows if month.asked else [row for row in rows if row[1][0] is not month]
