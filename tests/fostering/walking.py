"""Walking through the enquiry over HTTP, as one household after another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.fostering.households import PAGES, SEND
from tests.support.client import SAME_ORIGIN, field_values, find_form, names_in

PREFIX = "/fostering/enquire"
CHECK = f"{PREFIX}/check-answers"


def answer_page(client: Any, slug: str, answers: dict[str, Any]) -> Any:
    """Send one page; what it does not ask (a second person’s name) is left out."""
    path = f"{PREFIX}/{slug}"
    form = find_form(client.get(path).page, set(), None)
    names = names_in(form)
    typed = {name: value for name, value in answers.items() if name in names}
    body = {name: value for name, value in {**field_values(form), **typed}.items() if value is not None}
    return client.post(path, data=body, headers=SAME_ORIGIN)


def walk(client: Any, clock: Any = None, *, until: str = "", **changes: Any) -> Any:
    """Answer the pages (those before `until`), half a minute each; a change names a field of any page."""
    for slug, answers in PAGES:
        if slug == until:
            return None
        mine = {name: changes[name] for name in answers if name in changes}
        reply = answer_page(client, slug, {**answers, **mine})
        assert reply.status_code == 303, reply.page.errors
        if clock is not None:
            clock.shift(timedelta(seconds=30))
    return client.get(CHECK)


def send(client: Any, clock: Any = None, **ticks: Any) -> Any:
    """Tick both boxes of the check page and send it, after half a minute."""
    if clock is None:
        return client.post_form(CHECK, {**SEND, **ticks})
    body = field_values(find_form(client.get(CHECK).page, set(SEND), None))
    clock.shift(timedelta(seconds=30))
    return client.post(CHECK, data={**body, **SEND, **ticks}, headers=SAME_ORIGIN)
