"""Files of figures: columns in the order of domain fostering §§7.2 to 7.4, and words for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.export import Column
from portal.core.options import Option
from portal.fostering.flags import Flag
from portal.fostering.options import Area, CareType, HeardFrom
from portal.fostering.reporting import areas, counts, home, queries
from portal.fostering.reporting.content import Content
from portal.fostering.reporting.deidentified import DeidentifiedRow
from portal.fostering.reporting.figures import FIGURES
from portal.fostering.reporting.monthly import TOP, Month
from portal.fostering.reporting.ofsted import PREVAILS
from portal.fostering.reporting.periods import local, year_label
from portal.fostering.reporting.queries import Asked, Counted

Rows = Callable[[Session], Iterator[Any]]
Columns = list[Column[Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file is about, of which financial year, for whom."""

    content: Content
    year: int
    asked: Asked


def column(name: str, value: Callable[[Any], Any], title: str = "", **options: Any) -> Column[Any]:
    """A column with its name for other systems, and its heading for people."""
    return Column(name, value, title=title or name.replace("_", " ").capitalize(), **options)


# One row for each enquiry


def of_row(name: str) -> Callable[[tuple[int, DeidentifiedRow]], Any]:
    """A column of the row itself."""
    get = attrgetter(name)
    return lambda numbered: get(numbered[1])


def area_of(numbered: tuple[int, DeidentifiedRow]) -> Any:
    """The area, or that it is not told."""
    return numbered[1].area or areas.SUPPRESSED


TOLD_IN_WORDS = {areas.SUPPRESSED: areas.NOT_TOLD}
PLAIN = (
    *("enquirer_type", "care_types", "availability", "housing", "spare_bedrooms_band", "fostering_status"),
    *("flags", "days_to_first_attempt", "days_to_contact", "days_to_visit", "days_to_application"),
    *("days_to_decision", "furthest_stage", "outcome", "closure_code"),
)
WORDS = {"care_types": dict(CareType.choices()), "flags": {flag.value: flag.label for flag in Flag}}

ROW_COLUMNS: Columns = [
    column("row_id", itemgetter(0), "Row"),
    column("fy", lambda numbered: year_label(numbered[1].fy), "Financial year"),
    column("received_month", of_row("received_month"), "Received"),
    column("channel", of_row("channel")),
    column("heard_from", of_row("heard_from"), "Heard of us from", width=32),
    column("area", area_of, words=TOLD_IN_WORDS),
    *(column(name, of_row(name), words=WORDS.get(name, {}), width=24) for name in PLAIN),
]


ANYBODY = Actor.system("fostering.rows")
"""Reads what everybody may read, and nothing that is kept for some."""


def enquiry_rows(session: Session, wanted: Wanted) -> Iterator[tuple[int, DeidentifiedRow]]:
    """Numbered afresh in each file, so that two files cannot be laid beside each other by the numbers.

    Restricted enquiries are left out, whoever asks: the file is passed on, a row of codes tells enough
    beside a colleague’s memory, and what one file has more than another would be the row.
    """
    hidden = areas.untold(queries.area_numbers(session, wanted.year))
    found = counts.received_in_year(session, wanted.year, wanted.asked._replace(by=ANYBODY), whole=True)
    readable = (one.row for one in found if one.readable)
    for number, row in enumerate(readable, 1):
        yield number, row.without_areas(hidden)


# Ofsted’s return

FIGURE_COLUMNS: Columns = [
    column("figure", lambda line: line[0].words, "Figure", width=52),
    column("number", itemgetter(1)),
    column("meaning", lambda line: line[0].meaning, "How it is counted", width=90),
    column("fy", itemgetter(2), "Financial year"),
    column("note", lambda _line: PREVAILS, width=72),
]
"""For people: a line for each figure."""

WIDE_COLUMNS: Columns = [
    column("fy", itemgetter("fy")),
    *(column(figure.name, itemgetter(figure.name)) for figure in FIGURES),
    column("note", lambda _row: PREVAILS),
]
"""For other systems: one row with a column for each figure."""


def figure_lines(session: Session, wanted: Wanted) -> Iterator[tuple[Any, Any, str]]:
    """Each figure with its number."""
    numbers = counts.year_tally(session, wanted.year, wanted.asked).numbers
    for figure in FIGURES:
        yield figure, numbers[figure.name], year_label(wanted.year)


def wide_row(session: Session, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """All figures of the year."""
    numbers = counts.year_tally(session, wanted.year, wanted.asked).numbers
    yield {"fy": year_label(wanted.year), **numbers}


def why_without(counted: Counted) -> str:
    """Why no reference is told, in words; empty where one is."""
    if counted.reference is None:
        return "Made anonymous"
    return "" if counted.readable else "Restricted"


REFERENCE_COLUMNS: Columns = [
    column("fy", itemgetter(2), "Financial year"),
    column("figure", lambda line: line[0].name, width=44),
    column("reference", lambda line: line[1].reference if line[1].readable else None),
    column("without_reference", lambda line: why_without(line[1]), "Why there is no reference"),
    column("note", lambda _line: PREVAILS, width=72),
]


def reference_lines(session: Session, wanted: Wanted) -> Iterator[tuple[Any, Counted, str]]:
    """Each figure with each enquiry behind it."""
    for figure, counted in counts.behind_figures(session, FIGURES, wanted.year, wanted.asked):
        yield figure, counted, year_label(wanted.year)


# Months


def of_cohort(name: str) -> Callable[[Month], Any]:
    """A number of the month’s cohort."""
    get = attrgetter(name)
    return lambda month: get(month.cohort)


def share_of(name: str, wanted: Wanted) -> Callable[[Month], Any]:
    """A share of the cohort, left empty while it is too early to say."""
    today = local(wanted.asked.at)
    return lambda month: None if month.cohort.too_early(today) else month.cohort.shares[name]


def closure(place: int, part: int) -> Callable[[Month], Any]:
    """The code, or the number, of one of the most frequent reasons."""
    return lambda month: month.top_closures[place][part] if place < len(month.top_closures) else None


def tally_columns(kind: str, attribute: str, options: type[Option], rest: str) -> Columns:
    """A column for each source or area, and one for what has none."""
    get = attrgetter(attribute)

    def number(code: Any) -> Callable[[Month], Any]:
        return lambda month: get(month)[code]

    known = [column(f"{kind}_{one.value}", number(one), one.label, words=TOLD_IN_WORDS) for one in options]
    return [*known, column(f"{kind}_none", number(None), rest)]


def month_columns(wanted: Wanted) -> Columns:
    """The columns of domain §7.4."""
    today = local(wanted.asked.at)
    return [
        column("month", of_cohort("first"), "Month"),
        column("enquiries", of_cohort("received")),
        column("households", of_cohort("households")),
        column("first_attempt_on_time_pct", of_cohort("on_time.percent"), "First attempt on time, per cent"),
        column("median_hours_to_first_attempt", of_cohort("hours.median"), "Median hours to first attempt"),
        column("contact_within_5_working_days_pct", of_cohort("talked.percent"), "Talked within 5, per cent"),
        column("visits", of_cohort("visits")),
        column("applications", of_cohort("applications")),
        column("approvals", of_cohort("approvals")),
        column("too_early_to_say", lambda month: month.cohort.too_early(today)),
        *(
            column(name, share_of(name, wanted), name.removesuffix("_pct").replace("_", " ") + ", per cent")
            for name in (
                *("enquiry_to_visit_pct", "visit_to_application_pct"),
                *("application_to_approval_pct", "enquiry_to_approval_pct"),
            )
        ),
        column("keep_in_touch_due", attrgetter("reviews"), "Keep-in-touch reviews due"),
        *(
            column(f"closure_{place + 1}{ending}", closure(place, part), width=24)
            for place in range(TOP)
            for part, ending in enumerate(("", "_number"))
        ),
        *tally_columns("source", "sources", HeardFrom, "No source recorded"),
        *tally_columns("area", "told_areas", Area, "No area recorded, or not told"),
    ]


def month_rows(session: Session, wanted: Wanted) -> Iterator[Month]:
    """The months of the year that have begun."""
    yield from counts.months_in(session, wanted.year, wanted.asked)


# Today

OPEN_COLUMNS: Columns = [
    column("stage", itemgetter(0), width=28),
    column("age", itemgetter(1), "Since the enquiry came"),
    column("open", itemgetter(2), "Open"),
]


def open_rows(session: Session, wanted: Wanted) -> Iterator[tuple[Any, str, int]]:
    """Each stage with each age, as it stands now."""
    found = queries.open_by_age(session, home.age_edges(wanted.asked.at))
    ages = [*(label for _days, label in home.AGES), home.OLDER]
    for one in home.open_stages(found):
        for age, number in zip(ages, one.ages, strict=True):
            yield one.stage, age, number


def sheet_of(wanted: Wanted, file_format: str) -> tuple[Columns, Rows]:
    """The columns of a file and what reads its rows."""
    for_people = file_format == "xlsx"
    ofsted: tuple[Columns, Any] = (FIGURE_COLUMNS, figure_lines) if for_people else (WIDE_COLUMNS, wide_row)
    columns, rows = {
        Content.OFSTED: ofsted,
        Content.REFERENCES: (REFERENCE_COLUMNS, reference_lines),
        Content.MONTHLY: (month_columns(wanted), month_rows),
        Content.OPEN: (OPEN_COLUMNS, open_rows),
        Content.ROWS: (ROW_COLUMNS, enquiry_rows),
    }[wanted.content]
    return columns, lambda session: rows(session, wanted)
