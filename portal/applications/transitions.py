"""How an application may move: the one table that services, pages and tests read (domain recruitment §9).

Beyond the domain’s table a candidate on either reserve list may withdraw too, and a post may fall away, which
is no judgement on anybody.
"""

from __future__ import annotations

from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import Tab
from portal.core.errors import InvalidTransition

UNTIL_DECIDED = frozenset({Status.WITHDRAWN, Status.POST_ENDED})
"""Before there is an outcome a candidate may withdraw, and the post may fall away."""

ALLOWED: dict[Status, frozenset[Status]] = {
    Status.SUBMITTED: UNTIL_DECIDED | {Status.SIFTING},
    Status.SIFTING: UNTIL_DECIDED | {Status.SHORTLISTED, Status.RESERVE, Status.NOT_SHORTLISTED},
    Status.RESERVE: UNTIL_DECIDED | {Status.SHORTLISTED, Status.NOT_SHORTLISTED},
    Status.SHORTLISTED: UNTIL_DECIDED | {Status.INTERVIEW_INVITED, Status.NOT_SHORTLISTED},
    Status.INTERVIEW_INVITED: UNTIL_DECIDED | {Status.INTERVIEWED, Status.DID_NOT_ATTEND},
    Status.INTERVIEWED: UNTIL_DECIDED
    | {Status.OFFERED, Status.RESERVE_APPOINT, Status.UNSUCCESSFUL_INTERVIEW},
    Status.RESERVE_APPOINT: UNTIL_DECIDED | {Status.OFFERED, Status.UNSUCCESSFUL_INTERVIEW},
    Status.OFFERED: frozenset({Status.CHECKS, Status.OFFER_DECLINED, Status.OFFER_WITHDRAWN}),
    Status.CHECKS: frozenset({Status.CLEARED, Status.OFFER_DECLINED, Status.OFFER_WITHDRAWN}),
    Status.CLEARED: frozenset({Status.STARTED, Status.OFFER_DECLINED}),
    **{
        ended: frozenset()
        for ended in (
            *(Status.STARTED, Status.NOT_SHORTLISTED, Status.UNSUCCESSFUL_INTERVIEW, Status.DID_NOT_ATTEND),
            *(Status.POST_ENDED, Status.WITHDRAWN, Status.OFFER_DECLINED, Status.OFFER_WITHDRAWN),
        )
    },
}

ENDED = frozenset(status for status, onwards in ALLOWED.items() if not onwards)
"""Nothing follows. An undo goes back by the history, not by this table."""

OFFERS = frozenset({Status.OFFERED, Status.CHECKS, Status.CLEARED})
"""Somebody has the offer, and has neither started nor left."""

DECIDED = ENDED | OFFERS
"""Somebody has an outcome: an advert may be archived when all its applicants are among these."""

NEEDS_REASON = frozenset(
    {Status.NOT_SHORTLISTED, Status.UNSUCCESSFUL_INTERVIEW, Status.OFFER_WITHDRAWN, Status.OFFER_DECLINED}
)

BEFORE_SHORTLISTING = frozenset({Status.SUBMITTED, Status.SIFTING, Status.RESERVE, Status.NOT_SHORTLISTED})
"""Where an anonymised advert shows a reference and no name; see veil.py for what was withdrawn meanwhile."""

TAB_OF: dict[Status, Tab] = {
    Status.SUBMITTED: Tab.NEW,
    Status.SIFTING: Tab.NEW,
    Status.RESERVE: Tab.NEW,
    Status.SHORTLISTED: Tab.SHORTLISTED,
    Status.INTERVIEW_INVITED: Tab.INTERVIEWING,
    Status.INTERVIEWED: Tab.INTERVIEWING,
    Status.RESERVE_APPOINT: Tab.INTERVIEWING,
    Status.OFFERED: Tab.OFFERED,
    Status.CHECKS: Tab.OFFERED,
    Status.CLEARED: Tab.OFFERED,
    Status.STARTED: Tab.OFFERED,
    Status.NOT_SHORTLISTED: Tab.NOT_PROGRESSING,
    Status.UNSUCCESSFUL_INTERVIEW: Tab.NOT_PROGRESSING,
    Status.DID_NOT_ATTEND: Tab.NOT_PROGRESSING,
    Status.POST_ENDED: Tab.NOT_PROGRESSING,
    Status.WITHDRAWN: Tab.NOT_PROGRESSING,
    Status.OFFER_DECLINED: Tab.NOT_PROGRESSING,
    Status.OFFER_WITHDRAWN: Tab.NOT_PROGRESSING,
}


def allowed(status: Status, to: Status) -> bool:
    """Whether an application that stands here may go there."""
    return to in ALLOWED[status]


def onwards(status: Status) -> list[Status]:
    """Where it may go, in the order of the codes."""
    return [to for to in Status if allowed(status, to)]


def may_withdraw(status: Status) -> bool:
    """Whether the candidate may still withdraw; from an offer on, the offer is declined instead."""
    return allowed(status, Status.WITHDRAWN)


def require(reference: str, status: Status, to: Status) -> None:
    """Raise InvalidTransition, with what is possible instead, unless the move is allowed."""
    if not allowed(status, to):
        raise InvalidTransition(
            reference=reference,
            action=to.value,
            status=status.value,
            why=why_not(status, to),
            instead=[other.value for other in onwards(status)],
        )


def why_not(status: Status, to: Status) -> str:
    """The reason for a refusal, without a final stop; empty for what is allowed."""
    if allowed(status, to):
        return ""
    possible = ", ".join(f"“{other.label}”" for other in onwards(status))
    here = f"This application stands at “{status.label}”"
    return f"{here}. From there it can go to {possible}" if possible else f"{here}, where it has ended"
