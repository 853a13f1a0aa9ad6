"""What staff say of two enquiries side by side."""

from __future__ import annotations

from portal.core.options import Option


class Said(Option):
    """One household or two; one enquiry or two."""

    SAME = "SAME", "Same household, and both enquiries stay"
    MERGE = (
        "MERGE",
        "Same household, and one enquiry is enough",
        "The later one is closed as a duplicate. The earlier one stays, due when the first of the two was",
    )
    DIFFERENT = "DIFFERENT", "Different households", "If one was closed as a duplicate, it is opened again"
