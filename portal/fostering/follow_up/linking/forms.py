"""Whether two enquiries are one household’s."""

from __future__ import annotations

from portal.core.fields import RadioField
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.forms import EnquiryForm, note_field
from portal.fostering.follow_up.linking.options import Said


class HouseholdForm(EnquiryForm):
    """One household or two."""

    state = RadioField(
        "Are these one household?",
        choices=choices_of(Said),
        required="Select whether these are one household",
    )
    note = note_field("How do you know?")
