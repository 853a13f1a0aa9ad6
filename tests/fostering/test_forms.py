"""What each field of the enquiry takes and says; and that what was typed stays on the page."""

import pytest

from portal.fostering import options
from portal.fostering.enquire.forms import EligibilityForm, NextStepForm, OfferForm, SendForm
from portal.fostering.enquire.household_forms import AboutYouForm, HomeForm
from tests.fostering.households import ABOUT_YOU, HOME, NEXT, OFFER, PAGES, YOU
from tests.fostering.walking import PREFIX, answer_page, walk
from tests.support.client import SAME_ORIGIN, field_values, find_form

FACTS = {"care_types": [kind.value for kind in options.CareType], "evening_calls": True}
WITH_ROOM = {"spare_bedroom": "yes", "enquirer_type": "COUPLE"}
RIGHT = {
    EligibilityForm: YOU,
    OfferForm: OFFER,
    HomeForm: HOME,
    AboutYouForm: ABOUT_YOU,
    NextStepForm: NEXT,
    SendForm: {"privacy_seen": True, "true_to_best": True},
}


def judged(form, given=None, **changes):
    """The form with right answers but for the changes, judged."""
    made = form.from_answers({**RIGHT[form], **changes}, facts=FACTS, given=given or WITH_ROOM)
    made.validate()
    return made


def errors(form, given=None, **changes):
    return {
        name: [str(error) for error in found] for name, found in judged(form, given, **changes).errors.items()
    }


@pytest.mark.parametrize("form", RIGHT)
def test_right_answers_pass(form):
    assert errors(form) == {}


CHOICES = {
    (EligibilityForm, "age_21_plus"): ["yes", "no"],
    (EligibilityForm, "spare_bedroom"): ["yes", "not_yet", "no", "not_sure"],
    (EligibilityForm, "uk_residency"): ["yes", "no", "not_sure"],
    (EligibilityForm, "fostering_status"): [
        "never",
        "applied_before",
        "approved_now",
        "approved_last_12m",
        "approved_earlier",
    ],
    (OfferForm, "care_types"): [
        "SHORT_TERM",
        "LONG_TERM",
        "EMERGENCY",
        "SHORT_BREAKS",
        "PARENT_CHILD",
        "DISABILITY",
        "UASC",
        "NOT_SURE",
    ],
    (OfferForm, "age_groups"): ["0_4", "5_10", "11_15", "16_17", "NO_PREFERENCE"],
    (OfferForm, "open_to_siblings"): ["yes", "no", "not_sure"],
    (OfferForm, "experience"): [
        "OWN_CHILDREN",
        "FAMILY_FRIENDS",
        "PAID_WORK",
        "VOLUNTEERING",
        "FOSTERED_BEFORE",
        "NONE",
    ],
    (OfferForm, "availability"): [
        "ADULT_HOME_MOST_DAYS",
        "FLEXIBLE_WORK",
        "PART_TIME",
        "FULL_TIME_FIXED",
        "NOT_SURE",
    ],
    (HomeForm, "enquirer_type"): ["ONE_PERSON", "COUPLE", "TWO_ADULTS_OTHER"],
    (HomeForm, "housing"): ["OWN", "PRIVATE_RENT", "SOCIAL_RENT", "WITH_FAMILY", "OTHER"],
    (HomeForm, "smoking"): ["NO", "OUTSIDE", "YES", "PREFER_NOT"],
    (HomeForm, "pets"): ["DOG", "CAT", "OTHER", "NONE"],
    (HomeForm, "driver"): ["LICENCE_CAR", "LICENCE_NO_CAR", "NO"],
    (AboutYouForm, "contact_method"): ["PHONE", "EMAIL", "TEXT"],
    (AboutYouForm, "contact_times"): ["WD_MORNING", "WD_AFTERNOON", "WD_EVENING", "ANY"],
    (AboutYouForm, "voicemail_ok"): ["yes", "no"],
    (NextStepForm, "next_step"): ["CALL", "EVENT", "INFO_PACK_ONLY"],
    (NextStepForm, "heard_from"): [
        "WEB_COUNCIL",
        "SEARCH",
        "SOCIAL_FB_IG",
        "SOCIAL_OTHER",
        "WORD_OF_MOUTH",
        "FOSTER_CARER_REFERRAL",
        "COUNCIL_STAFF",
        "EVENT",
        "SCHOOL_FAITH_COMMUNITY",
        "RADIO_TV_PRESS",
        "OUTDOOR_BUS_LEAFLET",
        "LAFSE_HUB",
        "NATIONAL_CAMPAIGN",
        "FOSTERING_NETWORK",
        "PREVIOUS_ENQUIRER",
        "OTHER",
        "NOT_STATED",
    ],
}


@pytest.mark.parametrize(("form", "name"), CHOICES)
def test_the_codes_offered_are_those_of_the_domain(form, name):
    assert list(judged(form)[name].codes) == CHOICES[form, name]


@pytest.mark.parametrize(("form", "name"), CHOICES)
def test_a_code_that_is_not_offered_is_answered_in_words(form, name):
    several = isinstance(judged(form)[name].data, list)
    (message,) = errors(form, **{name: ["NOPE"] if several else "NOPE"})[name]
    assert message.startswith("Select ")
    assert "valid" not in message.casefold()


MISSING = [
    (EligibilityForm, "age_21_plus", "", "Select yes if you are 21 or over"),
    (EligibilityForm, "spare_bedroom", "", "Select whether there is a spare bedroom"),
    (EligibilityForm, "uk_residency", "", "Select whether you can live and work in the UK"),
    (EligibilityForm, "fostering_status", "", "Select whether you have fostered before or applied to"),
    (
        OfferForm,
        "care_types",
        [],
        "Select the kinds of fostering that interest you, or that you are not sure yet",
    ),
    (
        OfferForm,
        "age_groups",
        [],
        "Select the ages you could imagine caring for, or that you have no preference yet",
    ),
    (OfferForm, "experience", [], "Select the experience you have with children, or none of these yet"),
    (OfferForm, "availability", "", "Select how much someone is at home"),
    (HomeForm, "enquirer_type", "", "Select who would foster"),
    (HomeForm, "other_adults", "", "Enter how many other adults live with you, or 0"),
    (HomeForm, "children_0_4", "", "Enter how many children aged 0 to 4 live with you, or 0"),
    (HomeForm, "children_16_17", "", "Enter how many children aged 16 to 17 live with you, or 0"),
    (HomeForm, "housing", "", "Select what your home is"),
    (HomeForm, "spare_bedrooms", "", "Enter how many spare bedrooms there are"),
    (AboutYouForm, "first_name", "", "Enter your first name"),
    (AboutYouForm, "first_name", "\u200b \u3164", "Enter your first name"),
    (AboutYouForm, "last_name", " \t ", "Enter your last name"),
    (AboutYouForm, "postcode", "", "Enter your postcode, or say that you do not have a UK postcode"),
    (AboutYouForm, "contact_method", "", "Select how we should get in touch"),
    (AboutYouForm, "contact_times", [], "Select when is a good time to call or text you"),
    (AboutYouForm, "voicemail_ok", "", "Select yes if we may leave a voicemail"),
    (NextStepForm, "next_step", "", "Select what you would like to happen next"),
    (NextStepForm, "heard_from", "", "Select where you heard about fostering with us"),
]


@pytest.mark.parametrize(("form", "name", "empty", "message"), MISSING)
def test_what_is_missing_is_asked_for_in_the_fields_own_words(form, name, empty, message):
    assert errors(form, **{name: empty}) == {name: [message]}


OPTIONAL = [
    (OfferForm, "open_to_siblings", ""),
    (OfferForm, "motivation", ""),
    (HomeForm, "smoking", ""),
    (HomeForm, "pets", []),
    (HomeForm, "driver", ""),
    (AboutYouForm, "second_first_name", ""),
    (AboutYouForm, "second_last_name", ""),
    (AboutYouForm, "email", ""),
    (AboutYouForm, "contact_needs", ""),
    (NextStepForm, "heard_detail", ""),
    (NextStepForm, "updates_opt_in", False),
]


@pytest.mark.parametrize(("form", "name", "empty"), OPTIONAL)
def test_what_is_optional_may_be_left_out(form, name, empty):
    assert errors(form, **{name: empty}) == {}


NO_POSTCODE = "Enter a full UK postcode, like SO14 7LY, or tick “I do not have a UK postcode”"

WRONG = [
    (
        EligibilityForm,
        {"fostering_status": "approved_now", "current_agency": "x" * 121},
        "current_agency",
        "Fostering service must be 120 characters or less",
    ),
    (
        OfferForm,
        {"care_types": ["NOT_SURE", "UASC"]},
        "care_types",
        "Select “I’m not sure yet” on its own, or select the other options that apply",
    ),
    (
        OfferForm,
        {"age_groups": ["0_4", "NO_PREFERENCE"]},
        "age_groups",
        "Select “I have no preference yet” on its own, or select the other options that apply",
    ),
    (
        OfferForm,
        {"experience": ["PAID_WORK", "NONE"]},
        "experience",
        "Select “None of these yet” on its own, or select the other options that apply",
    ),
    (
        OfferForm,
        {"motivation": "x" * 1001},
        "motivation",
        "What you would like to tell us must be 1,000 characters or less",
    ),
    (HomeForm, {"other_adults": "11"}, "other_adults", "Number of other adults must be 10 or less"),
    (HomeForm, {"other_adults": "-1"}, "other_adults", "Number of other adults must be 0 or more"),
    (HomeForm, {"other_adults": "1.5"}, "other_adults", "Number of other adults must be a whole number"),
    (
        HomeForm,
        {"other_adults": "two"},
        "other_adults",
        "Number of other adults must be a number in digits, like 2",
    ),
    (
        HomeForm,
        {"children_5_10": "²"},
        "children_5_10",
        "Number of children aged 5 to 10 must be a number in digits, like 2",
    ),
    (
        HomeForm,
        {"children_11_15": "9" * 40},
        "children_11_15",
        "Number of children aged 11 to 15 must be 10 or less",
    ),
    (HomeForm, {"spare_bedrooms": "0"}, "spare_bedrooms", "Number of spare bedrooms must be 1 or more"),
    (HomeForm, {"spare_bedrooms": "7"}, "spare_bedrooms", "Number of spare bedrooms must be 6 or less"),
    (
        HomeForm,
        {"pets": ["NONE", "DOG"]},
        "pets",
        "Select “No pets” on its own, or select the other options that apply",
    ),
    (AboutYouForm, {"first_name": "x" * 61}, "first_name", "First name must be 60 characters or less"),
    (
        AboutYouForm,
        {"last_name": "R2D2"},
        "last_name",
        "Last name must only include letters, spaces, hyphens, apostrophes and full stops",
    ),
    (
        AboutYouForm,
        {"second_first_name": "<b>"},
        "second_first_name",
        (
            "First name of the person you would foster with must only include letters, spaces, hyphens, "
            "apostrophes and full stops"
        ),
    ),
    (AboutYouForm, {"postcode": "SO15 2IK"}, "postcode", NO_POSTCODE),
    (AboutYouForm, {"postcode": "SO14"}, "postcode", NO_POSTCODE),
    (AboutYouForm, {"postcode": "BFPO 61"}, "postcode", NO_POSTCODE),
    (AboutYouForm, {"postcode": "75008"}, "postcode", NO_POSTCODE),
    (AboutYouForm, {"first_name": "N/A"}, "first_name", "First name must be a name that we can use"),
    (AboutYouForm, {"last_name": "None"}, "last_name", "Last name must be a name that we can use"),
    (
        AboutYouForm,
        {"second_last_name": " n/a. "},
        "second_last_name",
        (
            "Last name of the person you would foster with must be a name that we can use. Leave it empty if "
            "you would rather not say"
        ),
    ),
    (
        AboutYouForm,
        {"last_name": "-"},
        "last_name",
        "Last name must only include letters, spaces, hyphens, apostrophes and full stops",
    ),
    (
        AboutYouForm,
        {"postcode": "S014 7LY"},
        "postcode",
        "Enter a full UK postcode. Did you mean SO14 7LY?",
    ),
    (
        AboutYouForm,
        {"email": "zoe@"},
        "email",
        "Enter an email address in the correct format, like name@example.com",
    ),
    (
        AboutYouForm,
        {"email": "a@example.com, b@example.com"},
        "email",
        "Enter an email address in the correct format, like name@example.com",
    ),
    (
        AboutYouForm,
        {"phone": "12"},
        "phone",
        "Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192",
    ),
    (AboutYouForm, {"email": "", "phone": ""}, "email", "Enter an email address or a phone number"),
    (
        AboutYouForm,
        {"email": "", "contact_method": "EMAIL"},
        "email",
        "Enter an email address, or choose another way to get in touch",
    ),
    (
        AboutYouForm,
        {"phone": "", "contact_method": "PHONE"},
        "phone",
        "Enter a phone number, or choose another way to get in touch",
    ),
    (
        AboutYouForm,
        {"phone": "01632 960001", "contact_method": "TEXT"},
        "phone",
        "Enter a mobile number, like 07700 900 982, or choose another way to get in touch",
    ),
    (
        AboutYouForm,
        {"contact_needs": "x" * 201},
        "contact_needs",
        "What would make it easier to talk to us must be 200 characters or less",
    ),
    (
        NextStepForm,
        {"heard_detail": "x" * 121},
        "heard_detail",
        "More about where you heard of us must be 120 characters or less",
    ),
]


@pytest.mark.parametrize(("form", "changes", "name", "message"), WRONG)
def test_what_cannot_be_is_answered_in_the_fields_own_words(form, changes, name, message):
    assert errors(form, **changes) == {name: [message]}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 (0)7700-900123", "+447700900123"),
        ("01632960001", "+441632960001"),
    ],
)
def test_phone_numbers_are_read_however_they_are_written(typed, kept):
    assert judged(AboutYouForm, phone=typed).answers()["phone"] == kept


@pytest.mark.parametrize("typed", ["so147ly", "SO14 7LY", " so14-7ly ", "ＳＯ１４ ７ＬＹ"])
def test_postcodes_are_read_however_they_are_written(typed):
    form = judged(AboutYouForm, postcode=typed)
    assert not form.errors
    assert form.answers()["postcode"] == "SO14 7LY"


def test_a_household_without_a_uk_postcode_says_so():
    assert errors(AboutYouForm, postcode="", no_uk_postcode=True) == {}


@pytest.mark.parametrize("typed", ["BFPO 61", "75008 Paris", "D02 X285"])
def test_an_address_without_a_uk_postcode_may_be_typed_beside_the_tick(typed):
    form = judged(AboutYouForm, postcode=typed, no_uk_postcode=True)
    assert not form.errors
    assert form.answers()["postcode"] == ""
    assert judged(AboutYouForm, no_uk_postcode=True).answers()["postcode"] == "SO14 7LY"


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị",
        "O’Neill-Smith",
        "Jean-Luc",
        "St. John",
        "محمد",
        "李",
        "Llŷr",
        "e\u0301mile",
        "M'Bala",
        "Na",
        "O",
        "X",
        "Nan",
        "नोन",
    ],
)
def test_names_of_any_script_are_taken_and_composed(name):
    form = judged(AboutYouForm, first_name=name)
    assert not form.errors
    assert form.answers()["first_name"] == name.replace("e\u0301", "é")


def test_nothing_private_is_asked():
    asked = {field.short_name for form in RIGHT for field in form.from_answers({}, facts=FACTS).portal_fields}
    private = (
        "birth",
        "health",
        "ethnic",
        "religion",
        "sexual",
        "gender",
        "convict",
        "national_insurance",
        "disab",
    )
    assert not [name for name in asked for word in private if word in name]


def test_updates_are_not_ticked_beforehand():
    assert NextStepForm.from_answers({}).updates_opt_in.data is False


# On the page

BAD_PAGES = {
    "fostering-and-you": {**YOU, "fostering_status": "approved_now", "current_agency": "Agency " * 30},
    "what-you-could-offer": {**OFFER, "experience": ["NONE", "PAID_WORK"], "motivation": "Because. " * 200},
    "your-home": {**HOME, "other_adults": "several", "spare_bedrooms": "9"},
    "about-you": {
        **ABOUT_YOU,
        "first_name": "Zo3",
        "postcode": "nowhere",
        "email": "zoe at home",
        "phone": "twelve",
        "contact_needs": "Large print",
    },
    "next-step": {**NEXT, "next_step": None, "heard_detail": "A fair " * 30},
}


@pytest.mark.parametrize("slug", BAD_PAGES)
def test_after_an_error_everything_typed_is_still_there(client, slug):
    walk(client, until=slug)
    client.type(*(value for value in BAD_PAGES[slug].values() if isinstance(value, str)))
    reply = answer_page(client, slug, BAD_PAGES[slug])
    assert reply.status_code == 422
    assert reply.page.errors
    kept = {}
    for control in reply.page.all("input", "textarea", "option"):
        kind, name = control.get("type"), control.get("name")
        if control.tag == "option":
            if "selected" in control.attrs:
                kept.setdefault("heard_from", []).append(control.get("value"))
        elif kind not in ("radio", "checkbox") or "checked" in control.attrs:
            value = control.source.strip() if control.tag == "textarea" else control.get("value")
            kept.setdefault(name, []).append(value)
    for name, value in BAD_PAGES[slug].items():
        if value:
            expected = sorted([value.strip()] if isinstance(value, str) else value)
            assert sorted(kept.get(name, [])) == expected, name
    following = dict(zip([s for s, _ in PAGES], [*[s for s, _ in PAGES][1:], ""], strict=True))[slug]
    if following:
        assert client.get(f"{PREFIX}/{following}").status_code == 303


HOSTILE = [
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202eevil",
    "\ufffe",
    "\x0b\x0c\x1c\x85\u2028",
    "'; DROP TABLE fostering_enquiries; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "=1+1",
    "Ａ" * 500,
    "e" + "\u0301" * 400,
    "👩‍👩‍👧‍👦" * 40,
    "9" * 5000,
    "-0",
    "1e9",
    "٣",
    "\u200b\u200c\u200d",
    "../../etc/passwd",
    "%00%0d%0aBcc: x@example.com",
]


@pytest.mark.parametrize("slug", [slug for slug, _ in PAGES])
def test_hostile_input_is_never_our_fault(client, slug):
    walk(client, until=slug)
    client.judging = False  # what is typed here may break any rule of style
    form = field_values(find_form(client.get(f"{PREFIX}/{slug}").page, set(), None))
    for words in HOSTILE:
        typed = {name: words.encode("utf-8", "surrogatepass") for name in dict(PAGES)[slug]}
        reply = client.post(f"{PREFIX}/{slug}", data={**form, **typed}, headers=SAME_ORIGIN)
        assert reply.status_code in (303, 422), (slug, words, reply.status_code)


def test_words_of_any_script_and_formulas_are_kept_as_typed(client, db):
    words = "=1+1 \u0645\u0631\u062d\u0628\u0627 e\u0301 👩‍👧 ‘quoted’"
    walk(client, motivation=words)
    assert "=1+1 مرحبا é 👩‍👧 ‘quoted’" in client.get(f"{PREFIX}/check-answers").text
