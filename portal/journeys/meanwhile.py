"""One page in two windows, or before two colleagues: nobody replaces words that they have not seen.

A journey that asks before overwriting puts on each page a digest of the answers that the page showed. A
save is refused when the stored answers of that page are others by then: the page is shown again with both
versions, and now carries the digest of the newer one. Saving it once more is the person's decision.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup

from portal.core.errors import PortalError
from portal.core.fields import HiddenField
from portal.core.forms import PortalForm
from portal.journeys.answers import Stored
from portal.journeys.snapshot import rows_of
from portal.journeys.summary import in_lines


class Overtaken(PortalError):
    """The answers of this page are not those that it showed; `now` in its facts are those that are stored."""

    status, slug = 409, "conflict"


class SeenField(HiddenField):
    """The digest of the answers that the page showed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that is answered in two ways."""

    question: str
    now: Markup
    typed: Markup


@cache
def with_seen(form: type[PortalForm]) -> type[PortalForm]:
    """A page's form that carries which answers it showed."""
    return type(f"{form.__name__}AndSeen", (form,), {"answers_seen": SeenField()})


def digest_of(stored: Stored | None) -> str:
    """A short name of these answers; of none too."""
    text = json.dumps(dict(stored or {}), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20]


def mark_seen(form: PortalForm, stored: Stored | None) -> None:
    """Note on a page which answers it shows, where its journey wants to know."""
    for field in form.portal_fields:
        if isinstance(field, SeenField):
            field.typed = digest_of(stored)


def seen_on(form: PortalForm) -> str | None:
    """Which answers the page showed; None where its journey does not ask."""
    fields = [field for field in form.portal_fields if isinstance(field, SeenField)]
    return str(fields[0].typed) if fields else None


def refuse_unseen(stored: Stored | None, typed: Stored, seen: str | None) -> None:
    """Raise Overtaken where a save would replace answers that its page did not show."""
    if seen is None or not stored or stored == typed or digest_of(stored) == seen:
        return
    raise Overtaken(now=dict(stored))


def differences(now: PortalForm, typed: PortalForm) -> list[Difference]:
    """The questions that two versions of a page answer differently, in the order of the page."""
    stored: dict[str, dict[str, Any]] = {row["name"]: row for row in rows_of(now)}
    mine: dict[str, dict[str, Any]] = {row["name"]: row for row in rows_of(typed)}
    names = [field.short_name for field in typed.questions]
    return [
        Difference(
            (mine.get(name) or stored[name])["question"],
            in_lines(stored[name]["text"] if name in stored else ""),
            in_lines(mine[name]["text"] if name in mine else ""),
        )
        for name in names
        if stored.get(name) != mine.get(name) and (name in stored or name in mine)
    ]
