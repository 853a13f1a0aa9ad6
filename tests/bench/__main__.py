"""`make bench`, or `python -m tests.bench [--only WORD] [--seconds N] [--no-write]`.

Parts, each measured when its name has the word of `--only` in it: the rows against the limit
(`landing, cached`, `search, rare word, uncached`, `enquiry accepted`…), `first visit`, `growth`,
`applications list`, `publication`, `fostering pages`, `fostering figures`, `fostering export`,
`fostering beside an export`, `fostering growth of enquiry accepted`, `applications export`, `start`.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
import warnings
from datetime import UTC, datetime

from tests.bench.applicants import measure_lists
from tests.bench.application_exports import measure_applications
from tests.bench.applications import measure_application
from tests.bench.enquiries import measure_enquiry
from tests.bench.fostering import PARTS, measure_fostering
from tests.bench.households import ENQUIRE
from tests.bench.machine import describe_machine
from tests.bench.pages import (
    PAGES,
    VISITED,
    measure_growth,
    measure_pages,
    measure_publications,
    mixes_for,
    said,
)
from tests.bench.report import (
    HEAD,
    StartRow,
    export_table,
    growth_table,
    page_table,
    publication_table,
    start_table,
    weight_table,
)
from tests.bench.sites import Bench, running
from tests.bench.start import measure_starts
from tests.bench.weight import weigh
from tests.support.sources import ROOT

RESULTS = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Measure, show, and write the results down when everything was measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", default="", metavar="WORD", help="only rows and parts with this in their name"
    )
    parser.add_argument("--seconds", type=float, default=0.8, help="length of one turn")
    parser.add_argument("--no-write", action="store_true", help=f"leave {RESULTS.name} as it is")
    options = parser.parse_args()
    warnings.simplefilter("ignore", ResourceWarning)
    signal.signal(signal.SIGTERM, end)
    begun = time.monotonic()
    with running(options.seconds, options.only, mixes_for(options.only)) as bench:
        print(f"ready after {time.monotonic() - begun:.0f} s", flush=True)
        tables = measure(bench)
        machine = describe_machine(bench.version)
    if options.only in "start":
        tables.append(start_table(measured_starts()))
    minutes = (time.monotonic() - begun) / 60
    head = HEAD.format(machine=machine, date=f"{datetime.now(UTC):%d %B %Y}", minutes=minutes)
    whole = "\n\n".join([head.strip(), *tables]) + "\n"
    print(whole)
    if not options.only and not options.no_write:
        RESULTS.write_text(whole, encoding="utf-8")


def end(_signal: int, _frame: object) -> None:
    """Told to end: every server that was started is stopped on the way out."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(128 + signal.SIGTERM)


def measure(bench: Bench) -> list[str]:
    """The tables of what needs a running portal."""
    tables = []
    rows = measure_pages(bench)
    if bench.wanted("enquiry accepted"):
        rows.append(said(measure_enquiry(bench)))
    if bench.wanted("application sent"):
        rows.append(said(measure_application(bench)))
    if rows:
        tables.append(page_table(rows))
    if bench.wanted("applications list"):
        tables.append(measure_lists(bench))
    if bench.wanted("growth"):
        tables.append(growth_table(measure_growth(bench)))
    if bench.wanted("publication"):
        taken = measure_publications(bench)
        tables.append(publication_table({mix.words: found for mix, found in taken.items()}))
    if any(bench.wanted(part) for part in PARTS):
        tables += measure_fostering(bench)
    if bench.wanted("applications export"):
        tables.append(export_table([measure_applications(bench)]))
    if bench.wanted("first visit"):
        paths = [page.path for page in PAGES if page.name in VISITED]
        paths += ["/fostering", f"{ENQUIRE}/fostering-and-you"]
        tables.append(weight_table([weigh(bench.cached.base_url, path) for path in paths]))
    return tables


def measured_starts() -> list[StartRow]:
    """The rows about starting."""
    cold, warm, bare = measure_starts()
    return [
        StartRow("`make run` in a fresh clone", cold, 60, 20),
        StartRow("`make run` again", warm, 3, 1.5, sorted(bare)[len(bare) // 2]),
    ]


if __name__ == "__main__":
    main()
