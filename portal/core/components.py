"""The GOV.UK macros, and the adapter that draws this project's fields with them.

The macros ask for parameters that nobody gave and set names on one branch only, which strict templates
refuse. So they run in an environment of their own, and pages reach them through a few functions
(used by templates/components/forms.html).
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, PrefixLoader
from markupsafe import Markup

from portal.core.field_base import PortalField
from portal.core.forms import hidden_inputs

PACKAGE = "govuk_frontend_jinja"

DRAWN_ONCE = frozenset({"select", "button"})
"""Components that hold choices and our own words, never what a visitor typed, and stand on many pages."""
MOST_DRAWN = 500


class Components:
    """Draws GOV.UK components; each macro is looked up once in a process."""

    def __init__(self, compiled: FileSystemBytecodeCache | None = None) -> None:
        loader = PrefixLoader({PACKAGE: PackageLoader(PACKAGE)})
        self.environment = Environment(
            loader=loader,
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,  # a third fewer bytes, the same elements
            lstrip_blocks=True,
            bytecode_cache=compiled,
        )
        self.macros: dict[str, Any] = {}
        self.drawn: dict[tuple[str, str], Markup] = {}

    def draw(self, component: str, params: dict[str, Any]) -> Markup:
        """A component as HTML: "date-input" is drawn by govukDateInput."""
        if component not in DRAWN_ONCE:
            return self.draw_anew(component, params)
        key = (component, repr(params))
        html = self.drawn.get(key)
        if html is None:
            if len(self.drawn) >= MOST_DRAWN:
                self.drawn.clear()
            html = self.drawn[key] = self.draw_anew(component, params)
        return html

    def draw_anew(self, component: str, params: dict[str, Any]) -> Markup:
        """The same by its macro."""
        macro = self.macros.get(component)
        if macro is None:
            name = "govuk" + "".join(word.capitalize() for word in component.split("-"))
            template = self.environment.get_template(f"{PACKAGE}/components/{component}/macro.html")
            macro = self.macros[component] = getattr(template.module, name)
        html: Markup = macro(params)
        return html

    def draw_field(self, field: PortalField, *, heading: bool = False, grouped: bool = False) -> Markup:
        """A field with its label, hint, message and input; what a choice reveals is drawn beneath it."""
        params = field.params(heading=heading, grouped=grouped)
        if field.revealed_fields():
            self.add_revealed(field, params["items"])
        return self.draw(field.component, params)

    def add_revealed(self, field: PortalField, items: list[dict[str, Any]]) -> None:
        """Draw what choices reveal: once, beneath the last choice of those that reveal it.

        The others say which part of the page it is in, for the script that shows and hides it.
        """
        place = {item["value"]: number for number, item in enumerate(items, 1) if "value" in item}
        for choice, names in field.revealed_fields().items():
            if choice not in place:
                continue
            item = items[place[choice] - 1]
            last = [name for name in names if field.revealing(name)[-1] == choice]
            drawn = [
                self.draw_field(sibling, grouped=True)
                for sibling in map(field.sibling, last)
                if sibling is not None
            ]
            if drawn:
                item["conditional"] = {"html": Markup("\n").join(drawn)}
            elif names and (end := place.get(field.revealing(names[0])[-1])):
                number = f"-{end}" if end > 1 else ""
                item["attributes"] = {"data-aria-controls": f"conditional-{field.id}{number}"}


def init_app(app: Flask) -> None:
    """Hand the functions to the pages; after the template environment is ready."""
    kept = app.jinja_env.bytecode_cache
    # Compiled macros have file names of their own, lest pages that are strict find lenient ones.
    compiled = (
        FileSystemBytecodeCache(kept.directory, "govuk_%s.cache")
        if isinstance(kept, FileSystemBytecodeCache)
        else None
    )
    components = Components(compiled)
    app.jinja_env.globals.update(
        govuk=components.draw, draw_field=components.draw_field, hidden_inputs=hidden_inputs
    )
