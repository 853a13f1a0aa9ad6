"""The pages of the form: the journey, whose it is, and what sending does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.apply import service
from portal.applications.apply.desk import current_desk
from portal.applications.apply.gone import already_applied_page
from portal.core.access import candidate_only
from portal.core.context import current_actor
from portal.core.database import SAFE_METHODS
from portal.core.responses import see_other
from portal.journeys.answers import Answers
from portal.journeys.blueprint import Templates, journey_blueprint
from portal.journeys.engine import Submission

View = Callable[..., ResponseReturnValue]

NAME = "application"
SENT = f"{NAME}.confirmation"
"""Where the journey leads when it has sent."""
AFTER_SENDING = "equality.questions"
"""The equality questions, which lead on to the confirmation."""
DELETED = f"{NAME}.deleted"
"""The one page that is shown when there is nothing."""


def begun(view: View) -> View:
    """For candidates who have begun; others are led to what they sent, or to where one begins.

    What is posted is never led away: the journey keeps it, or shows it beside what was sent.
    """

    @wraps(view)
    def seen(**values: Any) -> ResponseReturnValue:
        desk = current_desk()
        if request.method in SAFE_METHODS and request.endpoint != DELETED:
            if desk.application is not None:
                if desk.application.candidate_id is None:
                    return see_other("apply.begin", vacancy=desk.vacancy.reference)
                onwards = AFTER_SENDING if request.endpoint == SENT else "apply.confirmation"
                return see_other(onwards, application=desk.application.reference)
            if desk.draft is None:
                return see_other("apply.start", slug=desk.vacancy.slug)
        return view(**values)

    return candidate_only(seen)


def saved(session: Session, _answers: Answers, at: datetime) -> None:
    """Keep the row beside the answers in step. Raises AlreadyApplied."""
    desk = current_desk()
    service.note_save(session, desk.vacancy, desk.candidate_id, by=current_actor(), at=at)


def discarded(session: Session) -> None:
    """The row goes with its answers."""
    desk = current_desk()
    service.forget_draft(session, desk.vacancy, desk.candidate_id, by=current_actor(), at=desk.at)


def submit(session: Session, submission: Submission) -> str:
    """Send, inside the journey’s transaction; gives the reference."""
    return service.accept_application(session, submission, current_desk().sending()).reference


def confirmation(_session: Session, reference: str) -> Mapping[str, Any]:
    """The journey’s own confirmation only leads on to the one that stays."""
    return {"onwards": url_for("apply.confirmation", application=reference)}


blueprint = journey_blueprint(
    lambda: current_desk().journey,
    name=NAME,
    url_prefix="/applications/for/<reference:vacancy>",
    submit=submit,
    home="apply.back",
    holder=lambda: current_desk().holder,
    facts=lambda: current_desk().facts,
    confirmation=confirmation,
    lifetime=lambda: current_desk().lifetime,
    templates=Templates(
        layout="layouts/candidate_journey.html",
        task_list="applications/apply/tasks.html",
        check="applications/apply/check.html",
        confirmation="applications/apply/onwards.html",
        already_sent="applications/apply/already_sent.html",
        delete="applications/apply/delete.html",
        deleted="applications/apply/deleted.html",
        moved_on="applications/apply/not_sent.html",
        delete_link="applications/apply/_ways.html",
    ),
    policy=begun,
    saved=saved,
    discarded=discarded,
)
blueprint.register_error_handler(service.AlreadyApplied, already_applied_page)
