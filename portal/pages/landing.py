"""How the landing page arranges what inspectors said, and the first door's three families."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from portal.core.kept_facts import Fact
from portal.inspections.models import Inspection, Quotation, Topic
from portal.inspections.queries import latest_and_previous
from portal.vacancies.queries import next_change_at, open_counts

WITH_CHILDREN = (Topic.HELP, Topic.CARE, Topic.LEAVERS, Topic.DISABILITY)

SHORT = 30
"""Characters; “sensitivity and kindness” has 24."""

FAMILIES = (
    ("social_work", "Social workers"),
    ("psychology", "Psychologists"),
    ("management", "Managers"),
)
"""Codes of vacancies' families (they are part of its addresses) with the people they look for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """What one person or body said about one thing, in one phrase or several."""

    phrases: list[str]
    attributed_to: str
    about: str

    @property
    def short(self) -> bool:
        """Whether it is a word or two, which the page sets larger."""
        return sum(map(len, self.phrases)) <= SHORT


@dataclass(frozen=True, kw_only=True, slots=True)
class Voices:
    """Quotations by who speaks and of what."""

    with_children: list[Voice]
    at_work: list[Voice]
    ours: list[Voice]


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """One kind of post and how many adverts are open in it."""

    label: str
    code: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Landing:
    """What the page shows of the database."""

    inspection: Inspection | None
    previous: Inspection | None
    voices: Voices
    families: list[Family]

    @property
    def open_total(self) -> int:
        """Open adverts in the three families."""
        return sum(family.count for family in self.families)


def landing_of(session: Session, at: datetime) -> Fact[Landing]:
    """All of it, until the next advert opens or closes."""
    inspection, previous = latest_and_previous(session)
    found, changes_at = families(session, at)
    voices = arrange(inspection.quotations if inspection else ())
    return Fact(Landing(inspection=inspection, previous=previous, voices=voices, families=found), changes_at)


def arrange(quotations: Iterable[Quotation]) -> Voices:
    """Inspectors on children, inspectors on work, and the council's own people apart from both."""
    said = list(quotations)
    inspectors = [quotation for quotation in said if quotation.by_inspectors]
    return Voices(
        with_children=joined(quotation for quotation in inspectors if quotation.topic in WITH_CHILDREN),
        at_work=joined(quotation for quotation in inspectors if quotation.topic not in WITH_CHILDREN),
        ours=joined(quotation for quotation in said if not quotation.by_inspectors),
    )


def joined(quotations: Iterable[Quotation]) -> list[Voice]:
    """Neighbouring phrases of the same speaker about the same thing become one voice."""
    return [
        Voice(phrases=[quotation.words for quotation in phrases], attributed_to=who, about=about)
        for (who, about), phrases in groupby(quotations, key=lambda said: (said.attributed_to, said.about))
    ]


def families(session: Session, at: datetime) -> tuple[list[Family], datetime | None]:
    """The three families in the order of the page, and the instant at which their counts may change."""
    counts = open_counts(session, at)
    found = [Family(label=label, code=code, count=counts.get(code, 0)) for code, label in FAMILIES]
    return found, next_change_at(session, at)
