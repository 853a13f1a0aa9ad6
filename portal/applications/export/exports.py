"""The exports of applications: what each holds, in the order and words of domain: recruitment §10.1 to 10.3.

Only HR exports. A row that the page veils is veiled here by the same rule: its reference and what may be seen
while shortlisting, the rest empty. Scores are made later than this; their columns wait for them.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from portal.applications.apply.options import AsyeStatus, RegisterBody, RegistrationStatus
from portal.applications.export.content import Content, Wanted
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import InterviewMode, RightToWork, Source
from portal.applications.reasons import Reason
from portal.applications.veil import is_veiled, shown_column, shown_snapshot
from portal.core.export import BATCH, Column
from portal.core.json_rows import codes_of
from portal.core.options import Option
from portal.journeys.snapshot import cells_of
from portal.vacancies.models import Criterion, PanelMember, ServiceTeam, Vacancy

ExportRow = Row[*tuple[Any, ...]]
Rows = Callable[[Session], Iterator[Any]]
SCORERS = 2
"""Columns for scores of each criterion; two people shortlist (domain §1)."""
PERSONAL = (
    *("given_names", "family_name", "preferred_name", "email", "phone", "town", "postcode"),
    *("registration_number", "adjustments_needed"),
)
"""Columns that `veil.shown_column` decides about."""


STORED = (
    *(
        "reference",
        "status",
        "submitted_at",
        "shortlisted_at",
        "given_names",
        "family_name",
        "preferred_name",
    ),
    *("email", "phone", "town", "postcode", "internal", "right_to_work", "registration_body"),
    *("registration_number", "registration_status", "asye_status", "highest_qualification"),
    *("current_employer", "current_job_title", "gap_count", "disability_confident", "adjustments_needed"),
    *("interview_mode", "interview_place"),
    *("source", "interview_at", "offered_at", "accepted_at", "starts_on", "outcome_reasons"),
)
BESIDE = ("vacancy_ref", "job_title", "anonymised", "team")
PLACES = {name: place for place, name in enumerate((*STORED, *BESIDE))}
"""Where each column stands in a row: looking there is much quicker than asking the row for a name."""

VeiledRow = namedtuple("VeiledRow", (*STORED, *BESIDE, "snapshot"), defaults=(None,))  # type: ignore[misc]  # noqa: PYI024
"""A row from which was taken what the veil hides; the snapshot is in those of a grid or a schedule."""


def column(
    name: str, value: Callable[[Any], Any] | None = None, title: str = "", **options: Any
) -> Column[Any]:
    """A column with its name for other systems, and its heading for people."""
    heading = title or name.replace("_", " ").capitalize()
    return Column(name, value or stored(name), title=heading, **options)


def stored(name: str) -> Callable[[Any], Any]:
    """A column's value as it is stored."""
    return itemgetter(PLACES[name])


def nothing(_row: Any) -> None:
    """What the portal does not hold yet."""


def words(*options: type[Option]) -> dict[str, str]:
    """The labels of codes, for workbooks."""
    return {one.value: one.label for kind in options for one in kind}


REASON_WORDS = words(Reason) | {
    f"{Reason.ESSENTIAL}:{number}": f"{Reason.ESSENTIAL.label}: number {number}" for number in range(1, 100)
}
"""Criteria by their numbers in the advert, as in the grid; no advert has a hundred."""


def shortlist_outcome(row: Any) -> str | None:
    """How shortlisting ended for this application, as a code; None while it has not."""
    if row.shortlisted_at is not None:
        return Status.SHORTLISTED.value
    return row.status.value if row.status in (Status.NOT_SHORTLISTED, Status.RESERVE) else None


OUTCOMES = {
    Status.RESERVE_APPOINT,
    Status.UNSUCCESSFUL_INTERVIEW,
    Status.DID_NOT_ATTEND,
}


def interview_outcome(row: Any) -> str | None:
    """How the interview ended, as a code; None while it has not."""
    if row.offered_at is not None:
        return Status.OFFERED.value
    return row.status.value if row.status in OUTCOMES else None


COLUMNS: list[Column[Any]] = [
    column("application_ref", stored("reference"), "Application"),
    column("vacancy_ref", title="Vacancy", width=20),
    column("job_title", width=36),
    column("team", width=28),
    column("status", words=words(Status), width=20),
    column("submitted_at", title="Sent", width=20),
    column("given_names", width=20),
    column("family_name", width=20),
    column("preferred_name", width=20),
    column("email", title="Email address", width=32),
    column("phone", title="Telephone", width=18),
    column("town"),
    column("postcode"),
    column("internal", title="Works for the council"),
    column("right_to_work", words=words(RightToWork), width=28),
    column("registration_body", words=words(RegisterBody), width=28),
    column("registration_number"),
    column("registration_status", words=words(RegistrationStatus), width=28),
    column("asye_status", words=words(AsyeStatus), title="ASYE status", width=28),
    column("highest_qualification", width=32),
    column("current_employer", width=28),
    column("current_job_title", width=28),
    column("unexplained_gap_count", lambda _row: 0, "Gaps without an explanation"),
    column("explained_gap_count", stored("gap_count"), "Gaps with an explanation"),
    column("dc_scheme", stored("disability_confident"), "Disability Confident"),
    column("adjustments_needed"),
    column("source", words=words(Source), title="Heard of it from", width=24),
    column("score_total", nothing),
    column("shortlist_outcome", shortlist_outcome, words=words(Status), width=20),
    column("interview_at", title="Interview", width=20),
    column("interview_outcome", interview_outcome, words=words(Status), width=20),
    column("offer_at", stored("offered_at"), "Offered", width=20),
    column("accepted_at", title="Accepted", width=20),
    column("start_date", stored("starts_on"), "Starts"),
    column("outcome_reason", stored("outcome_reasons"), words=REASON_WORDS, width=32),
]
"""§10.1. Nothing is sent with a gap that is not explained, so their number is always 0."""


def chosen_of(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    """The statement narrowed to what is wanted."""
    joined = statement.select_from(Application).join(Vacancy, Vacancy.id == Application.vacancy_id)
    joined = joined.join(ServiceTeam, ServiceTeam.id == Vacancy.team_id)
    if wanted.vacancy_id is not None:
        joined = joined.where(Application.vacancy_id == wanted.vacancy_id)
    if wanted.content is Content.INTERVIEWS:
        joined = joined.where(Application.interview_at.is_not(None), Application.status.in_(TO_INTERVIEW))
    return joined.where(*wanted.chosen.condition())


TO_INTERVIEW = (Status.INTERVIEW_INVITED, Status.INTERVIEWED, Status.RESERVE_APPOINT)


def count(session: Session, wanted: Wanted) -> int:
    """How many rows an export will have; noted in the audit before its first byte."""
    return session.scalar(chosen_of(select(func.count()), wanted)) or 0


def statement_of(wanted: Wanted) -> Select[Any]:
    """The columns of applications, in the order in which they were made."""
    beside = (Vacancy.reference, Vacancy.title, Vacancy.anonymise_shortlisting, ServiceTeam.name)
    columns = [
        *(getattr(Application, name) for name in STORED if name != "outcome_reasons"),
        codes_of(Application.outcome_reasons),  # the last of them
        *(column.label(name) for name, column in zip(BESIDE, beside, strict=True)),
    ]
    if wanted.content is not Content.APPLICATIONS:
        columns.append(Application.snapshot)
    order = (
        (Application.interview_at, Application.id)
        if wanted.content is Content.INTERVIEWS
        else (Application.id,)
    )
    return chosen_of(select(*columns), wanted).order_by(*order)


def rows_for(wanted: Wanted) -> Rows:
    """The rows behind the veil, some hundred at a time."""
    many = BATCH if wanted.content is Content.APPLICATIONS else 50

    def rows(session: Session) -> Iterator[Any]:
        for row in session.execute(statement_of(wanted).execution_options(yield_per=many)):
            yield veiled_row(row) if is_veiled(row, row.anonymised) else row

    return rows


def veiled_row(row: ExportRow) -> VeiledRow:
    """The row with what the veil hides empty."""
    values = list(row)
    for name in PERSONAL:
        values[PLACES[name]] = shown_column(name, values[PLACES[name]], veiled=True, hr=True)
    if len(values) > len(PLACES):
        values[-1] = shown_snapshot(values[-1], veiled=True, hr=True)
    return VeiledRow(*values)


def columns_for(session: Session, wanted: Wanted) -> list[Column[Any]]:
    """The columns of a file; those of a grid are the criteria of its vacancy."""
    if wanted.content is Content.GRID:
        criteria = select(Criterion).where(Criterion.vacancy_id == wanted.vacancy_id)
        return grid_columns(session.scalars(criteria.order_by(Criterion.position)).all())
    if wanted.content is Content.INTERVIEWS:
        panel = select(PanelMember.name).where(PanelMember.vacancy_id == wanted.vacancy_id)
        return interview_columns(session.scalars(panel.order_by(PanelMember.position)).all())
    return COLUMNS


def grid_columns(criteria: Sequence[Criterion]) -> list[Column[Any]]:
    """§10.2: each criterion with what was written on it and room for two scores; never a name."""
    columns = [column("application_ref", stored("reference"), "Application")]
    for number, criterion in enumerate(criteria, 1):
        name, title = f"criterion_{number}", f"{number}. {criterion.wording} ({criterion.importance.label})"
        columns.append(column(f"{name}_answer", answer_to(f"criterion_{criterion.id}"), title, width=40))
        columns += [
            column(f"{name}_score_{scorer}", nothing, f"{number}. Score {scorer}")
            for scorer in range(1, SCORERS + 1)
        ]
    return [
        *columns,
        column("statement", answer_to("statement"), width=40),
        column("total", nothing),
        column("dc_scheme", stored("disability_confident"), "Disability Confident"),
        column("gaps_noted", stored("gap_count"), "Gaps with an explanation"),
        column("recommendation", nothing, width=24),
    ]


def answer_to(name: str) -> Callable[[Any], str]:
    """What was answered to the question of this name, as the reader may see it while shortlisting."""
    return lambda row: cells_of(shown_snapshot(row.snapshot, veiled=True, hr=True)).get(name, "")


def interview_columns(panel: Sequence[str]) -> list[Column[Any]]:
    """§10.3, for whoever arranges interviews."""
    return [
        column("time", stored("interview_at"), width=20),
        column("application_ref", stored("reference"), "Application"),
        column("name", lambda row: f"{row.given_names or ''} {row.family_name or ''}".strip(), width=28),
        column("venue", venue, "Place or online", width=28),
        column("adjustments", adjustments, "Support and adjustments", width=40),
        column("panel", lambda _row: panel, width=32),
    ]


def venue(row: Any) -> str | None:
    """Where it is or how to join; without that, how it takes place."""
    mode: InterviewMode | None = row.interview_mode
    return row.interview_place or (mode.label if mode else None)


def adjustments(row: Any) -> str:
    """What somebody said they need; No where they need nothing."""
    shown = shown_snapshot(row.snapshot, veiled=False, hr=True, shortlisting=row.shortlisted_at is None)
    said = {name: text for name, text in cells_of(shown).items() if name.startswith("adjustments")}
    return "\n".join(text for text in said.values() if text)
