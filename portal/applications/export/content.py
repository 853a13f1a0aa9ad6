"""What a file is about, and of which applications."""

from __future__ import annotations

from dataclasses import dataclass

from portal.applications.chosen import Chosen
from portal.core.options import Option

EVERYBODY = Chosen()


class Content(Option):
    """What a file is about."""

    APPLICATIONS = "applications", "Applications, one row each"
    GRID = "grid", "Shortlisting grid, without names"
    INTERVIEWS = "interviews", "Interview schedule"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which applications, of one vacancy or of all."""

    content: Content
    vacancy_id: int | None = None
    chosen: Chosen = EVERYBODY
