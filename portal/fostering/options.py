"""Every code of a fostering enquiry with the words people see (domain: fostering §§4 and 5).

The codes are stored and exported, so they never change; the labels may. What each answer sets off
(flags, advice) is in flags.py.
"""

from __future__ import annotations

from portal.core.options import Option

# The answers of the form


class YesNo(Option):
    """A plain question."""

    YES = "yes", "Yes"
    NO = "no", "No"


class YesNoUnsure(Option):
    """A question that people may not be able to answer yet."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_SURE = "not_sure", "I’m not sure"


class SpareBedroom(Option):
    """Whether a fostered child could have a bedroom."""

    YES = "yes", "Yes"
    NOT_YET = "not_yet", "Not yet, but I expect to"
    NO = "no", "No"
    NOT_SURE = "not_sure", "I’m not sure"


class UkResidency(Option):
    """The right to live and work here, without any detail of documents."""

    YES = (
        "yes",
        "Yes",
        "For example as a British or Irish citizen, or with settled status or leave to remain",
    )
    NO = "no", "No"
    NOT_SURE = "not_sure", "I’m not sure"


class FosteringStatus(Option):
    """What someone already has to do with a fostering service (Regulation 26)."""

    NEVER = "never", "No, this is new to me"
    APPLIED_BEFORE = "applied_before", "I have applied before but was not approved, or did not finish"
    APPROVED_NOW = "approved_now", "I am an approved foster carer now"
    APPROVED_LAST_12M = "approved_last_12m", "I was approved within the last 12 months"
    APPROVED_EARLIER = "approved_earlier", "I was approved longer ago than that"


APPROVED = frozenset(
    {FosteringStatus.APPROVED_NOW, FosteringStatus.APPROVED_LAST_12M, FosteringStatus.APPROVED_EARLIER}
)
"""The answers after which the fostering service's name is asked for."""


class CareType(Option):
    """Kinds of fostering. A council offers some or all of them (council file, care_types)."""

    SHORT_TERM = (
        "SHORT_TERM",
        "Short-term",
        "From a few nights to about two years, while plans are made",
    )
    LONG_TERM = "LONG_TERM", "Long-term", "A home until the child is grown up"
    EMERGENCY = "EMERGENCY", "Emergency", "A safe bed at short notice, often in the evening, for a few days"
    SHORT_BREAKS = "SHORT_BREAKS", "Short breaks", "Regular weekends or holidays for the same child"
    PARENT_CHILD = (
        "PARENT_CHILD",
        "Parent and child",
        "A parent and baby live with you while they get support",
    )
    DISABILITY = "DISABILITY", "Disabled children", "Children with a disability or a complex health need"
    UASC = (
        "UASC",
        "Young people seeking safety alone",
        "Children and teenagers who came to the UK without family",
    )
    NOT_SURE = "NOT_SURE", "I’m not sure yet"


CORE_CARE_TYPES = (CareType.SHORT_TERM, CareType.LONG_TERM, CareType.EMERGENCY)
"""Always offered; the others only where the council file names them."""


class AgeGroup(Option):
    """Ages of children someone could imagine caring for."""

    FROM_0 = "0_4", "0 to 4 years"
    FROM_5 = "5_10", "5 to 10 years"
    FROM_11 = "11_15", "11 to 15 years"
    FROM_16 = "16_17", "16 and 17 years"
    NO_PREFERENCE = "NO_PREFERENCE", "I have no preference yet"


class Experience(Option):
    """Where someone has been with children."""

    OWN_CHILDREN = "OWN_CHILDREN", "Bringing up children of my own"
    FAMILY_FRIENDS = "FAMILY_FRIENDS", "Looking after children of family or friends"
    PAID_WORK = (
        "PAID_WORK",
        "Paid work with children",
        "For example in a school, nursery, health or social care",
    )
    VOLUNTEERING = "VOLUNTEERING", "Volunteering with children", "For example Scouts, sport or a faith group"
    FOSTERED_BEFORE = "FOSTERED_BEFORE", "I have fostered"
    NONE = "NONE", "None of these yet"


class Availability(Option):
    """How much an adult of the household could be at home."""

    ADULT_HOME_MOST_DAYS = "ADULT_HOME_MOST_DAYS", "An adult is at home most days"
    FLEXIBLE_WORK = "FLEXIBLE_WORK", "We work, but can be flexible"
    PART_TIME = "PART_TIME", "We work part time"
    FULL_TIME_FIXED = "FULL_TIME_FIXED", "All adults work full time with fixed hours"
    NOT_SURE = "NOT_SURE", "I’m not sure yet"


class EnquirerType(Option):
    """Who would foster: one household is one enquiry."""

    ONE_PERSON = "ONE_PERSON", "Just me"
    COUPLE = "COUPLE", "Me and my partner"
    TWO_ADULTS_OTHER = (
        "TWO_ADULTS_OTHER",
        "Me and another adult",
        "For example a sister, or a friend you live with",
    )


class Housing(Option):
    """How the home is held."""

    OWN = "OWN", "We own it, with or without a mortgage"
    PRIVATE_RENT = "PRIVATE_RENT", "We rent from a private landlord"
    SOCIAL_RENT = "SOCIAL_RENT", "We rent from the council or a housing association"
    WITH_FAMILY = "WITH_FAMILY", "We live with family"
    OTHER = "OTHER", "Something else"


class Smoking(Option):
    """Whether anyone at home smokes or vapes."""

    NO = "NO", "No"
    OUTSIDE = "OUTSIDE", "Yes, only outside"
    YES = "YES", "Yes"
    PREFER_NOT = "PREFER_NOT", "I prefer not to say"


class Pet(Option):
    """Animals in the home."""

    DOG = "DOG", "Dog"
    CAT = "CAT", "Cat"
    OTHER = "OTHER", "Another animal"
    NONE = "NONE", "No pets"


class Driver(Option):
    """Whether school runs by car are possible; never a bar."""

    LICENCE_CAR = "LICENCE_CAR", "Yes, and there is a car"
    LICENCE_NO_CAR = "LICENCE_NO_CAR", "Yes, but there is no car"
    NO = "NO", "No"


class ContactMethod(Option):
    """How someone would like the first contact."""

    PHONE = "PHONE", "Phone call"
    EMAIL = "EMAIL", "Email"
    TEXT = "TEXT", "Text message", "Needs a mobile number"


class ContactTime(Option):
    """When someone can talk, on working days."""

    WD_MORNING = "WD_MORNING", "Morning, 9am to midday"
    WD_AFTERNOON = "WD_AFTERNOON", "Afternoon, midday to 5pm"
    WD_EVENING = "WD_EVENING", "Evening, 5pm to 7pm"
    ANY = "ANY", "Any of these times"


class NextStep(Option):
    """What should happen after sending."""

    CALL = "CALL", "A call from the team", "About 30 minutes, at a time that suits you"
    EVENT = (
        "EVENT",
        "An information event",
        "Meet the team and foster carers: we will tell you the dates",
    )
    INFO_PACK_ONLY = (
        "INFO_PACK_ONLY",
        "Only the information pack for now",
        "We email it to you, and write once more a month later. Nobody calls you",
    )


class HeardFrom(Option):
    """Where someone heard about fostering here (no official list exists: domain §4.4)."""

    WEB_COUNCIL = "WEB_COUNCIL", "The council’s website"
    SEARCH = "SEARCH", "An internet search"
    SOCIAL_FB_IG = "SOCIAL_FB_IG", "Facebook or Instagram"
    SOCIAL_OTHER = "SOCIAL_OTHER", "Other social media"
    WORD_OF_MOUTH = "WORD_OF_MOUTH", "Friends or family"
    FOSTER_CARER_REFERRAL = "FOSTER_CARER_REFERRAL", "A foster carer"
    COUNCIL_STAFF = "COUNCIL_STAFF", "Someone who works for the council"
    EVENT = "EVENT", "An event or a stall"
    SCHOOL_FAITH_COMMUNITY = "SCHOOL_FAITH_COMMUNITY", "A school, faith or community group"
    RADIO_TV_PRESS = "RADIO_TV_PRESS", "Radio, television or a newspaper"
    OUTDOOR_BUS_LEAFLET = "OUTDOOR_BUS_LEAFLET", "A poster, a bus or a leaflet"
    LAFSE_HUB = "LAFSE_HUB", "The regional fostering hub"
    NATIONAL_CAMPAIGN = "NATIONAL_CAMPAIGN", "A national campaign"
    FOSTERING_NETWORK = "FOSTERING_NETWORK", "The Fostering Network"
    PREVIOUS_ENQUIRER = "PREVIOUS_ENQUIRER", "I have been in touch before"
    OTHER = "OTHER", "Somewhere else"
    NOT_STATED = "NOT_STATED", "I don’t remember, or prefer not to say"


# What the portal and the staff add


class Channel(Option):
    """How the enquiry reached the service."""

    WEB = "WEB", "Web form"
    PHONE = "PHONE", "Phone"
    EMAIL = "EMAIL", "Email"
    EVENT = "EVENT", "Event"
    IN_PERSON = "IN_PERSON", "In person"
    HUB = "HUB", "Regional hub"
    SOCIAL_DM = "SOCIAL_DM", "Social media message"
    POST = "POST", "Post"


class Area(Option):
    """Where the household lives, as the service counts it (domain §9)."""

    SOTON = "SOTON", "Southampton"
    HANTS = "HANTS", "Hampshire"
    PORTS = "PORTS", "Portsmouth"
    IOW = "IOW", "Isle of Wight"
    OTHER = "OTHER", "Elsewhere"
    UNKNOWN = "UNKNOWN", "Not known"


class AreaConfidence(Option):
    """How surely the postcode tells the area."""

    UNIT = "UNIT", "Certain for this postcode"
    SECTOR = "SECTOR", "Certain for this part of the district"
    DISTRICT = "DISTRICT", "Certain for this district"
    PROBABLE = "PROBABLE", "Probable: the boundary runs near here"
    NONE = "NONE", "No postcode to tell by"
    STAFF = "STAFF", "Confirmed by staff"


class Status(Option):
    """Whether anything is still owed to the household; where it stands is the stage."""

    OPEN = "OPEN", "Open"
    KEEP_IN_TOUCH = "KEEP_IN_TOUCH", "Keep in touch"
    CLOSED = "CLOSED", "Closed"
    APPROVED = "APPROVED", "Approved"


class Stage(Option):
    """How far a household has come (domain §4.1). A10 onwards is worked in the case system."""

    NEW = "E10", "New"
    CONTACTING = "E20", "Contacting"
    CALL_DONE = "E30", "Initial call done"
    VISIT_BOOKED = "E40", "Initial visit booked"
    VISIT_DONE = "E50", "Initial visit done"
    APPLICATION_INVITED = "E60", "Application invited"
    APPLICATION_ACCEPTED = "A10", "Application accepted"
    STAGE_ONE = "A20", "Stage 1"
    STAGE_TWO = "A30", "Stage 2"
    PANEL = "A40", "Panel"
    DECISION = "A50", "Decision"
    APPROVED = "AP", "Approved"
    KEEP_IN_TOUCH = "KIT", "Keep in touch"
    CLOSED = "CL", "Closed"


class ActivityKind(Option):
    """What was done with a household; none of these is a stage."""

    CALL_OUT = "CALL_OUT", "We called"
    CALL_IN = "CALL_IN", "They called"
    EMAIL = "EMAIL", "Email"
    SMS = "SMS", "Text message"
    LETTER = "LETTER", "Letter"
    INFO_PACK = "INFO_PACK", "Information pack sent"
    PACK_DECLINED = "PACK_DECLINED", "Information pack not wanted"
    EVENT_INVITED = "EVENT_INVITED", "Invited to an event"
    EVENT_ATTENDED = "EVENT_ATTENDED", "Came to an event"
    AMBASSADOR_CALL = "AMBASSADOR_CALL", "Talked to a foster carer"
    VISIT = "VISIT", "Visit"
    NOTE = "NOTE", "Note"
    HANDOFF_HUB = "HANDOFF_HUB", "Handed to the regional hub"
    HANDOFF_LA = "HANDOFF_LA", "Handed to another council"


WRITTEN = frozenset({ActivityKind.EMAIL, ActivityKind.SMS, ActivityKind.LETTER})
"""What the household can read again."""

ATTEMPTS = WRITTEN | {ActivityKind.CALL_OUT, ActivityKind.VISIT}
"""The kinds that count as an attempt to reach the household."""


class CallOutcome(Option):
    """How a call went."""

    SPOKE = "SPOKE", "Spoke to them"
    NO_ANSWER = "NO_ANSWER", "No answer"
    VOICEMAIL = "VOICEMAIL", "Left a voicemail"
    WRONG_NUMBER = "WRONG_NUMBER", "Wrong number"
    CALL_BACK_AT = "CALL_BACK_AT", "Asked for another time"


class HistoryKind(Option):
    """What staff or the portal did to an enquiry, beside the contacts."""

    MOVED = "MOVED", "Moved on"
    CORRECTED = "CORRECTED", "Recorded again"
    WAITING = "WAITING", "Waiting longer for an answer"
    OWNER = "OWNER", "New owner"
    DETAILS = "DETAILS", "Details corrected"
    CHECKED = "CHECKED", "Checked: sent by a person"
    UNDELIVERED = "UNDELIVERED", "Mail does not arrive at this address"
    ASKED_TO_STOP = "ASKED_TO_STOP", "They ask to withdraw"
    SAME = "SAME", "Same household as"
    DIFFERENT = "DIFFERENT", "A different household from"
    DUPLICATE = "DUPLICATE", "Closed as a duplicate of this enquiry:"
    HELD = "HELD", "Kept beyond its time"
    RELEASED = "RELEASED", "No longer kept beyond its time"
    WORDS_READ = "WORDS_READ", "What they wrote was read: no concern"
    CONCERN = "CONCERN", "A concern was raised"
    PASSED_ON = "PASSED_ON", "The concern was passed on"
    RESTRICTED = "RESTRICTED", "Restricted to named people"
    READERS = "READERS", "Who can read it was changed"
    OPENED = "OPENED", "The whole team can read it again"
    FIRST_CALL = "FIRST_CALL", "Checklist of the initial call"
    HANDED = "HANDED", "Handed over"
    TOLD = "TOLD", "The family was told another way"


class Recommendation(Option):
    """What the panel recommends to the decision maker."""

    APPROVE = "APPROVE", "Approve"
    NOT_APPROVE = "NOT_APPROVE", "Do not approve"
    DEFERRED = "DEFERRED", "Deferred: more information is needed"


class VisitMode(Option):
    """How an initial visit is held."""

    HOME = "HOME", "At home"
    VIRTUAL = "VIRTUAL", "By video"


class VisitOutcome(Option):
    """What came of an initial visit."""

    PROCEED = "PROCEED", "Go on"
    NOT_NOW = "NOT_NOW", "Not now"
    NOT_SUITABLE = "NOT_SUITABLE", "Not suitable"


class DuplicateState(Option):
    """What staff made of two enquiries that look like one household."""

    POSSIBLE = "POSSIBLE", "Possible duplicate"
    SAME = "SAME", "Same household"
    DIFFERENT = "DIFFERENT", "Different households"


class MatchedOn(Option):
    """What two enquiries have in common."""

    EMAIL = "EMAIL", "Same email address"
    PHONE = "PHONE", "Same phone number"
    NAME_POSTCODE = "NAME_POSTCODE", "Same last name and postcode"
    STAFF = "STAFF", "Said by staff"
