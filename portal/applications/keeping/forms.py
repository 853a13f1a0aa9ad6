"""What HR types about a legal hold."""

from __future__ import annotations

from portal.core.fields import TextField
from portal.core.forms import PortalForm
from portal.core.validators import MaxLength, Required

LONGEST_REASON = 200


class HoldForm(PortalForm):
    """Why something must stay."""

    reason = TextField(
        "Why must it be kept?",
        [
            Required("Enter why it must be kept"),
            MaxLength(LONGEST_REASON, "Reason"),
        ],
        hint="For example a tribunal claim or a request for data. Leave out names and details of the case",
    )


class EndForm(PortalForm):
    """A button, and nothing to type."""
