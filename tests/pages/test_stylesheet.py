"""The stylesheet knows every class that templates use, weighs little, and asks no other site for anything."""

from __future__ import annotations

import json
import re

from portal.paths import STATIC, STATIC_MANIFEST, TEMPLATES

# Parts that GOV.UK Frontend names and gives no rule of their own.
UNSTYLED = frozenset(
    {"govuk-table__head", "govuk-table__body", "govuk-panel__body", "govuk-checkboxes", "govuk-radios"}
)


def stylesheet() -> str:
    """The built stylesheet."""
    return (STATIC / json.loads(STATIC_MANIFEST.read_text())["portal.css"]).read_text()


def test_every_govuk_class_in_a_template_is_styled() -> None:
    css = stylesheet().replace("\\", "")
    unknown = {}
    for template in TEMPLATES.rglob("*.html"):
        for name in set(re.findall(r"govuk-[A-Za-z0-9!_-]*[A-Za-z0-9]", template.read_text())):
            whole = re.search(rf"\.{re.escape(name)}(?![A-Za-z0-9_-])", css)
            if not whole and name not in UNSTYLED:
                unknown.setdefault(str(template.relative_to(TEMPLATES)), []).append(name)
    assert unknown == {}


def test_a_first_visit_is_light() -> None:
    """Stylesheet, icon and picture; with the page and headers the whole visit stays below 25 kB."""
    manifest = json.loads(STATIC_MANIFEST.read_text())
    sizes = [
        (STATIC / f"{manifest[name]}.br").stat().st_size
        for name in ("portal.css", "images/icon.svg", "images/harbour.svg")
    ]
    assert sum(sizes) < 14_000


def test_no_typeface_is_loaded_and_none_is_the_government_s() -> None:
    css = stylesheet()
    assert "@font-face" not in css
    assert "transport" not in css.casefold()
    assert not re.search(r"url\(|@import", css)
