"""An enquiry accepted, against one durable insert of the same body."""

from __future__ import annotations

import tempfile
from pathlib import Path

from portal import create_app
from tests.bench.households import ENQUIRE, Households
from tests.bench.measure import Growth, Side, compare, grow
from tests.bench.report import PageRow
from tests.bench.sites import Bench, port_of
from tests.support.live import Live
from tests.support.settings import settings_for

TARGETS = (0.4, 0.75)
MOST_A_SECOND = 700
"""More than any machine here accepts: a turn must not run out of households."""


def measure_enquiry(bench: Bench) -> PageRow:
    """The whole of it: validated, token and throttle, one transaction with its mails and its audit event."""
    live = bench.council.live
    households = Households(bench.app, bench.db, live.base_url)
    before = households.counts()
    body = households.requests(1)[0].partition(b"\r\n\r\n")[2]
    head = (
        "POST /keep HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    ours = sending_side(bench, live, households)
    accepted = compare(ours, bench.limit_side(head.encode() + body, 303, "Location: /kept"), bench.seconds)
    check_counts(before, households.counts(), accepted.our_count)
    return PageRow("enquiry accepted", accepted, *TARGETS)


def sending_side(bench: Bench, live: Live, households: Households) -> Side:
    """A portal to which households send their enquiries, each once."""
    return Side(
        port_of(live),
        lambda seconds: households.requests(int(MOST_A_SECOND * seconds)),
        303,
        f"Location: {ENQUIRE}/confirmation",
        bench.processes(live.process),
        repeat=False,
    )


def check_counts(before: dict[str, int], after: dict[str, int], accepted: int) -> None:
    """Every answer that was counted has left its rows; raises ValueError."""
    new = {name: after[name] - before[name] for name in after}
    if not new["enquiries"] == new["references"] >= accepted or new["mails"] < new["enquiries"]:
        raise ValueError(f"{accepted} were accepted, yet the database says {new}")


def measure_growth_of_accepting(bench: Bench, portals: dict[int, tuple[str, Live]]) -> Growth:
    """The same with so many enquiries stored already; the portals by that, each with its database."""
    sides, before, opened = {}, {}, {}
    with tempfile.TemporaryDirectory(prefix="portal-accepting-") as folder:
        for size, (url, live) in portals.items():
            app = create_app(settings_for(Path(folder), url, base_url=live.base_url))
            opened[size] = Households(app, app.extensions["portal.database"], live.base_url)
            sides[size], before[size] = sending_side(bench, live, opened[size]), opened[size].counts()
        growth = grow(sides, bench.seconds)
        for size, households in opened.items():
            check_counts(before[size], households.counts(), 1)
            households.db.dispose()
    return growth
