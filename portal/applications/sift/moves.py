"""Which moves somebody on the council’s side may make, beyond what the table of transitions allows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.applications import transitions
from portal.applications.answers.queries import takes_mail
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.scope import is_hr
from portal.core.access import Actor
from portal.core.errors import InvalidTransition
from portal.core.wording import moment

CANDIDATES_OWN = frozenset({Status.WITHDRAWN})
"""Withdrawing is the candidate’s to do, on their own pages."""

FOR_EVERYBODY = frozenset({Status.POST_ENDED})
"""What is true of everybody undecided or of nobody, so it is recorded once, on a page of the vacancy."""

HR_ONLY = frozenset({Status.CLEARED})
"""Whoever says that the checks are in order has seen them, and only HR has."""

ONE_AT_A_TIME = frozenset({Status.INTERVIEW_INVITED, Status.CLEARED, Status.STARTED})
"""What has a time or a day of its own for each person, so it is not done for several together."""

AFTER_INTERVIEW = frozenset({Status.INTERVIEWED, Status.DID_NOT_ATTEND})
"""What nobody can know before the interview."""

NOT_INVITED = (
    "Send the invitation first: the candidate has not been told of the interview. If its time is past, change"
    " the interview or call it off"
)
NOT_OFFERED = "Send the offer first: the candidate has not been told of it. An offer by mistake can be undone"

PRESUPPOSED: dict[tuple[Status, Status], str] = {
    (Status.INTERVIEW_INVITED, Status.DID_NOT_ATTEND): NOT_INVITED,
    **{(Status.OFFERED, to): NOT_OFFERED for to in transitions.onwards(Status.OFFERED)},
}
"""What can only follow once the candidate knows where the application stands, and why not before."""

FOR_MANY = tuple(
    to
    for to in Status
    if to is not Status.SUBMITTED and to not in CANDIDATES_OWN | FOR_EVERYBODY | ONE_AT_A_TIME
)


def ahead(interview_at: datetime | None, at: datetime) -> datetime | None:
    """The interview, while it has not begun; None where there is none or it has."""
    return interview_at if interview_at is not None and interview_at > at else None


def knows(application: Any) -> bool:
    """Whether the candidate has been told where it stands, or cannot be by mail; of an application or row."""
    return application.told_status is application.status or not takes_mail(application.email)


def moves_for(
    status: Status, by: Actor, interview: datetime | None = None, *, known: bool = True
) -> list[Status]:
    """Where this person may move an application that stands here, in the order of the codes."""
    return [to for to in transitions.onwards(status) if not refusal(status, to, by, interview, known=known)]


def refusal(
    status: Status, to: Status, by: Actor, interview: datetime | None = None, *, known: bool = True
) -> str:
    """Why not, without a final stop; empty for what may be done.

    `interview` is one that lies ahead, `known` whether the candidate `knows` of the status.
    """
    if to in CANDIDATES_OWN:
        return "Only the candidate withdraws an application, on their own page"
    if to in FOR_EVERYBODY:
        return "That a post falls away is recorded for everybody undecided at once, on the vacancy’s page"
    if not transitions.allowed(status, to):
        return not_from_here(status)
    if to in HR_ONLY and not is_hr(by):
        return "Only HR confirms an offer, because only HR sees the checks"
    if to in AFTER_INTERVIEW and interview is not None:
        return f"The interview is at {moment(interview)}. “{to.label}” can be recorded from then on"
    return "" if known else PRESUPPOSED.get((status, to), "")


def not_from_here(status: Status) -> str:
    """Where it stands, and where staff can move it from there."""
    possible = [to for to in transitions.onwards(status) if to not in CANDIDATES_OWN | FOR_EVERYBODY]
    if not possible:
        return transitions.why_not(status, status)
    named = ", ".join(f"“{to.label}”" for to in possible)
    return f"It stands at “{status.label}”. From there you can move it to {named}"


def why_first(status: Status) -> str:
    """What has to be sent before anything presupposed can follow; empty where nothing has to."""
    return next((why for (here, _to), why in PRESUPPOSED.items() if here is status), "")


def require_move(application: Application, to: Status, by: Actor, at: datetime) -> None:
    """Raise InvalidTransition, with what is possible instead, unless this person may make the move."""
    status, known = application.status, knows(application)
    interview = ahead(application.interview_at, at)
    reason = refusal(status, to, by, interview, known=known)
    if reason:
        raise InvalidTransition(
            reference=application.reference,
            action=to.value,
            status=status.value,
            why=reason,
            instead=[other.value for other in moves_for(status, by, interview, known=known)],
        )
