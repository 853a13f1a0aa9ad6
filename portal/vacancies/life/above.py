"""What the parts that stand above the life of adverts hand to it: writing, and one day applications."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portal.vacancies.life.service import OpenCopy, Undecided

KEY = "portal.vacancies.life"


@dataclass(frozen=True, slots=True)
class Above:
    """What writing and applications contribute."""

    open_working_copy: OpenCopy
    undecided_applicants: Undecided


def nobody_undecided(_session: Session, _vacancy_id: int) -> int:
    """While nobody can apply online, the portal knows of no applicant; HR confirms that all are answered."""
    return 0


def hand_over(app: Flask, above: Above) -> None:
    """Keep with the application what the views give to the service."""
    app.extensions[KEY] = above


def from_above() -> Above:
    """What was handed over."""
    above: Above = current_app.extensions[KEY]
    return above
