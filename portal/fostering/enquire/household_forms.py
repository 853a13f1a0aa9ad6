"""Pages 3 and 5 of the enquiry: the household and its home, and how to reach it (domain §5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.core.fields import (
    CheckboxesField,
    Choice,
    EmailField,
    NumberField,
    PhoneField,
    PortalField,
    PostcodeField,
    RadioField,
    TextField,
    TickField,
)
from portal.core.forms import FieldGroup
from portal.core.options import Option
from portal.core.validators import MaxLength, PersonName, Required, RequiredWhen
from portal.fostering.choices import choices_of
from portal.fostering.enquire.forms import EnquiryForm
from portal.fostering.options import (
    ContactMethod,
    ContactTime,
    Driver,
    EnquirerType,
    Housing,
    NextStep,
    Pet,
    Smoking,
    SpareBedroom,
    YesNo,
)

NAME_LENGTH = 60

NO_ADDRESS_FOR_THE_PACK = "Enter an email address for the information pack, or go back and ask for a call"


def asked_after(earlier: str, *wanted: Option, name: str) -> Callable[[EnquiryForm], bool]:
    """Whether an answer of an earlier page calls for the question `name`.

    When that page's answers are gone (left too long, cookie lost) nobody knows: what was typed then stays,
    until the earlier page has been answered again.
    """

    def asked(form: EnquiryForm) -> bool:
        if earlier in form.given:
            return form.given[earlier] in wanted
        return bool(form.portal_field(name).typed)

    return asked


def children_field(ages: str) -> NumberField:
    """How many children of these ages live in the home; nothing about who they are."""
    return NumberField(
        f"Aged {ages}",
        [Required(f"Enter how many children aged {ages} live with you, or 0")],
        min=0,
        max=10,
        default=0,
        subject=f"Number of children aged {ages}",
        short_label=f"Children aged {ages} at home",
        width="2",
    )


class HomeForm(EnquiryForm):
    """Page 3: the household and the home."""

    advice_about = ("availability",)
    hangs_on_earlier_pages = ("spare_bedrooms",)

    enquirer_type = RadioField(
        "Who would foster?",
        choices=choices_of(EnquirerType),
        required="Select who would foster",
    )
    other_adults = NumberField(
        "How many other adults live with you?",
        [Required("Enter how many other adults live with you, or 0")],
        min=0,
        max=10,
        hint="Not counting you, or the person you would foster with. Enter 0 if there are none",
        subject="Number of other adults",
        short_label="Other adults at home",
        width="2",
    )
    children_0_4 = children_field("0 to 4")
    children_5_10 = children_field("5 to 10")
    children_11_15 = children_field("11 to 15")
    children_16_17 = children_field("16 to 17")
    housing = RadioField(
        "What is your home?",
        choices=choices_of(Housing),
        hint="You can foster in a rented home",
        required="Select what your home is",
    )
    spare_bedrooms = NumberField(
        "How many spare bedrooms are there?",
        [Required("Enter how many spare bedrooms there are")],
        min=1,
        max=6,
        subject="Number of spare bedrooms",
        short_label="Spare bedrooms",
        width="2",
        asked_when=asked_after("spare_bedroom", SpareBedroom.YES, name="spare_bedrooms"),
    )
    smoking = RadioField(
        "Does anyone at home smoke or vape?",
        choices=choices_of(Smoking),
        unknown="Select whether anyone at home smokes or vapes",
    )
    pets = CheckboxesField(
        "Are there any pets?",
        choices=choices_of(Pet),
        hint="Select all that apply",
        unknown="Select the pets you have, or no pets",
    )
    driver = RadioField(
        "Can you drive?",
        choices=choices_of(Driver),
        hint="You can foster without driving",
        unknown="Select whether you can drive",
    )
    groups = (
        FieldGroup(
            "How many children live with you?",
            ("children_0_4", "children_5_10", "children_11_15", "children_16_17"),
            hint="Numbers only. Count your own children and any others who live with you",
        ),
    )


TWO = (EnquirerType.COUPLE, EnquirerType.TWO_ADULTS_OTHER)


def wants_only_the_pack(form: Any) -> bool:
    """Whether page 4 asked for nothing but the information pack, which comes by email."""
    return bool(form.given.get("next_step") == NextStep.INFO_PACK_ONLY)


def wants_contact(form: Any) -> bool:
    """Whether somebody is to get in touch."""
    return not wants_only_the_pack(form)


def calls_or_texts(form: Any) -> bool:
    """Whether the household chose a call or a text message."""
    chosen = form.contact_method.data in (ContactMethod.PHONE, ContactMethod.TEXT)
    return wants_contact(form) and chosen


def prefers_calls(form: Any) -> bool:
    """Whether the household chose a call."""
    return wants_contact(form) and bool(form.contact_method.data == ContactMethod.PHONE)


def may_be_called(form: Any) -> bool:
    """Whether somebody may call one day: a number is enough, whatever way is preferred.

    A wish that nothing be left on a shared phone counts whenever that phone is called.
    """
    return wants_contact(form) and (bool(form.phone.data) or prefers_calls(form))


def contact_time_choices(form: EnquiryForm) -> tuple[Choice, ...]:
    """When calls are made; evenings only where the service makes them."""
    evenings = form.facts["evening_calls"]
    return choices_of(time for time in ContactTime if evenings or time is not ContactTime.WD_EVENING)


def name_field(label: str, required: str = "", **options: Any) -> TextField:
    """A name in any script; a name without `required` is optional."""
    rules = (MaxLength(NAME_LENGTH, label), PersonName(label))
    return TextField(label, rules, required=required, width="two-thirds", **options)


class AboutYouForm(EnquiryForm):
    """Page 5: who asks, where they live, and how to reach them."""

    advice_about = ("next_step",)
    hangs_on_earlier_pages = ("second_first_name", "second_last_name", "phone", "contact_method")

    first_name = name_field("First name", "Enter your first name", autocomplete="given-name")
    last_name = name_field("Last name", "Enter your last name", autocomplete="family-name")
    second_first_name = name_field(
        "First name of the person you would foster with",
        hint="Only if they know that you are giving us their name",
        asked_when=asked_after("enquirer_type", *TWO, name="second_first_name"),
    )
    second_last_name = name_field(
        "Last name of the person you would foster with",
        asked_when=asked_after("enquirer_type", *TWO, name="second_last_name"),
    )
    postcode = PostcodeField(
        "Postcode",
        [
            RequiredWhen(
                lambda form: not form.no_uk_postcode.data,
                "Enter your postcode, or say that you do not have a UK postcode",
            )
        ],
        hint="So that we know which area you live in. With a BFPO address, or abroad, tick the box below",
        optional_wording=False,
        otherwise="tick “I do not have a UK postcode”",
    )
    no_uk_postcode = TickField("I do not have a UK postcode", short_label="No UK postcode", in_summary=False)
    email = EmailField(
        "Email address",
        [MaxLength(254, "Email address")],
        hint="Give an email address, a phone number, or both",
        optional_wording=False,
    )
    phone = PhoneField("Phone number", optional_wording=False, asked_when=wants_contact)
    contact_method = RadioField(
        "How should we get in touch first?",
        choices=choices_of(ContactMethod),
        required="Select how we should get in touch",
        asked_when=wants_contact,
    )
    contact_times = CheckboxesField(
        "When is a good time?",
        choices=contact_time_choices,
        hint="For phone calls and text messages, Monday to Friday. Select all that apply",
        required="Select when is a good time to call or text you",
        asked_when=calls_or_texts,
    )
    voicemail_ok = RadioField(
        "May we leave a voicemail?",
        [RequiredWhen(prefers_calls, "Select yes if we may leave a voicemail")],
        choices=choices_of(YesNo),
        hint="If you gave a phone number. We will not say what it is about to anyone else",
        optional_wording=False,
        unknown="Select yes if we may leave a voicemail",
        asked_when=may_be_called,
        inline=True,
    )
    contact_needs = TextField(
        "Is there anything that would make it easier to talk to us?",
        [MaxLength(200, "What would make it easier to talk to us")],
        hint="For example an interpreter and the language, large print, or British Sign Language. "
        "You do not need to say why",
        short_label="What would make it easier to talk",
    )

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Who ticks that there is no UK postcode may have typed “BFPO 61” beside it: the tick counts."""
        super().process(*args, **kwargs)
        if self.no_uk_postcode.data and self.postcode.problem:
            self.postcode.parse("")
        if wants_only_the_pack(self):
            self.email.hint = "We send the information pack there"

    def layout(self) -> list[tuple[FieldGroup | None, list[PortalField]]]:
        """What hangs on the way that is chosen here stands on the page; where nobody calls it does not."""
        calls = () if wants_contact(self) else (self.contact_times, self.voicemail_ok)
        return [row for row in super().layout() if row[1][0] not in calls]

    def check(self) -> None:
        """One way of getting in touch at least, and the chosen way among them; the pack needs an address."""
        email, phone = self.email.data, self.phone.data
        if wants_only_the_pack(self):
            if not email:
                self.add_error("email", NO_ADDRESS_FOR_THE_PACK)
            return
        if not email and not phone:
            self.add_error("email", "Enter an email address or a phone number")
            return
        method = self.contact_method.data
        if method == ContactMethod.EMAIL and not email:
            self.add_error("email", "Enter an email address, or choose another way to get in touch")
        if method == ContactMethod.PHONE and not phone:
            self.add_error("phone", "Enter a phone number, or choose another way to get in touch")
        if method == ContactMethod.TEXT and not (phone and self.phone.is_mobile):
            self.add_error(
                "phone", "Enter a mobile number, like 07700 900 982, or choose another way to get in touch"
            )
