"""What of a journey's answers becomes columns of an enquiry."""

from __future__ import annotations

from typing import Any

from portal.fostering.enquire.forms import CAMPAIGN
from portal.fostering.service import CODES, LISTS, NUMBERS, TEXTS
from portal.journeys.engine import Submission
from portal.journeys.snapshot import cells_of

FIELDS = (*CODES, *LISTS, *NUMBERS, *TEXTS, "first_name", "last_name", "updates_opt_in")


def answers_that_count(submission: Submission) -> dict[str, Any]:
    """The answers to questions that were put in the end.

    Somebody may name a second person, and then go back and say that there is none: the name must go.
    """
    put = cells_of(submission.snapshot)
    return {name: submission.answers.get(name) for name in FIELDS if name in put or name in CAMPAIGN}
