"""The pages on which words are read, a concern is passed on, and people are named."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor
from portal.core.database import read
from portal.core.errors import NotFound
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.concerns import queries, service
from portal.fostering.follow_up.concerns.forms import LiftForm, PassForm, RaiseForm, ReadersForm, ReadForm
from portal.fostering.follow_up.concerns.options import PassedTo, Verdict
from portal.fostering.follow_up.forms import EnquiryForm
from portal.fostering.follow_up.owners.queries import team
from portal.fostering.follow_up.pages import enquiry_of, note_read, small_page
from portal.fostering.models import Enquiry

blueprint = Blueprint("fostering_concerns", __name__, url_prefix="/staff/fostering")


@blueprint.route("/<reference:reference>/read", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_concerns.read_words")
def read_words(reference: str) -> ResponseReturnValue:
    """What they wrote in their own words, and whether it gives rise to a concern."""
    enquiry = enquiry_of(reference)
    form = ReadForm(typed_or_kept(), data={"version": str(enquiry.version)})
    attempted = attempt(form, lambda writer: record_read(writer, reference, form))
    if attempted is Attempt.DONE:
        return after_reading(reference, form)
    enquiry = enquiry_of(reference)
    words = queries.own_words(enquiry)
    return small_page("fostering/follow_up/concerns/read.html", enquiry, form, attempted, words=words)


def record_read(writer: Session, reference: str, form: ReadForm) -> None:
    """Keep that it was read."""
    verdict, version = Verdict(form.verdict.data), form.read_version
    service.note_words_read(writer, reference, verdict, version=version, by=current_actor(), at=clock.now())


def after_reading(reference: str, form: ReadForm) -> ResponseReturnValue:
    """A concern leads on to the people who have to be told."""
    if form.verdict.data == Verdict.CONCERN:
        return redirect(addresses.of_page("fostering_concerns.pass_on", reference), 303)
    return redirect(addresses.of_enquiry(reference, saved="1"), 303)


@blueprint.route("/<reference:reference>/concern", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_concerns.raise_concern")
def raise_concern(reference: str) -> ResponseReturnValue:
    """A concern that came up in a talk, or anywhere else."""
    enquiry = enquiry_of(reference)
    form = RaiseForm(typed_or_kept(), data={"version": str(enquiry.version)})
    attempted = attempt(form, lambda writer: record_concern(writer, reference, form))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_page("fostering_concerns.pass_on", reference), 303)
    return small_page("fostering/follow_up/concerns/raise.html", enquiry_of(reference), form, attempted)


def record_concern(writer: Session, reference: str, form: EnquiryForm) -> None:
    """Keep that there is one."""
    service.raise_concern(writer, reference, version=form.read_version, by=current_actor(), at=clock.now())


@blueprint.route("/<reference:reference>/concern/passed-on", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_concerns.pass_on")
def pass_on(reference: str) -> ResponseReturnValue:
    """Whom to tell, and that they were told."""
    enquiry = enquiry_of(reference)
    if enquiry.concern_at is None:
        return redirect(addresses.of_page("fostering_concerns.raise_concern", reference), 303)
    form = PassForm(typed_or_kept(), data={"version": str(enquiry.version), "passed": "now"})
    attempted = attempt(form, lambda writer: record_passed(writer, reference, form))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, saved="1"), 303)
    return small_page("fostering/follow_up/concerns/pass_on.html", enquiry_of(reference), form, attempted)


def record_passed(writer: Session, reference: str, form: PassForm) -> None:
    """Keep that it was passed on."""
    at, to = clock.now(), PassedTo(form.passed_to.data)
    passed_at, version = form.passed_at(at), form.read_version
    service.pass_on(writer, reference, to, passed_at, version=version, by=current_actor(), at=at)


@blueprint.get("/restricted")
@requires("fostering.manage")
def restricted() -> ResponseReturnValue:
    """Every restricted record, without a name, so that none is without people who can read it."""
    records = queries.restricted_records(read())
    return render_template(
        "fostering/follow_up/concerns/restricted.html", records=records, address_of=addresses.of_page
    )


@blueprint.route("/<reference:reference>/readers", methods=["GET", "POST"])
@requires("fostering.manage")
@keeps_words
@words_return_to("fostering_concerns.readers")
def readers(reference: str) -> ResponseReturnValue:
    """Who may read a restricted record; shows nothing of it but its reference."""
    if queries.restricted_enquiry(read(), reference) is None:
        return redirect(addresses.of_enquiry(enquiry_of(reference).public_ref), 303)
    enquiry = restricted_of(reference)
    named = [str(person.id) for person in queries.readers_of(read(), enquiry.id)]
    members = [(person.id, person.name) for person in team(read())]
    known = {"version": str(enquiry.version), "readers": named}
    form = ReadersForm(typed_or_kept(), data=known, facts={"team": members})
    attempted = attempt(form, lambda writer: record_readers(writer, reference, form))
    if attempted is Attempt.DONE:
        return redirect(url_for("fostering_concerns.restricted"), 303)
    if attempted is Attempt.STALE:
        form.version.parse(str(restricted_of(reference).version))
    note_read(reference)
    page = render_template(
        "fostering/follow_up/concerns/readers.html",
        reference=reference,
        form=form,
        stale=attempted is Attempt.STALE,
    )
    return page, 409 if attempted.conflicts else form.status


def restricted_of(reference: str) -> Enquiry:
    """The restricted record as it stands now."""
    read().close()
    enquiry = queries.restricted_enquiry(read(), reference)
    if enquiry is None:
        raise NotFound
    return enquiry


def record_readers(writer: Session, reference: str, form: ReadersForm) -> None:
    """Name them."""
    chosen, version, note = [int(one) for one in form.readers.data], form.read_version, form.note.data or ""
    by, at = current_actor(), clock.now()
    service.name_people(writer, reference, chosen, version=version, note=note, by=by, at=at)


@blueprint.route("/<reference:reference>/open-to-team", methods=["GET", "POST"])
@requires("fostering.manage")
@keeps_words
@words_return_to("fostering_concerns.lift")
def lift(reference: str) -> ResponseReturnValue:
    """Let the whole team read it again."""
    enquiry = enquiry_of(reference)
    form = LiftForm(typed_or_kept(), data={"version": str(enquiry.version)})
    attempted = attempt(form, lambda writer: record_lift(writer, reference, form))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, saved="1"), 303)
    return small_page("fostering/follow_up/concerns/lift.html", enquiry_of(reference), form, attempted)


def record_lift(writer: Session, reference: str, form: LiftForm) -> None:
    """Lift it."""
    version, note = form.read_version, form.note.data or ""
    service.lift(writer, reference, version=version, note=note, by=current_actor(), at=clock.now())
