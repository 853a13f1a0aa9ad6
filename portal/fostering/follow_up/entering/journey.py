"""The enquiry as staff type it in: the public’s journey, after a page on how it came."""

from __future__ import annotations

from functools import partial

from portal.fostering.enquire.journey import VERSION, page
from portal.fostering.follow_up.entering.forms import (
    AboutYouByStaff,
    ArrivalForm,
    EligibilityByStaff,
    EnterForm,
    HomeByStaff,
    NextStepByStaff,
    OfferByStaff,
)
from portal.journeys.engine import Journey

by_staff = partial(page, template="fostering/follow_up/entering/question.html")
"""A section of one page, whose questions can be read out."""

ENTERING = Journey(
    "fostering-entering",
    VERSION,
    title="Enter an enquiry",
    sections=(
        by_staff("how-it-came", "How it reached us", ArrivalForm),
        by_staff("fostering-and-you", "Fostering and them", EligibilityByStaff),
        by_staff("what-you-could-offer", "What they could offer", OfferByStaff),
        by_staff("your-home", "Their household and home", HomeByStaff),
        by_staff("next-step", "What happens next", NextStepByStaff),
        by_staff("about-you", "Who they are", AboutYouByStaff),
    ),
    final_form=EnterForm,
    send_button="Save this enquiry",
)
