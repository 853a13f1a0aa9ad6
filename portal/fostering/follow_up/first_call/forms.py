"""The checklist as a form: one short choice a topic."""

from __future__ import annotations

from portal.core.fields import RadioField, SelectField
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.first_call.options import TOPICS, CallResult
from portal.fostering.follow_up.forms import EnquiryForm


def topic(name: str) -> SelectField:
    """One topic; nothing need be chosen."""
    label, kind = TOPICS[name]
    return SelectField(label, choices=choices_of(kind), prompt="Not talked about yet", optional_wording=False)


class FirstCallForm(EnquiryForm):
    """In the order of the talk; where it leads at the end."""

    why = topic("why")
    who_lives_there = topic("who_lives_there")
    bedroom = topic("bedroom")
    work_and_school = topic("work_and_school")
    support = topic("support")
    travel = topic("travel")
    pets_at_home = topic("pets_at_home")
    smoking_at_home = topic("smoking_at_home")
    together = topic("together")
    earlier_applications = topic("earlier_applications")
    landlord = topic("landlord")
    recent_changes = topic("recent_changes")
    known_to_services = topic("known_to_services")
    result = RadioField(
        "Where does the call lead?", choices=choices_of(CallResult), required="Select where the call leads"
    )

    def chosen(self) -> dict[str, str]:
        """Codes by topic."""
        return {name: self[name].data for name in TOPICS if self[name].data}
