"""What can go wrong, as types with facts. The sentences are in the templates; nobody raises HTML or URLs.

Two handlers turn every error into a page: one for these and for Werkzeug's own, one for what nobody
expected. The template is `errors/<slug>.html`, else `errors/<status>.html`, else `errors/generic.html`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class PortalError(Exception):
    """An expected refusal; `facts` are what its page may show."""

    status = 500
    slug = "generic"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.slug)
        self.facts = facts


class IncompleteBody(PortalError):
    """A form arrived cut short: acting on half of what was typed would be worse than asking again."""

    status, slug = 400, "incomplete_body"


class CrossSite(PortalError):
    """Another site, or a page too old to trust, sent this form (CSRF)."""

    status, slug = 400, "cross_site"


class SignInRequired(PortalError):
    """Nobody is signed in; a GET is sent to the sign-in page, anything else is told so."""

    status, slug = 403, "sign_in_required"
    door = "accounts.sign_in"
    """The endpoint of the page that asks to sign in."""


class CandidateSignInRequired(SignInRequired):
    """The same for a page that belongs to a candidate, who signs in at another door."""

    slug = "candidate_sign_in_required"
    door = "candidates.sign_in"


class Forbidden(PortalError):
    """Signed in, but not for this."""

    status, slug = 403, "403"


class NotFound(PortalError):
    """There is no such thing, or it is not this person's: the answer is the same."""

    status, slug = 404, "404"


class Conflict(PortalError):
    """The request and what is stored do not fit together."""

    status, slug = 409, "conflict"


class AlreadySubmitted(Conflict):
    """It was sent before."""

    slug = "already_submitted"


class StaleEdit(Conflict):
    """Somebody saved another version meanwhile; facts hold both."""

    slug = "stale_edit"


class InvalidTransition(Conflict):
    """A step that this record cannot take now; facts say from, to and why."""

    slug = "invalid_transition"


class Gone(PortalError):
    """It was here and is not any more."""

    status, slug = 410, "410"


class LinkExpired(Gone):
    """A one-time link that was used, replaced or has run out."""

    slug = "link_expired"


class TooManyRequests(PortalError):
    """A limit was met; `retry_after` is in seconds."""

    status, slug = 429, "429"

    def __init__(self, *, retry_after: int, **facts: Any) -> None:
        super().__init__(retry_after=retry_after, **facts)
        self.retry_after = retry_after


class Unavailable(PortalError):
    """Something the portal stands on (its database, its disk) cannot serve now."""

    status, slug = 503, "503"


class InvalidInput(PortalError):
    """A service's refusal of one field; the route puts it back on the form and answers 422.

    `also` holds what else was wrong, so that everything can be put right at once.
    """

    status, slug = 422, "422"

    def __init__(self, field: str, message: str, also: Sequence[InvalidInput] = ()) -> None:
        super().__init__(field=field, message=message)
        self.field = field
        self.message = message
        self.also = also
