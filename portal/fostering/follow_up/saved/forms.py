"""The name of a list that is kept."""

from __future__ import annotations

from portal.core.fields import TextField
from portal.core.forms import PortalForm
from portal.core.validators import MaxLength, Required


class SaveForm(PortalForm):
    """What somebody calls the list."""

    name = TextField(
        "What do you call this list?",
        [Required("Enter a name for the list"), MaxLength(60, "The name of the list")],
        hint="For example, “New and nobody’s”. Only you see it. Leave out people’s names",
    )


class DeleteForm(PortalForm):
    """Nothing but a button."""
