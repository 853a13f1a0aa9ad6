"""What the staff pages of an advert say of its applications, handed down to them."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, url_for
from sqlalchemy.orm import Session

from portal.applications.options import Tab
from portal.applications.scope import is_hr
from portal.applications.sift.overview.queries import unanswered_applicants
from portal.applications.sift.queries import tab_counts
from portal.core.access import Actor
from portal.core.wording import plural
from portal.vacancies.life.above import Applicants, hand_over, handed_over
from portal.vacancies.models import Vacancy


def init_app(app: Flask) -> None:
    """Let no advert be archived before everyone is answered; lead from its page to its applications."""
    above = handed_over(app)
    hand_over(app, replace(above, why_not_archive=why_not_archive, applicants_of=applicants_of))


def why_not_archive(session: Session, vacancy_id: int) -> str:
    """Everyone gets an answer first."""
    undecided, untold = unanswered_applicants(session, vacancy_id)
    reasons = [
        plural(undecided, "applicant has", "applicants have") + " no outcome yet" if undecided else "",
        plural(untold, "outcome waits", "outcomes wait") + " to be sent" if untold else "",
    ]
    why = ", and ".join(reason for reason in reasons if reason)
    return why and f"{why}. Everyone gets an answer before an advert is archived"


def applicants_of(session: Session, vacancy: Vacancy, by: Actor) -> Applicants | None:
    """The link for whoever may see the applications; nothing before anybody could apply."""
    own = is_hr(by) or (by.can("applications.read") and vacancy.hiring_manager_id == by.id)
    if not own or vacancy.visible_from is None:
        return None
    counts = tab_counts(session, vacancy.id)
    parts = [f"{counts[tab]:,} {tab.label.lower()}" for tab in Tab if counts[tab]]
    address = url_for("staff_applications.vacancy", vacancy=vacancy.reference)
    return Applicants(address, ", ".join(parts) or "none yet")
