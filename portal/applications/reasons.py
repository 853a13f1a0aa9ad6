"""Why an application ended: the codes of domain recruitment §9, and where each may be given.

A stored reason is a code; of the essential criteria each that was not met is named by its number in the
advert as it was when the application came: `essential:2`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.applications.options import ApplicationStatus as Status
from portal.core.options import Option


class Reason(Option):
    """Why; the hint says what the code is for where that is not plain."""

    ESSENTIAL = "essential", "Does not meet essential criteria"
    LOWER_SCORE = "lower_score", "Lower score than others"
    NOT_REGISTERED = "not_registered", "Not registered"
    NO_RIGHT_TO_WORK = "no_right_to_work", "No right to work in this role"
    CHECKS = "checks", "Checks unsatisfactory"
    SALARY = "salary", "Salary"
    LOCATION = "location", "Location"
    ANOTHER_JOB = "another_job", "Took another job"
    OTHER = "other", "Another reason"


REASONS: dict[Status, tuple[Reason, ...]] = {
    Status.NOT_SHORTLISTED: (
        *(Reason.ESSENTIAL, Reason.LOWER_SCORE, Reason.NOT_REGISTERED, Reason.NO_RIGHT_TO_WORK),
        Reason.OTHER,
    ),
    Status.UNSUCCESSFUL_INTERVIEW: (
        *(Reason.ESSENTIAL, Reason.LOWER_SCORE, Reason.NOT_REGISTERED, Reason.NO_RIGHT_TO_WORK),
        Reason.OTHER,
    ),
    Status.OFFER_WITHDRAWN: (*(Reason.CHECKS, Reason.NOT_REGISTERED, Reason.NO_RIGHT_TO_WORK, Reason.OTHER),),
    Status.OFFER_DECLINED: (*(Reason.SALARY, Reason.LOCATION, Reason.ANOTHER_JOB, Reason.OTHER),),
}
"""Status → the reasons that may be given for it; exactly the statuses that need one."""

FOR_HR = frozenset({Reason.CHECKS})
"""What only HR gives: checks are HR’s."""


def reasons_for(to: Status, *, hr: bool) -> tuple[Reason, ...]:
    """What this person may give for this status; empty where none is asked."""
    return tuple(reason for reason in REASONS.get(to, ()) if hr or reason not in FOR_HR)


def reason_of(code: str) -> Reason:
    """The reason of a stored code."""
    return Reason(code.partition(":")[0])


def essential_criteria(advert: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Number and wording of each essential criterion of an advert as an application keeps it."""
    lines = enumerate(advert.get("criteria", ()), 1)
    return [(number, line["wording"]) for number, line in lines if line["importance"] == "essential"]


def is_for_hr(codes: Sequence[str]) -> bool:
    """Whether only HR reads these reasons, and what was noted with them."""
    return any(reason_of(code) in FOR_HR for code in codes)


def reason_words(
    codes: Sequence[str], advert: Mapping[str, Any] | None = None, *, hr: bool = True
) -> list[str]:
    """Stored reasons in words, each criterion that was not met as the advert had it; HR’s own only for HR."""
    wordings = dict(essential_criteria(advert or {}))
    words = []
    for code in codes:
        if not hr and is_for_hr([code]):
            continue
        label, number = reason_of(code).label, code.partition(":")[2]
        wording = wordings.get(int(number)) if number.isascii() and number.isdigit() else None
        words.append(f"{label}: {wording}" if wording else label)
    return words
