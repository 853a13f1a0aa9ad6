"""What the public sees of inspections, and what it would see if one were published, changed or withdrawn.

Reads nothing: the published inspections are handed in. The newest with grades is on the landing page, with
the one before it; only the newest's words are evidence on adverts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.inspections.models import Inspection, Quotation
from portal.inspections.readiness import Reason

NEW = 2**63
"""Stands for the id that a new record will have: later than all."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The inspections on the landing page, newest and the one before."""

    newest: Inspection | None
    previous: Inspection | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Before and after. `record` is what would be published; None while it cannot be, or is withdrawn."""

    record: Inspection | None
    before: Shown
    after: Shown
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    version: int = 0

    @property
    def leads(self) -> bool:
        """Whether the record would be what the landing page is about."""
        return self.record is not None and self.after.newest is self.record

    @property
    def replaces(self) -> bool:
        """Whether another inspection than now would be on the landing page."""
        return number_of(self.before.newest) != number_of(self.after.newest)

    @property
    def lost(self) -> list[Quotation]:
        """Evidence that adverts show now and would not show any more."""
        kept = {said.id for said in evidence_in(self.after.newest)}
        return [said for said in evidence_in(self.before.newest) if said.id not in kept]

    @property
    def reworded(self) -> list[tuple[Quotation, Quotation]]:
        """Evidence that adverts would show in other words, before and after."""
        now = {said.id: said for said in evidence_in(self.before.newest)}
        return [
            (now[said.id], said)
            for said in evidence_in(self.after.newest)
            if said.id in now and now[said.id].words != said.words
        ]

    @property
    def token(self) -> str:
        """Names what the page shows: it is another as soon as a part of it is another."""
        parts: list[Any] = [self.version, number_of(self.after.newest), number_of(self.after.previous)]
        parts += [[shown.id, shown.version] for shown in (self.before.newest, self.before.previous) if shown]
        parts += [said.id for said in self.lost]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def number_of(record: Inspection | None) -> int | None:
    """The id, also of a record that has none yet."""
    return None if record is None else record.id or NEW


def evidence_in(record: Inspection | None) -> Iterable[Quotation]:
    """Inspectors' words of a record."""
    return record.evidence if record else []


def shown_of(published: Collection[Inspection]) -> Shown:
    """What the landing page shows of these; the same rule as `queries.latest_and_previous`."""
    graded = [record for record in published if record.is_graded]
    graded.sort(key=lambda record: (record.ends_on, record.id or NEW), reverse=True)
    if not graded:
        return Shown(None, None)
    return Shown(graded[0], next((earlier for earlier in graded if is_before(earlier, graded[0])), None))


def is_before(earlier: Inspection, later: Inspection) -> bool:
    """Whether one inspection of a provider was over when another of the same began."""
    return earlier.urn == later.urn and earlier.ends_on < later.starts_on


def with_record(published: Sequence[Inspection], record: Inspection) -> list[Inspection]:
    """The published inspections once this one is among them, in place of the one that it corrects."""
    return [*without(published, record.id), record]


def without(published: Sequence[Inspection], number: int | None) -> list[Inspection]:
    """The published inspections but for the one with this id."""
    return [other for other in published if number is None or other.id != number]


def fingerprint(stored: Any) -> str:
    """Names answers as a page showed them."""
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:32]
