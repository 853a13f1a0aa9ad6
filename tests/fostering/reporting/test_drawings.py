"""A chart that leaves something out says so."""

import pytest

from portal.fostering.reporting.drawings import lines_chart
from portal.fostering.reporting.home import Line


@pytest.mark.parametrize(
    ("number", "title"),
    [(8, "Sources, last 12 months"), (10, "Sources, last 12 months: the first 8 of 10 in the table")],
)
def test_a_chart_says_when_the_table_has_more(number, title):
    lines = [Line(f"Source {place}", 20 - place, 0, 5.0) for place in range(number)]
    chart = lines_chart("sources", "Sources, last 12 months", lines)
    assert chart.title == title
    assert len(chart.marks) == 8
