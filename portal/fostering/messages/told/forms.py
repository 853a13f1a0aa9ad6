"""On which day and how they were told."""

from __future__ import annotations

from portal.core.fields import DateField, RadioField
from portal.core.validators import Required
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.forms import EnquiryForm
from portal.fostering.messages.told.options import ToldHow


class ToldForm(EnquiryForm):
    """No words: what was said is in the case system, where it may be written."""

    told_how = RadioField(
        "How were they told?", choices=choices_of(ToldHow), required="Select how they were told"
    )
    told_on = DateField(
        "When were they told?",
        [Required("Enter when they were told")],
        hint="The day on which a letter left. For example, 27 3 2027",
        subject="The day",
    )
