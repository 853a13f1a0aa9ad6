"""Why a step cannot be taken from where a household stands, in words, read off the table of the pipeline."""

from __future__ import annotations

from collections.abc import Iterable

from portal.core.access import Actor
from portal.fostering.closures import Closure
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage, VisitOutcome
from portal.fostering.pipeline import BY_A_CONTACT, CORRECTED, FOR_MANAGERS, moves_from, reached_from

MANAGER = "fostering.manage"


def possible_moves(enquiry: Enquiry, *, by: Actor, panel: bool) -> list[Stage]:
    """Where this person can move the enquiry on its pages, its own stage first where that can be redone."""
    own = [enquiry.stage] if enquiry.stage in CORRECTED else []
    there = [stage for stage in moves_from(enquiry.stage, panel=panel) if stage not in BY_A_CONTACT]
    return [*own, *(stage for stage in there if not refusal(enquiry, stage, by=by, panel=panel))]


def refusal(enquiry: Enquiry, to: Stage, *, by: Actor, panel: bool) -> str:
    """Why the enquiry cannot be moved there; empty when it can."""
    here = enquiry.stage
    if to is here:
        return "" if here in CORRECTED else f"This enquiry is already at “{here.label}”."
    if to in BY_A_CONTACT:
        return "The initial call is done once a talk is recorded. Record the contact on the enquiry’s page."
    if here is Stage.CLOSED and to is Stage.CONTACTING and enquiry.closure_code is Closure.X10:
        return "They asked for their record to be erased, so it stays closed. They can enquire again."
    if to not in moves_from(here, panel=panel):
        before = reached_from(to, panel=panel)
        if not before:
            return f"No enquiry can be moved to “{to.label}”."
        return f"“{to.label}” can only follow {one_of(before)}. This enquiry is at “{here.label}”."
    if (here, to) in FOR_MANAGERS and not by.can(MANAGER):
        return (
            "Only a fostering manager can invite an application without an initial visit, "
            "for example when another fostering service or the regional hub has already visited."
        )
    outcome = enquiry.visit_outcome if here is Stage.VISIT_DONE else None
    if to is Stage.APPLICATION_INVITED and outcome not in (None, VisitOutcome.PROCEED):
        return (
            f"The visit ended with “{outcome.label}”. "
            "Keep in touch or close the enquiry; or record the visit again if that was a slip."
        )
    return ""


def one_of(stages: Iterable[Stage]) -> str:
    """“A”, “B” or “C”."""
    *most, last = (f"“{stage.label}”" for stage in stages)
    return f"{', '.join(most)} or {last}" if most else last
