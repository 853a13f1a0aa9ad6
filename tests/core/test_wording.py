"""How dates, times, money and Markdown are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from portal.core import wording
from portal.core.clock import london_instant
from portal.core.markdown import render_markdown
from portal.core.templating import paragraphs

SUMMER = datetime(2026, 7, 1, 22, 59, tzinfo=UTC)
WINTER = datetime(2026, 12, 13, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (WINTER, "11:59pm on Sunday 13 December 2026"),
        (SUMMER, "11:59pm on Wednesday 1 July 2026"),
        (datetime(2026, 12, 14, 0, 0, tzinfo=UTC), "11:59pm on Sunday 13 December 2026"),
        (datetime(2026, 12, 14, 12, 0, tzinfo=UTC), "midday on Monday 14 December 2026"),
        (datetime(2026, 12, 14, 9, 0, tzinfo=UTC), "9am on Monday 14 December 2026"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "2:30am on Sunday 29 March 2026"),
    ],
)
def test_a_moment_is_said_in_london_time(instant: datetime, words: str) -> None:
    assert wording.moment(instant) == words


def test_dates_are_those_of_london() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert wording.day(late) == "2 July 2026"
    assert wording.short_day(late) == "2 Jul 2026"
    assert wording.weekday(date(2026, 11, 23)) == "Monday 23 November 2026"


@pytest.mark.parametrize(
    ("amount", "words"),
    [(41_000, "£41,000"), (Decimal("31204.50"), "£31,204.50"), (Decimal("31204.00"), "£31,204"), (0, "£0")],
)
def test_money(amount: int | Decimal, words: str) -> None:
    assert wording.money(amount) == words


def test_plurals() -> None:
    assert wording.plural(1, "vacancy", "vacancies") == "1 vacancy"
    assert wording.plural(1200, "vacancy", "vacancies") == "1,200 vacancies"
    assert wording.plural(0, "enquiry", "enquiries") == "0 enquiries"


def test_a_london_day_and_time_are_one_instant_on_clock_change_nights() -> None:
    at_half_one = wording.clock_time(london_instant(date(2026, 10, 25), datetime(2026, 1, 1, 1, 30).time()))  # noqa: DTZ001
    assert at_half_one == "1:30am"
    assert wording.clock_time(time(17)) == "5pm"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        "![x](https://example.org/x.png)",
        "<a href='data:text/html,x' onclick='x'>x</a>",
        '<p style="position:fixed">x</p>',
        "[x](https://example.org 'onmouseover=x')",
    ],
)
def test_markdown_gives_nothing_live(text: str) -> None:
    html = render_markdown(text)
    assert "<script" not in html
    assert "<img" not in html
    for bad in ('href="javascript', 'href="data', "<p style", "<a onclick", "<a title"):
        assert bad not in html


def test_markdown_keeps_what_adverts_need() -> None:
    html = render_markdown("# Team\n\nYou **will**:\n\n- listen\n- act\n\n[More](https://example.org/a)")
    assert '<h3 class="govuk-heading-s">Team</h3>' in html
    assert '<ul class="govuk-list govuk-list--bullet">' in html
    assert '<a href="https://example.org/a"' in html


def test_what_people_typed_is_shown_as_text() -> None:
    assert paragraphs("One <b>line</b>\nnext\n\nTwo") == (
        '<p class="govuk-body">One &lt;b&gt;line&lt;/b&gt;<br>next</p>\n<p class="govuk-body">Two</p>'
    )
