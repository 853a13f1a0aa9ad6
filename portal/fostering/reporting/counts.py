"""What pages and files both show: figures of a year, of its months, and of today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from portal.fostering.reporting import home, queries
from portal.fostering.reporting.areas import untold
from portal.fostering.reporting.figures import APPLICATIONS, RECEIVED, TIMES, Figure, Year
from portal.fostering.reporting.home import Overview
from portal.fostering.reporting.monthly import Month, months_of, months_so_far
from portal.fostering.reporting.ofsted import Tally, behind, tally_of
from portal.fostering.reporting.periods import month_of
from portal.fostering.reporting.queries import Asked, Counted


def overview(session: Session, asked: Asked) -> Overview:
    """What the first page tells of the last two years."""
    first, last = home.first_month(asked.at), month_of(asked.at)
    return home.overview_of(queries.counted_between(session, first, last, asked), asked.rules, asked.at)


def year_tally(session: Session, year: int, asked: Asked) -> Tally:
    """The figures of a financial year."""
    received, applied = queries.received_alike(session, year, asked), queries.applications_by(session, year)
    return tally_of(received, applied, Year.of(year), asked.rules)


def behind_figures(
    session: Session, figures: Iterable[Figure], year: int, asked: Asked
) -> Iterator[tuple[Figure, Counted]]:
    """The enquiries behind some figures of a year, each as often as it is counted."""
    wanted = list(figures)
    of_enquiries = [figure for figure in wanted if figure in RECEIVED]
    of_applications = [figure for figure in wanted if figure in (*APPLICATIONS, *TIMES)]
    if of_enquiries:
        rows = received_in_year(session, year, asked)
        yield from behind(of_enquiries, rows, Year.of(year), asked.rules)
    if of_applications:
        rows = applied_by_year(session, year, asked)
        yield from behind(of_applications, rows, Year.of(year), asked.rules)


def received_in_year(session: Session, year: int, asked: Asked, *, whole: bool = False) -> Iterator[Counted]:
    """What was received in a financial year; `whole` rows are for files of them."""
    span = Year.of(year)
    return queries.counted_between(session, span.first, span.last, asked, whole=whole)


def applied_by_year(session: Session, year: int, asked: Asked) -> Iterator[Counted]:
    """What has led to an application and came before the end of a financial year."""
    return queries.counted_applications(session, year, asked)


def months_in(session: Session, year: int, asked: Asked) -> list[Month]:
    """The months of a financial year that have begun."""
    months = months_so_far(year, asked.at)
    if not months:
        return []
    first, last = months[0], months[-1]
    return months_of(
        months,
        queries.counted_between(session, first, last, asked),
        queries.closures_between(session, first, last),
        queries.reviews_between(session, first, last),
        asked.rules,
        untold=untold(queries.area_numbers(session, year)),
    )
