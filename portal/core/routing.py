"""What an address may contain. Anything else is no address of ours and answers 404.

So no view ever sees a NUL, a number beyond 64 bits, or ten thousand characters from the path.
"""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

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
    """Register the converters before any route."""
    app.url_map.converters.update(CONVERTERS)
