"""What an address may contain. Anything else is no address of ours and answers 404.

So no view ever sees a NUL, a number beyond 64 bits, or ten thousand characters from the path.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, Response, redirect, request, url_for
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import BaseConverter, MapAdapter, RequestRedirect, ValidationError

LARGEST_ID = 2**63 - 1


class Slug(BaseConverter):
    """Small letters, digits and hyphens, as adverts' and steps' names are."""

    regex = r"[a-z0-9][a-z0-9-]{0,119}"


class Reference(BaseConverter):
    """A reference such as FOS-26-XKCD7, in either case; views see capitals."""

    regex = r"[A-Za-z0-9][A-Za-z0-9-]{0,23}"

    def to_python(self, value: str) -> str:
        """Capitals, as stored."""
        return value.upper()


class Token(BaseConverter):
    """An unguessable token as `secrets.token_urlsafe` makes them."""

    regex = r"[A-Za-z0-9_-]{16,128}"


class Number(BaseConverter):
    """A row's id: ASCII digits, from 1 to what both databases hold."""

    regex = r"[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """The number; raises ValidationError (404) beyond 64 bits."""
        number = int(value)
        if not 1 <= number <= LARGEST_ID:
            raise ValidationError
        return number

    def to_url(self, value: int) -> str:
        """Plain digits."""
        return str(value)


CONVERTERS = {"slug": Slug, "reference": Reference, "token": Token, "number": Number}


def init_app(app: Flask) -> None:
    """Register the converters before any route, and look after slashes that are too many or too few."""
    app.url_map.converters.update(CONVERTERS)
    app.before_request(mend_slash)


def mend_slash() -> Response | None:
    """308 to the same page without the slash that somebody typed after its address; reading only.

    Where to is built by the router from the view that was found, so nothing in the address can name another
    host. (Werkzeug itself leads from /staff to /staff/.) A POST is never sent on: it gets the plain 404.
    """
    lost = isinstance(request.routing_exception, NotFound)
    if not lost or request.method not in ("GET", "HEAD") or not request.path.endswith("/"):
        return None
    address = address_without_slash(request.path.removesuffix("/"))
    if address is None:
        return None
    query = quote(request.query_string, safe="/?:@!$&'()*+,;=%-._~")
    return redirect(f"{address}?{query}" if query else address, 308)  # type: ignore[return-value]


def address_without_slash(path: str) -> str | None:
    """The address of the page at exactly this path; None where there is none."""
    try:
        endpoint, values = request_adapter().match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return url_for(endpoint, **values)


def request_adapter() -> MapAdapter:
    """The router as bound to this request."""
    adapter = request_ctx.url_adapter
    if adapter is None:
        raise NotFound
    return adapter
