"""The charts of the first page."""

from __future__ import annotations

from collections.abc import Sequence

from portal.core.wording import number
from portal.fostering.reporting.charts import Chart, Point, bars, columns
from portal.fostering.reporting.cohorts import Cohort
from portal.fostering.reporting.home import Line, OpenStage, Week
from portal.fostering.reporting.measures import percent_of
from portal.fostering.reporting.periods import first_day

MOST_BARS = 8
"""Longer lists are told in full by the table."""


def percent(value: float | None) -> str:
    """62.5%, 100%; a dash where there is nothing to tell."""
    return "–" if value is None else f"{value:g}%"


def weeks_chart(weeks: Sequence[Week]) -> Chart:
    """Enquiries of each week, this one marked."""
    points = [
        Point(f"{week.begins.day} {week.begins:%b}", week.received, number(week.received), strong=last)
        for week in weeks
        for last in (week is weeks[-1],)
    ]
    most = max(week.received for week in weeks)
    return columns(
        "weeks",
        "Enquiries received in each of the last 13 weeks",
        f"This week {weeks[-1].received}, last week {weeks[-2].received}, at most {most} in a week.",
        points,
    )


def on_time_chart(months: Sequence[Cohort]) -> Chart:
    """The share of first attempts that kept their target, of each month."""
    points = [
        Point(f"{first_day(month.first):%b}", share, "–" if share is None else f"{share:.0f}")
        for month in months
        for share in (month.on_time.percent,)
    ]
    told = [month.on_time.percent for month in months if month.on_time.percent is not None]
    span = f"Between {percent(min(told))} and {percent(max(told))}." if told else "Nothing to tell yet."
    title = "First contact attempts on time, per cent, by the month in which the enquiry came"
    return columns("on-time", title, span, points, most=100)


def open_chart(stages: Sequence[OpenStage]) -> Chart:
    """How many are open, or kept in touch with, in each stage."""
    points = [Point(one.stage.label, one.total, number(one.total)) for one in stages]
    total = sum(one.total for one in stages)
    return bars("open", "Open households by stage", f"{number(total)} open or kept in touch with.", points)


def conversion_chart(cohorts: Sequence[Cohort]) -> Chart | None:
    """How far households came of those quarters that had their nine months; None while there is none."""
    households = sum(cohort.households for cohort in cohorts)
    if not households:
        return None
    steps = {
        "First enquired": households,
        "Initial visit": sum(cohort.visits for cohort in cohorts),
        "Application": sum(cohort.applications for cohort in cohorts),
        "Approved": sum(cohort.approvals for cohort in cohorts),
    }
    points = [
        Point(label, count, f"{count} ({percent(percent_of(count, households))})", strong=not place)
        for place, (label, count) in enumerate(steps.items())
    ]
    first, last = cohorts[0].label, cohorts[-1].label
    span = first if first == last else f"{first}, up to {last}"
    return bars(
        "conversion", "How far households came who had nine months’ time", f"Enquiries of {span}.", points
    )


def lines_chart(name: str, title: str, lines: Sequence[Line]) -> Chart | None:
    """The most frequent sources or areas, and of how many; None where there is nothing."""
    if not lines:
        return None
    points = [Point(line.label, line.enquiries, number(line.enquiries)) for line in lines[:MOST_BARS]]
    if len(lines) > MOST_BARS:
        title = f"{title}: the first {MOST_BARS} of {len(lines)} in the table"
    most = f"Most: {lines[0].label}, {percent(lines[0].percent)}."
    return bars(name, title, most, points)
