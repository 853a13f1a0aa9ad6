"""Flags: what a person should look at when talking to a household. They never refuse anybody (domain §5).

A flag is stored with the enquiry. An advice is only shown, on the page after the answer it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from portal.core.options import Option
from portal.fostering.options import (
    Availability,
    FosteringStatus,
    Housing,
    NextStep,
    Smoking,
    SpareBedroom,
    UkResidency,
    YesNo,
)


class Flag(Option):
    """A stored mark with what staff read beside it."""

    AGE = (
        "F_AGE",
        "Under 21",
        "The law allows 18; the service asks for 21. Talk about what is possible until then",
    )
    ROOM = "F_ROOM", "No spare bedroom now", "Ask whether that may change; offer to keep in touch"
    RESIDENCY = (
        "F_RESIDENCY",
        "Right to live or work in the UK unclear",
        "Ask on the call; no documents by email",
    )
    TRANSFER = (
        "F_TRANSFER",
        "Approved elsewhere",
        "Transfer: a reference from the other service is needed (Regulation 26)",
    )
    HONEYPOT = "F_HONEYPOT", "Hidden field filled in", "Probably sent by a machine: look before calling"
    TOO_FAST = "F_FAST", "Filled in very quickly", "Possibly sent by a machine: look before calling"
    FORGED = "F_FORGED", "Form changed on its way", "Probably sent by a machine: look before calling"


QUARANTINE = frozenset({Flag.HONEYPOT, Flag.TOO_FAST, Flag.FORGED})
"""Flags that put an enquiry aside for staff to look at before anybody calls."""

SIGNS = {"trap": Flag.HONEYPOT, "too_fast": Flag.TOO_FAST, "forged_time": Flag.FORGED}
"""What the last page's form says of how it was filled in, as flags."""

FASTEST_PERSON = timedelta(seconds=10)
"""Nobody reads and answers the whole form faster than this."""


def flags_for(answers: Mapping[str, Any]) -> list[Flag]:
    """The flags that these answers set, in a fixed order."""
    found = []
    if answers.get("age_21_plus") == YesNo.NO:
        found.append(Flag.AGE)
    if answers.get("spare_bedroom") not in (None, SpareBedroom.YES):
        found.append(Flag.ROOM)
    if answers.get("uk_residency") not in (None, UkResidency.YES):
        found.append(Flag.RESIDENCY)
    if answers.get("fostering_status") in (FosteringStatus.APPROVED_NOW, FosteringStatus.APPROVED_LAST_12M):
        found.append(Flag.TRANSFER)
    return found


def flags_of_sending(signs: Iterable[str], took: timedelta) -> list[Flag]:
    """Flags for how the form was filled in: signs of a machine, and all pages in no time."""
    found = {SIGNS[sign] for sign in signs if sign in SIGNS}
    if timedelta(0) <= took < FASTEST_PERSON:
        found.add(Flag.TOO_FAST)
    return [flag for flag in Flag if flag in found]


AGE_ADVICE = (
    "The law lets people foster from the age of 18, and we ask foster carers to be 21 or over. "
    "You can still send this enquiry: we will talk about what you can do until then."
)
ROOM_ADVICE = (
    "Most children who are fostered need a bedroom of their own. Homes change, so you can still send this "
    "enquiry: we can stay in touch until the time is right."
)
RESIDENCY_ADVICE = (
    "Foster carers need the right to live and work in the UK for the time a child is with them. "
    "We will talk it through with you. You do not need to send any documents."
)
TRANSFER_ADVICE = (
    "Moving to us from another fostering service follows a set procedure that puts the children first, and "
    "we would ask that service for a reference. We will explain how it works before anything happens."
)
HOURS_ADVICE = (
    "Many foster carers work. Someone needs to be free for the school run, for meetings, and when a child is "
    "ill. We will look with you at which kinds of fostering fit around your work."
)
LANDLORD_ADVICE = (
    "You can foster in a rented home. Your landlord would need to agree, but you do not need to ask yet."
)
SMOKING_ADVICE = (
    "Smoking does not stop you from fostering. Children under 5 are usually not placed where someone smokes, "
    "and there is help if you would like to stop."
)

PACK_ADVICE = (
    "We send the information pack by email, so we need your email address. Nobody will call you. If you have "
    "no email address, go back and choose a call: we will find another way together."
)


def advice_for(answers: Mapping[str, Any]) -> list[str]:
    """What to tell somebody who gave these answers; hand in one page's answers for that page's advice."""
    advice = {
        Flag.AGE: AGE_ADVICE,
        Flag.ROOM: ROOM_ADVICE,
        Flag.RESIDENCY: RESIDENCY_ADVICE,
        Flag.TRANSFER: TRANSFER_ADVICE,
    }
    texts = [advice[flag] for flag in flags_for(answers)]
    if answers.get("availability") == Availability.FULL_TIME_FIXED:
        texts.append(HOURS_ADVICE)
    if answers.get("housing") in (Housing.PRIVATE_RENT, Housing.SOCIAL_RENT):
        texts.append(LANDLORD_ADVICE)
    if answers.get("smoking") in (Smoking.OUTSIDE, Smoking.YES):
        texts.append(SMOKING_ADVICE)
    if answers.get("next_step") == NextStep.INFO_PACK_ONLY:
        texts.append(PACK_ADVICE)
    return texts
