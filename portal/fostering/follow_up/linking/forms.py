"""Whether two enquiries are one household’s."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.fields import Choice, RadioField, TextField
from portal.core.validators import MaxLength, Required
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.forms import EnquiryForm, note_field
from portal.fostering.follow_up.linking.options import Said
from portal.fostering.models import Enquiry
from portal.fostering.pipeline import how_far


@dataclass(frozen=True, slots=True)
class Pair:
    """Two enquiries in the order in which they came."""

    earlier: Enquiry
    later: Enquiry

    @classmethod
    def of(cls, one: Enquiry, other: Enquiry) -> Pair:
        """From either side."""
        return cls(*sorted((one, other), key=lambda enquiry: enquiry.id))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be said of the two; of one enquiry that stays, the one that has come further first."""
        stays = [
            self.staying(Said.MERGE, self.earlier, self.later),
            self.staying(Said.MERGE_LATER, self.later, self.earlier),
        ]
        if how_far(self.later.stage) > how_far(self.earlier.stage):
            stays.reverse()
        same, different = choices_of((Said.SAME, Said.DIFFERENT))
        return same, *stays, different

    def staying(self, said: Said, stays: Enquiry, goes: Enquiry) -> Choice:
        """One of them is enough."""
        words = f"Same household, and only {stays.public_ref} stays ({stays.stage.label.lower()})"
        further = f"{goes.public_ref} has come further, and nothing more is due of it then. "
        warning = further if how_far(goes.stage) > how_far(stays.stage) else ""
        hint = f"{goes.public_ref} is closed as a duplicate. {stays.public_ref} is due when the first was"
        return Choice(said.value, words, f"{warning}{hint}")


class HouseholdForm(EnquiryForm):
    """One household or two."""

    state = RadioField(
        "Are these one household?",
        choices=lambda form: form.facts["pair"].choices,
        required="Select whether these are one household",
    )
    note = note_field("How do you know?")


class OtherForm(EnquiryForm):
    """Which other enquiry may be the same household’s."""

    other = TextField(
        "Reference of the other enquiry",
        [Required("Enter the reference of the other enquiry"), MaxLength(20, "Reference")],
        hint="For example FOS-26-7K3QX. You see the two side by side before you say anything",
        width="20",
    )
