"""Whether an advert may be published: what refuses it, and what is only pointed out.

Pure functions of a vacancy with its criteria and panel loaded. `refusals` are what the law, safer
recruitment or plain sense demand (domain: recruitment §8), all of them at once; `warnings` never block
(they are in `advice`). A sentence says what to do and has no final stop.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from portal.core.postcodes import normalise_postcode
from portal.core.wording import day, local_date
from portal.vacancies.life.advice import warnings
from portal.vacancies.life.reasons import NotReady, Reason
from portal.vacancies.life.titles import registration_refusals
from portal.vacancies.models import Vacancy
from portal.vacancies.options import ContractType, Importance

__all__ = ["NotReady", "Reason", "refusals", "require_ready", "warnings"]

LEAST_CRITERIA = 3
LEAST_PANEL = 2
MOST_HOURS = Decimal(48)
"""The week of the working time regulations."""
ENDING = frozenset({ContractType.FIXED_TERM, ContractType.SECONDMENT})


def require_ready(vacancy: Vacancy, at: datetime) -> None:
    """Raise NotReady with all reasons, unless the advert could be published now."""
    reasons = refusals(vacancy, at)
    if reasons:
        raise NotReady(reference=vacancy.reference, reasons=reasons)


def refusals(vacancy: Vacancy, at: datetime) -> list[Reason]:
    """Everything that forbids publishing, in the order in which an advert is written."""
    return [
        *text_refusals(vacancy),
        *contract_refusals(vacancy),
        *place_refusals(vacancy),
        *check_refusals(vacancy),
        *criteria_refusals(vacancy),
        *date_refusals(vacancy, at),
        *people_refusals(vacancy, at),
    ]


def text_refusals(vacancy: Vacancy) -> Iterator[Reason]:
    """An advert says what the work is."""
    for column, name in (("title", "job title"), ("summary", "summary"), ("description", "description")):
        if not (getattr(vacancy, column) or "").strip():
            yield Reason(column, f"Enter the {name}")


def contract_refusals(vacancy: Vacancy) -> Iterator[Reason]:
    """Hours, pattern, and when a contract that ends ends."""
    hours = vacancy.hours_per_week
    if not hours or hours <= 0:
        yield Reason("hours_per_week", "Enter the hours a week")
    elif hours > MOST_HOURS:
        yield Reason("hours_per_week", f"Hours a week must be {MOST_HOURS} or less")
    if not vacancy.working_patterns:
        yield Reason("working_patterns", "Select at least one working pattern")
    if vacancy.contract_type in ENDING and vacancy.contract_ends_on is None:
        yield Reason("contract_ends_on", "Enter the day on which the contract ends")
    if vacancy.contract_type in ENDING and vacancy.contract_reason is None:
        yield Reason("contract_reason", "Select why the contract ends")


def place_refusals(vacancy: Vacancy) -> Iterator[Reason]:
    """Where the work is; job boards refuse an advert without a postcode."""
    if not (vacancy.location_base or "").strip():
        yield Reason("location_base", "Enter where the post is based")
    if not vacancy.postcode:
        yield Reason("postcode", "Enter the postcode of the place of work")
    elif normalise_postcode(vacancy.postcode) is None:
        yield Reason("postcode", "Enter a full UK postcode for the place of work, like SO14 7LY")


def check_refusals(vacancy: Vacancy) -> Iterator[Reason]:
    """Criminal record check and professional registration."""
    if vacancy.dbs_level is None:
        yield Reason("dbs_level", "Select which DBS check the post needs")
    yield from (Reason(field, text) for field, text in registration_refusals(vacancy))


def criteria_refusals(vacancy: Vacancy) -> Iterator[Reason]:
    """Applicants answer the criteria and the panel scores them, so there must be some."""
    number = len(vacancy.criteria)
    if number < LEAST_CRITERIA:
        yield Reason("criteria", f"Add at least {LEAST_CRITERIA} criteria: there are {number or 'none'}")
    elif not any(line.importance is Importance.ESSENTIAL for line in vacancy.criteria):
        yield Reason("criteria", "Mark at least one criterion as essential")


def date_refusals(vacancy: Vacancy, at: datetime) -> Iterator[Reason]:
    """A closing time to come, and dates that follow one another."""
    if vacancy.closes_at is None:
        yield Reason("closes_at", "Enter the closing date and time")
        return
    if vacancy.closes_at <= at:
        yield Reason("closes_at", "The closing time must be in the future")
    if vacancy.publish_at is not None and vacancy.publish_at >= vacancy.closes_at:
        yield Reason("publish_at", "The advert must be published before it closes")
    yield from crossings(vacancy, local_date(vacancy.closes_at))


def crossings(vacancy: Vacancy, closes_on: date) -> Iterator[Reason]:
    """Later dates that lie before the closing day, or before one another."""
    interviews = [date.fromisoformat(text) for text in vacancy.interview_dates or []]
    closing = f"the advert closes on {day(closes_on)}"
    if interviews and min(interviews) <= closes_on:
        yield Reason("interview_dates", f"Interviews must be after the closing day: {closing}")
    if vacancy.decision_promised_on and vacancy.decision_promised_on <= closes_on:
        yield Reason("decision_promised_on", f"The decision date must be after the closing day: {closing}")
    elif vacancy.decision_promised_on and interviews and vacancy.decision_promised_on < max(interviews):
        yield Reason("decision_promised_on", "The decision date must not be before the last interview")
    if vacancy.starts_on and vacancy.starts_on <= closes_on:
        yield Reason("starts_on", f"The start date must be after the closing day: {closing}")
    if vacancy.contract_ends_on and vacancy.contract_ends_on <= (vacancy.starts_on or closes_on):
        begin = "the start date" if vacancy.starts_on else "the closing day"
        yield Reason("contract_ends_on", f"The contract must end after {begin}")


def people_refusals(vacancy: Vacancy, at: datetime) -> Iterator[Reason]:
    """Somebody to ask, somebody who decides, and a panel of at least two, one of them trained."""
    if not vacancy.contact_name:
        yield Reason("contact_name", "Enter who can be asked about the post")
    if not vacancy.contact_email:
        yield Reason("contact_email", "Enter the contact’s email address")
    if vacancy.hiring_manager_id is None and not vacancy.hiring_manager_name:
        yield Reason("hiring_manager_name", "Name the hiring manager")
    people = {member.email.casefold() for member in vacancy.panel}
    if len(people) < LEAST_PANEL:
        yield Reason("panel", f"Add at least {LEAST_PANEL} different people to the panel")
    today = local_date(at)
    trained = (member.safer_recruitment_trained_on for member in vacancy.panel)
    if not any(on is not None and on <= today for on in trained):
        yield Reason("panel", "At least one person on the panel must be trained in safer recruitment")
