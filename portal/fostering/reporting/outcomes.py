"""How far a household came by all it sent in a financial year, each step told once and by one row.

The first enquiry that is there tells of all that are there. One that goes tells in its row what the household
had not reached without it; those that stay know what is told already. No key ties them together.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from portal.fostering.options import Stage


class Reached(StrEnum):
    """A step that a household has taken."""

    VISIT = "VISIT"
    APPLICATION = "APPLICATION"
    VISIT_AND_APPLICATION = "VISIT_AND_APPLICATION"
    """Both: who came from another service may have been visited there."""
    APPROVAL = "APPROVAL"


Steps = frozenset[Reached]
NOTHING: Steps = frozenset()
BOTH = frozenset({Reached.VISIT, Reached.APPLICATION})


def steps_of(enquiry: Any) -> Steps:
    """What one enquiry has come to, by its columns."""
    approved = enquiry.stage is Stage.APPROVED or enquiry.approved_at is not None
    return steps(enquiry.visit_done_at is not None, enquiry.application_at is not None, approved)


@lru_cache
def steps(*taken: bool) -> Steps:
    """Whether there was a visit, an application, an approval; figures ask it of every enquiry."""
    known = (Reached.VISIT, Reached.APPLICATION, Reached.APPROVAL)
    return together(step for step, found in zip(known, taken, strict=True) if found)


def together(*parts: Iterable[Reached]) -> Steps:
    """What these make up: a visit by one enquiry and an application by another are both the household’s."""
    found = frozenset[Reached]().union(*parts)
    return found | {Reached.VISIT_AND_APPLICATION} if found >= BOTH else found


def in_order(steps: Steps) -> tuple[Reached, ...]:
    """As they are kept."""
    return tuple(step for step in Reached if step in steps)


class Place(NamedTuple):
    """Where an enquiry stands among those of its household in the financial year."""

    repeats: bool = False
    month: str | None = None
    """The month of the household’s first one, when that is another’s and known."""
    told: Steps = NOTHING
    """What records tell that are gone."""
    others: Steps = NOTHING
    """What the others that are there have come to, where this one tells of them."""

    def month_told(self, own: str) -> str | None:
        """Whose months the steps belong to; None where another tells of them."""
        return self.month if self.repeats else own

    def adds(self, own: Steps) -> tuple[Reached, ...]:
        """What nobody else tells."""
        return added(self, own)


ALONE = Place()
"""Of a household that sent one enquiry in the year."""
REPEATS = Place(repeats=True)
"""Another that is there tells of it."""


@lru_cache(maxsize=1_000)
def added(place: Place, own: Steps) -> tuple[Reached, ...]:
    """`Place.adds`: there are few cases, and many enquiries of each."""
    if place.repeats and place.month is None:
        return ()
    return in_order(together(place.told, place.others, own) - place.told)
