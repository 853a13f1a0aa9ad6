"""How long one record is kept, as its page says it."""

from __future__ import annotations

from portal.core.wording import day
from portal.council import Retention
from portal.fostering.keeping.options import Ending
from portal.fostering.keeping.schedule import going_of, last_heard
from portal.fostering.models import Enquiry


def kept_in_words(enquiry: Enquiry, periods: Retention, *, tonight: bool) -> str:
    """A sentence; empty while it is open, since nobody can say then. `tonight` is as `goes_tonight` says."""
    if enquiry.is_held:
        again = f" Somebody looks at it again on {day(enquiry.hold_until)}." if enquiry.hold_until else ""
        return f"It is kept beyond its time.{again}"
    if enquiry.must_stay:
        return "It is kept for as long as it is restricted to named people."
    going = going_of(enquiry, last_heard(enquiry), periods)
    if going is None:
        return ""
    ending = "deleted" if going.rule.ending is Ending.DELETE else "made anonymous"
    if tonight:
        approved = f"A fostering manager has approved that it is {ending} tonight."
        return f"{approved} Whatever is changed in it before then keeps it."
    if enquiry.duplicate_of_id is not None:
        return f"It is kept until {day(going.on)} at least, and for as long as the enquiry that stays."
    return f"From {day(going.on)} on it can be {ending}, once a fostering manager has approved that."
