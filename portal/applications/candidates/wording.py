"""What a candidate is told of where an application stands. Never more than was told them by mail."""

from __future__ import annotations

from datetime import date, datetime

from portal.applications.candidates.withdrawing import UNDO_WITHIN
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.transitions import DECIDED, ENDED, OFFERS
from portal.core.clock import london
from portal.core.wording import day, plural
from portal.council import Retention

READING = "At least two people read each application and compare it with what the advert asks for."

NEXT: dict[Status, str] = {
    Status.SUBMITTED: "We read every application after the vacancy has closed.",
    Status.SIFTING: READING,
    Status.RESERVE: READING,
    Status.SHORTLISTED: "We write to you to arrange an interview.",
    Status.INTERVIEW_INVITED: (
        "Our messages to you say when the interview is and what to bring. If they do not say where, "
        "we tell you before that day."
    ),
    Status.INTERVIEWED: "We decide, then write to everybody who was interviewed.",
    Status.RESERVE_APPOINT: "We decide, then write to everybody who was interviewed.",
    Status.OFFERED: "Our message to you says what the offer depends on and how to accept it.",
    Status.CHECKS: "We carry out the checks for work with children. We write to you if we need something.",
    Status.CLEARED: "The checks are complete. We agree your first day with you.",
    Status.STARTED: "Nothing more happens with this application.",
    Status.NOT_SHORTLISTED: "We have decided not to take this application further.",
    Status.UNSUCCESSFUL_INTERVIEW: "We have decided not to offer you this post.",
    Status.DID_NOT_ATTEND: "We closed this application after the interview was missed.",
    Status.POST_ENDED: "We have stopped recruiting for this job. That says nothing about your application.",
    Status.WITHDRAWN: "You withdrew this application. We are no longer looking at it.",
    Status.OFFER_DECLINED: "You declined the offer. Nothing more happens with this application.",
    Status.OFFER_WITHDRAWN: "We have written to you about why.",
}

KINDS: dict[Status, str] = {
    **dict.fromkeys(ENDED, "quiet"),
    **dict.fromkeys(OFFERS | {Status.STARTED}, "good"),
    **dict.fromkeys((Status.SHORTLISTED, Status.INTERVIEW_INVITED), "warn"),
}
"""The look of the tag; its words say the same."""

BEFORE_AN_OUTCOME = frozenset(Status) - DECIDED


def why_kept(periods: Retention) -> str:
    """For how long sent applications are kept, and what for."""
    months = plural(periods.candidate_unsuccessful, "month")
    return (
        f"Until {months} after the last decision on the vacancy, so that we can answer questions and "
        f"complaints about how we chose. {while_others_wait(periods)} "
        "If you get the post, they go to your personnel file. A legal case can keep them longer."
    )


def while_others_wait(periods: Retention) -> str:
    """What holds where somebody else is not decided about for long."""
    months = plural(periods.candidate_undecided, "month")
    return (
        f"Where we are slow to decide about others, we count from {months} after closing, or from the "
        "decision about you if that comes later."
    )


def kept_until(goes_on: date | None, periods: Retention) -> str:
    """When one of them goes; None while nobody can say, or may."""
    if goes_on is not None:
        return f"We delete it on {day(goes_on)}."
    months = plural(periods.candidate_unsuccessful, "month")
    return (
        f"We keep it for {months} after the last decision on this vacancy, then delete it. "
        "If you get the post, it goes to your personnel file."
    )


def what_next(application: Application) -> str:
    """What happens now."""
    return NEXT[application.told_status]


def by_when(application: Application, at: datetime) -> str:
    """By when they hear from us, as the advert promised; past it, that we are late. Empty for an outcome."""
    promised: date | None = application.vacancy.decision_promised_on
    if application.told_status not in BEFORE_AN_OUTCOME or promised is None:
        return ""
    if london(at).date() > promised:
        return (
            f"We promised a decision by {day(promised)} and have not kept that. "
            "You have not been forgotten: ask us how it stands."
        )
    return f"You hear from us by {day(promised)} at the latest, whatever we decide."


def kind_of(application: Application) -> str:
    """The look of the status’ tag."""
    return KINDS.get(application.told_status, "")


__all__ = ["OFFERS", "UNDO_WITHIN", "by_when", "kept_until", "kind_of", "what_next", "why_kept"]
