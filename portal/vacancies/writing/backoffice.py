"""The journey's pages for HR: what it is made of, whose it is, and what sending does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.core.access import requires
from portal.core.context import current_actor, current_settings
from portal.core.errors import InvalidInput, StaleEdit
from portal.journeys.answers import Answers
from portal.journeys.blueprint import Templates, journey_blueprint
from portal.journeys.engine import Journey, Progress, Submission
from portal.vacancies.life.readiness import NotReady, Reason, refusals, warnings
from portal.vacancies.writing import service
from portal.vacancies.writing.compare import both_versions
from portal.vacancies.writing.desk import WritingGone, current_desk, desk_to_write_at
from portal.vacancies.writing.gone import gone_page
from portal.vacancies.writing.journey import STEP_OF
from portal.vacancies.writing.names import LIFETIME
from portal.vacancies.writing.preview import written_of
from portal.vacancies.writing.starting import forget_working_copy, note_save

MEND_FIRST = "This cannot be sent yet. What has to be done first is listed above"


@dataclass(frozen=True, slots=True)
class Advice:
    """A reason or a warning, with the page that mends it; empty where no page does."""

    text: str
    url: str


def advice_of(reason: Reason, progress: Progress) -> Advice:
    """With the address of the page."""
    slug = STEP_OF.get(reason.field, "")
    if slug not in {step.slug for step in progress.path}:
        return Advice(reason.text, "")
    reference = current_desk().reference
    return Advice(reason.text, url_for("vacancy_writing.step", reference=reference, step=slug, change=1))


def the_journey() -> Journey:
    """The pages for this advert: fewer once the public can read it."""
    return desk_to_write_at().journey


def the_holder() -> str:
    """The key of the answers, shared by all of HR."""
    return desk_to_write_at().holder


def the_facts() -> Mapping[str, Any]:
    """See Desk.facts."""
    return current_desk().facts


def saved(session: Session, answers: Answers, at: datetime) -> None:
    """Keep title and last writer beside the answers.

    Raises WritingGone where the writing was ended this very moment: nobody would find the answers alone.
    """
    if not note_save(session, current_desk().reference, answers, by=current_actor(), at=at):
        raise WritingGone


def discarded(session: Session) -> None:
    """The working copy goes with its answers."""
    desk = current_desk()
    forget_working_copy(session, desk.reference, by=current_actor(), at=desk.at)


def judged(progress: Progress, at: datetime) -> dict[str, Any]:
    """What refuses the advert, and what is only pointed out."""
    vacancy = current_desk().as_vacancy(progress)
    team = current_settings().council.recruitment
    return {
        "refusals": [advice_of(reason, progress) for reason in refusals(vacancy, at)],
        "warnings": [advice_of(reason, progress) for reason in warnings(vacancy, at, team)],
    }


def submit(session: Session, submission: Submission) -> str:
    """Make the advert, or change it, inside the journey's transaction; gives the reference."""
    desk = current_desk()
    progress = desk.progress(submission.answers)
    try:
        vacancy = service.send(
            session,
            desk.reference,
            written_of(progress),
            full_time_hours=desk.facts["full_time_hours"],
            by=current_actor(),
            at=submission.at,
        )
    except NotReady:
        raise InvalidInput("", MEND_FIRST) from None
    except StaleEdit as stale:
        raise both_versions(desk, progress, stale) from None
    return vacancy.reference


def confirmation(_session: Session, _reference: str) -> dict[str, Any]:
    """For the page that follows: whether it waits, or has changed what the public reads."""
    return {"is_public": current_desk().is_public}


blueprint = journey_blueprint(
    the_journey,
    name="vacancy_writing",
    url_prefix="/staff/vacancies/<reference:reference>/write",
    submit=submit,
    home="vacancy_starting.preview",
    holder=the_holder,
    facts=the_facts,
    confirmation=confirmation,
    lifetime=lambda: LIFETIME,
    templates=Templates(
        layout="layouts/staff_journey.html",
        task_list="vacancies/writing/tasks.html",
        check="vacancies/writing/check.html",
        confirmation="vacancies/writing/sent.html",
        already_sent="vacancies/writing/already_sent.html",
        delete="vacancies/writing/discard.html",
        deleted="vacancies/writing/discarded.html",
        moved_on="vacancies/writing/both.html",
        delete_link="vacancies/writing/_ways.html",
    ),
    policy=requires("vacancies.write"),
    saved=saved,
    discarded=discarded,
    judged=judged,
)
blueprint.register_error_handler(WritingGone, gone_page)
