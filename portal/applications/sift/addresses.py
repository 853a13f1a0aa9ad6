"""Addresses of one application: the list that it was opened from travels along, a name never does."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

LIST = ("tab", "sort", "only")
FOUND = "found"
"""Marks an application that was opened from a search: what was searched for is in the session."""


def of_list(vacancy: str) -> str:
    """The list that this request came from."""
    return joined(url_for("staff_applications.vacancy", vacancy=vacancy), given(LIST))


def list_query() -> str:
    """The query string of the list that this request came from."""
    return joined("", given(LIST))


def list_with(vacancy: str, **more: str) -> str:
    """The list with the applications that were chosen on it."""
    path = url_for("staff_applications.vacancy", vacancy=vacancy)
    chosen = [("ref", reference) for reference in request.args.getlist("ref")[:100]]
    return joined(path, [*given(LIST), *more.items(), *chosen])


def of_page(endpoint: str, vacancy: str, application: str, **values: Any) -> str:
    """A page of an application; it leads back to the same list or search."""
    path = url_for(f"staff_applications.{endpoint}", vacancy=vacancy, application=application, **values)
    return joined(path, given((*LIST, FOUND)))


def of_application(vacancy: str, application: str, **more: str) -> str:
    """One application, with what is to be said above it."""
    path = url_for("staff_applications.show", vacancy=vacancy, application=application)
    return joined(path, [*given((*LIST, FOUND)), *more.items()])


def way_back(vacancy: str) -> tuple[str, str]:
    """Address and words of the link that leads back to where an application was opened."""
    if request.args.get(FOUND):
        return url_for("staff_applications.find", vacancy=vacancy), "Back to the search"
    return of_list(vacancy), "Back to the applications"


def given(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """These parts of the query string, as far as they hold anything."""
    return [(name, value) for name, value in request.args.items() if name in names and value]


def joined(path: str, values: list[tuple[str, str]]) -> str:
    """Not as arguments of url_for: among names that come from outside could be its own, such as _external."""
    return f"{path}?{urlencode(values)}" if values else path
