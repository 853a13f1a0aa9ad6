"""The application as a journey: ten sections in any order, made for what one advert asks (domain §9)."""

from __future__ import annotations

from functools import lru_cache

from portal.applications.apply.details_forms import DetailsForm, EligibilityForm
from portal.applications.apply.needs import Needs
from portal.applications.apply.options import RegisterBody, RegistrationStatus
from portal.applications.apply.registration_forms import (
    FitnessForm,
    QualifyingForm,
    RegisterForm,
    RegistrationForm,
)
from portal.applications.apply.statement_forms import AnonymousStatementForm, StatementForm, criterion_form
from portal.applications.apply.support_forms import DeclarationsForm, support_form
from portal.applications.history.sections import EDUCATION, EMPLOYMENT, REFEREES, TRAINING
from portal.core.forms import PortalForm
from portal.journeys.answers import Answers
from portal.journeys.engine import AnyStep, Condition, Journey, Section, Step, always

JOURNEY = "application"
VERSION = "2026-11"
"""Grows when a question is added, dropped or means something else; each application keeps its own."""


class SendForm(PortalForm):
    """Nothing more is asked when it is sent: what is declared is a section of its own."""


def on_register(answers: Answers) -> bool:
    """Whoever is registered has a registration that may be restricted."""
    return bool(answers.get("reg_status") == RegistrationStatus.REGISTERED)


def is_social_worker(answers: Answers) -> bool:
    """Where the advert takes either register, those who chose the social workers’."""
    return bool(answers.get("reg_body") == RegisterBody.SWE)


@lru_cache(maxsize=500)
def journey_for(needs: Needs) -> Journey:
    """The form of an advert."""
    sections = (
        page("details", "Your details", DetailsForm),
        page("eligibility", "Right to work and travel", EligibilityForm),
        *([registration(needs)] if needs.registers else []),
        EDUCATION,
        TRAINING,
        EMPLOYMENT,
        statement(needs),
        REFEREES,
        page(
            "support",
            "Interview schemes and support",
            support_form(disability_confident=needs.disability_confident, schemes=needs.schemes),
        ),
        page(
            "declarations", "Declarations", DeclarationsForm, template="applications/apply/declarations.html"
        ),
    )
    return Journey(
        JOURNEY,
        VERSION,
        title="Your application",
        sections=sections,
        final_form=SendForm,
        mode="task_list",
        send_button="Send my application",
        asks_before_overwriting=True,
    )


def page(slug: str, title: str, form: type[PortalForm], template: str = "journeys/step.html") -> Section:
    """A section of one page."""
    return Section(slug, title, (Step(slug, title, form, template=template),))


def registration(needs: Needs) -> Section:
    """Section 3, for the registers that the advert names."""
    either = len(needs.registers) > 1
    steps: list[AnyStep] = [Step("register", "Which register", RegisterForm)] if either else []
    steps.append(Step("registration", "Your registration", RegistrationForm))
    steps.append(Step("fitness", "Your standing", FitnessForm, applies=on_register))
    if needs.asye and RegisterBody.SWE in needs.registers:
        applies: Condition = is_social_worker if either else always
        steps.append(Step("qualifying", "How you qualified", QualifyingForm, applies=applies))
    return Section("registration", "Professional registration", tuple(steps))


def statement(needs: Needs) -> Section:
    """Section 7: a page for each criterion, or one for all."""
    if not needs.criteria:
        form = AnonymousStatementForm if needs.anonymous else StatementForm
        return page("statement", "Supporting statement", form)
    steps = tuple(
        Step(
            f"criterion-{number}",
            f"Criterion {number} of {len(needs.criteria)}",
            criterion_form(wanted, anonymous=needs.anonymous),
            template="applications/apply/criterion.html",
        )
        for number, wanted in enumerate(needs.criteria, 1)
    )
    return Section("statement", "How you meet the criteria", steps)
