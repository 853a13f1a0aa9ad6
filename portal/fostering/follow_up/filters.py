"""What staff want to see of the enquiries: the queue's filters, and an export's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from portal.fostering.options import Area, Stage, Status


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueFilters:
    """What the reader wants to see; every part comes from the query string and may be absent."""

    status: Status = Status.OPEN
    due: str = ""
    """`overdue`, `today` or empty."""
    stage: Stage | None = None
    area: Area | None = None
    owner: str = ""
    """`mine`, `nobody` or empty."""
    flagged: bool = False
    search: str = ""
    after: tuple[datetime, int] | None = None

    def as_query(self) -> str:
        """What of it an address says; empty for the list of everything that is open."""
        values = {
            "which": self.status.value if self.status is not Status.OPEN else "",
            "due": self.due,
            "stage": self.stage.value if self.stage else "",
            "area": self.area.value if self.area else "",
            "owner": self.owner,
            "flagged": "yes" if self.flagged else "",
        }
        return urlencode({name: value for name, value in values.items() if value})

    def in_words(self) -> list[str]:
        """The filters as people read them."""
        due = {"overdue": "overdue", "today": "due later today"}.get(self.due, "")
        owner = {"mine": "mine, and of whom I cover for", "nobody": "nobody’s yet"}.get(self.owner, "")
        codes = [code.label for code in (self.stage, self.area) if code is not None]
        parts = [self.status.label.lower(), due, *codes, owner, "with a flag" if self.flagged else ""]
        return [part for part in parts if part]

    def describe(self) -> list[str]:
        """The filters as codes, for the audit; the words searched for are not among them."""
        parts = [self.status.value, self.due, self.owner, "flagged" if self.flagged else ""]
        parts += [code.value for code in (self.stage, self.area) if code is not None]
        return [part for part in parts if part]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportFilters:
    """Which enquiries an export holds; dates are London days of receipt, both included."""

    statuses: tuple[Status, ...] = ()
    area: Area | None = None
    received_from: date | None = None
    received_to: date | None = None

    def describe(self) -> dict[str, str]:
        """For the audit."""
        return {
            "statuses": " ".join(status.value for status in self.statuses) or "all",
            "area": self.area.value if self.area else "all",
            "from": self.received_from.isoformat() if self.received_from else "",
            "to": self.received_to.isoformat() if self.received_to else "",
        }
