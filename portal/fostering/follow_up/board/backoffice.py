"""The board by stage: the whole team’s households, one’s own, or those of nobody."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import requires
from portal.core.clock import london
from portal.core.context import current_actor, current_settings
from portal.core.database import read, small_write
from portal.fostering.follow_up import addresses, service
from portal.fostering.follow_up.board.queries import board
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.next_actions import mark_of
from portal.fostering.follow_up.owners.queries import covered_by
from portal.fostering.follow_up.queries import COUNTED_TO, end_of_day
from portal.fostering.queries import rounds_of

blueprint = Blueprint("fostering_board", __name__, url_prefix="/staff/fostering")

OWNERS = {"": "The whole team", "mine": "Me, and whom I cover for", "nobody": "Nobody yet"}


@blueprint.get("/board")
@requires("fostering.read")
def show() -> ResponseReturnValue:
    """Each stage, with those who are due first."""
    at, actor = clock.now(), current_actor()
    owner = request.args.get("owner", "")
    filters = QueueFilters(owner=owner if owner in OWNERS else "")
    reader = actor.id or 0
    readers = (reader, *covered_by(read(), reader, london(at).date()))
    columns = board(read(), filters, readers=readers, at=at)
    team = current_settings().council.fostering
    rows = [row for column in columns for row in column.rows]
    again = rounds_of(read(), rows)
    with small_write("audit of a read") as writer:
        service.note_queue_read(writer, filters, len(rows), by=actor, at=at)
    return render_template(
        "fostering/follow_up/board/show.html",
        columns=columns,
        owners=OWNERS,
        owner=filters.owner,
        limit=COUNTED_TO,
        marks={row.id: mark_of(row, team, at, again) for row in rows},
        address_of=addresses.of_enquiry,
        at=at,
        tomorrow=end_of_day(at),
    )
