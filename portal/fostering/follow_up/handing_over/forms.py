"""What is chosen before many households go over, and what confirms it."""

from __future__ import annotations

from typing import Any

from portal.core.fields import HiddenField, SelectField
from portal.core.forms import PortalForm
from portal.fostering.follow_up.forms import note_field
from portal.fostering.follow_up.handing_over.handover import Handover

NOBODY = "0"


class HandOverForm(PortalForm):
    """Whose households, and who looks after them from now on."""

    whose = SelectField(
        "Whose households?",
        choices=lambda form: [*people_in(form, "owners"), (NOBODY, "Those that nobody looks after yet")],
        required="Select whose households",
        asked_when=lambda form: not form.facts["picked"],
    )
    to = SelectField(
        "Who looks after them from now on?",
        choices=lambda form: [*people_in(form, "team"), (NOBODY, "Nobody")],
        required="Select who looks after them",
    )

    def check(self) -> None:
        """To the same person is no change."""
        if self.whose.asked and self.whose.data and self.whose.data == self.to.data:
            self.add_error("to", "Select somebody else: these households are theirs already")

    def handover(self) -> Handover:
        """The choice as the service takes it; only after the form was found in order."""
        picked = self.facts["picked"]
        return Handover(None if picked else number(self.whose.data), number(self.to.data), picked)


class ConfirmForm(PortalForm):
    """What the preview showed."""

    mark = HiddenField()
    note = note_field("Note on each of their timelines")


def people_in(form: Any, name: str) -> list[tuple[str, str]]:
    """Members of the team, by id."""
    return [(str(identifier), person) for identifier, person in form.facts[name]]


def number(code: str) -> int | None:
    """Somebody’s id; None for nobody."""
    return None if code == NOBODY else int(code)
