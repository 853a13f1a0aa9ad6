"""What is known of candidates and their links."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from portal.applications.candidates.models import Candidate, SignInLink
from portal.core.errors import LinkExpired
from portal.core.tokens import hash_of


class SignInLinkExpired(LinkExpired):
    """A sign-in link that was used, replaced by a newer one, or is older than ten minutes."""

    slug = "sign_in_link_expired"


class Standing(NamedTuple):
    """Who is signed in, as every page of theirs needs it."""

    id: int
    email: str


def email_key(email: str) -> str:
    """An address as compared; addresses are plain ASCII here, so look-alikes are other addresses."""
    return email.lower()


def key_of(candidate_id: int) -> ScalarSelect[str]:
    """The address of a candidate as compared, within another statement."""
    return select(Candidate.email_key).where(Candidate.id == candidate_id).scalar_subquery()


def standing(session: Session, candidate_id: int, session_epoch: int) -> Standing | None:
    """The candidate behind a session, or None where the account or this session has been ended."""
    found = session.execute(
        select(Candidate.id, Candidate.email).where(
            Candidate.id == candidate_id, Candidate.session_epoch == session_epoch
        )
    ).one_or_none()
    return Standing(*found) if found is not None else None


def live_link(session: Session, token: str, at: datetime) -> SignInLink:
    """The link that this token belongs to; raises SignInLinkExpired unless it works at this moment."""
    link = session.scalar(
        select(SignInLink).where(
            SignInLink.token_hash == hash_of(token), SignInLink.used_at.is_(None), SignInLink.expires_at > at
        )
    )
    if link is None:
        raise SignInLinkExpired
    return link
