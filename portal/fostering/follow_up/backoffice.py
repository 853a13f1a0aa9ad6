"""The fostering team's pages: queue, one enquiry, contact attempts, export."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor, requires
from portal.core.attempts import Attempt, attempt
from portal.core.clock import london
from portal.core.context import current_actor, current_settings
from portal.core.database import read, small_write, transaction
from portal.core.errors import NotFound
from portal.core.export import csv_response, xlsx_response
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.keyset import read_key
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.council import FosteringTeam
from portal.fostering.due import visit_to_call_off
from portal.fostering.flags import Flag
from portal.fostering.follow_up import addresses, queries, service
from portal.fostering.follow_up.calls.pages import call_facts
from portal.fostering.follow_up.concerns.queries import concerns_waiting, restricted_readable
from portal.fostering.follow_up.corrections.queries import answers_changed
from portal.fostering.follow_up.counts.queries import queue_counts
from portal.fostering.follow_up.exports import columns_for, export_count, rows_for, sheet_columns_for
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.forms import ContactForm, ExportForm, FindForm, QueueForm
from portal.fostering.follow_up.intake import intake_facts
from portal.fostering.follow_up.moving.links import moves_of
from portal.fostering.follow_up.moving.waiting import may_wait
from portal.fostering.follow_up.next_actions import Mark, as_asked, mark_of, marks_of
from portal.fostering.follow_up.owners.queries import covered_by
from portal.fostering.follow_up.pages import note_read
from portal.fostering.follow_up.saved.queries import saved_filters
from portal.fostering.follow_up.words.exports import with_words, words_rows_for
from portal.fostering.follow_up.words.forms import ExportWordsForm, reason_in
from portal.fostering.information_events.queries import bookings_of_enquiry, likely_bookings
from portal.fostering.keeping.queries import goes_tonight
from portal.fostering.keeping.wording import kept_in_words
from portal.fostering.messages.pages import household_facts
from portal.fostering.models import Enquiry
from portal.fostering.options import CareType, ContactTime
from portal.fostering.queries import has_asked_to_stop, is_call_agreed_for, rounds_of
from portal.fostering.service import wants_no_call
from portal.journeys.snapshot import sections_of

blueprint = Blueprint("fostering_team", __name__, url_prefix="/staff/fostering")

SEARCHED = "fostering.searched"
"""What was last searched for, in the session’s row: a name must not stay in addresses and histories."""


@blueprint.get("")
@requires("fostering.read")
def queue() -> ResponseReturnValue:
    """The queue in due order."""
    at, actor, team = clock.now(), current_actor(), current_settings().council.fostering
    form = QueueForm(request.args, meta={"csrf": False})
    filters = form.filters(read_key(request.args.get("after", "")))
    covered = covered_by(read(), actor.id or 0, london(at).date())
    page = queries.queue_page(read(), filters, reader=actor.id or 0, at=at, team=team, covered=covered)
    counts = queue_counts(read(), at, reader=actor.id, team=team)
    with small_write("audit of a read") as writer:
        service.note_queue_read(writer, filters, len(page.rows), by=actor, at=at)
    return render_template(
        "fostering/follow_up/queue.html",
        form=form,
        find=FindForm(),
        counts=counts,
        concerns=concerns_waiting(read(), by=actor),
        limit=queries.COUNTED_TO,
        saved=[(addresses.of_saved(one.query), one.name) for one in saved_filters(read(), actor.id or 0)],
        save_url=addresses.of_saving() if filters.as_query() else None,
        next_url=addresses.of_queue(page.next_after) if page.next_after else None,
        first_url=addresses.of_queue() if filters.after else None,
        hand_over_action=addresses.of_handing_over("choose", ()),
        **call_facts(page.rows),
        **list_facts(page, filters, at),
    )


@blueprint.route("/find", methods=["GET", "POST"])
@requires("fostering.read")
@keeps_words
@words_return_to("fostering_team.find")
def find() -> ResponseReturnValue:
    """Households by name or reference. The words stay out of the address, and a reload asks nothing."""
    at, actor, searched = clock.now(), current_actor(), session.get(SEARCHED, "")
    form = FindForm(typed_or_kept(), data={"q": searched})
    if form.validate_on_submit():
        forget_words()
        session[SEARCHED] = form.q.data
        return see_other(".find")
    page, filters = queries.QueuePage((), None), QueueFilters(search=searched)
    if searched and not form.is_submitted():
        team = current_settings().council.fostering
        page = queries.queue_page(read(), filters, reader=actor.id or 0, at=at, team=team)
        with small_write("audit of a read") as writer:
            service.note_queue_read(writer, filters, len(page.rows), by=actor, at=at)
    facts = list_facts(page, filters, at)
    return render_template("fostering/follow_up/find.html", find=form, **facts), form.status


@blueprint.get("/<reference:reference>")
@requires("fostering.read")
def show(reference: str) -> ResponseReturnValue:
    """One enquiry, everything as it was answered."""
    at = clock.now()
    found = queries.enquiry_file(read(), reference, by=current_actor())
    if found is None:
        raise NotFound
    form = ContactForm(typed_or_kept(), data={"happened": "now", "version": str(found.enquiry.version)})
    return enquiry_page(found, form, at)


@blueprint.get("/<reference:reference>/contact")
@requires("fostering.read")
def contact(reference: str) -> ResponseReturnValue:
    """The address of a form that was sent, opened on its own: the page it stands on."""
    return redirect(addresses.of_enquiry(reference), 303)


@blueprint.post("/<reference:reference>/contact")
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_team.show")
def record_contact(reference: str) -> ResponseReturnValue:
    """Record an attempt; what somebody else did meanwhile is shown first, and nothing typed is lost."""
    at, form = clock.now(), ContactForm()
    attempted = attempt(form, lambda writer: add_contact(writer, reference, form, at))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, recorded="1"), 303)
    return contact_refused(reference, form, attempted, at)


def contact_refused(
    reference: str, form: ContactForm, attempted: Attempt, at: datetime
) -> ResponseReturnValue:
    """The enquiry as it stands now, and what was to be recorded still in the form."""
    found = queries.enquiry_file(read(), reference, by=current_actor())
    if found is None:
        raise NotFound
    stale = attempted is Attempt.STALE
    if stale:
        form.version.parse(str(found.enquiry.version))
    return enquiry_page(found, form, at, stale=stale), 409 if attempted.conflicts else 422


def add_contact(writer: Session, reference: str, form: ContactForm, at: datetime) -> None:
    """Keep the attempt."""
    team, version = current_settings().council.fostering, form.read_version
    by = current_actor()
    service.record_contact(writer, reference, form.contact(at), version=version, by=by, at=at, team=team)


@blueprint.route("/export", methods=["GET", "POST"])
@requires("fostering.export_named")
@keeps_words
@words_return_to("fostering_team.export")
def export() -> ResponseReturnValue:
    """Choose what and why, then the file; the audit has it before the first byte leaves."""
    words = current_actor().can("fostering.export_words")
    form = (ExportWordsForm if words else ExportForm)(typed_or_kept())
    if form.validate_on_submit():
        with form.catching():
            answer = export_file(form, by=current_actor(), at=clock.now())
            forget_words()
            return answer
    plain = columns_for(current_settings().council.retention)
    columns = with_words(plain) if words else plain
    restricted = restricted_readable(read(), by=current_actor())
    page = render_template(
        "fostering/follow_up/export.html", form=form, columns=columns, restricted=restricted
    )
    return page, form.status


def export_file(form: ExportForm, *, by: Actor, at: datetime) -> Response:
    """The file, once what it will hold is counted in the view it is read from, and noted."""
    filters, file_format, words = form.filters(), form.file_format.data, reason_in(form)

    def note(snapshot: Session) -> None:
        rows = export_count(snapshot, filters, by=by)
        facts = {"columns": "operational", "file_format": file_format, "purpose": form.purpose.data}
        with transaction() as writer:
            most = service.MOST_AT_A_TIME
            service.note_export(writer, filters, rows=rows, **facts, by=by, at=at, most=most, words=words)

    name = f"fostering-enquiries-{clock.london(at):%Y-%m-%d}"
    periods, people = current_settings().council.retention, file_format == "xlsx"
    answer = xlsx_response if people else csv_response
    columns = sheet_columns_for(periods) if people else columns_for(periods)
    if words is not None:
        return answer(with_words(columns), words_rows_for(filters, by), name, note)
    return answer(columns, rows_for(filters, by), name, note)


def next_of(enquiry: Enquiry, team: FosteringTeam, at: datetime) -> Mark:
    """As in the list."""
    due_at = enquiry.due_at
    called = due_at is not None and is_call_agreed_for(read(), enquiry, due_at)
    stopped = has_asked_to_stop(read(), enquiry)
    mark = mark_of(enquiry, team, at, rounds_of(read(), [enquiry]))
    return as_asked(mark, called=called, stopped=stopped)


def enquiry_page(found: queries.EnquiryFile, form: ContactForm, at: datetime, *, stale: bool = False) -> str:
    """The enquiry's page around a form for the next contact."""
    enquiry = found.enquiry
    team, periods = current_settings().council.fostering, current_settings().council.retention
    can_change = current_actor().can("fostering.work")
    can_work = can_change and enquiry.may_be_worked
    sections = sections_of(enquiry.snapshot) if enquiry.snapshot else []
    if not enquiry.is_open:
        form.offer_talks()
    note_read(enquiry.public_ref)
    return render_template(
        "fostering/follow_up/show.html",
        enquiry=enquiry,
        back=addresses.way_back(),
        action=addresses.of_contact(enquiry.public_ref),
        next_action=next_of(enquiry, team, at),
        address_of=addresses.of_enquiry,
        page_of=addresses.of_page,
        duplicates=found.duplicates,
        sections=sections,
        answers_changed=answers_changed(read(), enquiry, sections),
        flags=[flag for flag in Flag if flag.value in enquiry.flags],
        contact_time_labels={time.value: time.label for time in ContactTime},
        form=form,
        at=at,
        recorded=request.args.get("recorded") == "1",
        saved=request.args.get("saved") == "1",
        moved=request.args.get("moved") == "1",
        mailed=request.args.get("mailed") == "1",
        kept=kept_in_words(enquiry, periods, tonight=goes_tonight(read(), enquiry, at, periods)),
        **intake_facts(read(), enquiry),
        waits=may_wait(read(), enquiry),
        visit_at=visit_to_call_off(enquiry, at),
        moves=moves_of(enquiry, by=current_actor(), panel=team.panel_before_decision),
        event_bookings=bookings_of_enquiry(read(), enquiry.id),
        likely_bookings=likely_bookings(read(), enquiry, at) if can_change else [],
        timeline_entries=queries.timeline(read(), enquiry, by=current_actor()),
        stale=stale,
        pack_only=wants_no_call(enquiry),
        can_change=can_change,
        can_work=can_work,
        entered_before=form.entered if form.is_submitted() and not can_work else [],
        **household_facts(read(), enquiry, at),
    )


def list_facts(page: queries.QueuePage, filters: QueueFilters, at: datetime) -> dict[str, object]:
    """What the list of households needs, whether it is the queue or the result of a search."""
    return {
        "rows": page.rows,
        "address_of": addresses.of_enquiry,
        "more": page.next_after is not None,
        "marks": marks_of(page.rows, current_settings().council.fostering, at, rounds_of(read(), page.rows)),
        "filters": filters,
        "at": at,
        "tomorrow": queries.end_of_day(at),
        "flag_labels": {flag.value: flag.label for flag in Flag},
        "care_labels": {care.value: care.label for care in CareType},
    }
