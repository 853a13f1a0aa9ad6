"""What somebody had typed when their session ended, given back once the same person has signed in.

Every form shown to somebody signed in carries, signed, whose it is. So a form that comes after the session
has ended, or has gone altogether, can be kept for its owner: on the server, under this browser’s new
session, for an hour. Nothing of it is in an address or on the page that asks to sign in, nothing is done
with it until its owner sends it again, and anybody else who signs in here never sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, g, request, session
from flask.typing import ResponseReturnValue
from itsdangerous import BadData
from werkzeug.datastructures import MultiDict

from portal.core import clock
from portal.core.context import current_actor
from portal.core.database import SAFE_METHODS
from portal.core.errors import CrossSite
from portal.core.sessions import CSRF_FIELD, destroy_session
from portal.core.text import clean_line, clean_text
from portal.core.way_back import WayBack, query_of_request, serialiser

KEPT = "kept_words"
LASTS = timedelta(hours=1)
TYPED_BY = "typed_by"
PAGE_LASTS = timedelta(hours=24)
"""How long a page that was left open still says whose it is."""
LONGEST = 100_000
"""Characters; far more than all fields of a form together, even with a statement much too long."""
MOST_WORDS = 200
"""Fields; the same."""
NO_WORDS = (CSRF_FIELD, TYPED_BY, "form_end")

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def init_app(app: Flask) -> None:
    """Look at every form that is sent, after it is known who sends it."""
    app.before_request(refuse_words_of_another)


def words_return_to(endpoint: str) -> Callable[[View], View]:
    """Mark a POST whose words come back on the page of this endpoint; never one with a password."""

    def mark(view: View) -> View:
        view.words_return_to = endpoint  # type: ignore[attr-defined]  # functions carry data; read below
        return view

    return mark


def sign_typist(owner: str) -> str:
    """The hidden input that says whose form this is."""
    return str(serialiser("portal.typed_by").dumps(owner))


def typist() -> str | None:
    """Whose the form is that was sent; None where it does not say, or says it in a way that is not ours."""
    token = request.form.get(TYPED_BY, "")
    try:
        found = serialiser("portal.typed_by").loads(token, max_age=int(PAGE_LASTS.total_seconds()))
    except BadData:
        return None
    return found if isinstance(found, str) else None


def refuse_words_of_another() -> None:
    """What one person typed is never shown to, or recorded as being from, another who has signed in since."""
    asks = current_actor().owner
    if request.method in SAFE_METHODS or asks is None:
        return
    owner = typist()
    if owner is not None and owner != asks:
        raise CrossSite


def keep_words() -> WayBack | None:
    """Keep this request’s form for its owner; gives where it will come back, None if nothing was kept."""
    view = current_app.view_functions.get(request.endpoint or "")
    page, owner = getattr(view, "words_return_to", None), typist()
    if page is None or owner is None:
        return None
    words = words_of(request.form)
    if words is None:
        return None
    destroy_session()
    session[KEPT] = {
        "owner": owner,
        "endpoint": page,
        "values": dict(request.view_args or {}),
        "words": words,
        "until": (clock.now() + LASTS).isoformat(),
    }
    return WayBack(page, dict(request.view_args or {}), query_of_request())


def words_of(form: MultiDict[str, str]) -> list[list[str]] | None:
    """What was sent, cleaned as any field would have, so that it can be stored; None if it is too much."""
    sent = list(form.items(multi=True))
    if len(sent) > MOST_WORDS or sum(len(name) + len(value) for name, value in sent) > LONGEST:
        return None
    cleaned = [[clean_line(name), clean_text(value)] for name, value in sent]
    return [word for word in cleaned if word[0] not in NO_WORDS]


def kept_words(owner: str | None = None) -> Mapping[str, Any] | None:
    """What is kept in this session, while it lasts; with `owner` only what is this person’s."""
    kept: Mapping[str, Any] | None = session.get(KEPT)
    if kept is None or clock.now() >= datetime.fromisoformat(kept["until"]):
        return None
    return kept if owner is None or kept["owner"] == owner else None


def kept_until() -> datetime | None:
    """Until when words are kept in this browser, whosever they are; None where none are."""
    kept = kept_words()
    return datetime.fromisoformat(kept["until"]) if kept is not None else None


def carry_words(kept: Mapping[str, Any] | None) -> None:
    """Take kept words over into the session of the person who has just signed in."""
    if kept is not None:
        session[KEPT] = dict(kept)


def typed_or_kept() -> MultiDict[str, str] | None:
    """What a form is filled with: what was sent; else, on the page that they belong to, the words kept."""
    if request.method not in SAFE_METHODS:
        return request.form
    owner = current_actor().owner
    kept = kept_words(owner) if owner is not None else None
    if kept is None or (kept["endpoint"], kept["values"]) != (
        request.endpoint,
        dict(request.view_args or {}),
    ):
        return None
    g.words_returned = True
    return MultiDict([(name, value) for name, value in kept["words"]])


def forget_words() -> None:
    """They were sent again, and this time they arrived."""
    if KEPT in session:
        del session[KEPT]
