"""What is done with applications: a move, its undoing, a note, and one move for several at once.

Each page carries the versions that it showed. What somebody else did meanwhile is shown first, beside what
was about to be done; nothing typed is lost and nothing is half done.
"""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.answers.queries import unsent_of
from portal.applications.options import ApplicationStatus as Status
from portal.applications.reasons import essential_criteria
from portal.applications.scope import is_hr
from portal.applications.sift import addresses, queries, service
from portal.applications.sift.backoffice import application_page, note_read
from portal.applications.sift.blueprint import blueprint
from portal.applications.sift.forms import MoveForm, NoteForm, UndoForm
from portal.applications.sift.links import outbox_of
from portal.applications.sift.moves import ahead, moves_for, refusal
from portal.applications.sift.sheet import Sheet, sheet_of
from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor
from portal.core.database import database, read
from portal.core.errors import NotFound
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.core.text import carried_number


def seen_now(vacancy: str, application: str) -> tuple[queries.ApplicationFile, Sheet]:
    """The application as it stands in the database at this moment; raises NotFound."""
    with database().reading() as reader:
        found = queries.application_file(reader, vacancy, application, current_actor())
        return found, sheet_of(found, current_actor())


def status_of(code: str) -> Status:
    """The status of this address, if it is one."""
    found = next((status for status in Status if status.value == code), None)
    if found is None:
        raise NotFound
    return found


@blueprint.route("/<reference:vacancy>/<reference:application>/move/<status>", methods=["GET", "POST"])
@requires("applications.decide")
@keeps_words
@words_return_to("staff_applications.move")
def move(vacancy: str, application: str, status: str) -> ResponseReturnValue:
    """One change of status with its reasons and dates."""
    to, by = status_of(status), current_actor()
    found, sheet = seen_now(vacancy, application)
    facts = {"to": to, "hr": is_hr(by), "criteria": essential_criteria(found.application.advert)}
    carried = {"version": str(sheet.version), "seen": str(sheet.seen)}
    form = MoveForm(typed_or_kept(), data=carried, facts=facts)

    def change(writer: Session) -> None:
        locked = queries.application_to_change(writer, vacancy, application, by=by, version=form.read_version)
        service.change_status(writer, locked, to, by=by, at=clock.now(), **form.entered())

    attempted = attempt(form, change)
    if attempted is Attempt.DONE:
        return redirect(addresses.of_application(vacancy, application, done="moved"), 303)
    return move_page(form, to, seen_now(vacancy, application)[1], attempted)


def move_page(form: MoveForm, to: Status, sheet: Sheet, attempted: Attempt) -> ResponseReturnValue:
    """The page of a move; after somebody else’s change with both versions, or with why it is not possible."""
    by, news = current_actor(), []
    interview = ahead(sheet.interview_at, clock.now())
    why = refusal(sheet.status, to, by, interview, known=sheet.known)
    if attempted is Attempt.STALE:
        news = sheet.since(form.seen_entry)
        form.version.parse(str(sheet.version))
        form.seen.parse(str(sheet.seen))
    note_read(sheet)
    html = render_template(
        "applications/sift/refused.html" if why else "applications/sift/move.html",
        form=form,
        to=to,
        sheet=sheet,
        why=why,
        news=news,
        stale=attempted is Attempt.STALE,
        typed=form.typed_fields if form.is_submitted() else [],
        moves=moves_for(sheet.status, by, interview, known=sheet.known),
        unsent=unsent_of(read(), [sheet.reference]),
        outbox=outbox_of(sheet.vacancy, by),
        page_of=addresses.of_page,
        back=addresses.of_application(sheet.vacancy, sheet.reference),
    )
    return html, 409 if why or attempted in (Attempt.STALE, Attempt.REFUSED) else form.status


@blueprint.route("/<reference:vacancy>/<reference:application>/undo", methods=["GET", "POST"])
@requires("applications.decide")
@keeps_words
@words_return_to("staff_applications.show")
def undo(vacancy: str, application: str) -> ResponseReturnValue:
    """Take the newest change back while its answer is unsent."""
    if request.method == "GET":
        return redirect(addresses.of_application(vacancy, application), 303)
    form, by = UndoForm(), current_actor()

    def change(writer: Session) -> None:
        version = carried_number(form.version.data)
        locked = queries.application_to_change(writer, vacancy, application, by=by, version=version)
        service.undo_change(writer, locked, carried_number(form.entry.data), by=by, at=clock.now())

    attempted = attempt(form, change)
    if attempted is Attempt.DONE:
        return redirect(addresses.of_application(vacancy, application, done="undone"), 303)
    sheet = seen_now(vacancy, application)[1]
    note_read(sheet)
    facts: dict[str, Any] = {"sheet": sheet, "stale": attempted is Attempt.STALE}
    back = addresses.of_application(vacancy, application)
    html = render_template("applications/sift/not_undone.html", form=form, back=back, **facts)
    return html, 409 if attempted in (Attempt.STALE, Attempt.REFUSED) else form.status


@blueprint.route("/<reference:vacancy>/<reference:application>/notes", methods=["GET", "POST"])
@requires("applications.decide")
@keeps_words
@words_return_to("staff_applications.show")
def add_note(vacancy: str, application: str) -> ResponseReturnValue:
    """Note something about an application."""
    if request.method == "GET":
        return redirect(addresses.of_application(vacancy, application), 303)
    form, by = NoteForm(), current_actor()

    def change(writer: Session) -> None:
        locked = queries.application_to_change(writer, vacancy, application, by=by)
        service.add_note(writer, locked, form.text.data or "", by=by, at=clock.now())

    if attempt(form, change) is Attempt.DONE:
        return redirect(addresses.of_application(vacancy, application, done="noted"), 303)
    return application_page(vacancy, application, form), form.status
