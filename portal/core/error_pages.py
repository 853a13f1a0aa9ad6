"""Every error becomes a page: two handlers, and a template for whatever status there is.

The page for an unexpected error touches no database and shows the request id, nothing else.
"""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, TooManyRequests

from portal.core.context import current_settings, request_id
from portal.core.database import SAFE_METHODS
from portal.core.errors import CrossSite, PortalError, SignInRequired, Unavailable
from portal.core.kept_words import keep_words
from portal.core.way_back import WayBack, query_of_request, sign_way_back

log = logging.getLogger("portal.errors")

RETRY_SECONDS = 30


def init_app(app: Flask) -> None:
    """Register the two handlers."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_error)


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Werkzeug's and Flask-WTF's errors, which know a status and no slug."""
    if isinstance(error, CSRFError):
        return show_error(CrossSite())
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Exception):
        return show_error(error.original_exception)
    if error.code is not None and error.code < 400:
        return error.get_response()
    response = page(error.code or 500, str(error.code), {})
    for name, value in error.get_headers():
        if name.casefold() in ("allow", "retry-after"):
            response.headers[name] = value
    if isinstance(error, TooManyRequests):
        response.headers.setdefault("Retry-After", str(RETRY_SECONDS))
    return response


def show_error(error: Exception) -> ResponseReturnValue:
    """The portal's own errors by their slug; trouble below as 503; anything else as 500."""
    if isinstance(error, SignInRequired):
        way = way_to_here() if request.method in SAFE_METHODS else keep_words()
        if way is not None:
            return redirect(url_for(error.door, next=sign_way_back(way)), 303)
    if is_outage(error):
        log.error("storage is not available", extra={"error": type(error).__name__})
        error = Unavailable()
    if not isinstance(error, PortalError):
        log.error("unexpected error", exc_info=error)
        return page(500, "500", {})
    response = page(error.status, error.slug, error.facts)
    retry_after = error.facts.get("retry_after", RETRY_SECONDS if error.status == 503 else None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(int(retry_after))
    return response


def is_outage(error: Exception) -> bool:
    """Whether the database is away, full, locked or too slow, so that trying later makes sense."""
    if isinstance(error, (OperationalError, InterfaceError, PoolTimeout)):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def way_to_here() -> WayBack:
    """Where the person was going, to be signed: an endpoint, never an address, and no row."""
    return WayBack(request.endpoint or "", dict(request.view_args or {}), query_of_request())


def page(status: int, slug: str, facts: dict[str, Any]) -> Response:
    """The error's page; a page that cannot be drawn falls back to plain text rather than to nothing."""
    g.error_page = True
    names = [f"errors/{slug}.html", f"errors/{status}.html", "errors/generic.html"]
    context = {
        "status": status,
        "facts": facts,
        "request_id": request_id(),
        "council": current_settings().council,
    }
    try:
        body = current_app.jinja_env.select_template(names)
        html = render_template(body, **context)
    except Exception:
        log.exception("the error page could not be drawn")
        html = f"Something went wrong. Reference: {request_id()}"
        return make_response((html, status, {"Content-Type": "text/plain; charset=utf-8"}))
    return make_response((html, status))
