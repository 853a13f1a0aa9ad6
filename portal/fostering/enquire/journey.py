"""The enquiry as a journey: five pages of questions, and one to check and send (domain §5).

What somebody would like to happen is asked before how to reach them: whoever only wants the information
pack is not asked when to be called, and is told there and then that it comes by email.
"""

from __future__ import annotations

from portal.core.forms import PortalForm
from portal.fostering.enquire.forms import EligibilityForm, NextStepForm, OfferForm, SendForm
from portal.fostering.enquire.household_forms import AboutYouForm, HomeForm
from portal.journeys.engine import Journey, Section, Step

NEXT_STEP = "next-step"
VERSION = "2026-11"
"""Grows when a question is added, dropped or means something else: each enquiry keeps the one it answered."""


def page(slug: str, title: str, form: type[PortalForm], template: str = "fostering/question.html") -> Section:
    """A section of one page."""
    return Section(slug, title, (Step(slug, title, form, template=template),))


ENQUIRY = Journey(
    "fostering-enquiry",
    VERSION,
    title="Ask about fostering",
    sections=(
        page("fostering-and-you", "Fostering and you", EligibilityForm),
        page("what-you-could-offer", "What you could offer", OfferForm),
        page("your-home", "Your household and home", HomeForm),
        page(NEXT_STEP, "What happens next", NextStepForm, "fostering/next_step.html"),
        page("about-you", "About you", AboutYouForm),
    ),
    final_form=SendForm,
    send_button="Send my enquiry",
)
