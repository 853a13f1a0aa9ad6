"""A candidate’s own application, said to the database: another’s is as unknown as one that does not exist."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from portal.applications.models import Application


def own(reference: str, candidate_id: int | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """An application by its reference, if it is this candidate’s; nobody’s without one."""
    return Application.reference == reference, Application.candidate_id == (candidate_id or 0)
