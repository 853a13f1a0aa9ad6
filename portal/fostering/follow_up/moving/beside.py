"""What stands beside a step on its page: what staff compare it with before they take it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.council import FosteringTeam
from portal.fostering.clocks import visit_due
from portal.fostering.closures import Closure
from portal.fostering.information_events.queries import places_ahead
from portal.fostering.models import Enquiry
from portal.fostering.options import Area, SpareBedroom, Stage, UkResidency, YesNo
from portal.fostering.queries import called_again

RESIDENCY = "Right to live and work in the UK"


def beside(
    session: Session, enquiry: Enquiry, to: Stage, at: datetime, team: FosteringTeam
) -> dict[str, Any]:
    """By when a visit booked now is due; before closing, the answers that reasons rest on, and places."""
    return {
        "visit_due_at": visit_due_at(session, enquiry, to, team),
        "answered": answered(enquiry) if to is Stage.CLOSED and not enquiry.application_at else [],
        "places": places_ahead(session, enquiry.id, at) if to is Stage.CLOSED else [],
    }


def visit_due_at(session: Session, enquiry: Enquiry, to: Stage, team: FosteringTeam) -> datetime | None:
    """By when a visit is to be held that is booked now; None for other steps."""
    called_at = talked_at(session, enquiry) if to is Stage.VISIT_BOOKED else None
    return visit_due(called_at, team) if called_at else None


def talked_at(session: Session, enquiry: Enquiry) -> datetime | None:
    """The talk that the clock of the visit runs from: this round’s, not the first of an earlier one."""
    if enquiry.stage is Stage.CALL_DONE:
        return enquiry.stage_since or enquiry.initial_call_at
    return called_again(session, [enquiry]).get(enquiry.id, enquiry.initial_call_at)


def answered(enquiry: Enquiry) -> list[tuple[str, str]]:
    """What a reason of the service could contradict; only what was asked and answered."""
    facts = (
        ("21 or over", enquiry.age_21_plus),
        ("Spare bedroom", enquiry.spare_bedroom),
        (RESIDENCY, enquiry.uk_residency),
        ("Lives in", enquiry.area),
    )
    return [(question, answer.label) for question, answer in facts if answer is not None]


def contradicted(enquiry: Enquiry) -> dict[Closure, str]:
    """The reasons that say something else than an answer, each with the question and that answer."""
    known = {
        Closure.S01: ("21 or over", enquiry.age_21_plus, enquiry.age_21_plus is YesNo.YES),
        Closure.S02: ("Spare bedroom", enquiry.spare_bedroom, enquiry.spare_bedroom is SpareBedroom.YES),
        Closure.S03: ("Lives in", enquiry.area, enquiry.area is Area.SOTON),
        Closure.S04: (RESIDENCY, enquiry.uk_residency, enquiry.uk_residency is UkResidency.YES),
    }
    return {
        code: f"{question}: {answer.label}"
        for code, (question, answer, against) in known.items()
        if answer is not None and against
    }
