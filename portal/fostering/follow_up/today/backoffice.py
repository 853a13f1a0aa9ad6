"""Today’s work by clock: the whole team’s, one’s own, or nobody’s."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import requires
from portal.core.clock import london
from portal.core.context import current_actor, current_settings
from portal.core.database import read
from portal.fostering.answering.queries import first_answers
from portal.fostering.follow_up.board.backoffice import OWNERS
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.next_actions import WORDS
from portal.fostering.follow_up.owners.queries import covered_by
from portal.fostering.follow_up.queries import COUNTED_TO
from portal.fostering.follow_up.today.queries import running_clocks
from portal.fostering.messages.queries import letters_owed
from portal.fostering.pipeline import status_in

blueprint = Blueprint("fostering_today", __name__, url_prefix="/staff/fostering")


@blueprint.get("/today")
@requires("fostering.read")
def show() -> ResponseReturnValue:
    """Numbers alone, each of them leading to its list; closing letters are owed by nobody in particular."""
    at, actor, team = clock.now(), current_actor(), current_settings().council.fostering
    owner, reader = request.args.get("owner", ""), actor.id or 0
    filters = QueueFilters(owner=owner if owner in OWNERS else "")
    readers = (reader, *covered_by(read(), reader, london(at).date()))
    return render_template(
        "fostering/follow_up/today/show.html",
        clocks=running_clocks(read(), filters, readers=readers, at=at, team=team),
        letters=letters_owed(read(), team, at, by=actor),
        answers=first_answers(read(), team, at, by=actor),
        owners=OWNERS,
        owner=filters.owner,
        words=WORDS,
        status_in=status_in,
        limit=COUNTED_TO,
    )
