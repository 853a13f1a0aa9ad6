"""The exports of applications: what each holds, in the order and words of domain: recruitment §10.1 to 10.3.

Only HR exports. A row that the page veils is veiled here by the same rule: its reference and what may be seen
while shortlisting, the rest empty. Scores are made later than this; their columns wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, func, literal, literal_column, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.applications.apply.options import AsyeStatus, RegisterBody, RegistrationStatus
from portal.applications.export.content import Content, Wanted
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import InterviewMode, RightToWork, Source
from portal.applications.reasons import Reason
from portal.applications.veil import column_shown, is_veiled, shown_snapshot
from portal.core.export import Column, Selected
from portal.core.json_rows import codes_of
from portal.core.options import Option
from portal.journeys.snapshot import cells_of
from portal.vacancies.models import Criterion, PanelMember, ServiceTeam, Vacancy

Rows = Callable[[Session], Iterator[Any]]
SCORERS = 2
"""Columns for scores of each criterion; two people shortlist (domain §1)."""
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


def outcome(
    reached_at: InstrumentedAttribute[datetime | None], reached: Status, missed: tuple[Status, ...]
) -> ColumnElement[str]:
    """That a step was reached, or how it ended instead; None while neither is known."""
    status = Application.status
    return case((reached_at.is_not(None), literal(reached, status.type)), (status.in_(missed), status))


EXPRESSIONS: dict[str, Any] = {
    **{name: column_shown(name, Vacancy.anonymise_shortlisting) for name in STORED},
    "outcome_reasons": codes_of(Application.outcome_reasons),
    "vacancy_ref": Vacancy.reference,
    "job_title": Vacancy.title,
    "anonymised": Vacancy.anonymise_shortlisting,
    "team": ServiceTeam.name,
    # How shortlisting and the interview ended, as codes; None while they have not.
    "shortlist_outcome": outcome(
        Application.shortlisted_at, Status.SHORTLISTED, (Status.NOT_SHORTLISTED, Status.RESERVE)
    ),
    "interview_outcome": outcome(
        Application.offered_at,
        Status.OFFERED,
        (Status.RESERVE_APPOINT, Status.UNSUCCESSFUL_INTERVIEW, Status.DID_NOT_ATTEND),
    ),
}
"""What the database is asked for, behind the veil, in the order of the row."""

PLACES = {name: place for place, name in enumerate(EXPRESSIONS)}
"""Where each column stands in a row: looking there is much quicker than asking the row for a name."""


def column(name: str, of: str = "", title: str = "", **options: Any) -> Column[Any]:
    """A column with its name for other systems and its heading for people, of what is stored as `of`."""
    stored = of or name
    options = {"expression": EXPRESSIONS[stored], **options}
    return made(name, itemgetter(PLACES[stored]), title, **options)


def made(name: str, value: Callable[[Any], Any], title: str = "", **options: Any) -> Column[Any]:
    """A column that is made of a row."""
    return Column(name, value, title=title or name.replace("_", " ").capitalize(), **options)


def empty(name: str, title: str = "", **options: Any) -> Column[Any]:
    """A column for what the portal does not hold yet."""
    return made(name, lambda _row: None, title, expression=null(), **options)


def words(*options: type[Option]) -> dict[str, str]:
    """The labels of codes, for workbooks."""
    return {one.value: one.label for kind in options for one in kind}


REASON_WORDS = words(Reason) | {
    f"{Reason.ESSENTIAL}:{number}": f"{Reason.ESSENTIAL.label}: number {number}" for number in range(1, 100)
}
"""Criteria by their numbers in the advert, as in the grid; no advert has a hundred."""


no_gaps = literal_column("0", Integer)

COLUMNS: list[Column[Any]] = [
    column("application_ref", "reference", "Application"),
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
    made("unexplained_gap_count", lambda _row: 0, "Gaps without an explanation", expression=no_gaps),
    column("explained_gap_count", "gap_count", "Gaps with an explanation"),
    column("dc_scheme", "disability_confident", "Disability Confident"),
    column("adjustments_needed"),
    column("source", words=words(Source), title="Heard of it from", width=24),
    empty("score_total"),
    column("shortlist_outcome", words=words(Status), width=20),
    column("interview_at", title="Interview", width=20),
    column("interview_outcome", words=words(Status), width=20),
    column("offer_at", "offered_at", "Offered", width=20),
    column("accepted_at", title="Accepted", width=20),
    column("start_date", "starts_on", "Starts"),
    column("outcome_reason", "outcome_reasons", words=REASON_WORDS, width=32),
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
    columns: list[Any] = [expression.label(name) for name, expression in EXPRESSIONS.items()]
    if wanted.content is not Content.APPLICATIONS:
        columns.append(Application.snapshot)
    order = (
        (Application.interview_at, Application.id)
        if wanted.content is Content.INTERVIEWS
        else (Application.id,)
    )
    return chosen_of(select(*columns), wanted).order_by(*order)


def rows_for(wanted: Wanted) -> Rows:
    """The rows, some hundred at a time, or fewer of those that have their snapshot with them."""
    statement = statement_of(wanted)
    if wanted.content is Content.APPLICATIONS:
        return Selected(statement)

    def rows(session: Session) -> Iterator[Any]:
        yield from session.execute(statement.execution_options(yield_per=50))

    return rows


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
    columns = [column("application_ref", "reference", "Application")]
    for number, criterion in enumerate(criteria, 1):
        name, title = f"criterion_{number}", f"{number}. {criterion.wording} ({criterion.importance.label})"
        columns.append(made(f"{name}_answer", answer_to(f"criterion_{criterion.id}"), title, width=40))
        columns += [
            empty(f"{name}_score_{scorer}", f"{number}. Score {scorer}") for scorer in range(1, SCORERS + 1)
        ]
    return [
        *columns,
        made("statement", answer_to("statement"), width=40),
        empty("total"),
        column("dc_scheme", "disability_confident", "Disability Confident"),
        column("gaps_noted", "gap_count", "Gaps with an explanation"),
        empty("recommendation", width=24),
    ]


def answer_to(name: str) -> Callable[[Any], str]:
    """What was answered to the question of this name, as the reader may see it while shortlisting."""
    return lambda row: cells_of(shown_snapshot(row.snapshot, veiled=True, hr=True)).get(name, "")


def interview_columns(panel: Sequence[str]) -> list[Column[Any]]:
    """§10.3, for whoever arranges interviews."""
    return [
        column("time", "interview_at", width=20),
        column("application_ref", "reference", "Application"),
        made("name", lambda row: f"{row.given_names or ''} {row.family_name or ''}".strip(), width=28),
        made("venue", venue, "Place or online", width=28),
        made("adjustments", adjustments, "Support and adjustments", width=40),
        made("panel", lambda _row: panel, width=32),
    ]


def venue(row: Any) -> str | None:
    """Where it is or how to join; without that, how it takes place."""
    mode: InterviewMode | None = row.interview_mode
    return row.interview_place or (mode.label if mode else None)


def adjustments(row: Any) -> str:
    """What somebody said they need; No where they need nothing."""
    veiled = is_veiled(row, row.anonymised)
    shown = shown_snapshot(row.snapshot, veiled=veiled, hr=True, shortlisting=row.shortlisted_at is None)
    said = {name: text for name, text in cells_of(shown).items() if name.startswith("adjustments")}
    return "\n".join(text for text in said.values() if text)
