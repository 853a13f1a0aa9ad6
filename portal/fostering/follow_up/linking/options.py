"""What staff say of two enquiries side by side."""

from __future__ import annotations

from portal.core.options import Option


class Said(Option):
    """One household or two; one enquiry or two."""

    SAME = "SAME", "Same household, and both enquiries stay"
    MERGE = "MERGE", "Same household, and the earlier enquiry is enough"
    MERGE_LATER = "MERGE_LATER", "Same household, and the later enquiry is enough"
    DIFFERENT = (
        "DIFFERENT",
        "Different households",
        "If one was closed as a duplicate, it is opened again where it stood",
    )
