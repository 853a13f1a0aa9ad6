"""The pages of the enquiry as staff fill them in: how it came, then the same questions, few of them needed.

The questions stay worded as the household would read them, so that they can be read out, and so that an
answer means the same whoever typed it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from wtforms.fields.core import UnboundField

from portal.core.fields import DateField, RadioField, TextField, TickField
from portal.core.forms import PortalForm
from portal.core.times import moment_of
from portal.core.validators import MaxLength
from portal.fostering.choices import choices_of
from portal.fostering.enquire.forms import EligibilityForm, EnquiryForm, NextStepForm, OfferForm
from portal.fostering.enquire.household_forms import AboutYouForm, HomeForm, name_field
from portal.fostering.follow_up.contacts import CLOCK_TOLERANCE
from portal.fostering.options import Channel

CHANNELS = tuple(channel for channel in Channel if channel is not Channel.WEB)
ARRIVED_WITHIN = timedelta(days=90)
"""What was left lying for longer is a matter for a manager, not for a form."""
SETTLED = ("required", "default")
"""What a question that may be left out does without: an answer that nobody gave is no answer."""


def relaxed(form: type[EnquiryForm], keep: tuple[str, ...] = (), **instead: Any) -> type[EnquiryForm]:
    """The same page, on which nothing is needed but what is kept; the order of the questions stays."""
    fields: dict[str, Any] = {}
    found = {name: getattr(form, name) for name in dir(form) if hasattr(getattr(form, name), "_formfield")}
    for name, field in sorted(found.items(), key=lambda one: one[1].creation_counter):
        fields[name] = instead.get(name) or without_rules(field, keep=name in keep)
    return cast("type[EnquiryForm]", type(f"{form.__name__}ByStaff", (form,), fields))


def without_rules(field: Any, *, keep: bool) -> Any:
    """A question again, without what would make it one that must be answered."""
    if keep:
        return UnboundField(field.field_class, *field.args, name=field.name, **field.kwargs)
    label, *rest = field.args
    rules = [rule for rule in (rest[0] if rest else ()) if not hasattr(rule, "makes_required")]
    options = {name: value for name, value in field.kwargs.items() if name not in SETTLED}
    return UnboundField(field.field_class, label, rules, name=field.name, **options)


class ArrivalForm(EnquiryForm):
    """How the enquiry came, and when: the clock runs from then."""

    channel = RadioField(
        "How did the enquiry reach us?",
        choices=choices_of(CHANNELS),
        required="Select how the enquiry reached us",
        reveals={Channel.HUB.value: ("hub_ref",)},
    )
    hub_ref = TextField("The hub’s reference", [MaxLength(40, "The hub’s reference")], width="20")
    arrived = RadioField(
        "When did it reach us?",
        choices=[("now", "Just now"), ("earlier", "Earlier")],
        hint="The first contact is due from then, not from when you type it in",
        required="Select when it reached us",
        default="now",
        reveals={"earlier": ("arrived_on", "arrived_time")},
    )
    arrived_on = DateField("Date", subject="Date it reached us", optional_wording=False)
    arrived_time = TextField("Time", hint="For example, 10:15am", width="10", optional_wording=False)

    def check(self) -> None:
        """Both parts of the moment, and one that can be: `now` is among the facts."""
        if self.arrived.data != "earlier":
            return
        if self.need_moment("arrived_on", "arrived_time", "it reached us"):
            moment, now = moment_of(self.arrived_on.data, self.arrived_time.data), self.facts["now"]
            if moment > now + CLOCK_TOLERANCE:
                self.add_error("arrived_on", "The date and time it reached us must be in the past")
            elif moment < now - ARRIVED_WITHIN:
                words = f"The date it reached us must be within the last {ARRIVED_WITHIN.days} days"
                self.add_error("arrived_on", words)


EligibilityByStaff = relaxed(EligibilityForm)
OfferByStaff = relaxed(OfferForm)
HomeByStaff = relaxed(HomeForm)
NextStepByStaff = relaxed(NextStepForm, keep=("heard_from",))
AboutYouByStaff = relaxed(
    AboutYouForm,
    first_name=name_field("First name", "Enter their first name", autocomplete="off"),
    last_name=name_field("Last name", "Enter their last name", autocomplete="off"),
)


class EnterForm(PortalForm):
    """Before it is kept: what the web form shows to everybody is said by a person here."""

    notice_given = TickField(
        "I have told them how the council uses what they said, or will at the first contact",
        required="Confirm that they are told how the council uses what they said",
    )
