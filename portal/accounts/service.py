"""What happens to staff accounts, as verbs. Passwords arrive here already hashed (see passwords.py).

Nobody changes their own roles, grants or standing: the second pair of eyes is a second administrator.
Commands act as the system, whoever runs the server.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts import events
from portal.accounts.models import PASSWORD_LINK_LIFE, StaffGrant, StaffUser
from portal.accounts.queries import account_name, person_to_change, person_with_link
from portal.core.access import GRANTABLE, ROLE_PERMISSIONS, Actor
from portal.core.audit import record
from portal.core.database import violates
from portal.core.errors import Forbidden, InvalidInput, InvalidTransition, LinkExpired, NotFound, StaleEdit
from portal.core.mail import queue_mail
from portal.core.sessions import end_sessions_of
from portal.core.tokens import hash_of, new_token

ALREADY_LISTED = "There is already a member of staff with this email address"


def add_person(
    session: Session, *, email: str, name: str, roles: Collection[str], by: Actor, at: datetime
) -> StaffUser:
    """A new account without a password; raises InvalidInput when the address is taken."""
    person = StaffUser(
        email=account_name(email), name=name, roles=known_roles(roles), active=True, created_at=at
    )
    session.add(person)
    try:
        session.flush()
    except IntegrityError as error:
        if violates(error, "uq_staff_users_email"):
            raise InvalidInput("email", ALREADY_LISTED) from error
        raise
    record(session, events.STAFF_ADDED, by=by, at=at, subject=person.reference, roles=person.roles)
    return person


def known_roles(roles: Collection[str]) -> list[str]:
    """The roles once each in the order of the declaration; raises InvalidInput for none or an unknown one."""
    if not roles or not set(roles) <= set(ROLE_PERMISSIONS):
        raise InvalidInput("roles", "Select at least one role")
    return [role for role in ROLE_PERMISSIONS if role in roles]


def make_password_link(session: Session, person: StaffUser, *, by: Actor, at: datetime) -> str:
    """A token that sets this person's password once, within 24 hours; an earlier one stops working.

    Raises InvalidTransition for a disabled person, and Forbidden for oneself: whoever finds an
    unattended screen must not be able to replace a password without knowing it.
    """
    _not_oneself(person, by)
    if not person.active:
        raise InvalidTransition(current="disabled", wanted="password link")
    token = new_token()
    if person.password_hash is not None:
        tell_owner(session, person, "password_link", at)
    person.link_hash = hash_of(token)
    person.link_expires_at = at + PASSWORD_LINK_LIFE
    expires_at = person.link_expires_at.isoformat(timespec="seconds")
    record(session, events.PASSWORD_LINK_MADE, by=by, at=at, subject=person.reference, expires_at=expires_at)
    return token


def set_password_by_link(
    session: Session, token: str, password_hash: str, *, by: Actor, at: datetime
) -> StaffUser:
    """Use the token up. Raises LinkExpired for a used, replaced, expired or unknown one."""
    person = person_with_link(session, token, at, to_change=True)
    if person is None:
        raise LinkExpired
    set_password(session, person, password_hash, how="link", by=by, at=at)
    return person


def set_password(
    session: Session, person: StaffUser, password_hash: str, *, how: str, by: Actor, at: datetime
) -> None:
    """Replace the password, void any link, and end every session of this person."""
    person.password_hash = password_hash
    person.password_changed_at = at
    person.link_hash = person.link_expires_at = None
    end_all_sessions(session, person)
    if how != "command":
        tell_owner(session, person, "password_set", at)
    record(session, events.PASSWORD_SET, by=by, at=at, subject=person.reference, how=how)


def tell_owner(session: Session, person: StaffUser, what: str, at: datetime) -> None:
    """A mail about what was done to the account, so that an owner who did not do it can say so."""
    facts = {"at": at}
    queue_mail(
        session, to=person.email, template=f"staff_{what}", facts=facts, at=at, purpose=f"staff.{what}"
    )


def change_roles(
    session: Session, person: StaffUser, roles: Collection[str], *, version: int, by: Actor, at: datetime
) -> None:
    """Replace the roles; the person's sessions end. Raises StaleEdit, and Forbidden for oneself."""
    before, after = list(person.roles), known_roles(roles)
    _may_change(person, version, by, roles=after)
    if set(after) == set(before):
        return
    person.roles = after
    end_all_sessions(session, person)
    record(session, events.ROLES_CHANGED, by=by, at=at, subject=person.reference, before=before, after=after)


def disable(session: Session, person: StaffUser, *, version: int, by: Actor, at: datetime) -> None:
    """End this person's access at once; links and sessions with it."""
    _may_change(person, version, by)
    if not person.active:
        return
    person.active = False
    person.link_hash = person.link_expires_at = None
    end_all_sessions(session, person)
    record(session, events.STAFF_DISABLED, by=by, at=at, subject=person.reference)


def enable(session: Session, person: StaffUser, *, version: int, by: Actor, at: datetime) -> None:
    """Let this person sign in again, with the password and roles they had."""
    _may_change(person, version, by)
    if person.active:
        return
    person.active = True
    record(session, events.STAFF_ENABLED, by=by, at=at, subject=person.reference)


def give_grant(
    session: Session,
    person: StaffUser,
    permission: str,
    *,
    reason: str,
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Add one permission beside the roles; giving it twice changes nothing."""
    if permission not in GRANTABLE:
        raise InvalidInput("permission", "Select a permission from the list")
    if not reason.strip():
        raise InvalidInput("reason", "Enter why this person needs the permission")
    _may_change(person, version, by)
    if any(grant.permission == permission for grant in person.grants):
        return
    session.add(
        StaffGrant(
            person_id=person.id, permission=permission, reason=reason, granted_by=by.name, granted_at=at
        )
    )
    person.version += 1
    record(session, events.GRANT_GIVEN, by=by, at=at, subject=person.reference, permission=permission)


def remove_grant(session: Session, person: StaffUser, grant_id: int, *, by: Actor, at: datetime) -> None:
    """Take a permission back; raises NotFound when this person does not hold it."""
    _not_oneself(person, by)
    grant = next((grant for grant in person.grants if grant.id == grant_id), None)
    if grant is None:
        raise NotFound
    grant.removed_at, grant.removed_by = at, by.name
    end_all_sessions(session, person)
    record(session, events.GRANT_REMOVED, by=by, at=at, subject=person.reference, permission=grant.permission)


def end_all_sessions(session: Session, person: StaffUser) -> None:
    """Every session of this person ends: the rows go, and one that is just being written has an old epoch."""
    person.session_epoch += 1
    person.version += 1
    if person.id is not None:
        end_sessions_of(session, person.id)


def sign_in(
    session: Session,
    person_id: int,
    checked_hash: str | None,
    new_hash: str | None,
    *,
    by: Actor,
    at: datetime,
) -> StaffUser | None:
    """Note that somebody proved the password behind `checked_hash`.

    Between that check and this lock the password may have been changed or the account disabled: then
    nothing is noted and the answer is None. `new_hash` replaces a hash with outdated parameters.
    """
    person = person_to_change(session, person_id)
    if person is None or not person.active or checked_hash is None or person.password_hash != checked_hash:
        return None
    person.signed_in_at = at
    person.password_hash = new_hash or checked_hash
    signed_in = Actor(
        id=person.id,
        name=person.name,
        email=person.email,
        kind="staff",
        address=by.address,
        request_id=by.request_id,
    )
    record(session, events.SIGNED_IN, by=signed_in, at=at, subject=person.reference)
    return person


def account_key(account: str, secret: bytes) -> str:
    """What the audit keeps of an account name that was tried: a keyed hash, 16 characters."""
    content = b"audit.account\0" + account.encode("utf-8", "surrogatepass")
    return hmac.new(secret, content, hashlib.sha256).hexdigest()[:16]


def note_failed_sign_in(session: Session, account_key: str, *, by: Actor, at: datetime) -> None:
    """Keep that a sign-in failed, for which account only as a keyed hash."""
    record(session, events.SIGN_IN_FAILED, by=by, at=at, account_key=account_key)


def note_sign_out(session: Session, *, by: Actor, at: datetime) -> None:
    """Keep that somebody signed out."""
    record(session, events.SIGNED_OUT, by=by, at=at, subject=f"STAFF-{by.id}")


def _may_change(person: StaffUser, version: int, by: Actor, **yours: object) -> None:
    _not_oneself(person, by)
    if version != person.version:
        raise StaleEdit(subject=person.name, **yours)


def _not_oneself(person: StaffUser, by: Actor) -> None:
    if by.id is not None and by.id == person.id:
        raise Forbidden
