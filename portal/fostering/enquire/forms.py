"""The pages of the enquiry (domain §5): what is asked, how, and what is said when an answer is missing.

Pages 1, 2, 4 and the last; 3 and 5 are in household_forms.py.

No answer is ever refused for what it says about a person: see flags.py. What is not asked here (dates
of birth, health, convictions, ethnicity, religion, children's names …) is not asked on purpose.
"""

from __future__ import annotations

import re
from typing import Any

from portal.core.fields import (
    CheckboxesField,
    Choice,
    HiddenField,
    PortalField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    TickField,
)
from portal.core.forms import FieldGroup, Honeypot, PortalForm
from portal.core.validators import MaxLength, RequiredWhen
from portal.fostering.choices import choices_of
from portal.fostering.flags import advice_for
from portal.fostering.options import (
    APPROVED,
    CORE_CARE_TYPES,
    AgeGroup,
    Availability,
    CareType,
    Experience,
    FosteringStatus,
    HeardFrom,
    NextStep,
    SpareBedroom,
    UkResidency,
    YesNo,
    YesNoUnsure,
)

CAMPAIGN_CODE = re.compile(r"[a-z0-9_-]{1,60}", re.ASCII)
CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign")
PRIVATE_HINT = "Leave out children’s names, and details about health or the police."


class EnquiryForm(PortalForm):
    """A page of the enquiry; above its questions stands the advice that the page before gave rise to."""

    advice_about: tuple[str, ...] = ()
    """Fields of the page before."""
    hangs_on_earlier_pages: tuple[str, ...] = ()
    """Fields that are only drawn where an answer of an earlier page calls for them."""

    def advice(self) -> list[str]:
        """What to say about the answers of the page before."""
        return advice_for({name: self.given.get(name) for name in self.advice_about})

    def layout(self) -> list[tuple[FieldGroup | None, list[PortalField]]]:
        """Without the questions that earlier answers have settled."""
        settled = {field.short_name for field in self.questions if not field.asked}
        settled &= set(self.hangs_on_earlier_pages)
        return [row for row in super().layout() if row[1][0].short_name not in settled]


class CampaignField(HiddenField):
    """Which campaign's link led here: small letters, digits, - and _ only; anything else is dropped."""

    holds_answer = True

    def parse(self, text: str) -> None:
        """Never a problem: nobody is bothered with what a link carried."""
        kept = text.lower() if CAMPAIGN_CODE.fullmatch(text.lower()) else ""
        self.typed = self.data = kept
        self.problem = ""


class EligibilityForm(EnquiryForm):
    """Page 1: what most people ask about first."""

    utm_source = CampaignField("Campaign source", in_summary=False)
    utm_medium = CampaignField("Campaign medium", in_summary=False)
    utm_campaign = CampaignField("Campaign", in_summary=False)

    age_21_plus = RadioField(
        "Are you 21 or over?",
        choices=choices_of(YesNo),
        hint="If two of you would foster, answer for the younger one",
        required="Select yes if you are 21 or over",
        inline=True,
    )
    spare_bedroom = RadioField(
        "Is there a spare bedroom that a child could have?",
        choices=choices_of(SpareBedroom),
        required="Select whether there is a spare bedroom",
    )
    uk_residency = RadioField(
        "Can you live and work in the UK?",
        choices=choices_of(UkResidency),
        required="Select whether you can live and work in the UK",
    )
    fostering_status = RadioField(
        "Have you fostered before, or applied to?",
        choices=choices_of(FosteringStatus),
        required="Select whether you have fostered before or applied to",
        reveals={status.value: "current_agency" for status in FosteringStatus if status in APPROVED},
    )
    current_agency = TextField(
        "Which fostering service was or is that with?",
        [
            RequiredWhen(
                lambda form: form.fostering_status.data != FosteringStatus.APPROVED_EARLIER,
                "Enter the fostering service you are or were approved with",
            ),
            MaxLength(120, "Fostering service"),
        ],
        hint="Only if you are or were an approved foster carer. It can be a council or an agency",
        subject="Fostering service",
        optional_wording=False,
    )

    def process(self, *args: Any, **kwargs: Any) -> None:
        """On the first visit the campaign comes from the link (`facts`); later it is an answer."""
        super().process(*args, **kwargs)
        for field in self.portal_fields:
            if isinstance(field, CampaignField) and not field.data:
                field.parse(self.facts.get("campaign", {}).get(field.short_name, ""))


def offered_care_types(form: EnquiryForm) -> tuple[Choice, ...]:
    """The core kinds of care, and those of the others that this council offers."""
    switched_on = form.facts["care_types"]
    return choices_of(kind for kind in CareType if kind in CORE_CARE_TYPES or kind.value in switched_on)


class OfferForm(EnquiryForm):
    """Page 2: what the household could offer."""

    advice_about = ("age_21_plus", "spare_bedroom", "uk_residency", "fostering_status")

    care_types = CheckboxesField(
        "Which kinds of fostering interest you?",
        choices=offered_care_types,
        hint="Select all that apply. You can change your mind later",
        required="Select the kinds of fostering that interest you, or that you are not sure yet",
    )
    age_groups = CheckboxesField(
        "Which ages could you imagine caring for?",
        choices=choices_of(AgeGroup),
        hint="Select all that apply",
        required="Select the ages you could imagine caring for, or that you have no preference yet",
    )
    open_to_siblings = RadioField(
        "Could you imagine caring for brothers and sisters together?",
        choices=choices_of(YesNoUnsure),
        unknown="Select whether you could imagine caring for brothers and sisters together",
    )
    experience = CheckboxesField(
        "What experience do you have with children?",
        choices=choices_of(Experience),
        hint="Select all that apply. You do not need any to ask",
        required="Select the experience you have with children, or none of these yet",
    )
    availability = RadioField(
        "How much is someone at home?",
        choices=choices_of(Availability),
        hint="Think of all the adults who would foster",
        required="Select how much someone is at home",
    )
    motivation = TextAreaField(
        "Is there anything you would like to tell us about why you are asking?",
        count=1000,
        hint=PRIVATE_HINT,
        subject="What you would like to tell us",
        short_label="Why you are asking",
    )


class NextStepForm(EnquiryForm):
    """Page 4: what the household would like to happen."""

    advice_about = ("housing", "smoking")

    next_step = RadioField(
        "What would you like to happen next?",
        choices=choices_of(NextStep),
        required="Select what you would like to happen next",
    )
    heard_from = SelectField(
        "Where did you hear about fostering with us?",
        choices=choices_of(HeardFrom),
        required="Select where you heard about fostering with us",
    )
    heard_detail = TextField(
        "Can you tell us more about where?",
        [MaxLength(120, "More about where you heard of us")],
        hint="For example which event, or which radio station. Leave out people’s names",
        short_label="More about where",
    )
    updates_opt_in = TickField(
        "Yes, send me news about fostering and events by email or text message",
        hint="This is separate from your enquiry. You can stop it at any time",
        legend="Would you like to hear from us from time to time?",
        short_label="News about fostering and events",
    )


class SendForm(Honeypot, PortalForm):
    """Below the answers, before sending: two confirmations. The first: the notice was shown, no consent."""

    privacy_seen = TickField(
        "I have seen how the council uses what I have told it",
        required="Confirm that you have seen how the council uses what you have told it",
    )
    true_to_best = TickField(
        "What I have told you is true as far as I know",
        required="Confirm that what you have told us is true as far as you know",
    )
