"""The audit of an export of applications, from the pages and from the command line alike."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.applications.export.content import Wanted
from portal.applications.export.events import APPLICATIONS_EXPORTED
from portal.core import audit
from portal.core.access import Actor
from portal.core.export import refuse_large_workbook

MOST_AT_A_TIME = 50_000
"""Rows of a workbook that a web request makes: a longer one may take more time than the proxy waits."""


def note_export(
    session: Session,
    wanted: Wanted,
    *,
    vacancy: str,
    file_format: str,
    purpose: str,
    rows: int,
    by: Actor,
    at: datetime,
    most: int = MOST_AT_A_TIME,
) -> None:
    """Who, what, how many and what for; raises InvalidInput for too large a workbook."""
    refuse_large_workbook(file_format, rows, most=most, things="applications")
    facts = {"content": wanted.content.value, "chosen": wanted.chosen.describe(), "purpose": purpose}
    audit.record(
        session, APPLICATIONS_EXPORTED, by=by, at=at, subject=vacancy, rows=rows, format=file_format, **facts
    )
