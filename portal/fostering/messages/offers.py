"""Which messages a family can be written now, and why one that was written cannot be sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from portal.core.clock import london
from portal.core.emails import parse_email
from portal.fostering.clocks import start_of
from portal.fostering.closures import Closure
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.options import MessageKind, MessageState
from portal.fostering.messages.wording import has_letter
from portal.fostering.models import Enquiry
from portal.fostering.options import ActivityKind, CallOutcome, ContactMethod, Stage, Status
from portal.fostering.pipeline import APPLICATION
from portal.fostering.service import wants_no_call

WAITING = (Stage.NEW, Stage.CONTACTING)
"""Stages in which nobody has talked to the household yet."""

NO_ADDRESS = "This family has given no email address"
UNUSABLE = "This email address cannot be used"
DOES_NOT_ARRIVE = "Mail does not arrive at this email address"
SENT_BEFORE = "This message has been sent"
MOVED_ON = "The enquiry has moved on, so this message is not true any more"


def offered(enquiry: Enquiry, at: datetime) -> list[MessageKind]:
    """What fits where the household stands."""
    return [kind for kind in MessageKind if fits(enquiry, kind, at)]


def fits(enquiry: Enquiry, kind: MessageKind, at: datetime) -> bool:
    """Whether a message of this kind would be true now."""
    first = enquiry.status is Status.OPEN and enquiry.stage in WAITING and not wants_no_call(enquiry)
    if kind is MessageKind.CALL_TRIED:
        return first and was_called_in_vain(enquiry)
    if kind is MessageKind.ARRANGE_CALL:
        return first
    if kind is MessageKind.INFO_PACK:
        return enquiry.status is Status.OPEN and enquiry.stage not in APPLICATION
    if kind is MessageKind.VISIT_BOOKED:
        visit_at = enquiry.visit_booked_for
        return enquiry.stage is Stage.VISIT_BOOKED and visit_at is not None and visit_at > at
    if kind is MessageKind.KEEP_IN_TOUCH:
        review_on = enquiry.kit_review_on
        ahead = review_on is not None and review_on >= london(at).date()
        return enquiry.status is Status.KEEP_IN_TOUCH and ahead
    pack_only_unanswered = enquiry.closure_code is Closure.X01 and wants_no_call(enquiry)
    return enquiry.status is Status.CLOSED and has_letter(enquiry.closure_code) and not pack_only_unanswered


def was_called_in_vain(enquiry: Enquiry) -> bool:
    """Whether our last call reached nobody: one in which we spoke was before they were taken up again."""
    calls = [one for one in enquiry.activities if one.kind is ActivityKind.CALL_OUT]
    return bool(calls) and calls[-1].outcome is not CallOutcome.SPOKE


def tells_of(enquiry: Enquiry, kind: MessageKind) -> datetime | None:
    """The moment that a message of this kind is about; it is not true of another."""
    if kind is MessageKind.VISIT_BOOKED:
        return enquiry.visit_booked_for
    if kind is MessageKind.KEEP_IN_TOUCH:
        return start_of(enquiry.kit_review_on) if enquiry.kit_review_on is not None else None
    return enquiry.closed_at if kind is MessageKind.CLOSING else None


def told_of_visit(enquiry: Enquiry, messages: Iterable[FamilyMessage], at: datetime) -> FamilyMessage | None:
    """The last message about the visit, where it is booked and the day that was told is still to come.

    The messages are the newest first. One that did not arrive has told them nothing.
    """
    told = (one for one in messages if one.kind is MessageKind.VISIT_BOOKED and not one.undelivered_at)
    last = next((one for one in told if one.state is MessageState.SENT), None)
    if enquiry.stage is not Stage.VISIT_BOOKED or last is None or last.about_at is None:
        return None
    return last if last.about_at > at else None


def still_true(message: FamilyMessage, enquiry: Enquiry, at: datetime) -> bool:
    """Whether the household stands where a draft says."""
    same = message.about_at == tells_of(enquiry, message.kind)
    return same and fits(enquiry, message.kind, at)


def why_not_now(message: FamilyMessage, enquiry: Enquiry, at: datetime) -> str:
    """Why nothing can be done with this message any more; empty while it waits."""
    if message.state is MessageState.SENT:
        return SENT_BEFORE
    return "" if still_true(message, enquiry, at) else MOVED_ON


def why_unreachable(enquiry: Enquiry) -> str:
    """Why nothing can be mailed to the household; empty where it can."""
    if not enquiry.email:
        return NO_ADDRESS
    if enquiry.email_failed_at is not None:
        return DOES_NOT_ARRIVE
    return "" if is_usable(enquiry.email) else UNUSABLE


def is_usable(email: str) -> bool:
    """Whether this is an address that mail can be sent to."""
    try:
        parse_email(email)
    except ValueError:
        return False
    return True


def asks_first(enquiry: Enquiry) -> bool:
    """Whether they asked to be reached another way than by email: then somebody has to have thought of it."""
    return enquiry.contact_method in (ContactMethod.PHONE, ContactMethod.TEXT)
