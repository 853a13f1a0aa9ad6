"""The pages of figures: overview, Ofsted helper, months, files, counting rules."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.clock import london
from portal.core.context import current_actor, current_settings
from portal.core.database import database, read, small_write, transaction
from portal.core.errors import NotFound, StaleEdit
from portal.core.export import csv_response, xlsx_response
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.fostering.reporting import counts, home, queries, service
from portal.fostering.reporting.content import Content, Purpose, file_name
from portal.fostering.reporting.exports import Wanted, sheet_of
from portal.fostering.reporting.figures import APPLICATIONS, BY_NAME, RECEIVED, TIMES
from portal.fostering.reporting.forms import FiguresForm, RulesForm
from portal.fostering.reporting.ofsted import PREVAILS
from portal.fostering.reporting.overview import overview_facts
from portal.fostering.reporting.periods import financial_year, year_label
from portal.fostering.reporting.queries import Asked
from portal.fostering.reporting.references import PAGE_SIZE, page_behind
from portal.fostering.reporting.rules import DEFAULT, in_order

blueprint = Blueprint("fostering_reports", __name__, url_prefix="/staff/reports/fostering")


def asked_now(session: Session) -> Asked:
    """Who asks, when, by the rules in force."""
    team = current_settings().council.fostering
    return Asked(current_actor(), clock.now(), queries.current_rules(session), team)


def chosen_year(years: list[int]) -> int:
    """The financial year that the address names, this one unless it names another that there is."""
    named = request.args.get("year", "")
    return next((year for year in years if str(year) == named), years[-1])


def years_of(session: Session) -> list[int]:
    """The financial years of which there is anything to count, the oldest first."""
    at = clock.now()
    return list(range(queries.first_year(session, at), financial_year(at) + 1))


def year_links(endpoint: str, years: list[int], shown: int) -> list[tuple[str, str, bool]]:
    """Address, label and whether it is the one that is shown; the newest first."""
    return [(url_for(endpoint, year=year), year_label(year), year == shown) for year in reversed(years[-6:])]


@blueprint.get("")
@requires("fostering.report")
def overview() -> ResponseReturnValue:
    """What came, how soon it was answered, what waits, what became of it, from where."""
    with database().reading() as session:
        asked = asked_now(session)
        weeks = home.weeks_of(edges := home.week_edges(asked.at), queries.received_in(session, edges))
        stages = home.open_stages(queries.open_by_age(session, home.age_edges(asked.at)))
        found = counts.overview(session, asked)
    facts = overview_facts(weeks, stages, found, london(asked.at).date())
    return render_template("fostering/reporting/overview.html", rules=asked.rules, **facts)


@blueprint.get("/ofsted")
@requires("fostering.report")
def ofsted() -> ResponseReturnValue:
    """Figures that help with Ofsted’s return for a financial year."""
    with database().reading() as session:
        years, asked = years_of(session), asked_now(session)
        year = chosen_year(years)
        numbers = counts.year_tally(session, year, asked).numbers
    return render_template(
        "fostering/reporting/ofsted.html",
        groups=(("Enquiries", RECEIVED), ("Applications", APPLICATIONS), ("Times and shares", TIMES)),
        numbers=numbers,
        year=year,
        label=year_label(year),
        running=year == financial_year(asked.at),
        links=year_links("fostering_reports.ofsted", years, year),
        rules=asked.rules,
        excluded=in_order(asked.rules.excluded),
        prevails=PREVAILS,
    )


@blueprint.get("/ofsted/behind")
@requires("fostering.report")
def behind() -> ResponseReturnValue:
    """The references behind one figure of a year."""
    figure = BY_NAME.get(request.args.get("figure", RECEIVED[0].name))
    if figure is None:
        raise NotFound
    with database().reading() as session:
        year, asked = chosen_year(years_of(session)), asked_now(session)
        rows = counts.behind_figures(session, [figure], year, asked)
        page = page_behind(rows, request.args.get("page", ""))
    with small_write("audit of a read") as writer:
        service.note_references(writer, asked, year=year, figure=figure.name, shown=len(page.references))

    def address(number: int) -> str:
        return url_for(".behind", year=year, figure=figure.name, page=number)

    return render_template(
        "fostering/reporting/behind.html",
        figure=figure,
        page=page,
        label=year_label(year),
        size=PAGE_SIZE,
        back=url_for(".ofsted", year=year),
        next_url=address(page.number + 1) if page.more else None,
        prev_url=address(page.number - 1) if page.number > 1 else None,
    )


@blueprint.get("/monthly")
@requires("fostering.report")
def monthly() -> ResponseReturnValue:
    """The figures of each month of a financial year."""
    with database().reading() as session:
        years, asked = years_of(session), asked_now(session)
        year = chosen_year(years)
        months = counts.months_in(session, year, asked)
    return render_template(
        "fostering/reporting/monthly.html",
        months=months,
        today=london(asked.at).date(),
        year=year,
        label=year_label(year),
        links=year_links("fostering_reports.monthly", years, year),
    )


@blueprint.route("/export", methods=["GET", "POST"])
@requires("fostering.report")
@keeps_words
@words_return_to("fostering_reports.export")
def export() -> ResponseReturnValue:
    """Choose figures and what for, then the file; the audit has it before the first byte leaves."""
    years = years_of(read())
    data = {"year": str(chosen_year(years)), "content": request.args.get("content")}
    form = FiguresForm(typed_or_kept(), data=data, facts={"years": years[::-1]})
    if form.validate_on_submit():
        with form.catching():
            answer = export_file(form)
            forget_words()
            return answer
    return render_template("fostering/reporting/export.html", form=form, prevails=PREVAILS), form.status


def export_file(form: FiguresForm) -> Response:
    """The file, once what it holds is counted in the view it is read from, and noted."""
    asked, file_format = asked_now(read()), str(form.file_format.data)
    wanted = Wanted(Content(str(form.content.data)), int(str(form.year.data)), asked)
    columns, rows = sheet_of(wanted, file_format)

    def note(snapshot: Session) -> None:
        held = sum(1 for _ in rows(snapshot))
        facts: dict[str, Any] = {"year": wanted.year, "file_format": file_format, "rows": held}
        with transaction() as writer:
            purpose = Purpose(str(form.purpose.data))
            service.note_export(writer, wanted.content, asked, purpose=purpose, **facts)

    name = file_name(wanted.content, wanted.year, london(asked.at).date())
    answer = xlsx_response if file_format == "xlsx" else csv_response
    return answer(columns, rows, name, note)


@blueprint.get("/rules")
@requires("fostering.report")
def rules() -> ResponseReturnValue:
    """What is not counted, since when, and what was counted before."""
    session = read()
    return render_template(
        "fostering/reporting/rules.html",
        excluded=in_order(queries.current_rules(session).excluded),
        first=in_order(DEFAULT),
        changes=[(one, in_order(one.excluded)) for one in queries.rules_before(session)],
    )


@blueprint.route("/rules/change", methods=["GET", "POST"])
@requires("fostering.manage")
@keeps_words
@words_return_to("fostering_reports.change_rules")
def change_rules() -> ResponseReturnValue:
    """Other rules, with the reason; what somebody else has changed meanwhile is shown first."""
    current = queries.current_rules(read())
    data = {"number": str(current.number), "excluded": [code.value for code in current.excluded]}
    form = RulesForm(typed_or_kept(), data=data)
    stale = False
    if form.validate_on_submit():
        with form.catching():
            try:
                keep_rules(form)
            except StaleEdit:
                stale = True
            else:
                forget_words()
                return see_other(".rules", saved="1")
    return rules_page(form, stale=stale)


def keep_rules(form: RulesForm) -> None:
    """Count by these rules from now on."""
    with transaction() as writer:
        reason = str(form.reason.data)
        by, at = current_actor(), clock.now()
        service.change_rules(writer, form.codes, reason, known=form.known, by=by, at=at)


def rules_page(form: RulesForm, *, stale: bool) -> ResponseReturnValue:
    """The form; after somebody else’s change with theirs, and what was ticked kept."""
    read().close()
    current = queries.current_rules(read())
    if stale:
        form.number.parse(str(current.number))
    html = render_template(
        "fostering/reporting/change_rules.html",
        form=form,
        stale=stale,
        current=current,
        excluded=in_order(current.excluded),
    )
    return html, 409 if stale else form.status
