"""The figures by stage for HR: of one vacancy, or of a quarter’s other vacancies together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.applications.equality import queries
from portal.applications.equality.events import FIGURES_EXPORTED
from portal.applications.equality.exports import COLUMNS, figure_rows, rows_for
from portal.applications.equality.figures import HIDDEN, Table
from portal.applications.equality.queries import OWN_FIGURES, Found, Quarter, quarter_of
from portal.applications.equality.stages import STAGES
from portal.applications.forms import FiguresForm
from portal.core import clock
from portal.core.access import requires
from portal.core.audit import record
from portal.core.context import current_actor, current_settings
from portal.core.database import read, transaction
from portal.core.errors import NotFound
from portal.core.export import csv_response, xlsx_response
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.security import keeps_words

blueprint = Blueprint("staff_equality", __name__, url_prefix="/staff/applications")

QUARTER = re.compile(r"(20[0-9]{2})-q([1-4])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page of figures shows."""

    name: str
    title: str
    tables: list[Table]
    stored_at: datetime | None
    """None where there are none yet."""


def figures_of(name: str, title: str) -> Figures:
    """The tables of a vacancy or quarter as they were stored."""
    stored = queries.stored_figures(read(), name)
    if stored is None:
        return Figures(name, title, [], None)
    return Figures(name, title, [Table.from_json(table) for table in stored.tables], stored.stored_at)


@blueprint.get("/equality")
@requires("applications.export")
def index() -> ResponseReturnValue:
    """The quarters that there are figures of."""
    at = clock.now()
    return render_template(
        "applications/equality/quarters.html", quarters=queries.quarters(read(), at), now=quarter_of(at)
    )


@blueprint.get("/equality/<slug:quarter>")
@requires("applications.export")
def quarter(quarter: str) -> ResponseReturnValue:
    """A quarter’s vacancies together, and which have figures of their own."""
    found, figures = quarter_figures(quarter)
    return render_template(
        "applications/equality/figures.html",
        figures=figures,
        own=queries.with_own_figures(read(), found),
        own_from=OWN_FIGURES,
        alone=False,
        hidden=HIDDEN,
        stages=STAGES,
        answers_kept=current_settings().council.retention.equality_answers,
        back=(url_for(".index"), "Back to the quarters"),
        export_url=url_for(".export_quarter", quarter=quarter),
    )


@blueprint.get("/<reference:vacancy>/equality")
@requires("applications.export")
def vacancy(vacancy: str) -> ResponseReturnValue:
    """One vacancy’s figures, where enough people answered."""
    found, figures = vacancy_figures(vacancy)
    ended = found.closed_at or clock.now()
    return render_template(
        "applications/equality/figures.html",
        figures=figures,
        own=[],
        own_from=OWN_FIGURES,
        alone=True,
        hidden=HIDDEN,
        stages=STAGES,
        answers_kept=current_settings().council.retention.equality_answers,
        quarter=quarter_of(ended),
        back=(url_for("staff_applications.vacancy", vacancy=vacancy), "Back to the applications"),
        export_url=url_for(".export_vacancy", vacancy=vacancy),
    )


def quarter_figures(slug: str) -> tuple[Quarter, Figures]:
    """The figures of a quarter; raises NotFound for one that is to come, or is no quarter."""
    match = QUARTER.fullmatch(slug)
    if match is None:
        raise NotFound
    found = Quarter(int(match[1]), int(match[2]))
    if found.bounds[0] > clock.now():
        raise NotFound
    return found, figures_of(found.slug, found.label)


def vacancy_figures(reference: str) -> tuple[Found, Figures]:
    """The figures of a vacancy; raises NotFound."""
    found = queries.of_vacancy(read(), reference)
    if found is None:
        raise NotFound
    return found, figures_of(found.reference, found.title)


@blueprint.route("/equality/<slug:quarter>/export", methods=["GET", "POST"])
@requires("applications.export")
@keeps_words
@words_return_to("staff_equality.export_quarter")
def export_quarter(quarter: str) -> ResponseReturnValue:
    """A quarter’s figures as a file."""
    return export_page(quarter_figures(quarter)[1], url_for(".quarter", quarter=quarter))


@blueprint.route("/<reference:vacancy>/equality/export", methods=["GET", "POST"])
@requires("applications.export")
@keeps_words
@words_return_to("staff_equality.export_vacancy")
def export_vacancy(vacancy: str) -> ResponseReturnValue:
    """A vacancy’s figures as a file."""
    return export_page(vacancy_figures(vacancy)[1], url_for(".vacancy", vacancy=vacancy))


def export_page(figures: Figures, back_url: str) -> ResponseReturnValue:
    """In what form and what for, then the file, kept in the audit."""
    form = FiguresForm(typed_or_kept())
    if form.validate_on_submit() and not figures.tables:
        form.add_error(None, "There are no figures to export yet")
    elif form.is_submitted() and not form.errors:
        answer = export_file(figures, str(form.file_format.data), str(form.purpose.data))
        forget_words()
        return answer
    context = {"figures": figures, "back_url": back_url, "columns": COLUMNS}
    return render_template("applications/equality/export.html", form=form, **context), form.status


def export_file(figures: Figures, file_format: str, purpose: str) -> Response:
    """The file; it holds no person, so what it is for is all that is noted."""
    at, rows = clock.now(), figure_rows(figures.name, figures.tables)
    facts: dict[str, Any] = {"format": file_format, "purpose": purpose, "rows": len(rows)}
    with transaction() as writer:
        record(writer, FIGURES_EXPORTED, by=current_actor(), at=at, subject=figures.name, **facts)
    name = f"equality-{figures.name}-{clock.london(at):%Y-%m-%d}"
    answer = xlsx_response if file_format == "xlsx" else csv_response
    return answer(COLUMNS, rows_for(rows), name)
