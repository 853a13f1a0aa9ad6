"""The template environment: strict, with the portal's filters and the few globals every page uses."""

from __future__ import annotations

from collections.abc import Callable, Hashable, MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from portal.core import wording
from portal.core.context import current_actor
from portal.core.markdown import render_markdown
from portal.core.phones import dialled, display_phone, in_groups
from portal.paths import TEMPLATES
from portal.settings import Settings

MOST_DRAWN = 1024
"""Parts of pages that a worker keeps; the least recently used go first."""

FILTERS = {
    "date": wording.day,
    "weekday": wording.weekday,
    "short_date": wording.short_day,
    "time": wording.clock_time,
    "datetime": wording.moment,
    "short_datetime": wording.short_moment,
    "money": wording.money,
    "number": wording.number,
    "plural": wording.plural,
    "markdown": render_markdown,
    "phone": display_phone,
    "dialled": dialled,
    "in_groups": in_groups,
}


class Templates(Environment):
    """Flask’s environment, with globals in a plain dictionary.

    Jinja chains those of each template before those of all; nobody here has any of the first kind, and every
    template, import and include went through the chain key by key, which was 7% of the landing page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of all templates, unless a template is given more."""
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask, settings: Settings) -> None:
    """Prepare Jinja; compiled templates are kept in the instance folder, which only the service reads."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.do")
    env.loader = FileSystemLoader(TEMPLATES)
    env.auto_reload = not settings.production
    compiled = settings.instance / "cache"
    compiled.mkdir(mode=0o700, parents=True, exist_ok=True)
    env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    env.filters.update(FILTERS)
    env.filters["nl2p"] = paragraphs
    env.filters["drawn"] = macro_kept(env)
    env.globals["council"] = settings.council
    env.globals["base_url"] = settings.base_url
    env.globals["actor"] = ActorProxy()


def macro_kept(env: Environment) -> Callable[[Hashable, str, str], Markup]:
    """`{{ value | drawn(template, macro) }}`: what a macro makes of a value, made once for equal ones.

    For parts that many pages show alike, such as an advert in a list. The macro must depend on nothing but
    the value, and on globals that never change.
    """

    def drawn(value: Hashable, template: str, macro: str) -> Markup:
        made: Markup = getattr(env.get_template(template).module, macro)(value)
        return made

    # While templates are worked on, every page shows what they say now.
    return drawn if env.auto_reload else lru_cache(maxsize=MOST_DRAWN)(drawn)


class ActorProxy:
    """Who is asking, looked up when a template uses it: public pages never do."""

    def __getattr__(self, name: str) -> Any:
        return getattr(current_actor(), name)


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs and line breaks, escaped; for what people typed."""
    blocks = [block.strip() for block in text.replace("\r\n", "\n").split("\n\n")]
    parts = [escape(block).replace("\n", Markup("<br>")) for block in blocks if block]
    return Markup("\n").join(Markup('<p class="govuk-body">{}</p>').format(part) for part in parts)
