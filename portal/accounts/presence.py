"""How a signed-in person is known from one request to the next.

The session holds a number, not permissions: who that is and what they may do is read from the database
for every staff page, so that a change of roles bites at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import session

from portal.accounts.models import StaffUser
from portal.accounts.queries import standing
from portal.core import clock
from portal.core.access import Actor, owner_of_staff
from portal.core.context import client_address, current_settings, request_id
from portal.core.database import read
from portal.core.kept_words import carry_words, kept_words
from portal.core.sessions import StoredSession, destroy_session, has_run_out, note_use, stored_session


def begin_session(person: StaffUser, at: datetime) -> None:
    """Start afresh under a new session id.

    Of what the session held, only this person’s own words are carried over, if any were kept.
    """
    kept = kept_words(owner_of_staff(person.id))
    destroy_session()
    carry_words(kept)
    session["staff_id"] = person.id
    session["epoch"] = person.session_epoch
    session["signed_in_at"] = at.isoformat()


def renew_session(person: StaffUser) -> None:
    """Keep this one session after all of this person’s were ended, under a new id; the eight hours run on."""
    signed_in_at = session["signed_in_at"]
    begin_session(person, datetime.fromisoformat(signed_in_at))


def load_actor() -> Actor | None:
    """The member of staff behind this request’s session, or None; the kernel calls it for staff pages."""
    if "staff_id" not in session:
        return None
    at, stored = clock.now(), stored_session()
    person = None
    if stored is not None and not run_out(stored, at):
        person = standing(read(), session["staff_id"], session["epoch"])
    if stored is None or person is None:
        destroy_session()
        return None
    note_use(stored, at)
    return Actor(
        id=person.id,
        name=person.name,
        email=person.email,
        kind="staff",
        roles=person.roles,
        permissions=person.permissions,
        address=client_address(),
        request_id=request_id(),
    )


def run_out(stored: StoredSession, at: datetime) -> bool:
    """Whether a session of staff has run out."""
    settings = current_settings()
    idle = timedelta(minutes=settings.session_idle_minutes)
    return has_run_out(stored, at, idle=idle, longest=timedelta(hours=settings.session_hours))
