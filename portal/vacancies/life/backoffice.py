"""HR's lists of adverts, one advert's page and its history, and the export."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor, current_settings
from portal.core.database import read, transaction
from portal.core.errors import NotFound
from portal.core.export import csv_response, xlsx_response
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.vacancies.life import queries
from portal.vacancies.life.above import from_above
from portal.vacancies.life.blueprint import address_of, blueprint
from portal.vacancies.life.forms import ConfirmForm, ExportForm, ListForm
from portal.vacancies.life.history import entries_of
from portal.vacancies.life.lists import exports
from portal.vacancies.life.lists import queries as list_queries
from portal.vacancies.life.lists.exporting import note_export
from portal.vacancies.life.lists.filters import ListFilters, Only, filters_of
from portal.vacancies.life.lists.queries import Figures
from portal.vacancies.life.lists.rows import listed, written
from portal.vacancies.life.lists.tabs import Tab
from portal.vacancies.life.page import DONE, facts_of, standing_of
from portal.vacancies.life.transitions import Action
from portal.vacancies.options import DecisionKind


@blueprint.get("")
@requires("vacancies.read")
def index() -> ResponseReturnValue:
    """The lists by state, with what waits for this reader above them."""
    at, by = clock.now(), current_actor()
    session = read()
    counts = list_queries.figures(session, by=by, at=at)
    filters = filters_of(request.args, first_tab(counts))
    page = list_queries.list_page(session, filters, by=by, at=at)
    drafts = drafts_for(session, filters)
    further = page.next_after or (drafts.next_after if drafts and not filters.q else None)
    form = ListForm(request.args, facts={"teams": list_queries.teams(session)}, meta={"csrf": False})
    return render_template(
        "vacancies/life/index.html",
        form=form,
        counts=counts,
        limit=list_queries.COUNTED_TO,
        filters=filters,
        rows=[listed(row, at) for row in page.rows],
        drafts=[written(row) for row in drafts.rows] if drafts else [],
        next_query=filters.further(further) if further else None,
        **places(),
    )


def places() -> dict[str, Any]:
    """The lists, and addresses of other parts."""
    return {
        "tabs": list(Tab),
        "lists": list(Only),
        "new_url": url_for("vacancy_starting.new") if current_actor().can("vacancies.write") else "",
        "templates_url": url_for("vacancy_texts.listing") if current_actor().can("vacancies.write") else "",
        "writing_url": lambda reference: url_for("vacancy_writing.start", reference=reference),
    }


def first_tab(counts: Figures) -> Tab:
    """What is shown unasked: what waits for this reader's approval, else what is open."""
    return Tab.APPROVAL if counts.only[Only.MINE] else Tab.OPEN


def drafts_for(session: Session, filters: ListFilters) -> list_queries.Page | None:
    """Writing in progress, where the list or the search shows it."""
    if filters.tab is not Tab.DRAFTS and not filters.q:
        return None
    return list_queries.drafts_page(session, filters)


@blueprint.get("/<reference:reference>")
@requires("vacancies.read")
def show(reference: str) -> ResponseReturnValue:
    """One advert: where it stands, what happens next, and what can be done."""
    at, found = clock.now(), file_of(reference)
    vacancy = found.vacancy
    standing = standing_of(found, current_settings().council.recruitment, by=current_actor(), at=at)
    done = request.args.get("done", "")
    return render_template(
        "vacancies/life/show.html",
        vacancy=vacancy,
        found=found,
        standing=standing,
        facts=facts_of(found, standing.status),
        entries=entries_of(found.decisions, []),
        addresses={action: address_of(action, vacancy) for action in Action},
        change=Action.CHANGE,
        form=ConfirmForm(),
        done=DONE.get(done, ""),
        returned=any(one.kind is DecisionKind.SENT_BACK for one in found.decisions),
        public_url=url_for("vacancies.show", slug=vacancy.slug) if vacancy.is_readable(at) else "",
        preview_url=url_for("vacancy_starting.preview", reference=reference),
        writing_url=url_for("vacancy_writing.start", reference=reference),
        applicants=from_above().applicants_of(read(), vacancy, current_actor()),
    )


@blueprint.get("/<reference:reference>/history")
@requires("vacancies.read")
def history(reference: str) -> ResponseReturnValue:
    """Every decision and every change, the newest first."""
    found = file_of(reference)
    revisions = queries.revisions_of(read(), found.vacancy.id)
    entries = entries_of(found.decisions, revisions)
    return render_template("vacancies/life/history.html", vacancy=found.vacancy, entries=entries)


def file_of(reference: str) -> queries.VacancyFile:
    """Everything about the advert; raises NotFound."""
    found = queries.vacancy_file(read(), reference)
    if found is None:
        raise NotFound
    return found


@blueprint.route("/export", methods=["GET", "POST"])
@requires("vacancies.export")
@keeps_words
@words_return_to("staff_vacancies.export")
def export() -> ResponseReturnValue:
    """The adverts of the list that this page was opened from; the audit has it before the first byte."""
    filters, form = filters_of(request.args, Tab.OPEN), ExportForm(typed_or_kept())
    everything = not filters.narrowed and "state" not in request.args
    if form.validate_on_submit():
        with form.catching():
            answer = export_file(form, filters, everything=everything, at=clock.now())
            forget_words()
            return answer
    context = {"columns": exports.COLUMNS, "filters": filters, "everything": everything}
    return render_template("vacancies/life/export.html", form=form, **context), form.status


def export_file(form: ExportForm, filters: ListFilters, *, everything: bool, at: datetime) -> Response:
    """The file, once what it will hold is counted in the view it is read from, and noted."""
    by, file_format = current_actor(), form.file_format.data
    wanted = exports.Wanted(filters, by, at, everything=everything)

    def note(snapshot: Session) -> None:
        rows = exports.count(snapshot, wanted)
        with transaction() as writer:
            facts = {"file_format": file_format, "purpose": form.purpose.data}
            note_export(writer, wanted.describe(), **facts, rows=rows, by=by, at=at)

    name = f"vacancies-{clock.london(at):%Y-%m-%d}"
    if file_format == "xlsx":
        return xlsx_response(exports.COLUMNS, exports.rows_for(wanted), name, note)
    return csv_response(exports.COLUMNS, exports.rows_for(wanted), name, note)
