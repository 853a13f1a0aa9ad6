"""The history of an advert as people read it: decisions and changes, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from portal.core.wording import moment
from portal.vacancies.life.queries import Seen
from portal.vacancies.life.revisions import Change, differences
from portal.vacancies.models import Decision
from portal.vacancies.options import DecisionKind, ExtensionReason, Outcome
from portal.vacancies.writing.models import VacancyRevision


class Entry(NamedTuple):
    """Something that somebody did."""

    at: datetime
    by: str
    what: str
    details: list[str]
    comment: str
    changes: list[Change]


def entries_of(
    decisions: Iterable[Decision], revisions: Sequence[VacancyRevision], *, after: Seen | None = None
) -> list[Entry]:
    """Everything that came after what a reader has seen; all of it where nothing is said of that."""
    seen = after or Seen()
    before = {newer.number: older for newer, older in pairwise(revisions)}
    entries = [(one.decided_at, 1, of_decision(one)) for one in decisions if one.id > seen.decision]
    entries += [
        (one.saved_at, 0, of_revision(one, before.get(one.number)))
        for one in revisions
        if one.number > seen.revision
    ]
    return [entry for _at, _kind, entry in sorted(entries, key=lambda part: part[:2], reverse=True)]


def of_decision(one: Decision) -> Entry:
    """A decision with its reason, its comment and the closing time that it moved."""
    details = []
    if one.kind is DecisionKind.EXTENDED and one.reason in set(ExtensionReason):
        details.append(ExtensionReason(one.reason).label)
    if one.kind is DecisionKind.OUTCOME and one.reason in set(Outcome):
        details.append(Outcome(one.reason).label)
    if one.closes_before and one.closes_after:
        details.append(f"Closing time moved from {moment(one.closes_before)} to {moment(one.closes_after)}")
    return Entry(one.decided_at, one.by_name, one.kind.label, details, one.comment or "", [])


def of_revision(one: VacancyRevision, older: VacancyRevision | None) -> Entry:
    """What a save changed; the first one wrote everything."""
    changes = differences(older.content, one.content) if older is not None else []
    return Entry(one.saved_at, one.by_name, "Changed" if older is not None else "Written", [], "", changes)
