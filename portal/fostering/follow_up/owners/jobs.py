"""Nightly: nobody's household stays with a colleague who has left."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core import jobs
from portal.core.access import Actor
from portal.fostering.follow_up.owners.queries import team
from portal.fostering.follow_up.owners.service import give
from portal.fostering.models import Enquiry
from portal.fostering.options import Status

PORTAL = Actor.system("the portal")
AT_A_TIME = 500
"""Households of one night: one person's are far fewer, and the next night takes the rest."""
LEFT = "They are not in the fostering team any more"


def init_app(app: Flask) -> None:
    """Say who does the work."""
    jobs.register_nightly(app, "fostering-owners", release_households)


def release_households(session: Session, at: datetime) -> None:
    """Give up what is owned by somebody who cannot own it, so that it stands among nobody's."""
    members = [person.id for person in team(session)]
    wanted = (
        select(Enquiry)
        .where(
            Enquiry.status.in_((Status.OPEN, Status.KEEP_IN_TOUCH)),
            Enquiry.owner_id.is_not(None),
            Enquiry.owner_id.not_in(members),
        )
        .options(joinedload(Enquiry.owner))
        .order_by(Enquiry.id)
        .limit(AT_A_TIME)
        .with_for_update(of=Enquiry, key_share=True)
    )
    for enquiry in session.scalars(wanted).all():
        give(session, enquiry, None, note=LEFT, by=PORTAL, at=at)
