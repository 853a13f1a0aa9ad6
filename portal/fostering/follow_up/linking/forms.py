"""Whether two enquiries are one household’s."""

from __future__ import annotations

from portal.core.fields import RadioField
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.forms import EnquiryForm, note_field
from portal.fostering.options import DuplicateState


class HouseholdForm(EnquiryForm):
    """One household or two."""

    state = RadioField(
        "Are these one household?",
        choices=choices_of((DuplicateState.SAME, DuplicateState.DIFFERENT)),
        required="Select whether these are one household",
    )
    note = note_field("How do you know?")
