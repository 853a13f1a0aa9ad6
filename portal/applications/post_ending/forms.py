"""What HR types when a post falls away."""

from __future__ import annotations

from portal.applications.interviews.forms import DISCLOSABLE
from portal.applications.sift.facts import LONGEST_NOTE
from portal.core.fields import HiddenField, TextAreaField, TickField
from portal.core.forms import PortalForm
from portal.core.validators import Required


class PostEndedForm(PortalForm):
    """For how many, as the page said, and why, for the histories."""

    undecided = HiddenField()
    note = TextAreaField("Note for each history", hint=DISCLOSABLE, count=LONGEST_NOTE, rows=3)
    sure = TickField(
        "Recruiting for this post stops, whoever has applied",
        [Required("Confirm that recruiting for this post stops")],
    )
