"""Answers that several features give."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, url_for


def see_other(endpoint: str, **values: Any) -> Response:
    """After a successful POST: 303 to one of our own pages, by endpoint."""
    response: Response = redirect(url_for(endpoint, **values), 303)  # type: ignore[assignment]
    return response
