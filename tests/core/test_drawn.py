"""Parts of pages that are drawn once: equal values give the same words, others their own."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from portal.core.templating import macro_kept

TEMPLATE = "{% macro shown(value) %}<b>{{ value.text }}</b>{{ seen() }}{% endmacro %}"


class Value(NamedTuple):
    text: str


@pytest.fixture
def drawings() -> list[None]:
    return []


def environment(drawings: list[None], **options: bool) -> Environment:
    env = Environment(loader=DictLoader({"part.html": TEMPLATE}), autoescape=True, **options)
    env.globals["seen"] = lambda: drawings.append(None) or ""
    env.filters["drawn"] = macro_kept(env)
    return env


def test_equal_values_are_drawn_once_and_stay_escaped(drawings):
    env = environment(drawings, auto_reload=False)
    page = env.from_string("{% for value in values %}{{ value | drawn('part.html', 'shown') }}{% endfor %}")
    assert page.render(values=[Value("<i>"), Value("<i>"), Value("b")]) == "<b>&lt;i&gt;</b>" * 2 + "<b>b</b>"
    assert page.render(values=[Value("b")]) == "<b>b</b>"
    assert len(drawings) == 2


def test_while_templates_are_worked_on_nothing_is_kept(drawings):
    env = environment(drawings, auto_reload=True)
    for _ in range(2):
        assert env.filters["drawn"](Value("a"), "part.html", "shown") == Markup("<b>a</b>")
    assert len(drawings) == 2
