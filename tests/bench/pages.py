"""Pages against the limit, pages at several sizes, and pages asked for just after a publication."""

from __future__ import annotations

import time
from dataclasses import dataclass

from portal.core.page_cache import LOOK_EVERY
from tests.bench.adverts import MEASURED
from tests.bench.measure import Growth, WrongAnswer, compare, grow
from tests.bench.report import GrowthRow, PageRow, growth_table, page_table
from tests.bench.sites import ALL_OPEN, COUNCIL, SIZES, Bench, Mix, Site, mix_of, publish, request_for
from tests.bench.weight import BROWSER, fetch
from tests.support.live import Live

KEPT = (0.6, 0.9)
"""Must and aim of pages as visitors meet them, kept in memory or answered with 304."""

PUBLICATIONS = 5
"""How often something is published to see what the next page takes."""


@dataclass(frozen=True)
class Page:
    """One of the measured pages with its targets when it is drawn anew."""

    name: str
    path: str
    must: float
    aim: float
    growth: float
    """The most that it may grow from 1,000 adverts to 100,000; a search from 10,000."""


PAGES = (
    Page("landing", "/", 0.35, 0.6, 1.05),
    Page("list", "/vacancies", 0.30, 0.5, 1.10),
    Page(
        "filtered list", "/vacancies?family=social_work&pattern=part_time&salary_from=30000", 0.30, 0.5, 1.10
    ),
    Page("search, common word", "/vacancies?q=families", 0.25, 0.45, 1.25),
    Page("search, rare word", "/vacancies?q=falconry", 0.25, 0.45, 1.25),
    Page("search, no hit", "/vacancies?q=zeppelin", 0.25, 0.45, 1.25),
    Page("search, two words", "/vacancies?q=senior+practitioner", 0.25, 0.45, 1.25),
    Page("advert", MEASURED, 0.35, 0.6, 1.05),
)
VISITED = ("landing", "list", "advert")
"""Measured as visitors meet them, too."""

WITH_ALL_OPEN = ("landing", "list", "filtered list", "search, common word", "search, rare word")
"""Measured with nothing but open adverts, too; the others do not look at them."""


def mixes_for(only: str) -> set[Mix]:
    """The portals that the rows asked for need: seeding the large ones takes a minute."""
    found = {COUNCIL}
    if any(only in f"{page}, uncached, all open" for page in WITH_ALL_OPEN):
        found.add(ALL_OPEN)
    if only in "growth" or only in "publication":
        found |= {mix_of(size, all_open=all_open) for size in SIZES for all_open in (False, True)}
    return found


# Against the limit


@dataclass(frozen=True)
class Row:
    """What is asked of whom."""

    name: str
    path: str
    live: Live
    targets: tuple[float, float]
    conditional: bool = False
    """Asked by a browser that has the page."""


def measure_pages(bench: Bench) -> list[PageRow]:
    """Every row that was asked for."""
    return [measure_page(bench, row) for row in rows_of(bench) if bench.wanted(row.name)]


def rows_of(bench: Bench) -> list[Row]:
    """What there is to measure, in the order of the report."""
    cached, council = bench.cached, bench.council.live
    visited = [page for page in PAGES if page.name in VISITED]
    rows = [Row(f"{page.name}, cached", page.path, cached, KEPT) for page in visited]
    rows += [Row(f"{page.name}, 304", page.path, cached, KEPT, conditional=True) for page in visited]
    rows += [Row(f"{page.name}, uncached", page.path, council, (page.must, page.aim)) for page in PAGES]
    if ALL_OPEN in bench.sites:
        live, every = bench.sites[ALL_OPEN].live, [page for page in PAGES if page.name in WITH_ALL_OPEN]
        rows += [Row(f"{p.name}, uncached, all open", p.path, live, (p.must, p.aim)) for p in every]
    return rows


def measure_page(bench: Bench, row: Row) -> PageRow:
    """One page against the same bytes from memory."""
    etag = fetch(row.live.base_url, row.path, BROWSER)[1]["etag"]
    asked = {**BROWSER, **({"If-None-Match": etag} if row.conditional else {})}
    name, status = bench.limit.keep(row.live.base_url, row.path, asked)
    host = row.live.base_url.removeprefix("http://")
    found = compare(
        bench.side(row.live, request_for(host, row.path, asked), status, etag),
        bench.limit_side(request_for("127.0.0.1", f"/page/{name}", asked), status, etag),
        bench.seconds,
    )
    return said(PageRow(row.name, found, *row.targets))


def said(row: PageRow) -> PageRow:
    """The row, shown as soon as it is known."""
    print(page_table([row]).splitlines()[-1], flush=True)
    return row


# Growth


def measure_growth(bench: Bench) -> list[GrowthRow]:
    """Every page at every size, in both mixes; one that fails at some size is said to."""
    rows = []
    for all_open in (False, True):
        sites = {size: bench.sites[mix_of(size, all_open=all_open)] for size in SIZES}
        for page in PAGES:
            if not all_open or page.name in WITH_ALL_OPEN:
                name = f"{page.name}, {'all' if all_open else '100'} open"
                try:
                    rows.append(GrowthRow(name, growth_of(bench, sites, page), page.growth))
                except WrongAnswer as wrong:
                    rows.append(GrowthRow(name, str(wrong).split("\r\n", 1)[0], page.growth))
                print(growth_table(rows[-1:]).splitlines()[-1], flush=True)
    return rows


def growth_of(bench: Bench, sites: dict[int, Site], page: Page) -> Growth:
    """One page at every size."""
    sides = {}
    for size, site in sites.items():
        status, headers, _body, _size = fetch(site.live.base_url, page.path, BROWSER)
        if status != 200:
            raise WrongAnswer(f"{size:,} adverts: status {status}")
        etag = headers["etag"]
        host = site.live.base_url.removeprefix("http://")
        sides[size] = bench.side(site.live, request_for(host, page.path, BROWSER), 200, etag)
    return grow(sides, bench.seconds / 2)


# After a publication


def measure_publications(bench: Bench) -> dict[Mix, dict[str, list[float]]]:
    """Milliseconds of the first answer after something was published, when nothing kept is true any more."""
    found: dict[Mix, dict[str, list[float]]] = {mix: {} for mix in sorted(bench.sites, key=str)}
    for _ in range(PUBLICATIONS):
        for page in PAGES:
            if page.name in VISITED:
                for site in bench.sites.values():
                    publish(site.url)
                time.sleep(LOOK_EVERY + 0.05)
                for mix, taken in found.items():
                    begun = time.perf_counter()
                    fetch(bench.sites[mix].live.base_url, page.path, BROWSER)
                    taken.setdefault(page.name, []).append(1000 * (time.perf_counter() - begun))
    return found
