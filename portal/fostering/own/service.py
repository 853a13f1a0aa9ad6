"""What a household can do by its link. Nobody signs in: whoever reads the mailbox holds the link.

So it shows nothing, what it changes is said to the mailbox and to the team, and it never ends an application.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.audit import record
from portal.core.clock import london, london_instant
from portal.core.errors import InvalidInput
from portal.core.mail import queue_mail
from portal.core.tokens import hash_of, new_token
from portal.council import Council, FosteringTeam
from portal.fostering.clocks import team_calendar
from portal.fostering.closing import close_enquiry
from portal.fostering.closures import Closure
from portal.fostering.follow_up.asked_calls import due_when_asked
from portal.fostering.follow_up.concerns.queries import to_be_read
from portal.fostering.follow_up.corrections.service import apply_details
from portal.fostering.history import note_history
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind, CallOutcome, ContactTime, HistoryKind
from portal.fostering.own import events
from portal.fostering.own.links import forget_links
from portal.fostering.own.models import OwnLink
from portal.fostering.own.queries import enquiries_of_mailbox, enquiry_by_link
from portal.fostering.pipeline import APPLICATION

LINK_LIFE = timedelta(hours=24)
WITHIN = timedelta(days=90)
"""A household that is due later than this is out of sight in the queue."""

SENT_TWICE = timedelta(minutes=10)
"""The same wish again so soon is the same press, or a page that was loaded again."""

EVENING_ENDS = time(19)

BY_LINK = "the household, by their link"


def ask_for_link(session: Session, email: str, *, by: Actor, at: datetime) -> None:
    """Send a link for each open enquiry of this mailbox; a mailbox that has none gets nothing.

    A new link takes the place of the older ones.
    """
    for enquiry in enquiries_of_mailbox(session, email):
        token = new_token()
        forget_links(session, enquiry)
        link = OwnLink(
            token_hash=hash_of(token), enquiry_id=enquiry.id, made_at=at, expires_at=at + LINK_LIFE
        )
        session.add(link)
        queue_mail(
            session,
            to=enquiry.email or "",
            template="fostering_own_link",
            facts={"reference": enquiry.public_ref, "token": token, "until": link.expires_at},
            at=at,
            purpose="fostering.own_link",
            about=enquiry.public_ref,
            expires_at=link.expires_at,
        )
        record(session, events.OWN_LINK_SENT, by=by, at=at, subject=enquiry.public_ref)


def change_contact(
    session: Session, token: str, given: Mapping[str, Any], *, by: Actor, at: datetime, council: Council
) -> None:
    """Use these details from now on; whatever was not given stays. Raises OwnLinkExpired.

    That something was the same already is not said. The mailbox as it was is told; with another one the
    link ends, because it is not the household’s mailbox any more.
    """
    enquiry, by = enquiry_by_link(session, token, at, lock=True), named(by)
    before = enquiry.email
    names = ("phone", "email", "postcode", "contact_method", "voicemail_ok", "contact_needs")
    details = {name: given.get(name) or getattr(enquiry, name) for name in names}
    if all(getattr(enquiry, name) == value for name, value in details.items()):
        return
    wrong = {
        "phone_wrong": enquiry.phone_wrong_at is not None,
        "email_wrong": enquiry.email_failed_at is not None,
    }
    apply_details(session, enquiry, details, **wrong, note="", by=by, at=at, team=council.fostering)
    session.add(heard(enquiry, at, note="They told us by their link how to reach them."))
    if before is not None:
        tell_household(session, enquiry, "fostering_own_changed", to=before, at=at)
    tell_team(session, enquiry, "new contact details", at=at, council=council)


def ask_another_day(
    session: Session,
    token: str,
    day: date,
    part: ContactTime,
    *,
    by: Actor,
    at: datetime,
    council: Council,
) -> None:
    """Be called on this day: the due time moves and the timeline says why; the promise for reports stays.

    Raises OwnLinkExpired, and InvalidInput for a day on which nobody works. Where something else than a talk
    is due next (a visit), it is not put off by this.
    """
    enquiry, by = enquiry_by_link(session, token, at, lock=True), named(by)
    check_day(day, at, council.fostering)
    asked = london_instant(day, ends_at(part, council.fostering))
    words = f"They asked by their link to be called on this day: {part.label.lower()}."
    last = enquiry.activities[-1] if enquiry.activities else None
    if last and (last.call_back_at, last.note) == (asked, words) and at - last.at < SENT_TWICE:
        return
    due_at = due_when_asked(session, enquiry, asked, council.fostering)
    asks = heard(enquiry, at, note=words)
    asks.outcome, asks.call_back_at = CallOutcome.CALL_BACK_AT, asked
    session.add(asks)
    enquiry.due_at = due_at
    if enquiry.email is not None:
        facts = {"day": day, "part": "" if part is ContactTime.ANY else part.label.lower()}
        tell_household(session, enquiry, "fostering_own_day", to=enquiry.email, at=at, **facts)
    record(session, events.OTHER_DAY_ASKED, by=by, at=at, subject=enquiry.public_ref)
    tell_team(session, enquiry, "another day for a call", at=at, council=council)


def heard(enquiry: Enquiry, at: datetime, *, note: str) -> Activity:
    """Word from the household, which is a contact with it; what colleagues note is none."""
    return Activity(enquiry_id=enquiry.id, at=at, kind=ActivityKind.NOTE, by_name=BY_LINK, note=note)


def check_day(day: date, at: datetime, team: FosteringTeam) -> None:
    """A working day ahead, not too far."""
    today = london(at).date()
    if day <= today:
        raise InvalidInput("day", "The day must be after today")
    if day > today + WITHIN:
        raise InvalidInput("day", f"The day must be within {WITHIN.days} days")
    if not team_calendar(team).is_working_day(day):
        raise InvalidInput("day", "We are closed on that day. Choose another one")


def ends_at(part: ContactTime, team: FosteringTeam) -> time:
    """By when on a day somebody is called who wants this part of it."""
    ends = {ContactTime.WD_MORNING: time(12), ContactTime.WD_EVENING: EVENING_ENDS}
    return ends.get(part, team.closing_time)


def withdraw(session: Session, token: str, *, by: Actor, at: datetime, council: Council) -> None:
    """Stop: nothing more is done. Raises OwnLinkExpired.

    An application, a record that is held or restricted, and words that nobody has read yet, which may hold
    a concern, are the team’s to close: it is due at once. The household is answered alike, because the link
    does not tell how far it has come.
    """
    enquiry, by = enquiry_by_link(session, token, at, lock=True), named(by)
    must_stay = enquiry.hold_until or enquiry.restricted_at or to_be_read(enquiry)
    closes = not (enquiry.stage in APPLICATION or must_stay)
    if closes:
        close_enquiry(session, enquiry, Closure.Q00, by=by, at=at, council=council)
    else:
        note_history(session, enquiry, HistoryKind.ASKED_TO_STOP, by=by, at=at)
        enquiry.due_at = min(enquiry.due_at or at, at)
    forget_links(session, enquiry)
    if enquiry.email is not None:
        tell_household(session, enquiry, "fostering_own_withdrawn", to=enquiry.email, at=at)
    record(session, events.OWN_WITHDRAWAL, by=by, at=at, subject=enquiry.public_ref, closed=closes)
    words = "a withdrawal" if closes else "a wish to withdraw, which you need to act on"
    tell_team(session, enquiry, words, at=at, council=council)


def tell_household(
    session: Session, enquiry: Enquiry, template: str, *, to: str, at: datetime, **facts: Any
) -> None:
    """Word to the mailbox, so that nothing is done in a household’s name without it."""
    queue_mail(
        session,
        to=to,
        template=template,
        facts={"reference": enquiry.public_ref, **facts},
        at=at,
        purpose="fostering.own",
        about=enquiry.public_ref,
    )


def tell_team(session: Session, enquiry: Enquiry, what: str, *, at: datetime, council: Council) -> None:
    """Word to the team, without personal data: a visit may be planned for tomorrow."""
    queue_mail(
        session,
        to=council.fostering.alert_email,
        template="fostering_own_alert",
        facts={"reference": enquiry.public_ref, "what": what},
        at=at,
        purpose="fostering.own_alert",
        about=enquiry.public_ref,
    )


def named(by: Actor) -> Actor:
    """A visitor, as histories call whoever holds the link."""
    return dataclasses.replace(by, name=BY_LINK)
