"""What the public sees of fostering: the information page, and the enquiry as a journey."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, render_template, request
from sqlalchemy.orm import Session

from portal.core import clock, throttle
from portal.core.access import public
from portal.core.context import client_address, current_actor, current_settings
from portal.core.database import read
from portal.core.errors import NotFound
from portal.core.page_cache import cached_page
from portal.fostering.area import ATTRIBUTION
from portal.fostering.enquire.answers import answers_that_count
from portal.fostering.enquire.forms import CAMPAIGN, CAMPAIGN_CODE
from portal.fostering.enquire.journey import ENQUIRY, NEXT_STEP
from portal.fostering.information_events.queries import with_room
from portal.fostering.options import CORE_CARE_TYPES, CareType, Channel, NextStep
from portal.fostering.promises import promise_facts
from portal.fostering.queries import enquiry_by_ref
from portal.fostering.service import accept_enquiry
from portal.journeys.blueprint import Templates, journey_blueprint
from portal.journeys.engine import Submission

ENQUIRIES_AN_HOUR = 10
"""From one address: a family, a library and an information evening all stay below it."""

DATES = 3
"""Of information events, on the page that offers them."""

blueprint = Blueprint("fostering", __name__)


def init_app(app: Flask) -> None:
    """Register the page and the journey."""
    app.register_blueprint(blueprint)
    journey = journey_blueprint(
        ENQUIRY,
        name="enquire",
        url_prefix="/fostering/enquire",
        submit=submit_enquiry,
        facts=enquiry_facts,
        confirmation=confirmation_facts,
        templates=Templates(
            start="fostering/start.html",
            check="fostering/check.html",
            confirmation="fostering/enquired.html",
            already_sent="fostering/already_sent.html",
            put_off="fostering/put_off.html",
        ),
        home="fostering.show",
    )
    journey.context_processor(dates_for_page)
    app.register_blueprint(journey)


@blueprint.get("/fostering")
@public
@cached_page
def show() -> str:
    """What fostering is here, who can, what happens next, and where to go instead."""
    offered = current_settings().council.fostering.care_types
    more = [kind for kind in CareType if kind.value in offered]
    return render_template(
        "fostering/show.html",
        other_kinds=[kind for kind in more if kind not in (*CORE_CARE_TYPES, CareType.NOT_SURE)],
        campaign=campaign_of_link(),
        attribution=ATTRIBUTION,
    )


def campaign_of_link() -> dict[str, str]:
    """The campaign codes that the address carries, for the next link; anything else is dropped."""
    given = {name: request.args.get(name, "").lower() for name in CAMPAIGN}
    return {name: code for name, code in given.items() if CAMPAIGN_CODE.fullmatch(code)}


def enquiry_facts() -> dict[str, Any]:
    """What the council contributes to the questions, and the campaign whose link led here."""
    team = current_settings().council.fostering
    return {
        "care_types": team.care_types,
        "evening_calls": team.evening_calls,
        "campaign": campaign_of_link(),
        "draft_minutes": current_settings().draft_minutes,
    }


def dates_for_page() -> dict[str, Any]:
    """The next information events, on the page that offers them."""
    if (request.view_args or {}).get("step") != NEXT_STEP:
        return {}
    return {"events": with_room(read(), clock.now())[:DATES]}


def submit_enquiry(session: Session, submission: Submission) -> str:
    """Accept what was sent, inside the journey's transaction; gives the reference.

    The limit counts in the same transaction: what is sent twenty times at once counts once.
    Raises TooManyRequests after ten in an hour from one address; the answers are kept.
    """
    network = throttle.network(client_address())
    throttle.hit_within(
        session, "enquiry", network, limit=ENQUIRIES_AN_HOUR, per=timedelta(hours=1), at=submission.at
    )
    enquiry = accept_enquiry(
        session,
        answers_that_count(submission),
        submission.snapshot,
        submission_key=submission.key,
        channel=Channel.WEB,
        by=current_actor(),
        at=submission.at,
        council=current_settings().council,
        form_version=submission.version,
        signs=submission.signs,
        started_at=submission.started_at,
    )
    return enquiry.public_ref


def confirmation_facts(session: Session, reference: str) -> dict[str, Any]:
    """For the confirmation: what is promised by which day, and nothing that was typed."""
    enquiry = enquiry_by_ref(session, reference)
    if enquiry is None:
        raise NotFound
    events = with_room(session, clock.now()) if enquiry.next_step is NextStep.EVENT else []
    return {**promise_facts(enquiry), "events": events}
