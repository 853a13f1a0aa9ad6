"""Which answers of an enquiry no longer hold, because details were put right since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.options import Option
from portal.core.phones import display_phone
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import HistoryKind
from portal.journeys.snapshot import SnapshotSection


def answers_changed(
    session: Session, enquiry: Enquiry, sections: Iterable[SnapshotSection]
) -> dict[str, str]:
    """Each question whose answer was changed since, with what holds now; empty words where nothing does.

    An answer that was put right and then back again holds.
    """
    entries = select(HistoryEntry.facts).where(
        HistoryEntry.enquiry_id == enquiry.id, HistoryEntry.kind == HistoryKind.DETAILS
    )
    corrected = {name for facts in session.scalars(entries) for name in facts.get("fields", ())}
    answered = {
        row.name: row.answer for section in sections for group in section.groups for row in group.rows
    }
    return {
        name: in_words(name, now)
        for name in sorted(corrected & set(answered))
        if (now := getattr(enquiry, name)) != (answered[name] or None)
    }


def in_words(name: str, value: Any) -> str:
    """A detail as pages show it."""
    if isinstance(value, Option):
        return value.label
    return display_phone(value) if name == "phone" and value else str(value or "")
