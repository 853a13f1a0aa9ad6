"""Two small journeys for tests: one page after another, and a task list with a list of jobs."""

from __future__ import annotations

from collections.abc import Sequence

from portal.core.fields import (
    YES_NO,
    CheckboxesField,
    DateField,
    EmailField,
    NumberField,
    RadioField,
    TextAreaField,
    TextField,
    TickField,
)
from portal.core.forms import Honeypot, PortalForm
from portal.core.validators import MaxLength, Required
from portal.journeys.engine import Answers, Journey, RepeatingStep, Section, Step, Stored


class RoomForm(PortalForm):
    room = RadioField(
        "Do you have a spare room?", choices=YES_NO, required="Select yes if you have a spare room"
    )


class RoomsForm(PortalForm):
    rooms = NumberField(
        "How many spare rooms?", [Required("Enter how many spare rooms")], min=1, max=6, subject="Spare rooms"
    )


class AboutForm(PortalForm):
    name = TextField(
        "Your name", [Required("Enter your name"), MaxLength(60, "Your name")], autocomplete="name"
    )
    email = EmailField(required="Enter your email address")
    care = CheckboxesField(
        "Kinds of care", choices=lambda form: [(kind, kind.title()) for kind in form.facts["care"]]
    )
    why = TextAreaField("Why?", count=50, short_label="Your reasons")


class SendForm(Honeypot):
    true = TickField("What I have entered is true", required="Confirm that what you have entered is true")


LINEAR = Journey(
    "test-linear",
    "1",
    title="A test enquiry",
    sections=(
        Section("home", "Your home", (
            Step("room", "A spare room", RoomForm),
            Step("rooms", "Spare rooms", RoomsForm, applies=lambda answers: answers.get("room") == "yes"),
        )),
        Section("you", "About you", (Step("about-you", "About you", AboutForm),)),
    ),
    final_form=SendForm,
)  # fmt: skip


class NameForm(PortalForm):
    full_name = TextField("Full name", required="Enter your full name")


class WorkedForm(PortalForm):
    worked = RadioField(
        "Have you worked before?", choices=YES_NO, required="Select yes if you have worked before"
    )


class JobForm(PortalForm):
    employer = TextField("Employer", required="Enter your employer’s name")
    began = DateField("When did you start?", required="Enter when you started", subject="Start date")


class StatementForm(PortalForm):
    statement = TextAreaField("Your statement", required="Enter your statement", count=30)


def two_are_alike(items: Sequence[Stored], answers: Answers) -> Sequence[str]:
    employers = [item.get("employer") for item in items]
    return ["Remove the job that is there twice"] if len(set(employers)) < len(employers) else []


TASKS = Journey(
    "test-tasks",
    "2026-11",
    title="Apply for a test post",
    mode="task_list",
    asks_before_overwriting=True,
    sections=(
        Section("details", "Your details", (Step("full-name", "Your name", NameForm),)),
        Section("work", "Work", (
            Step("worked", "Work", WorkedForm),
            RepeatingStep(
                "jobs", "Your jobs", JobForm, one="job", min_items=1, max_items=3, rules=two_are_alike,
                item_title=lambda item: item.get("employer") or "",
                applies=lambda answers: answers.get("worked") == "yes",
            ),
        )),
        Section("statement", "Your statement", (Step("your-statement", "Your statement", StatementForm),),
                can_start=lambda answers: bool(answers.get("full_name"))),
    ),
    final_form=SendForm,
)  # fmt: skip
