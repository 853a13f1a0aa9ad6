"""Who is asked, who is responsible, and who sits on the panel."""

from __future__ import annotations

from collections.abc import Sequence

from portal.core.fields import DateField, EmailField, PhoneField, RadioField, SelectField, TextField
from portal.core.forms import PortalForm
from portal.core.validators import InThePast, MaxLength, Required
from portal.journeys.answers import Answers, Stored

TRAINING_LASTS_YEARS = 5


class ContactForm(PortalForm):
    """Whom candidates may ask; shown on the advert."""

    contact_name = TextField(
        "Name",
        [Required("Enter the contact’s name"), MaxLength(100, "Name")],
        hint="With the job title if that helps, for example Sam Example, Team manager",
        autocomplete="off",
        spellcheck=False,
        short_label="Contact",
    )
    contact_email = EmailField(
        required="Enter the contact’s email address",
        autocomplete="off",
        short_label="Contact’s email address",
    )
    contact_phone = PhoneField(
        required="Enter the contact’s phone number", autocomplete="off", short_label="Contact’s phone number"
    )


class ResponsibleForm(PortalForm):
    """Who decides, and who looks after it in HR."""

    hiring_manager_is = RadioField(
        "Who is the hiring manager?",
        choices=(("listed", "Somebody with an account here"), ("other", "Somebody else")),
        reveals={"listed": "hiring_manager", "other": "hiring_manager_name"},
        required="Select who the hiring manager is",
        short_label="Hiring manager has an account here",
    )
    hiring_manager = SelectField(
        "Hiring manager",
        choices=lambda form: form.facts.get("managers", ()),
        required="Select the hiring manager",
        unknown="Select a hiring manager who has an account now",
    )
    hiring_manager_name = TextField(
        "Hiring manager’s name",
        [Required("Enter the hiring manager’s name"), MaxLength(100, "Name")],
        autocomplete="off",
        spellcheck=False,
    )
    hr_owner = SelectField(
        "Who looks after it in HR?",
        choices=lambda form: form.facts.get("hr", ()),
        required="Select who looks after it in HR",
        unknown="Select somebody who works in HR now",
        short_label="Looked after in HR by",
    )


class PanelForm(PortalForm):
    """One person on the panel."""

    name = TextField(
        "Name", [Required("Enter the name"), MaxLength(100, "Name")], autocomplete="off", spellcheck=False
    )
    email = EmailField(required="Enter the email address", autocomplete="off")
    trained_on = DateField(
        "Trained in safer recruitment on",
        [InThePast("Training", today_counts=True)],
        hint=(
            "Leave empty if not trained. At least one person on the panel has to be, in the last "
            f"{TRAINING_LASTS_YEARS} years"
        ),
        subject="Training",
    )


def panel_problems(items: Sequence[Stored], _answers: Answers) -> Sequence[str]:
    """Nobody twice, and somebody trained."""
    problems = []
    emails = [str(item.get("email", "")).casefold() for item in items if item.get("email")]
    if len(set(emails)) < len(emails):
        problems.append("Remove the person who is on the panel twice")
    if items and not any(isinstance(item.get("trained_on"), str) for item in items):
        problems.append("At least one person on the panel must be trained in safer recruitment")
    return problems
