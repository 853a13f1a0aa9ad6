"""The journey in which an advert is written, in the order of the best (domain: job-boards C2).

One journey, in two lengths: once the public can read an advert, its criteria and its dates are fixed (the
dates go by extending and closing), so those pages are not on the path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portal.core.forms import PortalForm
from portal.journeys.answers import Answers, Stored
from portal.journeys.engine import Journey, RepeatingStep, Section, Step
from portal.vacancies.options import Importance
from portal.vacancies.writing.names import JOURNEY, VERSION
from portal.vacancies.writing.questions.about_forms import (
    AboutForm,
    CriterionForm,
    TeamForm,
    WorkloadForm,
    wordings,
)
from portal.vacancies.writing.questions.pay_forms import ExtrasForm, PayForm
from portal.vacancies.writing.questions.people_forms import (
    ContactForm,
    PanelForm,
    ResponsibleForm,
    panel_problems,
)
from portal.vacancies.writing.questions.process_forms import (
    WITH_REGISTER,
    AfterForm,
    ChecksForm,
    PublishingForm,
    RegisterForm,
    RegistrationForm,
    SelectionForm,
)
from portal.vacancies.writing.questions.role_forms import (
    ContractForm,
    HoursForm,
    PlaceForm,
    RoleForm,
    TitleForm,
)

LEAST_CRITERIA, MOST_CRITERIA = 3, 40
LEAST_PANEL, MOST_PANEL = 2, 12

FIXED_STEPS = frozenset({"criteria", "publishing"})
"""Pages that are left out once the public can read the advert."""


class SendForm(PortalForm):
    """Nothing is asked when the advert is sent: what was checked is what is sent."""


def criteria_problems(items: Sequence[Stored], _answers: Answers) -> Sequence[str]:
    """Nothing twice, and something essential."""
    problems = []
    words = [wording for wording in wordings(items) if wording]
    if len(set(words)) < len(words):
        problems.append("Remove the criterion that is there twice")
    if items and not any(item.get("importance") == Importance.ESSENTIAL for item in items):
        problems.append("Mark at least one criterion as essential")
    return problems


WRITE_ADVERT = Journey(
    JOURNEY,
    VERSION,
    title="Write an advert",
    mode="task_list",
    asks_before_overwriting=True,
    send_button="Send for approval",
    final_form=SendForm,
    sections=(
        Section("job-title", "Job title", (Step("title", "Job title", TitleForm),)),
        Section("role", "Role", (Step("role", "Role", RoleForm),)),
        Section(
            "contract",
            "Contract, hours and place",
            (
                Step("contract", "Contract", ContractForm),
                Step("hours", "Hours", HoursForm),
                Step("place", "Place and travel", PlaceForm),
            ),
        ),
        Section(
            "pay",
            "Pay",
            (
                Step("pay", "Salary", PayForm),
                Step("extras", "Beside the salary", ExtrasForm),
            ),
        ),
        Section(
            "about",
            "About the role",
            (
                Step("about", "The work", AboutForm, template="vacancies/writing/texts.html"),
                Step(
                    "team", "The team and what people get", TeamForm, template="vacancies/writing/texts.html"
                ),
                Step("workload", "Workload", WorkloadForm, template="vacancies/writing/workload.html"),
                RepeatingStep(
                    "criteria",
                    "What you look for",
                    CriterionForm,
                    one="criterion",
                    many="criteria",
                    min_items=LEAST_CRITERIA,
                    max_items=MOST_CRITERIA,
                    rules=criteria_problems,
                    in_rows=True,
                    item_title=lambda item: shortened(str(item.get("wording") or "")),
                    template="vacancies/writing/criteria.html",
                ),
            ),
        ),
        Section(
            "process",
            "Process and dates",
            (
                Step("checks", "Checks", ChecksForm),
                Step("registration", "Registration and experience", RegistrationForm),
                Step(
                    "register",
                    "The register",
                    RegisterForm,
                    applies=lambda answers: answers.get("registration") in WITH_REGISTER,
                ),
                Step("selection", "How applicants are chosen", SelectionForm),
                Step("publishing", "Publication and closing", PublishingForm),
                Step("after", "After it closes", AfterForm),
            ),
        ),
        Section(
            "people",
            "Contact and panel",
            (
                Step("contact", "Whom candidates can ask", ContactForm),
                Step("responsible", "Who is responsible", ResponsibleForm),
                RepeatingStep(
                    "panel",
                    "The panel",
                    PanelForm,
                    one="panel member",
                    min_items=LEAST_PANEL,
                    max_items=MOST_PANEL,
                    rules=panel_problems,
                    item_title=lambda item: str(item.get("name") or ""),
                ),
            ),
        ),
    ),
)


def never(_answers: Answers) -> bool:
    """A page that nobody meets."""
    return False


def without(slugs: frozenset[str]) -> tuple[Section, ...]:
    """The sections with these steps off the path. They stay addresses: a page that was open is not lost."""
    return tuple(
        replace(
            section,
            steps=tuple(
                replace(step, applies=never) if step.slug in slugs else step for step in section.steps
            ),
        )
        for section in WRITE_ADVERT.sections
    )


CHANGE_OPEN_ADVERT = replace(
    WRITE_ADVERT,
    title="Change an open advert",
    send_button="Publish the changes",
    sections=without(FIXED_STEPS),
)

STEP_OF = {
    **{
        field.short_name: step.slug
        for step in WRITE_ADVERT.steps
        if isinstance(step, Step)
        for field in step.form.from_answers({}).questions
    },
    **dict.fromkeys(("publish_at", "closes_at"), "publishing"),
    **dict.fromkeys(("market_supplement", "welcome_payment", "retention_payment"), "extras"),
    **{f"{name}_terms": "extras" for name in ("market_supplement", "welcome_payment", "retention_payment")},
    **dict.fromkeys(("hiring_manager_id", "hr_owner_id"), "responsible"),
    "team_id": "role",
    "interview_dates": "after",
    "criteria": "criteria",
    "panel": "panel",
}
"""Column of an advert → the page that asks for it."""


def shortened(text: str, most: int = 80) -> str:
    """The beginning of a long wording, whole words, for headings."""
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(' ', 1)[0]}…"
