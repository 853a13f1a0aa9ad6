"""The fostering team's pages: queue, one enquiry, contact attempts, export."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor, current_settings
from portal.core.database import read, small_write, transaction
from portal.core.errors import NotFound, StaleEdit
from portal.core.export import csv_response, xlsx_response
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.fostering.flags import Flag
from portal.fostering.follow_up import queries, service
from portal.fostering.follow_up.exports import COLUMNS, rows_for
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.forms import ContactForm, ExportForm, FindForm, QueueForm
from portal.fostering.options import CareType, ContactTime, Status
from portal.journeys.snapshot import sections_of

blueprint = Blueprint("fostering_team", __name__, url_prefix="/staff/fostering")

FILTERS = ("which", "due", "stage", "area", "owner", "flagged")
KEY = re.compile(r"([0-9]{1,17})\.([0-9]{1,18})")


@blueprint.get("")
@requires("fostering.read")
def queue() -> ResponseReturnValue:
    """The queue in due order."""
    at, actor = clock.now(), current_actor()
    form = QueueForm(request.args, meta={"csrf": False})
    filters = form.filters(read_key(request.args.get("after", "")))
    page = queries.queue_page(read(), filters, reader=actor.id or 0, at=at)
    counts = queries.queue_counts(read(), at)
    with small_write("audit of a read") as session:
        service.note_queue_read(session, filters, len(page.rows), by=actor, at=at)
    return render_template(
        "fostering/follow_up/queue.html",
        form=form,
        find=FindForm(),
        counts=counts,
        limit=queries.COUNTED_TO,
        next_url=address(page.next_after) if page.next_after else None,
        first_url=address() if filters.after else None,
        **list_facts(page, filters, at),
    )


@blueprint.post("/find")
@requires("fostering.read")
@keeps_words
def find() -> ResponseReturnValue:
    """Households by name or reference, newest first; the words stay out of the address."""
    at, actor, form = clock.now(), current_actor(), FindForm()
    page = queries.QueuePage((), None)
    filters = QueueFilters(search=form.q.data or "")
    if form.validate_on_submit():
        page = queries.queue_page(read(), filters, reader=actor.id or 0, at=at)
        with transaction() as session:
            service.note_queue_read(session, filters, len(page.rows), by=actor, at=at)
    facts = list_facts(page, filters, at)
    return render_template("fostering/follow_up/find.html", find=form, **facts), form.status


@blueprint.get("/<reference:reference>")
@requires("fostering.read")
def show(reference: str) -> ResponseReturnValue:
    """One enquiry, everything as it was answered."""
    at = clock.now()
    found = queries.enquiry_file(read(), reference)
    if found is None:
        raise NotFound
    with small_write("audit of a read") as session:
        service.note_enquiry_read(session, reference, by=current_actor(), at=at)
    form = ContactForm(typed_or_kept(), data={"happened": "now"})
    form.version.parse(str(found.enquiry.version))
    return enquiry_page(found, form, at)


@blueprint.post("/<reference:reference>/contact")
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_team.show")
def record_contact(reference: str) -> ResponseReturnValue:
    """Record an attempt; what somebody else did meanwhile is shown first, and nothing typed is lost."""
    at, form, stale = clock.now(), ContactForm(), False
    if form.validate_on_submit():
        team = current_settings().council.fostering
        with form.catching():
            try:
                with transaction() as session:
                    contact, version = form.contact(at), form.read_version
                    service.record_contact(
                        session, reference, contact, version=version, by=current_actor(), at=at, team=team
                    )
                forget_words()
                return see_other(".show", reference=reference, recorded=1)
            except StaleEdit:
                stale = True
    found = queries.enquiry_file(read(), reference)
    if found is None:
        raise NotFound
    form.version.parse(str(found.enquiry.version))
    return enquiry_page(found, form, at, stale=stale), 409 if stale else 422


@blueprint.route("/export", methods=["GET", "POST"])
@requires("fostering.export_named")
@keeps_words
@words_return_to("fostering_team.export")
def export() -> ResponseReturnValue:
    """Choose what and why, then the file; the audit has it before the first byte leaves."""
    form = ExportForm(typed_or_kept())
    if not form.validate_on_submit():
        return render_template("fostering/follow_up/export.html", form=form, columns=COLUMNS), form.status
    forget_words()
    at, filters, file_format = clock.now(), form.filters(), form.file_format.data
    with transaction() as session:
        service.note_export(
            session,
            filters,
            columns="operational",
            file_format=file_format,
            purpose=form.purpose.data,
            by=current_actor(),
            at=at,
        )
    respond = xlsx_response if file_format == "xlsx" else csv_response
    return respond(COLUMNS, rows_for(filters), f"fostering-enquiries-{clock.london(at):%Y-%m-%d}")


def enquiry_page(found: queries.EnquiryFile, form: ContactForm, at: datetime, *, stale: bool = False) -> str:
    """The enquiry's page around a form for the next contact."""
    enquiry = found.enquiry
    return render_template(
        "fostering/follow_up/show.html",
        enquiry=enquiry,
        duplicates=found.duplicates,
        sections=sections_of(enquiry.snapshot) if enquiry.snapshot else [],
        flags=[flag for flag in Flag if flag.value in enquiry.flags],
        contact_time_labels={time.value: time.label for time in ContactTime},
        form=form,
        at=at,
        recorded=request.args.get("recorded") == "1",
        stale=stale,
        can_work=current_actor().can("fostering.work")
        and enquiry.status in (Status.OPEN, Status.KEEP_IN_TOUCH),
    )


def list_facts(page: queries.QueuePage, filters: QueueFilters, at: datetime) -> dict[str, object]:
    """What the list of households needs, whether it is the queue or the result of a search."""
    return {
        "rows": page.rows,
        "more": page.next_after is not None,
        "filters": filters,
        "at": at,
        "tomorrow": queries.end_of_day(at),
        "flag_labels": {flag.value: flag.label for flag in Flag},
        "care_labels": {care.value: care.label for care in CareType},
    }


def read_key(text: str) -> tuple[datetime, int] | None:
    """Where the next page starts, from the query string; anything else means the first page."""
    found = KEY.fullmatch(text)
    if found is None:
        return None
    microseconds, identifier = int(found[1]), int(found[2])
    try:
        return datetime.fromtimestamp(microseconds // 10**6, UTC).replace(
            microsecond=microseconds % 10**6
        ), identifier
    except (OverflowError, ValueError, OSError):
        return None


def address(key: tuple[datetime, int] | None = None) -> str:
    """The list with the filters as they stand, from its beginning or behind this row."""
    values = [(name, value) for name, value in request.args.items(multi=True) if name in FILTERS and value]
    if key is not None:
        moment, identifier = key
        values.append(("after", f"{int(moment.timestamp()) * 10**6 + moment.microsecond}.{identifier}"))
    return f"{url_for('.queue')}?{urlencode(values)}" if values else url_for(".queue")
