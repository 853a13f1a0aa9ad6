"""What the pages of one message share: the mail as it would leave, the attempt, what a conflict shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.context import current_actor, current_settings
from portal.core.database import read, transaction
from portal.core.errors import InvalidTransition, StaleEdit
from portal.core.kept_words import forget_words
from portal.core.mail import render_mail
from portal.fostering.answering.queries import pack_of
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.pages import enquiry_of, note_read
from portal.fostering.messages import queries
from portal.fostering.messages.forms import MessageForm
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.offers import MOVED_ON, asks_first, offered, why_not_now, why_unreachable
from portal.fostering.messages.options import MessageKind, MessageState
from portal.fostering.messages.owed import LetterDue, letter_due
from portal.fostering.messages.service import TEMPLATE, is_outdated
from portal.fostering.messages.wording import appointment
from portal.fostering.models import Enquiry
from portal.fostering.options import ContactTime

Do = Callable[..., str | None]
"""Does it: session, locked enquiry, the message’s id, `version`, `by`, `at`; gives why not, if it did not."""


def address_of(page: str, reference: str, message_id: int) -> str:
    """One of a message’s pages."""
    return url_for(f"fostering_messages.{page}", reference=reference, message_id=message_id)


def message_on(reference: str, message_id: int) -> FamilyMessage:
    """The message as it stands now; raises NotFound."""
    return queries.message_of(read(), enquiry_of(reference), message_id)


def attempt(
    reference: str, message_id: int, form: MessageForm, do: Do, *, template: str, onwards: str
) -> ResponseReturnValue:
    """Do something with the message, all or nothing, if the form is in order; else the page as typed."""
    enquiry_of(reference)
    if not form.validate_on_submit():
        return message_page(template, reference, message_id, form), form.status
    said = {"version": form.read_version, "by": current_actor(), "at": clock.now()}
    try:
        with transaction() as writer:
            enquiry = queries.enquiry_to_write_to(writer, reference, by=current_actor())
            why = do(writer, enquiry, message_id, **said)
    except StaleEdit:
        form.version.parse(str(message_on(reference, message_id).version))
        return message_page(template, reference, message_id, form, stale=True), 409
    except InvalidTransition as refusal:
        why = str(refusal.facts["why"])
    if why:
        return refused_page(reference, form, why), 409
    forget_words()
    return redirect(onwards, 303)


def message_page(
    template: str, reference: str, message_id: int, form: MessageForm, *, stale: bool = False
) -> str:
    """One message around a form; that the household was read is noted."""
    enquiry = enquiry_of(reference)
    message = queries.message_of(read(), enquiry, message_id)
    note_read(reference)
    subject, body = render_mail(TEMPLATE, {"subject": message.subject, "body": message.body})
    at, sent, council = clock.now(), message.state is MessageState.SENT, current_settings().council
    why_not = "" if sent else why_not_now(message, enquiry, at)
    if not sent and not why_not and is_outdated(message, enquiry, council):
        why_not = MOVED_ON
    visit = message.kind is MessageKind.VISIT_BOOKED and message.about_at == enquiry.visit_booked_for
    return render_template(
        template,
        form=form,
        stale=stale,
        enquiry=enquiry,
        message=message,
        subject=subject,
        body=body,
        sent=sent,
        why_not="" if sent else why_not or why_unreachable(enquiry),
        asks_first=asks_first(enquiry),
        appointment=appointment(enquiry, council, sequence=0) if visit else None,
        contact_time_labels={time.value: time.label for time in ContactTime},
        address=lambda page: address_of(page, reference, message_id),
        told_url=told_url(reference) if owes(enquiry, message) else "",
        back=addresses.of_enquiry(reference),
    )


def owes(enquiry: Enquiry, message: FamilyMessage) -> bool:
    """Whether it is the letter after the closing, and they wait for it."""
    return message.kind is MessageKind.CLOSING and enquiry.letter_owed_since is not None


def told_url(reference: str) -> str:
    """Where it is recorded that they were told another way."""
    return url_for("fostering_told.told", reference=reference)


def refused_page(reference: str, form: MessageForm, why: str) -> str:
    """Why nothing was done, with what was typed."""
    enquiry = enquiry_of(reference)
    note_read(reference)
    return render_template(
        "fostering/messages/refused.html",
        enquiry=enquiry,
        why=why,
        typed=[field for field in form.questions if not field.empty],
        back=addresses.of_enquiry(reference),
    )


class Waiting(NamedTuple):
    """A line of the list of what nobody has sent."""

    message: FamilyMessage
    why_not: str


def waiting(session: Session, by: Actor, at: datetime) -> list[Waiting]:
    """What this person may read of it, the oldest first."""
    return [Waiting(one, why_not_now(one, one.enquiry, at)) for one in queries.drafts(session, by=by)]


def letters(session: Session, by: Actor, at: datetime) -> list[tuple[Enquiry, LetterDue]]:
    """The families that wait for a letter, with its clock: the same row whoever writes it, and where."""
    team = current_settings().council.fostering
    found = ((one, letter_due(one, team, at)) for one in queries.families_waiting(session, by=by))
    return [(one, due) for one, due in found if due is not None]


def household_facts(session: Session, enquiry: Enquiry, at: datetime) -> dict[str, Any]:
    """What the household’s own page says of its messages."""
    messages = queries.messages_of(session, enquiry)
    return {
        "letter": queries.letter_owed(session, enquiry),
        "letter_due": letter_due(enquiry, current_settings().council.fostering, at),
        "told_url": told_url(enquiry.public_ref),
        "pack": pack_of(session, enquiry, current_settings().council.fostering, at),
        "messages": messages,
        "told_otherwise": queries.told_otherwise(session, enquiry, messages, at),
        "may_write": bool(offered(enquiry, at)),
        "write_url": url_for("fostering_messages.new", reference=enquiry.public_ref),
        "message_url": lambda message: address_of("message", enquiry.public_ref, message.id),
    }
