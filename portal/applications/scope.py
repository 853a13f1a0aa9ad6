"""Whose applications somebody on the council’s side may see: HR all, a hiring manager those to their adverts.

Said to the database inside every query, so that another vacancy’s reference in an address finds nothing.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from portal.core.access import Actor
from portal.vacancies.models import Vacancy


def is_hr(by: Actor) -> bool:
    """Whether somebody works with all applications and answers candidates."""
    return by.can("applications.release")


def in_scope(by: Actor) -> ColumnElement[bool]:
    """The vacancies whose applications this person may see."""
    return true() if is_hr(by) else Vacancy.hiring_manager_id == by.id
