"""What the parts that stand above the life of adverts hand to it: writing and applications."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.vacancies.life.service import OpenCopy, WhyNotArchive
from portal.vacancies.models import Vacancy

KEY = "portal.vacancies.life"


@dataclass(frozen=True, slots=True)
class Applicants:
    """Where an advert’s applications are worked, and how many there are, in words."""

    address: str
    words: str


ApplicantsOf = Callable[[Session, Vacancy, Actor], Applicants | None]
"""What this person may see of an advert’s applications; None for nothing."""


@dataclass(frozen=True, slots=True)
class Above:
    """What writing and applications contribute."""

    open_working_copy: OpenCopy
    why_not_archive: WhyNotArchive
    applicants_of: ApplicantsOf


def nobody_waits(_session: Session, _vacancy_id: int) -> str:
    """Where nothing is handed over, the portal knows of no applicant."""
    return ""


def nobody_applied(_session: Session, _vacancy: Vacancy, _by: Actor) -> None:
    """The same, for the advert’s page."""


def hand_over(app: Flask, above: Above) -> None:
    """Keep with the application what the views give to the service."""
    app.extensions[KEY] = above


def handed_over(app: Flask) -> Above:
    """What was handed over so far, for whoever stands above and adds to it."""
    above: Above = app.extensions[KEY]
    return above


def from_above() -> Above:
    """What was handed over."""
    return handed_over(current_app)
