"""Signing in by a mailed link (security decision 7): asked for, used once, retired by the next one.

Every address gets the same mail, whether or not it has an account: the account is made when a link is used.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.applications.candidates import events
from portal.applications.candidates.models import Candidate, SignInLink
from portal.applications.candidates.queries import SignInLinkExpired, email_key, live_link
from portal.core import throttle
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.mail import queue_mail
from portal.core.tokens import hash_of, new_token
from portal.core.upsert import insert_into

LINK_LIFE = timedelta(minutes=10)
LINKS_AT_MOST = 3
"""To one mailbox in a window, whoever asks for them."""
WINDOW = timedelta(minutes=15)
"""A stranger who asks for them all keeps nobody out for longer: the last one works, and then others come."""
LINKS_KEPT = timedelta(days=1)
"""How long the row of a link that has run out stays; it opens nothing."""


def ask_for_link(session: Session, email: str, *, onwards: dict[str, Any] | None, at: datetime) -> None:
    """Mail a link; those that were mailed before stop working. Raises TooManyRequests for this mailbox,
    and then leaves the link that works as it is.

    Counting within the transaction also puts those who ask for the same mailbox at once in order, so that
    two of them never leave two links that work.
    """
    key = email_key(email)
    throttle.hit_within(session, "sign-in link mailbox", key, limit=LINKS_AT_MOST, per=WINDOW, at=at)
    # To the address that was verified, should only the capitals differ.
    address = session.scalar(select(Candidate.email).where(Candidate.email_key == key)) or email
    retire_links(session, key, at)
    token, expires_at = new_token(), at + LINK_LIFE
    link = SignInLink(
        token_hash=hash_of(token),
        email=address,
        email_key=key,
        onwards=onwards,
        created_at=at,
        expires_at=expires_at,
    )
    session.add(link)
    queue_mail(
        session,
        to=address,
        template="candidate_sign_in",
        facts={"token": token, "until": expires_at},
        at=at,
        purpose="candidate.sign_in",
        expires_at=expires_at,
    )


def retire_links(session: Session, key: str, at: datetime) -> None:
    """No link mailed to this address works any more."""
    older = update(SignInLink).where(SignInLink.email_key == key, SignInLink.used_at.is_(None))
    session.execute(older.values(used_at=at))


def use_link(
    session: Session, token: str, *, by: Actor, at: datetime
) -> tuple[Candidate, dict[str, Any] | None]:
    """Use the link up: whose it is, and where they were going. Raises SignInLinkExpired.

    The account is locked first, as by whoever deletes it; then one statement finds and uses the link, so
    that of two who press at once one gets in.
    """
    found = live_link(session, token, at)
    candidate, first = account_of(session, found.email, found.email_key, at)
    use = (
        update(SignInLink)
        .where(
            SignInLink.token_hash == hash_of(token), SignInLink.used_at.is_(None), SignInLink.expires_at > at
        )
        .values(used_at=at)
        .returning(SignInLink.onwards)
    )
    link = session.execute(use, execution_options={"synchronize_session": False}).one_or_none()
    if link is None:
        raise SignInLinkExpired
    candidate.signed_in_at, candidate.warned_at = at, None
    record(session, events.SIGNED_IN, by=by, at=at, subject=candidate.reference, first=first)
    return candidate, link.onwards


def account_of(session: Session, email: str, key: str, at: datetime) -> tuple[Candidate, bool]:
    """The account of an address that has just been verified, locked; and whether it was made now.

    One that is being deleted at this moment is waited for, and then made anew.
    """
    new = insert_into(session, Candidate).values(
        email=email, email_key=key, session_epoch=1, created_at=at, signed_in_at=at
    )
    make = new.on_conflict_do_nothing(index_elements=[Candidate.email_key]).returning(Candidate.id)
    wanted = select(Candidate).where(Candidate.email_key == key).with_for_update()
    while True:
        made = session.scalar(make)
        found = session.scalars(wanted).one_or_none()
        if found is not None:
            return found, made is not None


def note_sign_out(session: Session, candidate_id: int, *, by: Actor, at: datetime) -> None:
    """Somebody signed out."""
    record(session, events.SIGNED_OUT, by=by, at=at, subject=f"CAND-{candidate_id}")


def delete_old_links(session: Session, at: datetime) -> None:
    """Nightly: links that ran out a day ago, with the addresses that were typed for them."""
    session.execute(delete(SignInLink).where(SignInLink.expires_at <= at - LINKS_KEPT))
