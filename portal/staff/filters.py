"""What somebody wants to see of the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditFilters:
    """What to show; dates are London days, both included. `before` is the id of the last event shown."""

    event: str = ""
    actor: str = ""
    subject: str = ""
    from_on: date | None = None
    to_on: date | None = None
    before: int | None = None
