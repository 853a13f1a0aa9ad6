"""What a copy says, the same on the page and in the PDF: made from what was stored when it was sent.

Nothing in it changes with the day or with where the application stands, so a copy that is made again is the
same copy. Who looks decides only what is hidden (`veil`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.wording import moment
from portal.journeys.snapshot import SnapshotSection, sections_of

NOT_PROVIDED = "Not provided"
VEILED = (
    "Names, contact details and whatever else says who this is are hidden until the application is "
    "shortlisted."
)
UNSET = "This copy could not be made as a PDF. This text says the same."


@dataclass(frozen=True, slots=True)
class Copy:
    """One application as it is printed."""

    reference: str
    job_title: str
    vacancy: str
    submitted_at: datetime
    sections: list[SnapshotSection]
    veiled: bool = False

    @property
    def title(self) -> str:
        """Names the document by the reference, never by a person."""
        return f"Application {self.reference}"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Which application this is."""
        return [
            ("Job", self.job_title),
            ("Vacancy reference", self.vacancy),
            ("Sent", moment(self.submitted_at)),
        ]

    @property
    def notes(self) -> list[str]:
        """What a reader must know."""
        return [VEILED] if self.veiled else []

    @property
    def file_name(self) -> str:
        """The name of the file, without its ending."""
        return f"application-{self.reference}"

    def document(self) -> dict[str, Any]:
        """As `press` takes it."""
        return {
            "title": self.title,
            "footer": self.reference,
            "notes": self.notes,
            "facts": [list(fact) for fact in self.facts],
            "sections": [
                {
                    "title": section.title,
                    "groups": [
                        {
                            "heading": group.heading,
                            "rows": [[row.question, row.text or NOT_PROVIDED] for row in group.rows],
                        }
                        for group in section.groups
                    ],
                }
                for section in self.sections
            ],
        }

    def text(self) -> str:
        """All that the PDF says, as plain text, for a copy that cannot be set."""
        parts = [self.title, UNSET, *self.notes]
        parts += [f"{question}: {answer}" for question, answer in self.facts]
        for section in self.sections:
            parts.append(section.title.upper())
            for group in section.groups:
                parts += [group.heading] if group.heading else []
                parts += [f"{row.question}\n{row.text or NOT_PROVIDED}" for row in group.rows]
        return "\n\n".join(parts) + "\n"


def copy_of(row: Any, snapshot: Mapping[str, Any], *, veiled: bool = False) -> Copy:
    """The copy of a row that names the application and its vacancy, with what of it may be seen."""
    return Copy(
        reference=row.reference,
        job_title=row.job_title,
        vacancy=row.vacancy_reference,
        submitted_at=row.submitted_at,
        sections=sections_of(snapshot),
        veiled=veiled,
    )
