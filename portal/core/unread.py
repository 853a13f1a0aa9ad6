"""Answers to requests that the portal never gets to see: no HTTP, contradictory, or too large to read.

The server in front of the application refuses these by itself. They get the portal's own error page with
its security headers all the same, and a record in the log without the text of the request.
"""

from __future__ import annotations

import logging

from flask import Flask, Response
from werkzeug.test import create_environ

from portal.core import clock, error_pages
from portal.core.context import current_settings, request_id

log = logging.getLogger("portal.unread")

NO_PATH = "/-"
"""Nothing of what was asked for is known; no link of the page's navigation leads here."""


def refuse_unread(app: Flask, status: int, reason: BaseException | None = None) -> Response:
    """The page for a request that could not be read, as after any view, and its record in the log."""
    with app.app_context():
        environ = create_environ(NO_PATH, current_settings().base_url)
    with app.request_context(environ):
        facts = {
            "status": status,
            "error": type(reason).__name__ if reason else None,
            "request_id": request_id(),
        }
        if status >= 500 and reason is not None:
            log.error("a request failed outside the application", extra=facts, exc_info=reason)
        else:
            log.warning("a request could not be read", extra=facts)
        response = app.process_response(error_pages.page(status, str(status), {}))
        response.date = clock.now()
        response.headers["Connection"] = "close"
        return response
