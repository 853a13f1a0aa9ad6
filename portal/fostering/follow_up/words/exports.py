"""Columns and rows of the operational export with free text behind the agreed columns (domain §7.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.clock import london
from portal.core.export import Column
from portal.fostering.follow_up.exports import ExportRow, statement_of
from portal.fostering.follow_up.filters import ExportFilters
from portal.fostering.follow_up.queries import hidden_among
from portal.fostering.models import Activity, Enquiry, HistoryEntry
from portal.fostering.options import HistoryKind

A_BATCH = 500


@dataclass(frozen=True, slots=True)
class WordsRow:
    """A row of the export with the notes about its household."""

    row: ExportRow
    notes: str

    @property
    def motivation(self) -> str | None:
        """Why they are asking, as they wrote it."""
        wrote: str | None = self.row.motivation
        return wrote


def with_words(columns: Sequence[Column[ExportRow]]) -> list[Column[WordsRow]]:
    """The same columns, then the free text."""
    return [
        *(with_notes(column) for column in columns),
        Column("motivation", attrgetter("motivation"), title="Why they are asking", width=60),
        Column("notes", attrgetter("notes"), title="Notes", width=60),
    ]


def with_notes(column: Column[ExportRow]) -> Column[WordsRow]:
    """A column of the export, read out of a row with notes."""
    value = column.value
    return Column(
        column.header, lambda line: value(line.row), column.title, words=column.words, width=column.width
    )


def words_rows_for(filters: ExportFilters, by: Actor) -> Callable[[Session], Iterator[WordsRow]]:
    """The export’s rows that this person may read, in order of receipt, the notes read a batch at a time."""

    def rows(session: Session) -> Iterator[WordsRow]:
        wanted = statement_of(filters, by).add_columns(Enquiry.id, Enquiry.motivation)
        found = session.execute(wanted.execution_options(yield_per=A_BATCH))
        for batch in found.partitions():
            notes = notes_of(session, [row.id for row in batch], by=by)
            yield from (WordsRow(row, "\n".join(notes[row.id])) for row in batch)

    return rows


def notes_of(session: Session, ids: Sequence[int], *, by: Actor) -> dict[int, list[str]]:
    """What staff noted of these enquiries with a contact or a step, the oldest first: day, who, words.

    Not what was noted of one of them and a record that this person may not read, as on the timeline.
    """
    said: list[tuple[datetime, int, str, str]] = []
    for table in (Activity, HistoryEntry):
        wanted = select(table.at, table.enquiry_id, table.by_name, table.note)
        noted = wanted.where(table.enquiry_id.in_(ids), table.note.is_not(None)).order_by(table.id)
        if table is HistoryEntry:
            noted = noted.where(table.id.not_in(about_hidden(session, ids, by=by)))
        said.extend(
            (at, enquiry, by_name, note) for at, enquiry, by_name, note in session.execute(noted) if note
        )
    found: dict[int, list[str]] = defaultdict(list)
    for at, enquiry, by_name, note in sorted(said, key=lambda line: line[0]):
        found[enquiry].append(f"{london(at).date().isoformat()} {by_name or 'the portal'}: {note}")
    return found


def about_hidden(session: Session, ids: Sequence[int], *, by: Actor) -> list[int]:
    """The steps of these enquiries that were taken together with a record that this person may not read."""
    pairs = (HistoryKind.SAME, HistoryKind.DIFFERENT, HistoryKind.DUPLICATE)
    wanted = select(HistoryEntry.id, HistoryEntry.facts).where(
        HistoryEntry.enquiry_id.in_(ids), HistoryEntry.kind.in_(pairs)
    )
    steps = {identifier: facts.get("other") for identifier, facts in session.execute(wanted)}
    hidden = hidden_among(session, steps.values(), by=by)
    return [identifier for identifier, other in steps.items() if other in hidden]
