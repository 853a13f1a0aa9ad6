"""The households of the demonstration: what they answered and how far they have come. All are made up.

Phone numbers are from the range that is kept for drama; addresses at example.com reach nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from portal.fostering.closures import Closure
from portal.fostering.options import CallOutcome, Channel, Stage


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call so many working days after receipt."""

    days_after: int
    moment: time
    outcome: CallOutcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Household:
    """Answers (what differs from ORDINARY) and progress; days are working days, counted from loading."""

    received_ago: int
    """0 is a little while before loading."""
    received: time = time(10, 30)
    answers: Mapping[str, Any]
    attempts: tuple[Attempt, ...] = ()
    stage: Stage = Stage.NEW
    due_in: int | None = None
    """Negative is overdue; None is what the clocks say."""
    closure: Closure | None = None
    closed_ago: int = 5
    channel: Channel = Channel.WEB
    """Whatever did not come by the web form was entered by the team."""
    restricted: bool = False
    """Whether what they wrote gave rise to a concern, which was passed on the day after."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Columns as they are."""


ORDINARY: dict[str, Any] = {
    "age_21_plus": "yes",
    "spare_bedroom": "yes",
    "uk_residency": "yes",
    "fostering_status": "never",
    "care_types": ["SHORT_TERM"],
    "age_groups": ["5_10"],
    "open_to_siblings": "not_sure",
    "experience": ["OWN_CHILDREN", "FAMILY_FRIENDS"],
    "availability": "PART_TIME",
    "motivation": "",
    "enquirer_type": "ONE_PERSON",
    "other_adults": 0,
    "children_0_4": 0,
    "children_5_10": 0,
    "children_11_15": 0,
    "children_16_17": 0,
    "housing": "OWN",
    "spare_bedrooms": 1,
    "smoking": "NO",
    "pets": ["NONE"],
    "driver": "LICENCE_CAR",
    "contact_method": "PHONE",
    "contact_times": ["WD_MORNING", "WD_AFTERNOON"],
    "voicemail_ok": "yes",
    "contact_needs": "",
    "next_step": "CALL",
    "heard_from": "WORD_OF_MOUTH",
    "heard_detail": "",
    "updates_opt_in": False,
}

NO_ANSWER, SPOKE = CallOutcome.NO_ANSWER, CallOutcome.SPOKE


def person(first: str, last: str, number: int, postcode: str, **more: Any) -> dict[str, Any]:
    """Name, contacts and postcode of a made-up household."""
    return {
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}@example.com".lower().replace("’", ""),
        "phone": f"+447700900{number:03}",
        "postcode": postcode,
        **more,
    }


HOUSEHOLDS: tuple[Household, ...] = (
    Household(
        received_ago=0,
        answers=person(
            "Marigold",
            "Sample",
            101,
            "SO14 7LY",
            care_types=["SHORT_TERM", "EMERGENCY"],
            motivation="I work from home and the house has been quiet since my daughter moved out.",
            heard_from="SEARCH",
        ),
    ),
    Household(
        received_ago=1,
        received=time(11, 5),
        answers=person(
            "Basil",
            "Placeholder",
            102,
            "SO15 2AB",
            enquirer_type="COUPLE",
            second_first_name="Fern",
            second_last_name="Placeholder",
            care_types=["LONG_TERM"],
            age_groups=["0_4", "5_10"],
            open_to_siblings="yes",
            children_5_10=1,
            housing="SOCIAL_RENT",
            availability="ADULT_HOME_MOST_DAYS",
            heard_from="FOSTER_CARER_REFERRAL",
        ),
    ),
    Household(
        received_ago=4,
        received=time(19, 40),
        answers=person(
            "Otto",
            "Specimen",
            103,
            "SO16 7PX",
            age_21_plus="no",
            housing="WITH_FAMILY",
            experience=["VOLUNTEERING"],
            availability="NOT_SURE",
            contact_method="TEXT",
            contact_times=["ANY"],
            heard_from="SOCIAL_FB_IG",
        ),
    ),
    Household(
        received_ago=3,
        answers=person(
            "Clementine",
            "Demo",
            104,
            "SO50 5PN",
            spare_bedroom="not_yet",
            availability="FULL_TIME_FIXED",
            smoking="OUTSIDE",
            heard_from="RADIO_TV_PRESS",
        ),
        attempts=(Attempt(1, time(10, 15), NO_ANSWER), Attempt(2, time(16, 20), CallOutcome.VOICEMAIL)),
        stage=Stage.CONTACTING,
        due_in=1,
    ),
    Household(
        received_ago=12,
        answers=person(
            "Ignatius", "Mockup", 105, "PO1 2AB", pets=["DOG", "CAT"], heard_from="OUTDOOR_BUS_LEAFLET"
        ),
        attempts=(
            Attempt(1, time(9, 30), NO_ANSWER),
            Attempt(3, time(12, 45), NO_ANSWER),
            Attempt(8, time(16, 50), CallOutcome.VOICEMAIL),
        ),
        stage=Stage.CONTACTING,
        due_in=-2,
    ),
    Household(
        received_ago=6,
        answers=person(
            "Ngozi",
            "Fictional",
            106,
            "SO17 1BJ",
            fostering_status="approved_now",
            current_agency="An independent agency (made up)",
            experience=["FOSTERED_BEFORE"],
            care_types=["EMERGENCY", "PARENT_CHILD"],
            age_groups=["NO_PREFERENCE"],
            heard_from="FOSTER_CARER_REFERRAL",
        ),
        attempts=(Attempt(1, time(11, 0), SPOKE),),
        stage=Stage.CALL_DONE,
        due_in=4,
    ),
    Household(
        received_ago=10,
        answers=person(
            "Juniper",
            "Sketch",
            107,
            "SO23 8UJ",
            enquirer_type="TWO_ADULTS_OTHER",
            second_first_name="Sorrel",
            second_last_name="Outline",
            care_types=["SHORT_BREAKS", "DISABILITY"],
            experience=["PAID_WORK"],
            heard_from="EVENT",
            heard_detail="The stall at the autumn fair",
        ),
        attempts=(Attempt(1, time(14, 30), SPOKE),),
        stage=Stage.VISIT_BOOKED,
        due_in=3,
    ),
    Household(
        received_ago=18,
        answers=person(
            "Alistair",
            "Pretend",
            108,
            "SO18 2NP",
            enquirer_type="COUPLE",
            second_first_name="Ravi",
            second_last_name="Pretend",
            age_groups=["11_15", "16_17"],
            care_types=["LONG_TERM", "UASC"],
            heard_from="NATIONAL_CAMPAIGN",
        ),
        attempts=(Attempt(2, time(15, 10), SPOKE),),
        stage=Stage.VISIT_DONE,
    ),
    Household(
        received_ago=60,
        answers=person("Wilhelmina", "Example", 109, "SO19 7QR", heard_from="LAFSE_HUB", children_11_15=2),
        attempts=(Attempt(1, time(9, 20), SPOKE),),
        stage=Stage.STAGE_ONE,
        more={"hub_origin": True, "hub_ref": "HUB-0000"},
    ),
    Household(
        received_ago=25,
        answers=person(
            "Percival",
            "Dummy",
            110,
            "PO30 1UD",
            spare_bedroom="no",
            uk_residency="not_sure",
            availability="FLEXIBLE_WORK",
            contact_method="EMAIL",
        ),
        attempts=(Attempt(1, time(13, 0), SPOKE),),
        stage=Stage.KEEP_IN_TOUCH,
        due_in=40,
    ),
    Household(
        received_ago=30,
        answers=person("Beatrix", "Testcase", 111, "SW1A 1AA", heard_from="SEARCH"),
        attempts=(Attempt(1, time(10, 0), SPOKE),),
        stage=Stage.CLOSED,
        closure=Closure.S03,
    ),
    Household(
        received_ago=22,
        answers=person(
            "Montague", "Draft", 112, "", next_step="INFO_PACK_ONLY", contact_method="EMAIL", phone=""
        ),
        attempts=(Attempt(1, time(10, 0), SPOKE),),
        stage=Stage.CLOSED,
        closure=Closure.X04,
    ),
    Household(
        received_ago=15,
        answers=person("Rosalind", "Invented", 113, "SO16 0XX", availability="NOT_SURE", next_step="EVENT"),
        attempts=(Attempt(1, time(10, 0), NO_ANSWER), Attempt(2, time(15, 0), CallOutcome.WRONG_NUMBER)),
        stage=Stage.CONTACTING,
        due_in=0,
    ),
    Household(
        received_ago=1,
        received=time(20, 15),
        answers=person(
            "Rosalind",
            "Invented",
            114,
            "SO16 0XX",
            enquirer_type="COUPLE",
            second_first_name="Hugo",
            second_last_name="Invented",
            motivation="We asked before, and now there are two of us.",
            heard_from="PREVIOUS_ENQUIRER",
        ),
    ),
    Household(
        received_ago=2,
        received=time(15, 20),
        answers=person("Cornelius", "Muster", 115, "SO15 3FG", heard_from="RADIO_TV_PRESS", pets=["CAT"]),
        channel=Channel.PHONE,
        attempts=(Attempt(0, time(15, 20), SPOKE),),
        stage=Stage.CALL_DONE,
        due_in=3,
    ),
    Household(
        received_ago=5,
        answers=person(
            "Philomena",
            "Notreal",
            116,
            "SO17 2EZ",
            motivation="Made up for the demonstration: something here gave rise to a concern.",
        ),
        attempts=(Attempt(1, time(11, 45), SPOKE),),
        stage=Stage.CALL_DONE,
        due_in=2,
        restricted=True,
    ),
    Household(
        received_ago=560,
        answers=person("Ottilie", "Bygone", 117, "SO18 4AB"),
        attempts=(Attempt(1, time(10, 0), NO_ANSWER), Attempt(3, time(16, 0), NO_ANSWER)),
        stage=Stage.CLOSED,
        closure=Closure.X01,
        closed_ago=540,
    ),
    Household(
        received_ago=555,
        answers=person("Everard", "Yesteryear", 118, "SO19 1AA", housing="PRIVATE_RENT"),
        attempts=(Attempt(1, time(10, 0), SPOKE),),
        stage=Stage.CLOSED,
        closure=Closure.Q03,
        closed_ago=535,
    ),
    Household(
        received_ago=160,
        answers=person("Isolde", "Elsewhere", 119, "SO16 2AA"),
        attempts=(Attempt(1, time(10, 0), SPOKE),),
        stage=Stage.CLOSED,
        closure=Closure.X04,
        closed_ago=150,
    ),
)
