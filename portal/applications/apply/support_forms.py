"""Interview schemes, support, and what is declared (domain recruitment §9, sections 9 and 10).

No health, no criminal record: those are asked later, of fewer people, where the law allows it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from portal.core.fields import YES_NO, RadioField, TextAreaField, TickField
from portal.core.forms import PortalForm
from portal.core.validators import Required
from portal.vacancies.options import InterviewScheme

SCHEME_QUESTIONS: dict[InterviewScheme, tuple[str, str]] = {
    InterviewScheme.ARMED_FORCES: (
        "Do you want to apply under the scheme for people who serve or have served in the armed forces?",
        "Select yes if you want to apply under the armed forces scheme",
    ),
    InterviewScheme.CARE_EXPERIENCED: (
        "Do you want to apply under the scheme for people who have been in care?",
        "Select yes if you want to apply under the scheme for people who have been in care",
    ),
    InterviewScheme.REDEPLOYMENT: (
        "Do you want to apply under the scheme for council employees at risk of redundancy?",
        "Select yes if you want to apply under the redeployment scheme",
    ),
}

SHORT: dict[InterviewScheme, str] = {
    InterviewScheme.ARMED_FORCES: "Armed forces scheme",
    InterviewScheme.CARE_EXPERIENCED: "Scheme for people who have been in care",
    InterviewScheme.REDEPLOYMENT: "Redeployment scheme",
}


def scheme_name(scheme: InterviewScheme) -> str:
    """The name of a scheme’s question."""
    return f"scheme_{scheme.value}"


@lru_cache(maxsize=32)
def support_form(*, disability_confident: bool, schemes: tuple[InterviewScheme, ...]) -> type[PortalForm]:
    """The page with a question for each scheme that the advert offers, then support and adjustments."""
    questions: dict[str, Any] = {}
    if disability_confident:
        questions["dc_scheme"] = RadioField(
            "Do you want to apply under the Disability Confident scheme?",
            choices=YES_NO,
            hint=(
                "We offer an interview to disabled people who meet every essential criterion. You do not "
                "have to prove anything"
            ),
            required="Select yes if you want to apply under the Disability Confident scheme",
            short_label="Disability Confident scheme",
        )
    for scheme in schemes:
        question, error = SCHEME_QUESTIONS[scheme]
        questions[scheme_name(scheme)] = RadioField(
            question,
            choices=YES_NO,
            hint="We offer an interview to those of them who meet every essential criterion",
            required=error,
            short_label=SHORT[scheme],
        )
    questions |= adjustments_questions()
    return type("SupportForm", (PortalForm,), {**questions, "__module__": __name__})


def adjustments_questions() -> dict[str, Any]:
    """Whether somebody needs anything, and what."""
    return {
        "adjustments": RadioField(
            "Do you need support or adjustments if you are interviewed?",
            choices=YES_NO,
            hint=(
                "For example questions in writing, more time, a break, a quiet room, captions, a sign "
                "language interpreter or step-free access. Those who shortlist do not see the answer"
            ),
            required="Select yes if you need support or adjustments if you are interviewed",
            reveals={"yes": "adjustments_details"},
            short_label="Support or adjustments",
        ),
        "adjustments_details": TextAreaField(
            "What would help you?",
            [Required("Enter what would help you")],
            count=1000,
            hint="Say what we can do. You do not have to say why",
            subject="What would help you",
            short_label="What would help",
        ),
    }


class DeclarationsForm(PortalForm):
    """Section 10: what somebody declares and confirms. Never taken over from another application."""

    relationship = RadioField(
        "Are you related or close to a councillor, a senior officer or an employee of the council?",
        choices=YES_NO,
        hint="Family, partners and close friends. It does not count against you",
        required="Select yes if you are related or close to somebody at the council",
        reveals={"yes": "relationship_details"},
        short_label="Relationship with somebody at the council",
    )
    relationship_details = TextAreaField(
        "Who is it, and how do you know each other?",
        [Required("Enter who it is and how you know each other")],
        count=500,
        rows=3,
        short_label="Who and how",
    )
    councillor_12m = RadioField(
        "Are you a councillor of this council, or have you been one in the last 12 months?",
        choices=YES_NO,
        hint="The law does not let a council employ its own councillors until 12 months after they leave",
        required="Select yes if you are a councillor of this council or have been one in the last 12 months",
        short_label="Councillor in the last 12 months",
    )
    canvassing_ack = TickField(
        "I understand that asking councillors or officers to favour my application would end it",
        required="Confirm that you understand that asking for favour would end your application",
        legend="What do you confirm?",
        short_label="No canvassing",
    )
    accuracy = TickField(
        "What I say in this application is true and complete as far as I know",
        required="Confirm that what you say is true and complete as far as you know",
        short_label="True and complete",
    )
    understand_checks = TickField(
        "I understand which checks are made, and when",
        required="Confirm that you understand which checks are made",
        short_label="Checks understood",
    )
    understand_barred = TickField(
        "I understand that it is an offence to apply for this post if I am barred from work with children",
        required="Confirm that you understand that applying while barred is an offence",
        asked_when=lambda form: form.facts.get("regulated", True),
        short_label="Barred list understood",
    )
    privacy_read = TickField(
        "I have read how my information is used",
        required="Confirm that you have read how your information is used",
        short_label="Privacy notice read",
    )

    def layout(self) -> list[Any]:
        """Without the barred list where the work is not regulated activity."""
        rows = super().layout()
        barred = self.understand_barred
        return rows if barred.asked else [row for row in rows if row[1][0] is not barred]
