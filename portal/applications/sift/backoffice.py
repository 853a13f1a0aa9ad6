"""The vacancies with applications, one vacancy’s lists, a search in it, and one application."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import Tab
from portal.applications.scope import is_hr
from portal.applications.sift import addresses, links, queries, service
from portal.applications.sift.beside import beside
from portal.applications.sift.blueprint import blueprint
from portal.applications.sift.filters import ListFilters, Only, Sort, filters_of
from portal.applications.sift.forms import FindForm, NoteForm, UndoForm
from portal.applications.sift.moves import FOR_MANY, ahead, moves_for, why_first
from portal.applications.sift.overview import queries as overview
from portal.applications.sift.rows import counted, listed
from portal.applications.sift.sheet import Sheet, sheet_of
from portal.applications.transitions import TAB_OF
from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor
from portal.core.database import read, small_write
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.core.text import clean_line

SEARCHED = "applications.searched"
"""What was last searched for, in the session’s row: a name must not stay in addresses and histories."""

DONE = {
    "moved": "The status is changed. Nothing was sent to the candidate.",
    "undone": "The change is undone. Status, dates and reasons are as they were before it.",
    "interview_changed": "The interview is changed. Nothing was sent: HR reads the answer and sends it.",
    "called_off": "The interview is called off. Nothing was sent: HR reads the answer and sends it.",
    "withdrawn": "The withdrawal is recorded. The candidate gets an email that says so.",
    "noted": "Your note is kept.",
}


@blueprint.get("")
@requires("applications.read")
def index() -> ResponseReturnValue:
    """The vacancies with applications, new ones first."""
    at, by = clock.now(), current_actor()
    archived = request.args.get("show") == "archived"
    after = clean_line(request.args.get("after", "")[:24])
    page = overview.overview_page(read(), by=by, at=at, archived=archived, after=after)
    show = "archived" if archived else None
    return render_template(
        "applications/sift/index.html",
        rows=[counted(row, at) for row in page.rows],
        waits=overview.waits(read(), by, at),
        archived=archived,
        hr=is_hr(by),
        first_url=url_for(".index", show=show) if after else None,
        next_url=url_for(".index", show=show, after=page.next_after) if page.next_after else None,
    )


@blueprint.get("/<reference:vacancy>")
@requires("applications.read")
def vacancy(vacancy: str) -> ResponseReturnValue:
    """One vacancy’s applications, a list at a time."""
    by = current_actor()
    head = queries.vacancy_head(read(), vacancy, by)
    counts = queries.tab_counts(read(), head.id)
    filters = filters_of(request.args, first_tab(counts))
    page = queries.list_page(read(), head, filters)
    note_list(vacancy, filters.describe(), shown=len(page.rows))
    nothing = request.args.get("nothing") == "1"
    html = render_template(
        "applications/sift/vacancy.html",
        vacancy=head,
        counts=counts,
        filters=filters,
        next_query=filters.further(page.next_after) if page.next_after else "",
        find=FindForm(),
        sorts=sorts_for(head, filters),
        targets=targets_for(page),
        nothing=nothing,
        links=links.beside_list(vacancy, by),
        chosen=set(request.args.getlist("ref")),
        all_chosen=request.args.get("all") == "1",
        **list_facts(head, page),
    )
    return html, 422 if nothing else 200


def first_tab(counts: dict[Tab, int]) -> Tab:
    """What is shown unasked: the first list that has anything."""
    return next((tab for tab in Tab if counts[tab]), Tab.NEW)


def sorts_for(head: queries.VacancyHead, filters: ListFilters) -> list[Sort]:
    """By name only where names may be seen."""
    hidden = head.anonymised and filters.tab in (Tab.NEW, Tab.NOT_PROGRESSING)
    return [sort for sort in Sort if not (hidden and sort is Sort.NAME)]


def targets_for(page: queries.Page) -> list[Status]:
    """Where several of the applications on this page may be moved together: at least one can go there."""
    by = current_actor()
    if not by.can("applications.decide"):
        return []
    reached = {to for status in {row.status for row in page.rows} for to in moves_for(status, by)}
    return [to for to in FOR_MANY if to in reached]


def list_facts(head: queries.VacancyHead, page: queries.Page) -> dict[str, Any]:
    """What the list needs, whether it is a tab or the result of a search."""
    return {
        "rows": [listed(row, anonymised=head.anonymised) for row in page.rows],
        "more": bool(page.next_after),
        "tabs": list(Tab),
        "only": list(Only),
        "address_of": addresses.of_application,
    }


def note_list(vacancy: str, listing: str, *, shown: int, searched: bool = False) -> None:
    """The audit of a list being shown, before it is."""
    facts: dict[str, Any] = {"listing": listing, "searched": searched, "shown": shown}
    with small_write("audit of a read") as writer:
        service.note_list_read(writer, vacancy, **facts, by=current_actor(), at=clock.now())


@blueprint.route("/<reference:vacancy>/find", methods=["GET", "POST"])
@requires("applications.read")
@keeps_words
@words_return_to("staff_applications.find")
def find(vacancy: str) -> ResponseReturnValue:
    """Applications by reference, and by name where it may be seen. A reload asks nothing."""
    head = queries.vacancy_head(read(), vacancy, current_actor())
    searched = session.get(SEARCHED, {}).get(vacancy, "")
    form = FindForm(typed_or_kept(), data={"q": searched})
    if form.validate_on_submit():
        forget_words()
        session[SEARCHED] = {vacancy: form.q.data}
        return see_other(".find", vacancy=vacancy)
    page = queries.Page((), "")
    if searched and not form.is_submitted():
        page = queries.search_page(read(), head, searched)
        note_list(vacancy, "search", shown=len(page.rows), searched=True)
    facts = {"vacancy": head, "find": form, "searched": searched, **list_facts(head, page)}
    return render_template("applications/sift/find.html", **facts), form.status


@blueprint.get("/<reference:vacancy>/<reference:application>")
@requires("applications.read")
def show(vacancy: str, application: str) -> ResponseReturnValue:
    """One application, everything as it was asked and answered that this person may see."""
    return application_page(vacancy, application, NoteForm(typed_or_kept()))


def application_page(vacancy: str, application: str, form: NoteForm) -> str:
    """The application’s page around a form for a note."""
    by = current_actor()
    found = queries.application_file(read(), vacancy, application, by)
    sheet = sheet_of(found, by)
    note_read(sheet)
    decides = by.can("applications.decide")
    interview = ahead(sheet.interview_at, clock.now())
    undoable = found.undoable if decides else None
    carried = {"version": str(sheet.version), "entry": str(undoable.id if undoable else "")}
    return render_template(
        "applications/sift/show.html",
        sheet=sheet,
        notes=found.notes,
        form=form,
        undo=UndoForm(None, data=carried) if undoable else None,
        undoable=undoable,
        why_not_undo=found.why_not_undo,
        moves=moves_for(sheet.status, by, interview, known=sheet.known) if decides else [],
        presupposed="" if sheet.known else why_first(sheet.status),
        interview=interview,
        neighbours=neighbours_of(found, vacancy),
        back=addresses.way_back(vacancy),
        page_of=addresses.of_page,
        address_of=addresses.of_application,
        done=DONE.get(request.args.get("done", ""), ""),
        decides=decides,
        links=links.beside_application(vacancy, application),
        **beside(found.application, by),
    )


def note_read(sheet: Sheet) -> None:
    """The audit of this application being shown, before it is; also after a POST, whose answer shows it."""
    facts: dict[str, Any] = {"vacancy": sheet.vacancy, "veiled": sheet.veiled}
    with small_write("audit of a read") as writer:
        service.note_read(writer, sheet.reference, **facts, by=current_actor(), at=clock.now())


def neighbours_of(found: queries.ApplicationFile, vacancy: str) -> queries.Neighbours:
    """The one before and the one after in the list; none where it was opened from a search."""
    if request.args.get(addresses.FOUND):
        return queries.Neighbours()
    head = queries.vacancy_head(read(), vacancy, current_actor())
    filters = filters_of(request.args, TAB_OF[found.application.status])
    return queries.neighbours(read(), head, filters, found.application)
