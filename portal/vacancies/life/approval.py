"""Who may decide about an advert that waits: a second person, and hiring managers only about their own."""

from __future__ import annotations

from portal.core.access import Actor
from portal.core.errors import Forbidden
from portal.vacancies.code_list import has_id
from portal.vacancies.life.queries import Authors
from portal.vacancies.models import Vacancy


class SecondPersonNeeded(Forbidden):
    """Somebody else must decide; facts hold the reference and why."""

    slug = "second_person"


def why_not_approve(vacancy: Vacancy, authors: Authors, by: Actor) -> str:
    """Why this person may not approve the advert, a sentence without a full stop; empty if they may."""
    reason = why_not_decide(vacancy, by)
    if reason:
        return reason
    if by.id is None:
        return "An advert is approved by a person"
    if by.id == authors.submitted_by:
        return "You sent this advert for approval, so somebody else must approve it"
    if by.id == authors.written_by or has_id(vacancy.writers, by.id):
        return "You wrote some of this advert, so somebody else must approve it"
    return ""


def why_not_decide(vacancy: Vacancy, by: Actor) -> str:
    """Why this person has no say about the advert: a hiring manager decides where named as such."""
    if not by.can("vacancies.approve"):
        return "Your role does not let you decide about adverts"
    if not by.can("vacancies.write") and vacancy.hiring_manager_id != by.id:
        return "This advert names another hiring manager. You decide about adverts that name you"
    return ""


def require_say(vacancy: Vacancy, reason: str) -> None:
    """Raise SecondPersonNeeded where there is a reason against."""
    if reason:
        raise SecondPersonNeeded(reference=vacancy.reference, why=reason)
