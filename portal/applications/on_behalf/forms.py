"""What HR enters when a candidate withdraws by telling somebody."""

from __future__ import annotations

from portal.applications.interviews.forms import DISCLOSABLE, CarryingForm
from portal.applications.on_behalf.options import Told
from portal.applications.sift.facts import LONGEST_NOTE
from portal.core.fields import RadioField, TextAreaField


class WithdrawnForm(CarryingForm):
    """How they said it, and what belongs to it."""

    told = RadioField(
        "How did the candidate tell us?",
        choices=[(way.value, way.label) for way in Told],
        required="Select how the candidate told us",
    )
    note = TextAreaField("Note", hint=DISCLOSABLE, count=LONGEST_NOTE, rows=3)
