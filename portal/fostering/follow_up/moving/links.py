"""The steps that can be taken from where a household stands, as links of its page."""

from __future__ import annotations

from portal.core.access import Actor
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.moving.application_forms import TELLING
from portal.fostering.follow_up.moving.forms import FORMS, form_class
from portal.fostering.follow_up.moving.refusals import possible_moves
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage


def moves_of(enquiry: Enquiry, *, by: Actor, panel: bool) -> list[tuple[str, str]]:
    """Address and words of each step that this person can take now."""
    stages = possible_moves(enquiry, by=by, panel=panel) if by.can("fostering.work") else []
    return [
        (addresses.of_move(enquiry.public_ref, stage), words_for(enquiry, stage))
        for stage in stages
        if stage in FORMS
    ]


def words_for(enquiry: Enquiry, stage: Stage) -> str:
    """The page's heading; where the stage is its own, what is recorded is recorded again."""
    return (
        AGAIN.get(stage, f"Correct: {stage.label}")
        if stage is enquiry.stage
        else form_class(stage, enquiry.stage).heading(enquiry)
    )


AGAIN = {
    Stage.KEEP_IN_TOUCH: "Change the review date",
    Stage.VISIT_BOOKED: "Change the visit",
    Stage.STAGE_ONE: "Record more of Stage 1",
    Stage.STAGE_TWO: "Record more of Stages 1 and 2",
    Stage.DECISION: TELLING,
}
