"""An enquiry accepted, against one durable insert of the same body."""

from __future__ import annotations

from tests.bench.households import ENQUIRE, Households
from tests.bench.measure import Side, compare
from tests.bench.report import PageRow
from tests.bench.sites import Bench

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
    ours = Side(
        bench.council.port,
        lambda seconds: households.requests(int(MOST_A_SECOND * seconds)),
        303,
        f"Location: {ENQUIRE}/confirmation",
        bench.processes(live.process),
        repeat=False,
    )
    accepted = compare(ours, bench.limit_side(head.encode() + body, 303, "Location: /kept"), bench.seconds)
    after = households.counts()
    new = {name: after[name] - before[name] for name in after}
    if not new["enquiries"] == new["references"] >= accepted.our_count or new["mails"] < new["enquiries"]:
        raise ValueError(f"{accepted.our_count} were accepted, yet the database says {new}")
    return PageRow("enquiry accepted", accepted, *TARGETS)
