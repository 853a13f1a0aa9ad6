"""How a household moves from stage to stage: one table that pages, service and tests read (domain §4.1).

What is in the table can be done; what is not is refused, with the reason that can be read off it.
"""

from __future__ import annotations

from portal.fostering.closures import AFTER_APPLICATION, BEFORE_APPLICATION, Closure
from portal.fostering.options import Stage, Status

NEXT: dict[Stage, tuple[Stage, ...]] = {
    Stage.NEW: (Stage.CONTACTING, Stage.CLOSED),
    Stage.CONTACTING: (Stage.CALL_DONE, Stage.KEEP_IN_TOUCH, Stage.CLOSED),
    Stage.CALL_DONE: (
        Stage.VISIT_BOOKED,
        Stage.APPLICATION_INVITED,
        Stage.KEEP_IN_TOUCH,
        Stage.CLOSED,
    ),
    Stage.VISIT_BOOKED: (Stage.VISIT_DONE, Stage.KEEP_IN_TOUCH, Stage.CLOSED),
    Stage.VISIT_DONE: (Stage.APPLICATION_INVITED, Stage.KEEP_IN_TOUCH, Stage.CLOSED),
    Stage.APPLICATION_INVITED: (Stage.APPLICATION_ACCEPTED, Stage.KEEP_IN_TOUCH, Stage.CLOSED),
    Stage.APPLICATION_ACCEPTED: (Stage.STAGE_ONE, Stage.CLOSED),
    Stage.STAGE_ONE: (Stage.STAGE_TWO, Stage.CLOSED),
    Stage.STAGE_TWO: (Stage.PANEL, Stage.CLOSED),
    Stage.PANEL: (Stage.DECISION, Stage.CLOSED),
    Stage.DECISION: (Stage.APPROVED, Stage.CLOSED),
    Stage.APPROVED: (),
    Stage.KEEP_IN_TOUCH: (Stage.CONTACTING, Stage.CLOSED),
    Stage.CLOSED: (Stage.CONTACTING,),
}

BY_A_CONTACT = frozenset({Stage.CALL_DONE})
"""Entered by recording the talk itself, on the household’s page, and by nothing else."""

FOR_MANAGERS = frozenset({(Stage.CALL_DONE, Stage.APPLICATION_INVITED)})
"""Without an initial visit: transfers, and whom the regional hub has already seen."""

CORRECTED = frozenset(NEXT) - {Stage.NEW, Stage.CONTACTING, Stage.CALL_DONE, Stage.CLOSED, Stage.APPROVED}
"""Stages whose own facts can be recorded again: a visit put off, a slip, another review date."""

APPLICATION = (
    Stage.APPLICATION_ACCEPTED,
    Stage.STAGE_ONE,
    Stage.STAGE_TWO,
    Stage.PANEL,
    Stage.DECISION,
)
"""Stages of an application, which the case system works; Ofsted’s reasons close these."""

FINISHED = {
    Stage.KEEP_IN_TOUCH: Status.KEEP_IN_TOUCH,
    Stage.CLOSED: Status.CLOSED,
    Stage.APPROVED: Status.APPROVED,
}


def how_far(stage: Stage) -> int:
    """The place of a stage on the way to an approval: to tell which of two enquiries has come further.

    Whoever is kept in touch with or closed is not on the way now.
    """
    return -1 if stage in (Stage.KEEP_IN_TOUCH, Stage.CLOSED) else list(NEXT).index(stage)


def status_in(stage: Stage) -> Status:
    """Whether anything is owed to a household in this stage."""
    return FINISHED.get(stage, Status.OPEN)


def moves_from(stage: Stage, *, panel: bool) -> tuple[Stage, ...]:
    """Where a household in this stage can go; `panel` is whether one sits before the decision."""
    if stage is Stage.STAGE_TWO and not panel:
        return (Stage.DECISION, Stage.CLOSED)
    return NEXT[stage]


def reached_from(stage: Stage, *, panel: bool) -> tuple[Stage, ...]:
    """The stages out of which this one is entered."""
    return tuple(before for before in NEXT if stage in moves_from(before, panel=panel))


def codes_for(stage: Stage) -> tuple[Closure, ...]:
    """The reasons for closing in this stage: Ofsted’s only for an application, the others only before it."""
    return AFTER_APPLICATION if stage in APPLICATION else BEFORE_APPLICATION
