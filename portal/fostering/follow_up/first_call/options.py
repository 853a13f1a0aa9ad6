"""The choices of the checklist (domain: fostering §5). An empty one was not talked about yet."""

from __future__ import annotations

from portal.core.options import Option


class Talked(Option):
    """What came of most topics."""

    FINE = "FINE", "Nothing in the way"
    MORE = "MORE", "To talk about more"


class YearsTogether(Option):
    """How long a couple has lived together; local policy asks for two years."""

    ALONE = "ALONE", "One applicant"
    TWO_OR_MORE = "TWO_OR_MORE", "Two years or more"
    LESS = "LESS", "Less than two years"


class EarlierApplications(Option):
    """Whether another service knows them."""

    NONE = "NONE", "None"
    KNOWN = "KNOWN", "Yes, and we know which service"
    TO_ASK = "TO_ASK", "Yes, the service is still to ask"


class Landlord(Option):
    """Whether whoever owns the home agrees."""

    NOT_RENTED = "NOT_RENTED", "The home is not rented"
    AGREES = "AGREES", "The landlord agrees"
    TO_ASK = "TO_ASK", "The landlord is still to ask"


class Delicate(Option):
    """Health, losses, police, children’s services: that it was talked about, and never what was said."""

    DISCUSSED = "DISCUSSED", "Talked about"
    TO_CASE_SYSTEM = "TO_CASE_SYSTEM", "Talked about, and written in the case system"


class CallResult(Option):
    """Where the call leads."""

    PROCEED_VISIT = "PROCEED_VISIT", "Book an initial visit"
    SEND_INFO = "SEND_INFO", "Send information first"
    KIT = "KIT", "Keep in touch"
    CLOSE = "CLOSE", "Close the enquiry"


TOPICS: dict[str, tuple[str, type[Option]]] = {
    "why": ("Why they want to foster", Talked),
    "who_lives_there": ("Who lives there", Talked),
    "bedroom": ("A bedroom for the child alone", Talked),
    "work_and_school": ("Work and school runs", Talked),
    "support": ("Family and friends who would help", Talked),
    "travel": ("Travel and driving", Talked),
    "pets_at_home": ("Pets", Talked),
    "smoking_at_home": ("Smoking and vaping", Talked),
    "together": ("How long a couple has been together", YearsTogether),
    "earlier_applications": ("Earlier applications to foster", EarlierApplications),
    "landlord": ("The landlord", Landlord),
    "recent_changes": ("A recent loss, pregnancy, treatment or move", Delicate),
    "known_to_services": ("Anything the police or children’s services know", Delicate),
}
"""Name → what it is called, and its choices; in the order of the talk."""
