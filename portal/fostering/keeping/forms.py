"""What is typed about keeping: which list is let go, why a record is held, that one is to be erased."""

from __future__ import annotations

from portal.core.fields import DateField, HiddenField, RadioField, SelectField, TickField
from portal.core.forms import PortalForm
from portal.core.validators import Required
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.forms import EnquiryForm
from portal.fostering.keeping.options import EraseScope, HoldReason


class ApproveForm(PortalForm):
    """The list as it was shown, and that it was looked through."""

    mark = HiddenField()
    looked = TickField(
        "I have looked through this list",
        [Required("Tick the box when you have looked through the list")],
    )


class TakeBackForm(PortalForm):
    """Nothing but a button."""


class HoldForm(EnquiryForm):
    """Why a record must stay, who answers for it, and when they look again."""

    reason = RadioField(
        "Why must it be kept?",
        choices=choices_of(HoldReason),
        required="Select why it must be kept",
        hint="What there is to say about it belongs in the case system",
    )
    owner = SelectField(
        "Who looks whether it is still needed?",
        choices=lambda form: [(str(identifier), name) for identifier, name in form.facts["team"]],
        required="Select who looks whether it is still needed",
    )
    review_on = DateField(
        "When do they look again?",
        [Required("Enter when they look again")],
        subject="The day to look again",
        hint="Within 6 months. It stays until somebody ends the hold",
    )


class EndHoldForm(EnquiryForm):
    """Nothing but a button."""


class EraseForm(EnquiryForm):
    """That it was checked who asked."""

    checked = TickField(
        "I have checked that the person who asked is the person in this record",
        [Required("Tick the box when you have checked who asked")],
    )


class EraseHouseholdForm(EnquiryForm):
    """The same where the household has other enquiries, and whether those go with it."""

    others = HiddenField()
    scope = RadioField(
        "What do they ask us to erase?",
        choices=choices_of(EraseScope),
        required="Select what is erased",
    )
    checked = TickField(
        "I have checked that the person who asked is the person in these records",
        [Required("Tick the box when you have checked who asked")],
    )

    def ask_again(self, others: str) -> None:
        """About other enquiries than were shown: what was checked of those says nothing of these."""
        self.others.parse(others)
        self.checked.parse("")
