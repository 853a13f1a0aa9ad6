"""The pages on which staff type in an enquiry."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor, current_settings
from portal.core.times import moment_of
from portal.fostering.enquire.answers import answers_that_count
from portal.fostering.follow_up import queries
from portal.fostering.follow_up.entering.journey import ENTERING
from portal.fostering.follow_up.entering.service import Arrival, enter_enquiry
from portal.fostering.options import Channel
from portal.journeys.blueprint import Templates, journey_blueprint
from portal.journeys.engine import Submission

KEPT = timedelta(days=2)
"""A call may break off; longer than this nobody remembers what was said."""


def holder() -> str:
    """Whoever types it in: each has one enquiry in the making."""
    return current_actor().owner or ""


def facts() -> dict[str, Any]:
    """What the council contributes to the questions, and the time that an arrival is compared with."""
    team = current_settings().council.fostering
    return {
        "care_types": team.care_types,
        "evening_calls": team.evening_calls,
        "now": clock.now(),
    }


def submit(session: Session, submission: Submission) -> str:
    """Accept what was typed in; gives the reference."""
    enquiry = enter_enquiry(
        session,
        answers_that_count(submission),
        submission.snapshot,
        arrival=arrival_of(submission),
        submission_key=submission.key,
        by=current_actor(),
        at=submission.at,
        council=current_settings().council,
        form_version=submission.version,
    )
    return enquiry.public_ref


def arrival_of(submission: Submission) -> Arrival:
    """How and when it came; “just now” is when the first page was saved, however long the rest took."""
    given, received_at = submission.answers.get, submission.started_at
    channel = Channel(given("channel"))
    if given("arrived") == "earlier":
        typed = moment_of(date.fromisoformat(given("arrived_on")), given("arrived_time"))
        received_at = min(typed, submission.at)
    hub_ref = given("hub_ref") or "" if channel is Channel.HUB else ""
    return Arrival(channel=channel, received_at=received_at, hub_ref=hub_ref)


def confirmation(session: Session, reference: str) -> dict[str, Any]:
    """What is due by when, and whether the household may be known.

    The page is met again later: the enquiry may be closed by then, restricted, or gone.
    """
    found = queries.enquiry_file(session, reference, by=current_actor())
    if found is None:
        return {"readable": False, "due_at": None, "duplicates": []}
    return {"readable": True, "due_at": found.enquiry.due_at, "duplicates": found.duplicates}


blueprint = journey_blueprint(
    ENTERING,
    name="fostering_entering",
    url_prefix="/staff/fostering/enter",
    submit=submit,
    home="fostering_team.queue",
    holder=holder,
    facts=facts,
    confirmation=confirmation,
    lifetime=lambda: KEPT,
    templates=Templates(
        layout="layouts/staff_journey.html",
        start="fostering/follow_up/entering/start.html",
        resume="fostering/follow_up/entering/resume.html",
        check="fostering/follow_up/entering/check.html",
        confirmation="fostering/follow_up/entering/entered.html",
        already_sent="fostering/follow_up/entering/already_sent.html",
        delete="fostering/follow_up/entering/delete.html",
        deleted="fostering/follow_up/entering/deleted.html",
        delete_link="fostering/follow_up/entering/_delete_link.html",
    ),
    policy=requires("fostering.work"),
)
