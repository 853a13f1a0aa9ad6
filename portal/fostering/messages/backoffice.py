"""The pages on which staff choose, read, edit and send a message, and the list of what waits."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor, current_settings
from portal.core.database import read, small_write, transaction
from portal.core.errors import InvalidTransition
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.pages import enquiry_of, note_read
from portal.fostering.messages import queries, service
from portal.fostering.messages.forms import EditForm, MessageForm, NewForm, SendForm
from portal.fostering.messages.offers import asks_first, offered, why_not_now, why_unreachable
from portal.fostering.messages.options import MessageKind
from portal.fostering.messages.pages import (
    address_of,
    attempt,
    letters,
    message_on,
    message_page,
    refused_page,
    waiting,
)
from portal.fostering.models import Enquiry
from portal.fostering.options import ContactTime

blueprint = Blueprint("fostering_messages", __name__, url_prefix="/staff/fostering")

ONE = "/<reference:reference>/messages/<number:message_id>"


@blueprint.get("/messages")
@requires("fostering.work")
def index() -> ResponseReturnValue:
    """Which letters are owed, what was written and not sent, and whom mail does not reach."""
    at, by = clock.now(), current_actor()
    drafts, owed = waiting(read(), by, at), letters(read(), by, at)
    unreachable = queries.unreachable(read(), by=by)
    with small_write("audit of a read") as writer:
        shown = len(drafts) + len(owed) + len(unreachable)
        service.note_messages_listed(writer, shown, by=by, at=at)
    return render_template(
        "fostering/messages/index.html",
        drafts=drafts,
        letters=owed,
        unreachable=unreachable,
        address=address_of,
        address_of=addresses.of_enquiry,
    )


@blueprint.route("/<reference:reference>/messages/new", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_messages.new")
def new(reference: str) -> ResponseReturnValue:
    """Which message: drawn up for reading, and not sent by this."""
    enquiry, at = enquiry_of(reference), clock.now()
    form = NewForm(typed_or_kept(), facts={"kinds": offered(enquiry, at)})
    if form.validate_on_submit():
        try:
            with transaction() as writer:
                message_id = write(writer, reference, MessageKind(form.kind.data))
        except InvalidTransition as refusal:
            return refused_page(reference, MessageForm(), refusal.facts["why"]), 409
        forget_words()
        return see_other(".message", reference=reference, message_id=message_id)
    note_read(reference)
    return render_template("fostering/messages/new.html", form=form, **new_facts(enquiry)), form.status


def new_facts(enquiry: Enquiry) -> dict[str, Any]:
    """What whoever writes should know of the household first."""
    return {
        "enquiry": enquiry,
        "unreachable": why_unreachable(enquiry),
        "asks_first": asks_first(enquiry),
        "contact_time_labels": {time.value: time.label for time in ContactTime},
        "back": addresses.of_enquiry(enquiry.public_ref),
    }


def write(writer: Session, reference: str, kind: MessageKind) -> int:
    """Draw it up."""
    by, at, council = current_actor(), clock.now(), current_settings().council
    enquiry = queries.enquiry_to_write_to(writer, reference, by=by)
    return service.write_message(writer, enquiry, kind, by=by, at=at, council=council).id


@blueprint.route(ONE, methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_messages.message")
def message(reference: str, message_id: int) -> ResponseReturnValue:
    """The mail exactly as it would leave, and the button that sends it."""
    found, enquiry = message_on(reference, message_id), enquiry_of(reference)
    template = "fostering/messages/message.html"
    form = SendForm(
        typed_or_kept(), data={"version": str(found.version)}, facts={"asks_first": asks_first(enquiry)}
    )

    def do(writer: Session, enquiry: Enquiry, message_id: int, **said: Any) -> str:
        return service.send_message(writer, enquiry, message_id, council=current_settings().council, **said)

    if not form.is_submitted():
        return message_page(template, reference, message_id, form)
    onwards = addresses.of_enquiry(reference, mailed="1")
    return attempt(reference, message_id, form, do, template=template, onwards=onwards)


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_messages.edit")
def edit(reference: str, message_id: int) -> ResponseReturnValue:
    """Other words."""
    found = message_on(reference, message_id)
    household = enquiry_of(reference)
    facts = {"names": f"{household.full_name} {household.second_name}"}
    if why := why_not_now(found, household, clock.now()):
        return refused_page(reference, EditForm(typed_or_kept(), facts=facts), why), 409
    known = {"version": str(found.version), "subject": found.subject, "body": found.body}
    form = EditForm(typed_or_kept(), data=known, facts=facts)

    def do(writer: Session, enquiry: Enquiry, message_id: int, **said: Any) -> None:
        words = (form.subject.data, form.body.data)
        service.edit_message(writer, enquiry, message_id, words, **said)

    template, onwards = "fostering/messages/edit.html", address_of("message", reference, message_id)
    return attempt(reference, message_id, form, do, template=template, onwards=onwards)


@blueprint.route(f"{ONE}/drop", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_messages.drop")
def drop(reference: str, message_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    found = message_on(reference, message_id)
    if found.sent_at is not None:
        return redirect(address_of("message", reference, message_id), 303)
    form = MessageForm(typed_or_kept(), data={"version": str(found.version)})
    onwards = addresses.of_enquiry(reference, saved="1")
    template = "fostering/messages/drop.html"
    return attempt(reference, message_id, form, service.drop_message, template=template, onwards=onwards)
