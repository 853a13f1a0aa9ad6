"""How a candidate is known from one request to the next; as for staff, the session holds only a number."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import g, session

from portal.applications.candidates.models import Candidate
from portal.applications.candidates.queries import standing
from portal.core import clock
from portal.core.access import Actor, owner_of_candidate
from portal.core.context import client_address, current_settings, request_id
from portal.core.database import read
from portal.core.kept_words import carry_words, kept_words
from portal.core.sessions import StoredSession, destroy_session, has_run_out, note_use, stored_session


def begin_session(candidate: Candidate, at: datetime) -> None:
    """Start afresh under a new session id: whatever else this browser was signed in as ends.

    Of what the session held, only this person’s own words are carried over, if any were kept.
    """
    kept = kept_words(owner_of_candidate(candidate.id))
    destroy_session()
    carry_words(kept)
    session["candidate_id"] = candidate.id
    session["epoch"] = candidate.session_epoch
    session["signed_in_at"] = at.isoformat()


def load_candidate() -> Actor | None:
    """The candidate behind this request’s session, or None; the kernel calls it for candidates’ pages."""
    if "candidate_id" not in session:
        return None
    at, stored = clock.now(), stored_session()
    found = None
    if stored is not None and not run_out(stored, at):
        found = standing(read(), session["candidate_id"], session["epoch"])
    if stored is None or found is None:
        destroy_session()
        return None
    note_use(stored, at)
    g.candidate = found
    return candidate_actor(found.id)


def candidate_actor(candidate_id: int) -> Actor:
    """The candidate as the audit knows them: a number, never a name or an address of mail."""
    return Actor(
        candidate_id=candidate_id,
        name=f"candidate {candidate_id}",
        kind="candidate",
        address=client_address(),
        request_id=request_id(),
    )


def run_out(stored: StoredSession, at: datetime) -> bool:
    """Whether a candidate’s session has run out."""
    settings = current_settings()
    idle = timedelta(minutes=settings.candidate_idle_minutes)
    return has_run_out(stored, at, idle=idle, longest=timedelta(hours=settings.candidate_hours))
