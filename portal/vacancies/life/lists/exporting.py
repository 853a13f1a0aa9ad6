"""The audit of an export of adverts, from the pages and from the command line alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidInput
from portal.core.wording import number
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
    if file_format == "xlsx" and rows > most:
        raise InvalidInput(
            "file_format",
            f"A spreadsheet can have up to {number(most)} adverts and these are {number(rows)}. "
            "Select CSV, or fewer adverts",
        )
    facts: dict[str, Any] = {"filters": dict(filters), "format": file_format, "purpose": purpose}
    audit.record(session, VACANCIES_EXPORTED, by=by, at=at, rows=rows, **facts)
