"""One application as its page shows it: nothing that the veil hides is in here at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.applications import veil
from portal.applications.history.options import Flag
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind
from portal.applications.reasons import is_for_hr, reason_words
from portal.applications.scope import is_hr
from portal.applications.sift.moves import knows
from portal.applications.sift.queries import ApplicationFile
from portal.applications.sift.rows import ADMITTED, LATE, RIGHT_TO_WORK
from portal.core.access import Actor
from portal.core.wording import day, moment, plural, short_moment
from portal.journeys.snapshot import SnapshotSection, sections_of
from portal.vacancies.options import InterviewScheme

CANDIDATE = "The candidate"
CANDIDATES_OWN = frozenset({HistoryKind.SUBMITTED, HistoryKind.WITHDRAWN, HistoryKind.WITHDRAWAL_UNDONE})
"""Entries that the candidate made, whatever name they carry."""

WORDS = {option.value: option.label for options in (Flag, InterviewScheme) for option in options}

REGISTERS = {
    "swe": (
        "the Social Work England register",
        "https://www.socialworkengland.org.uk/umbraco/surface/searchregister/results",
    ),
    "hcpc": ("the HCPC register", "https://www.hcpc-uk.org/check-the-register/"),
}
"""Where a number is checked; it is never in the address, so no register learns of it before somebody asks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    id: int
    what: str
    details: tuple[str, ...]
    note: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Register:
    """Where to check a registration, with the number to copy where it may be seen."""

    number: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page says."""

    reference: str
    vacancy: str
    title: str
    veiled: bool
    name: str
    status: Status
    told: Status
    known: bool
    """Whether the candidate knows where it stands: see `moves.knows`."""
    version: int
    interview_at: datetime | None
    interview: str
    """When, how and where, in words."""
    facts: list[tuple[str, str]]
    marks: list[str]
    sections: list[SnapshotSection]
    register: Register | None
    entries: list[Entry]
    is_demo: bool

    @property
    def seen(self) -> int:
        """The newest entry of the history: what comes after is news."""
        return self.entries[0].id if self.entries else 0

    def since(self, entry: int) -> list[Entry]:
        """What others did after this entry."""
        return [one for one in self.entries if one.id > entry]


def sheet_of(found: ApplicationFile, by: Actor) -> Sheet:
    """The application as this person may see it."""
    application, vacancy = found.application, found.application.vacancy
    veiled, hr = veil.is_veiled(application, vacancy.anonymise_shortlisting), is_hr(by)
    shortlisting = application.shortlisted_at is None
    shown = veil.shown_snapshot(application.snapshot, veiled, hr=hr, shortlisting=shortlisting)
    return Sheet(
        reference=application.reference,
        vacancy=vacancy.reference,
        title=vacancy.title,
        veiled=veiled,
        name=veil.shown_name(application, veiled),
        status=application.status,
        told=application.told_status,
        known=knows(application),
        version=application.version,
        interview_at=application.interview_at,
        interview=interview_words(application),
        facts=facts_of(application, veiled=veiled, hr=hr),
        marks=marks_of(found),
        sections=sections_of(shown),
        register=register_of(application, veiled=veiled),
        entries=entries_of(found.entries, application.advert, hr=hr),
        is_demo=application.is_demo,
    )


def facts_of(application: Application, *, veiled: bool, hr: bool) -> list[tuple[str, str]]:
    """What is looked for first."""
    shortlisting = application.shortlisted_at is None
    sight = {"veiled": veiled, "hr": hr, "shortlisting": shortlisting}
    needs = veil.shown_column("adjustments_needed", application.adjustments_needed, **sight)
    dates = [
        ("Interview", interview_words(application)),
        ("Offered", application.offered_at and short_moment(application.offered_at)),
        ("Offer accepted", application.accepted_at and short_moment(application.accepted_at)),
        ("First day", application.starts_on and day(application.starts_on)),
    ]
    return [
        ("Received", short_moment(application.submitted_at)),
        ("Since", short_moment(application.status_since)),
        ("Reasons", "; ".join(reason_words(application.outcome_reasons, application.advert, hr=hr))),
        ("Candidate reads", application.told_status.candidate_label),
        *((label, value or "") for label, value in dates),
        ("Right to work", application.right_to_work.label),
        ("Works for the council", "Yes" if application.internal else "No"),
        ("Disability Confident", "Asks for an interview" if application.disability_confident else "No"),
        ("Other schemes", ", ".join(words_of(code) for code in application.other_schemes)),
        ("Adjustments", "" if needs is None else "Asked for" if needs else "None asked for"),
    ]


def interview_words(application: Application) -> str:
    """When, how and where."""
    if application.interview_at is None:
        return ""
    mode = application.interview_mode
    said = (moment(application.interview_at), mode.hint if mode else "", application.interview_place)
    return ", ".join(part for part in said if part)


def marks_of(found: ApplicationFile) -> list[str]:
    """What the portal noticed, for people to look at."""
    application = found.application
    admitted = any(entry.kind is HistoryKind.ADMITTED_LATE for entry in found.entries)
    gaps = (
        [plural(application.gap_count, "gap") + " in the history, explained"] if application.gap_count else []
    )
    right = RIGHT_TO_WORK.get(application.right_to_work)
    late = [ADMITTED if admitted else LATE] if application.late else []
    return [*([right] if right else []), *late, *gaps, *(words_of(code) for code in application.flags)]


def words_of(code: str) -> str:
    """What a flag or a scheme is called; a code that nobody knows any more as words."""
    return WORDS.get(code, code.replace("_", " ").capitalize())


def register_of(application: Application, *, veiled: bool) -> Register | None:
    """Where its registration is checked; under the veil nobody can."""
    known = REGISTERS.get(application.registration_body or "")
    if known is None or veiled or not application.registration_number:
        return None
    return Register(application.registration_number, *known)


def entries_of(entries: Sequence[ApplicationHistory], advert: Any, *, hr: bool) -> list[Entry]:
    """The history in words, the newest first."""
    return [entry_of(entry, advert, hr=hr) for entry in reversed(entries)]


def entry_of(entry: ApplicationHistory, advert: Any, *, hr: bool) -> Entry:
    """One line of it; what checks have shown is read by HR alone, and so is what was noted with it."""
    told = entry.kind is not HistoryKind.TOLD and (hr or not is_for_hr(entry.reasons))
    return Entry(
        id=entry.id,
        what=what_of(entry),
        details=tuple(reason_words(entry.reasons, advert, hr=hr)) if entry.kind is HistoryKind.STATUS else (),
        note=(entry.note or "") if told else "",
        at=entry.at,
        by=CANDIDATE if entry.kind in CANDIDATES_OWN else entry.by_name,
    )


def what_of(entry: ApplicationHistory) -> str:
    """What happened."""
    if entry.kind is HistoryKind.STATUS and entry.to_status is not None:
        return entry.to_status.label
    if entry.kind is HistoryKind.UNDONE and entry.from_status is not None and entry.to_status is not None:
        return f"“{entry.from_status.label}” undone: {entry.to_status.label} again"
    if entry.kind is HistoryKind.TOLD and entry.to_status is not None:
        return f"Candidate told: {entry.note or entry.to_status.candidate_label}"
    return entry.kind.label
