"""Handing many households over: all that the preview showed, or none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core.access import Actor
from portal.core.errors import InvalidInput, StaleEdit
from portal.fostering.follow_up.handing_over.handover import Handover
from portal.fostering.follow_up.handing_over.queries import going, mark_of
from portal.fostering.follow_up.owners.queries import team
from portal.fostering.follow_up.owners.service import give
from portal.fostering.models import Enquiry


def hand_over(session: Session, handover: Handover, mark: str, *, note: str, by: Actor, at: datetime) -> int:
    """Give each of them its new owner, and say how many they were.

    Raises InvalidInput for somebody who cannot own one, StaleEdit where others would go over now than were
    shown: asked again behind the locks, as a colleague may have been quicker.
    """
    person = next((one for one in team(session) if one.id == handover.to), None)
    if person is None and handover.to is not None:
        raise InvalidInput("to", "Select somebody in the fostering team")
    ids = [row.id for row in going(session, handover, by)]
    chosen = Enquiry.id.in_(ids)
    session.execute(
        select(Enquiry.id).where(chosen).order_by(Enquiry.id).with_for_update(key_share=True)
    ).all()
    rows = going(session, handover, by)
    if not rows or mark_of(rows) != mark:
        raise StaleEdit(reference="")
    wanted = select(Enquiry).where(chosen).order_by(Enquiry.id).options(joinedload(Enquiry.owner))
    for enquiry in session.scalars(wanted).all():
        give(session, enquiry, person, note=note, by=by, at=at)
    return len(rows)
