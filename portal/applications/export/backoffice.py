"""Exports of applications for HR, and registration numbers to copy; the audit has each before it leaves."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.chosen import references_of
from portal.applications.copies import queries as copy_queries
from portal.applications.export import exports
from portal.applications.export.content import Content, Wanted
from portal.applications.export.events import NUMBERS_READ
from portal.applications.export.exporting import note_export
from portal.applications.export.exports import COLUMNS
from portal.applications.export.forms import AllExportForm, VacancyExportForm
from portal.applications.export.register import batches
from portal.applications.sift.queries import tab_counts
from portal.core import clock
from portal.core.access import requires
from portal.core.audit import record
from portal.core.context import current_actor
from portal.core.database import read, small_write, transaction
from portal.core.errors import NotFound
from portal.core.export import csv_response, xlsx_response
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.security import keeps_words

blueprint = Blueprint("staff_exports", __name__, url_prefix="/staff/applications")


@blueprint.route("/<reference:vacancy>/export", methods=["GET", "POST"])
@requires("applications.export")
@keeps_words
@words_return_to("staff_exports.vacancy")
def vacancy(vacancy: str) -> ResponseReturnValue:
    """The applications of a vacancy: the list, the grid, or the interviews."""
    found = vacancy_of(vacancy)
    chosen = references_of(request.args.getlist("ref"))
    counts = tab_counts(read(), found.id)
    form = VacancyExportForm(typed_or_kept(), facts={"counts": counts, "chosen": chosen})
    if form.validate_on_submit():
        with form.catching():
            content = Content(str(form.content.data))
            asked = Wanted(content, found.id, form.wanted(chosen))
            answer = export_file(asked, found.reference, str(form.file_format.data), str(form.purpose.data))
            forget_words()
            return answer
    context = {"vacancy": found, "chosen": chosen, "columns": COLUMNS}
    return render_template("applications/export/vacancy.html", form=form, **context), form.status


@blueprint.route("/export", methods=["GET", "POST"])
@requires("applications.export")
@keeps_words
@words_return_to("staff_exports.everything")
def everything() -> ResponseReturnValue:
    """Every application to every vacancy."""
    form = AllExportForm(typed_or_kept())
    if form.validate_on_submit():
        with form.catching():
            asked = Wanted(Content.APPLICATIONS)
            answer = export_file(asked, "", str(form.file_format.data), str(form.purpose.data))
            forget_words()
            return answer
    return render_template("applications/export/everything.html", form=form, columns=COLUMNS), form.status


def vacancy_of(reference: str) -> copy_queries.CopyRow:
    """The vacancy; raises NotFound."""
    found = copy_queries.vacancy_of_copies(read(), reference, by=current_actor())
    if found is None:
        raise NotFound
    return found


def export_file(asked: Wanted, vacancy: str, file_format: str, purpose: str) -> Response:
    """The file, once what it will hold is counted in the view it is read from, and noted."""
    by, at = current_actor(), clock.now()

    def note(snapshot: Session) -> None:
        rows = exports.count(snapshot, asked)
        with transaction() as writer:
            facts = {"file_format": file_format, "purpose": purpose, "rows": rows}
            note_export(writer, asked, vacancy=vacancy, **facts, by=by, at=at)  # type: ignore[arg-type]

    columns, rows = exports.columns_for(read(), asked), exports.rows_for(asked)
    answer = xlsx_response if file_format == "xlsx" else csv_response
    return answer(columns, rows, file_name(asked, vacancy, at), note)


def file_name(asked: Wanted, vacancy: str, at: datetime) -> str:
    """What it is about, which vacancy, which day."""
    return "-".join(part for part in (asked.content.value, vacancy, f"{clock.london(at):%Y-%m-%d}") if part)


@blueprint.get("/<reference:vacancy>/numbers")
@requires("applications.export")
def numbers(vacancy: str) -> ResponseReturnValue:
    """Registration numbers, a hundred at a time, to be copied into the register’s page."""
    found = vacancy_of(vacancy)
    shown = batches(read(), found.id, anonymised=found.anonymised)
    with small_write("audit of a read") as writer:
        rows = sum(batch.last - batch.first + 1 for batch in shown)
        record(writer, NUMBERS_READ, by=current_actor(), at=clock.now(), subject=found.reference, rows=rows)
    return render_template("applications/export/numbers.html", vacancy=found, batches=shown)
