"""Copies for staff: one application on a page or as PDF, and many in an archive; each is in the audit."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.applications.chosen import Chosen, references_of
from portal.applications.copies import queries
from portal.applications.copies.archive import ZIP_TYPE, zip_chunks
from portal.applications.copies.content import Copy, copy_of
from portal.applications.copies.events import COPIES_EXPORTED, COPY_READ
from portal.applications.copies.forms import CopiesForm
from portal.applications.copies.queries import CopyRow
from portal.applications.copies.typesetting import PDF_TYPE, pdf_of
from portal.applications.scope import is_hr
from portal.applications.sift.queries import tab_counts
from portal.applications.veil import is_veiled, shown_snapshot
from portal.core import clock, throttle
from portal.core.access import Actor, requires
from portal.core.audit import record
from portal.core.context import current_actor
from portal.core.database import database, read, small_write, transaction
from portal.core.errors import InvalidInput, NotFound
from portal.core.export import download, primed
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.security import keeps_words

blueprint = Blueprint("staff_copies", __name__, url_prefix="/staff/applications")

FILES_AN_HOUR = 200
"""Files for one member of staff, one at a time; who needs more takes an archive."""


@blueprint.get("/<reference:vacancy>/<reference:application>/copy")
@requires("applications.read")
def show(vacancy: str, application: str) -> ResponseReturnValue:
    """The copy as a page to print."""
    return page_of(noted_copy(vacancy, application, "page"), vacancy, application)


def page_of(copy: Copy, vacancy: str, application: str, *, unset: bool = False) -> str:
    """The page; `unset` where it stands for a PDF that could not be made."""
    return render_template(
        "applications/copies/copy.html",
        copy=copy,
        unset=unset,
        pdf_url=url_for(".pdf", vacancy=vacancy, application=application),
        back_url=url_for("staff_applications.show", vacancy=vacancy, application=application),
        among_staff=True,
    )


@blueprint.get("/<reference:vacancy>/<reference:application>/copy.pdf")
@requires("applications.read")
def pdf(vacancy: str, application: str) -> ResponseReturnValue:
    """The copy as a file."""
    key, hour = str(current_actor().id), timedelta(hours=1)
    throttle.hit("copies staff", key, limit=FILES_AN_HOUR, per=hour, at=clock.now())
    copy = noted_copy(vacancy, application, "pdf")
    made = pdf_of(copy.document())
    if made is None:
        return page_of(copy, vacancy, application, unset=True)
    return download(iter((made,)), PDF_TYPE, f"{copy.file_name}.pdf")


def noted_copy(vacancy: str, application: str, form: str) -> Copy:
    """The copy as this person may see it, once that they see it is kept; raises NotFound."""
    by = current_actor()
    row = queries.copy_for(read(), vacancy, application, by=by)
    if row is None:
        raise NotFound
    with small_write("audit of a read") as writer:
        record(writer, COPY_READ, by=by, at=clock.now(), subject=row.reference, form=form)
    return seen_by(row, by)


def seen_by(row: CopyRow, by: Actor) -> Copy:
    """The copy behind the veil."""
    veiled = is_veiled(row, row.anonymised)
    shortlisting = row.shortlisted_at is None
    seen = shown_snapshot(row.snapshot, veiled, hr=is_hr(by), shortlisting=shortlisting)
    return copy_of(row, seen, veiled=veiled)


@blueprint.route("/<reference:vacancy>/copies", methods=["GET", "POST"])
@requires("applications.export")
@keeps_words
@words_return_to("staff_copies.archive")
def archive(vacancy: str) -> ResponseReturnValue:
    """Which applications and what for, then the archive; the audit has it before the first byte."""
    found = queries.vacancy_of_copies(read(), vacancy, by=current_actor())
    if found is None:
        raise NotFound
    chosen = references_of(request.args.getlist("ref"))
    counts = tab_counts(read(), found.id)
    form = CopiesForm(typed_or_kept(), facts={"counts": counts, "chosen": chosen})
    if form.validate_on_submit():
        with form.catching():
            answer = archive_file(found, form.wanted(chosen), form.purpose.data or "")
            forget_words()
            return answer
    context = {"vacancy": found, "chosen": chosen, "total": sum(counts.values())}
    return render_template("applications/copies/archive.html", form=form, **context), form.status


def archive_file(vacancy: CopyRow, chosen: Chosen, purpose: str) -> Response:
    """The archive, once what it will hold is counted and noted; raises InvalidInput for an empty one."""
    by, at, source = current_actor(), clock.now(), database()
    found = queries.chosen_ids(read(), vacancy.id, chosen)
    if not found:
        where = "form" if chosen.references else "which"
        raise InvalidInput(where, "None of these applications is there any more. Select others")
    facts = {"chosen": chosen.describe(), "purpose": purpose, "rows": len(found)}
    with transaction() as writer:
        record(writer, COPIES_EXPORTED, by=by, at=at, subject=vacancy.reference, **facts)
    chunks = zip_chunks(lambda: (seen_by(row, by) for row in queries.rows_one_by_one(source, found)))
    name = f"applications-{vacancy.reference}-{clock.london(at):%Y-%m-%d}.zip"
    return download(primed(chunks), ZIP_TYPE, name)
