"""The results as tables for people, and as docs/benchmarks.md."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.measure import Comparison
from tests.bench.weight import Weight

HEAD = """# Benchmarks

Made by `make bench`, which measures the portal **against the limit in one run**: bare Flask on the same
server (gunicorn, 2 workers) that gives back the same bytes from memory or does one durable insert, and no
more. Turns alternate A B B A in five blocks; the ratio is the median of the blocks, with the lowest and the
highest. Every answer is verified: its status, the page’s own ETag or the place it leads to; rows are counted
afterwards. Eight connections from a generator on the same machine, which takes its share of the processor
from both sides. CPU is of web and database processes, for 1,000 answers. “Must” and “aim” are this project’s
own targets; [decision 0011](decisions/0011-speed-that-is-met-and-missed.md) says why some are missed.

Absolute figures belong to this machine and only place the ratios: {machine}.
{date}, {minutes:.0f} minutes.
"""

LARGEST = (45, 5, 45)
"""A first visit at most: kB, requests, kB again."""

WANTED = (25, 4, 6)
"""The same, as it should be."""


@dataclass
class PageRow:
    """A row that was measured against the limit."""

    name: str
    found: Comparison
    must: float
    aim: float


@dataclass
class StartRow:
    """How long a start takes until it answers, in seconds."""

    name: str
    seconds: list[float]
    must: float
    aim: float
    limit: float | None = None


def as_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; figures to the right, the first column to the left."""
    rule = ["---"] + ["--:"] * (len(heads) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, rule, *rows))


def mark(*, met_aim: bool, met_must: bool) -> str:
    """Which of the targets is met."""
    return "aim" if met_aim else "must" if met_must else "**missed**"


def page_table(rows: list[PageRow]) -> str:
    """Ratios to the limit."""
    heads = (
        "work",
        "ours/s",
        "limit/s",
        "ratio (lowest–highest)",
        "must · aim",
        "met",
        "CPU s: ours · limit",
        "p50 · p99 ms",
    )
    return as_table(heads, [page_cells(row) for row in rows])


def page_cells(row: PageRow) -> list[str]:
    """One row of that table."""
    found = row.found
    ours, limit = found.cpu_per_thousand()
    p50, p99 = (statistics.median(getattr(turn, name) for turn in found.ours) for name in ("p50", "p99"))
    return [
        row.name,
        f"{found.our_rate:,.0f}",
        f"{found.limit_rate:,.0f}",
        f"**{found.ratio:.2f}** ({min(found.ratios):.2f}–{max(found.ratios):.2f})",
        f"{row.must:.2f} · {row.aim:.2f}",
        mark(met_aim=found.ratio >= row.aim, met_must=found.ratio >= row.must),
        f"{ours:.2f} · {limit:.2f}",
        f"{p50:.1f} · {p99:.1f}",
    ]


def weight_table(rows: list[Weight]) -> str:
    """First visits."""
    heads = ("first visit to", "kB on the wire", "requests", "kB again", "must · aim", "met")
    return as_table(heads, [weight_cells(row) for row in rows])


def weight_cells(row: Weight) -> list[str]:
    """One row of that table."""
    sizes = (row.bytes / 1000, row.requests, row.again / 1000)
    return [
        f"`{row.path}`",
        f"{sizes[0]:.1f}",
        str(row.requests),
        f"{sizes[2]:.1f}",
        f"{LARGEST[0]} in {LARGEST[1]} · {WANTED[0]} in {WANTED[1]}, again {WANTED[2]}",
        mark(met_aim=within(sizes, WANTED), met_must=within(sizes, LARGEST)),
    ]


def within(sizes: tuple[float, ...], limits: tuple[float, ...]) -> bool:
    """Whether no size is beyond its limit."""
    return all(size <= limit for size, limit in zip(sizes, limits, strict=True))


def start_table(rows: list[StartRow]) -> str:
    """Starts."""
    heads = ("start, until it answers", "seconds (lowest–highest)", "bare Flask", "must · aim", "met")
    return as_table(heads, [start_cells(row) for row in rows])


def start_cells(row: StartRow) -> list[str]:
    """One row of that table."""
    middle = statistics.median(row.seconds)
    return [
        row.name,
        f"**{middle:.2f}** ({min(row.seconds):.2f}–{max(row.seconds):.2f})",
        f"{row.limit:.2f}" if row.limit is not None else "–",
        f"{row.must:g} · {row.aim:g}",
        mark(met_aim=middle <= row.aim, met_must=middle <= row.must),
    ]
