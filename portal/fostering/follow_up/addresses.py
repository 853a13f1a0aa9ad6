"""Addresses of the queue and of what is opened from it: filters and page travel along, names never do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from portal.core.keyset import Key, write_key

FILTERS = ("which", "due", "stage", "area", "owner", "flagged")
FOUND = "found"
"""Marks an enquiry that was opened from a search: what was searched for is in the session."""


def of_queue(key: Key | None = None) -> str:
    """The list with the filters as they stand, from its beginning or behind this row."""
    values = given(FILTERS)
    if key is not None:
        values.append(("after", write_key(key)))
    return joined(url_for("fostering_team.queue"), values)


def of_saved(query: str) -> str:
    """The list with filters that were kept."""
    return f"{url_for('fostering_team.queue')}?{query}"


def of_saving() -> str:
    """Where the filters as they stand are given a name."""
    return joined(url_for("fostering_saved.save"), given(FILTERS))


def of_enquiry(reference: str, **more: str) -> str:
    """One enquiry, opened from the list or the search that this request came from."""
    path = url_for("fostering_team.show", reference=reference)
    return joined(path, [*given((*FILTERS, "after", FOUND)), *more.items()])


def of_contact(reference: str) -> str:
    """Where the form for a contact is sent; it comes back to the same page."""
    path = url_for("fostering_team.record_contact", reference=reference)
    return joined(path, given((*FILTERS, "after", FOUND)))


def of_call() -> str:
    """Where a row’s button says how a call went; it comes back to the same list."""
    return joined(url_for("fostering_calls.log"), given((*FILTERS, "after")))


def of_called(reference: str) -> str:
    """The same list, which says what was recorded and what is due next."""
    values = [*given((*FILTERS, "after")), ("called", reference)]
    return joined(url_for("fostering_team.queue"), values)


def of_move(reference: str, stage: str) -> str:
    """The page on which an enquiry is moved to this stage; it leads back to the same list or search."""
    path = url_for("fostering_moves.move", reference=reference, stage=str(stage))
    return joined(path, given((*FILTERS, "after", FOUND)))


def of_page(endpoint: str, reference: str, **values: Any) -> str:
    """Another small page of an enquiry; it leads back to the same list or search."""
    path = url_for(endpoint, reference=reference, **values)
    return joined(path, given((*FILTERS, "after", FOUND)))


def of_handing_over(view: str, picked: Iterable[str], **values: str) -> str:
    """A page on which many households get another owner; it leads back to the same list."""
    chosen = [*(("pick", reference) for reference in picked), *values.items()]
    return joined(url_for(f"fostering_handing_over.{view}"), [*given((*FILTERS, "after")), *chosen])


def way_back() -> tuple[str, str]:
    """Address and words of the link that leads back to where an enquiry was opened."""
    if request.args.get(FOUND):
        return url_for("fostering_team.find"), "Back to the search"
    return joined(url_for("fostering_team.queue"), given((*FILTERS, "after"))), "Back to the queue"


def given(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """These parts of the query string, as far as they hold anything."""
    return [(name, value) for name, value in request.args.items(multi=True) if name in names and value]


def joined(path: str, values: list[tuple[str, str]]) -> str:
    """Not as arguments of url_for: among names that come from outside could be its own, such as _external."""
    return f"{path}?{urlencode(values)}" if values else path
