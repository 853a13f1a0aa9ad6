"""The page on which the team sees who has no first answer yet."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import requires
from portal.core.audit import record
from portal.core.context import current_actor, current_settings
from portal.core.database import read, small_write
from portal.fostering.answering import queries
from portal.fostering.answering.events import ANSWERS_LISTED
from portal.fostering.follow_up.addresses import of_enquiry

blueprint = Blueprint("fostering_answers", __name__, url_prefix="/staff/fostering")


@blueprint.get("/first-answers")
@requires("fostering.read")
def index() -> ResponseReturnValue:
    """Acknowledgements that wait, packs to send, and how soon acknowledgements have left."""
    at, by, team = clock.now(), current_actor(), current_settings().council.fostering
    waiting = queries.acknowledgements(read(), team, at, by=by)
    packs = queries.packs(read(), team, at, by=by)
    with small_write("audit of a read") as writer:
        record(writer, ANSWERS_LISTED, by=by, at=at, shown=len(waiting) + len(packs))
    return render_template(
        "fostering/answering/index.html",
        acknowledgements=waiting,
        packs=packs,
        most=queries.MOST_LISTED,
        sent=queries.acknowledgements_sent(read(), team, at),
        days=queries.LOOKED_BACK.days,
        team=team,
        address_of=of_enquiry,
    )
