"""The letter that a family is owed with whom the service did not go on: by when, and how late it is."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from portal.council import FosteringTeam
from portal.fostering.clocks import closing_letter_due
from portal.fostering.limits import Lateness, lateness_of_letter
from portal.fostering.messages.models import FamilyMessage


class LetterDue(NamedTuple):
    """By when it is to leave; derived from the closing that it tells of."""

    due_at: datetime
    lateness: Lateness


def letter_due(letter: FamilyMessage, team: FosteringTeam, at: datetime) -> LetterDue | None:
    """The clock of a letter that `queries.is_owed`; None for a message that tells of no closing."""
    if letter.about_at is None:
        return None
    due_at = closing_letter_due(letter.about_at, team)
    return LetterDue(due_at, lateness_of_letter(due_at, team, at))
