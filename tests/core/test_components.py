"""GOV.UK components that many pages share are drawn once, and never one for another."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import Markup

from portal.core import components
from portal.core.components import Components


def button(text: str) -> dict[str, Any]:
    return {"text": text}


def test_equal_buttons_are_drawn_once_and_others_anew() -> None:
    drawing = Components()
    first = drawing.draw("button", button("Save"))
    assert drawing.draw("button", button("Save")) is first
    assert "Send" in drawing.draw("button", button("Send"))
    assert drawing.draw("button", {"html": Markup("<b>Save</b>")}) != drawing.draw(
        "button", button("<b>Save</b>")
    )
    assert "&lt;b&gt;" in drawing.draw("button", button("<b>Save</b>"))


def test_what_visitors_type_is_kept_nowhere() -> None:
    drawing = Components()
    typed = {"id": "name", "name": "name", "value": "Kim", "label": {"text": "Name"}}
    assert "Kim" in drawing.draw("input", typed)
    assert not drawing.drawn


def test_what_is_kept_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "MOST_DRAWN", 3)
    drawing = Components()
    for number in range(10):
        assert str(number) in drawing.draw("button", button(str(number)))
        assert len(drawing.drawn) <= 3
