"""Answers of plainly fictional households, page by page, as the form’s fields are named."""

from __future__ import annotations

from typing import Any

YOU = {
    "age_21_plus": "yes",
    "spare_bedroom": "yes",
    "uk_residency": "yes",
    "fostering_status": "never",
    "current_agency": "",
}
OFFER = {
    "care_types": ["SHORT_TERM", "EMERGENCY"],
    "age_groups": ["5_10", "11_15"],
    "open_to_siblings": "yes",
    "experience": ["OWN_CHILDREN"],
    "availability": "PART_TIME",
    "motivation": "Our own two have left home and the house is quiet.",
}
HOME = {
    "enquirer_type": "COUPLE",
    "other_adults": "0",
    "children_0_4": "0",
    "children_5_10": "1",
    "children_11_15": "0",
    "children_16_17": "2",
    "housing": "PRIVATE_RENT",
    "spare_bedrooms": "2",
    "smoking": "NO",
    "pets": ["DOG"],
    "driver": "LICENCE_CAR",
}
ABOUT_YOU = {
    "first_name": "Zoë",
    "last_name": "Specimen",
    "second_first_name": "Ọlá",
    "second_last_name": "O’Specimen",
    "postcode": "so14 7ly",
    "email": "zoe.specimen@EXAMPLE.com",
    "phone": "07700 900123",
    "contact_method": "PHONE",
    "contact_times": ["WD_MORNING"],
    "voicemail_ok": "no",
    "contact_needs": "Large print",
}
NEXT = {
    "next_step": "CALL",
    "heard_from": "EVENT",
    "heard_detail": "The stall at the spring fair",
}
ARRIVAL = {"channel": "HUB", "hub_ref": "LAFSE 4711", "arrived": "now"}
"""How it came, where staff type it in."""
SEND = {"privacy_seen": "yes", "true_to_best": "yes"}

PAGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("fostering-and-you", YOU),
    ("what-you-could-offer", OFFER),
    ("your-home", HOME),
    ("next-step", NEXT),
    ("about-you", ABOUT_YOU),
)

TYPED = (
    "Zoë",
    "Specimen",
    "Ọlá",
    "07700",
    "7700900123",
    "zoe",
    "so14 7ly",
    "SO14 7LY",
    "quiet",
    "Large print",
    "spring fair",
)
"""Pieces of what this household typed: none of them may be in a mail."""


def answers(**changes: Any) -> dict[str, Any]:
    """The same household’s answers as the service gets them, parsed."""
    given: dict[str, Any] = {**YOU, **OFFER, **HOME, **ABOUT_YOU, **NEXT}
    numbers = (
        "other_adults",
        "children_0_4",
        "children_5_10",
        "children_11_15",
        "children_16_17",
        "spare_bedrooms",
    )
    given |= {name: int(given[name]) for name in numbers}
    given |= {"postcode": "SO14 7LY", "email": "zoe.specimen@example.com", "phone": "+447700900123"}
    return {**given, "updates_opt_in": False, **changes}
