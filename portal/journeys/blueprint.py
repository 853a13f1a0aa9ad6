"""A blueprint for a journey: nine rules that serve every journey there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.access import public
from portal.core.context import current_settings
from portal.core.kept_words import words_return_to
from portal.core.security import keeps_words
from portal.core.sessions import visitor_key
from portal.journeys.engine import Journey, Progress
from portal.journeys.service import Saved, Submit, nothing_beside, nothing_more
from portal.journeys.views import JourneyViews
from portal.journeys.visit import Hooks, Templates

__all__ = ["Templates", "journey_blueprint"]

View = Callable[..., ResponseReturnValue]

RULES = (
    ("/", "start", ("GET",), False),
    ("/check-answers", "check", ("GET", "POST"), True),
    ("/confirmation", "confirmation", ("GET",), False),
    ("/delete-answers", "delete", ("GET", "POST"), False),
    ("/answers-deleted", "deleted", ("GET",), False),
    ("/<slug:step>", "step", ("GET", "POST"), True),
    ("/<slug:step>/add", "add_item", ("GET", "POST"), True),
    ("/<slug:step>/<token:item>", "item", ("GET", "POST"), True),
    ("/<slug:step>/<token:item>/remove", "remove_item", ("GET", "POST"), False),
)
"""Address, view of JourneyViews, methods, and whether a refused token is answered with the words kept."""


def idle_minutes() -> timedelta:
    """How long an untouched draft of a visitor without an account is kept."""
    return timedelta(minutes=current_settings().draft_minutes)


def nothing() -> None:
    """No limit before sending."""


def no_facts() -> dict[str, Any]:
    """Nothing that the installation contributes."""
    return {}


def only_the_reference(_session: Session, _reference: str) -> dict[str, Any]:
    """A confirmation page that needs nothing but the reference."""
    return {}


def no_judgement(_progress: Progress, _at: datetime) -> dict[str, Any]:
    """A check page that needs nothing but the answers."""
    return {}


def journey_blueprint(
    journey: Journey | Callable[[], Journey],
    *,
    name: str,
    url_prefix: str,
    submit: Submit,
    home: str,
    holder: Callable[[], str] = visitor_key,
    facts: Callable[[], Mapping[str, Any]] = no_facts,
    before_send: Callable[[], None] = nothing,
    confirmation: Callable[[Session, str], Mapping[str, Any]] = only_the_reference,
    lifetime: Callable[[], timedelta] = idle_minutes,
    templates: Templates | None = None,
    policy: Callable[[View], View] = public,
    saved: Saved = nothing_more,
    discarded: Callable[[Session], None] = nothing_beside,
    judged: Callable[[Progress, datetime], Mapping[str, Any]] = no_judgement,
) -> Blueprint:
    """The pages of a journey.

    `submit(session, submission)` stores what is sent and gives its reference, inside the one transaction;
    it may raise InvalidInput about a field of the final form. `home` is the endpoint before the journey.
    `before_send` and `submit` may raise TooManyRequests: the answers then wait. `confirmation(session,
    reference)` gives the confirmation page its facts, `judged(progress, at)` the check page. `saved(session,
    answers, at)` and `discarded(session)` keep what lies beside the answers in step with them.
    The functions run in a request and may read it; a
    journey that depends on the address (a vacancy's criteria) is given as a function too.
    """
    hooks = Hooks(
        journey=journey if callable(journey) else lambda: journey,
        submit=submit,
        holder=holder,
        facts=facts,
        before_send=before_send,
        confirmation=confirmation,
        lifetime=lifetime,
        templates=templates or Templates(),
        home=home,
        saved=saved,
        discarded=discarded,
        judged=judged,
    )
    views = JourneyViews(hooks)
    blueprint = Blueprint(name, __name__, url_prefix=url_prefix)
    for address, view, methods, keeps in RULES:
        function = policy(as_function(getattr(views, view)))
        if keeps and policy is not public:
            function = words_return_to(f"{name}.{view}")(function)
        blueprint.add_url_rule(address, view, keeps_words(function) if keeps else function, methods=methods)
    return blueprint


def as_function(view: View) -> View:
    """A method as a function of its own, which can carry a policy; what the prefix holds is the author's."""

    @wraps(view)
    def function(**values: Any) -> ResponseReturnValue:
        return view(**{name: value for name, value in values.items() if name in ("step", "item")})

    return function
