"""A household asks to be called at some time: when its next action is due then."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.council import FosteringTeam
from portal.fostering.clocks import next_step_due
from portal.fostering.due import due_in_stage, due_with_call_back
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage
from portal.fostering.queries import is_call_agreed_for, written_at


def due_when_asked(session: Session, enquiry: Enquiry, asked: datetime, team: FosteringTeam) -> datetime:
    """Of several times that they asked for, the last one counts: it takes the place of the one before."""
    due_at = enquiry.due_at
    if due_at is not None and is_call_agreed_for(session, enquiry, due_at):
        due_at = due_without_calls(session, enquiry, team)
    return due_with_call_back(enquiry, asked, due_at)


def due_without_calls(session: Session, enquiry: Enquiry, team: FosteringTeam) -> datetime | None:
    """By its stage alone, and after a visit by whether they were written to."""
    visited = enquiry.visit_done_at
    if enquiry.stage is Stage.VISIT_DONE and visited is not None:
        told = written_at(session, enquiry, since=visited)
        if told is not None:
            return next_step_due(visited, told, team)
    return due_in_stage(enquiry, team)
