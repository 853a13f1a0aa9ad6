"""The audit of an export of adverts, from the pages and from the command line alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.export import refuse_large_workbook
from portal.vacancies.life.events import VACANCIES_EXPORTED

MOST_AT_A_TIME = 100_000
"""Rows of a workbook that a web request makes: a longer one may take more time than the proxy waits."""


def note_export(
    session: Session,
    filters: Mapping[str, str],
    *,
    file_format: str,
    purpose: str,
    rows: int,
    by: Actor,
    at: datetime,
    most: int = MOST_AT_A_TIME,
) -> None:
    """Who, what, how many and what for; raises InvalidInput for too large a workbook."""
    refuse_large_workbook(file_format, rows, most=most, things="adverts")
    facts: dict[str, Any] = {"filters": dict(filters), "format": file_format, "purpose": purpose}
    audit.record(session, VACANCIES_EXPORTED, by=by, at=at, rows=rows, **facts)
