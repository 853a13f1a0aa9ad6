"""Which way a household went, when, and whether anything is still owed here."""

from __future__ import annotations

from portal.core.fields import DateField, RadioField, TextField
from portal.core.validators import MaxLength, Required
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.forms import EnquiryForm, note_field
from portal.fostering.follow_up.hub.handover import Handover
from portal.fostering.follow_up.hub.options import AWAY, HUBS, Direction

COUNCILS = (Direction.TO_COUNCIL.value, Direction.FROM_COUNCIL.value)


class HandoverForm(EnquiryForm):
    """From whom to whom."""

    direction = RadioField("What happened?", choices=choices_of(Direction), required="Select what happened")
    council_name = TextField(
        "Which council?",
        [MaxLength(60, "The council’s name")],
        hint="Only for another council",
        width="two-thirds",
        optional_wording=False,
    )
    hub_ref = TextField(
        "The hub’s reference",
        [MaxLength(40, "The hub’s reference")],
        hint="Only for the hub, if you know it",
        width="20",
        optional_wording=False,
    )
    handed_on = DateField("When was it?", [Required("Enter when it was")], subject="The day")
    closes = RadioField(
        "Do we still owe them anything?",
        choices=[("no", "No: close the enquiry here"), ("yes", "Yes: it stays in our queue")],
        hint="Only if we passed them on",
        optional_wording=False,
    )
    note = note_field()

    def check(self) -> None:
        """What each way needs."""
        chosen = self.direction.data
        if chosen in COUNCILS and not self.council_name.data and not self.council_name.errors:
            self.add_error("council_name", "Enter which council")
        if chosen in AWAY and not self.closes.data:
            self.add_error("closes", "Select whether we still owe them anything")

    def handover(self) -> Handover:
        """As the service takes it; what does not belong to the chosen way is left out."""
        direction = Direction(self.direction.data)
        return Handover(
            direction=direction,
            on=self.handed_on.data,
            council_name="" if direction in HUBS else self.council_name.data or "",
            hub_ref=self.hub_ref.data or "" if direction in HUBS else "",
            closes=direction in AWAY and self.closes.data == "no",
            note=self.note.data or "",
        )
