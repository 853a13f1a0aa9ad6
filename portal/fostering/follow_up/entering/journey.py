"""The enquiry as staff type it in: the public’s journey, after a page on how it came."""

from __future__ import annotations

from portal.core.forms import PortalForm
from portal.fostering.enquire.journey import VERSION
from portal.fostering.follow_up.entering.forms import (
    AboutYouByStaff,
    ArrivalForm,
    EligibilityByStaff,
    EnterForm,
    HomeByStaff,
    NextStepByStaff,
    OfferByStaff,
)
from portal.journeys.engine import Journey, Section, Step

QUESTION = "fostering/follow_up/entering/question.html"


def page(slug: str, title: str, form: type[PortalForm]) -> Section:
    """A section of one page."""
    return Section(slug, title, (Step(slug, title, form, template=QUESTION),))


ENTERING = Journey(
    "fostering-entering",
    VERSION,
    title="Enter an enquiry",
    sections=(
        page("how-it-came", "How it reached us", ArrivalForm),
        page("fostering-and-you", "Fostering and them", EligibilityByStaff),
        page("what-you-could-offer", "What they could offer", OfferByStaff),
        page("your-home", "Their household and home", HomeByStaff),
        page("next-step", "What happens next", NextStepByStaff),
        page("about-you", "Who they are", AboutYouByStaff),
    ),
    final_form=EnterForm,
    send_button="Save this enquiry",
)
