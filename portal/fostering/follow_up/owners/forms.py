"""Whose household it is, and who looks after it meanwhile."""

from __future__ import annotations

from typing import Any

from portal.core.fields import DateField, SelectField
from portal.core.forms import PortalForm
from portal.core.validators import Required
from portal.fostering.follow_up.forms import EnquiryForm, note_field


def team_choices(form: Any) -> list[tuple[str, str]]:
    """The members of the team whom this person may choose."""
    return [(str(identifier), name) for identifier, name in form.facts["team"]]


class OwnerForm(EnquiryForm):
    """Who is to look after the household."""

    owner = SelectField("Who looks after this household?", choices=team_choices, required="Select a person")
    note = note_field()


class CoverForm(PortalForm):
    """Somebody is away, and somebody else looks after their households."""

    person = SelectField("Who is away?", choices=team_choices, required="Select who is away")
    cover = SelectField(
        "Who covers for them?",
        choices=lambda form: [(str(identifier), name) for identifier, name in form.facts["everybody"]],
        required="Select who covers for them",
    )
    first_day = DateField("First day away", [Required("Enter the first day away")], subject="The first day")
    last_day = DateField("Last day away", [Required("Enter the last day away")], subject="The last day")


class EndCoverForm(PortalForm):
    """Nothing but a button."""
