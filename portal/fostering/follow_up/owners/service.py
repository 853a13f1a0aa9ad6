"""Taking a household, handing it over, and arranging who looks after it meanwhile."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.core import audit
from portal.core.access import Actor
from portal.core.clock import london
from portal.core.errors import InvalidInput, InvalidTransition, NotFound
from portal.fostering.follow_up.owners.events import COVER_ARRANGED, COVER_ENDED, OWNER_CHANGED
from portal.fostering.follow_up.owners.models import Cover
from portal.fostering.follow_up.owners.queries import MANAGER, team
from portal.fostering.follow_up.queries import enquiry_to_change
from portal.fostering.guarded import Reader
from portal.fostering.history import enter_stage, note_history
from portal.fostering.models import Enquiry
from portal.fostering.options import HistoryKind, Stage

LONGEST_ABSENCE = timedelta(days=180)
"""Whoever is away for longer hands their households over."""


def may_hand_over(enquiry: Enquiry, by: Actor) -> bool:
    """Whether this person may name another owner: a manager always, others what is theirs or nobody’s."""
    return by.can(MANAGER) or enquiry.owner_id in (None, by.id)


def change_owner(
    session: Session, reference: str, owner_id: int, *, version: int, note: str, by: Actor, at: datetime
) -> Enquiry:
    """Make a member of the team the owner; anybody may take a household for themselves.

    Raises NotFound, StaleEdit, InvalidTransition, or InvalidInput for somebody who cannot own one.
    """
    enquiry = enquiry_to_change(session, reference, version, by=by)
    if not enquiry.is_open:
        why = "This enquiry is finished, so nobody needs to look after it."
        raise InvalidTransition(reference=reference, why=why)
    if owner_id != by.id and not may_hand_over(enquiry, by):
        words = "Only a fostering manager can hand over a colleague’s household. You can take it yourself"
        raise InvalidInput("owner", words)
    person = next((person for person in team(session) if person.id == owner_id), None)
    if person is None:
        raise InvalidInput("owner", "Select somebody in the fostering team")
    before = enquiry.owner
    if before is person:
        raise InvalidInput("owner", f"{person.name} is the owner already")
    if enquiry.restricted_at is not None and not is_named(session, enquiry.id, person.id):
        words = f"{person.name} cannot read this record. Ask a fostering manager to name them first"
        raise InvalidInput("owner", words)
    give(session, enquiry, person, note=note, by=by, at=at)
    return enquiry


def give(
    session: Session, enquiry: Enquiry, person: StaffUser | None, *, note: str, by: Actor, at: datetime
) -> None:
    """Somebody’s from now on, or nobody’s: on its timeline and in the audit. What is new is then taken up."""
    before, enquiry.owner = enquiry.owner, person
    facts = {"owner": person.name if person else "", "owner_before": before.name if before else ""}
    note_history(session, enquiry, HistoryKind.OWNER, by=by, at=at, facts=facts, note=note)
    if person is not None and enquiry.stage is Stage.NEW:
        enter_stage(session, enquiry, Stage.CONTACTING, by=by, at=at)
    ids = [str(one.id) if one else "" for one in (before, person)]
    audit.record(session, OWNER_CHANGED, by=by, at=at, subject=enquiry.public_ref, owner=ids)


def is_named(session: Session, enquiry_id: int, person_id: int) -> bool:
    """Whether this person may read a restricted record."""
    named = (Reader.enquiry_id == enquiry_id, Reader.person_id == person_id)
    return session.scalar(select(Reader.id).where(*named)) is not None


def arrange_cover(
    session: Session, person_id: int, cover_id: int, days: tuple[date, date], *, by: Actor, at: datetime
) -> Cover:
    """Let one look after another’s households from the first to the last day, both included.

    Raises InvalidInput for people or days that cannot be.
    """
    first_day, last_day = days
    if person_id != by.id and not by.can(MANAGER):
        raise InvalidInput("person", "Only a fostering manager can say that a colleague is away")
    members = {person.id for person in team(session)}
    for field, chosen in (("person", person_id), ("cover", cover_id)):
        if chosen not in members:
            raise InvalidInput(field, "Select somebody in the fostering team")
    if person_id == cover_id:
        raise InvalidInput("cover", "Select somebody else: nobody can cover for themselves")
    check_days(first_day, last_day, at)
    # Two who arrange it at once would not see each other’s.
    both = select(StaffUser.id).where(StaffUser.id.in_((person_id, cover_id))).order_by(StaffUser.id)
    session.execute(both.with_for_update(key_share=True)).all()
    if is_away(session, person_id, first_day, last_day):
        raise InvalidInput("first_day", "They are covered for on some of these days already")
    if is_away(session, cover_id, first_day, last_day):
        raise InvalidInput("cover", "Select somebody else: they are away on some of these days themselves")
    cover = Cover(
        person_id=person_id,
        cover_id=cover_id,
        first_day=first_day,
        last_day=last_day,
        arranged_by_id=by.id,
        arranged_at=at,
    )
    session.add(cover)
    audit.record(
        session,
        COVER_ARRANGED,
        by=by,
        at=at,
        person=person_id,
        cover=cover_id,
        first_day=first_day.isoformat(),
        last_day=last_day.isoformat(),
    )
    return cover


def check_days(first_day: date, last_day: date, at: datetime) -> None:
    """In order, not over, and not too many."""
    if last_day < first_day:
        raise InvalidInput("last_day", "The last day must be the same as or after the first day")
    if last_day < london(at).date():
        raise InvalidInput("last_day", "The last day must be today or in the future")
    if last_day - first_day > LONGEST_ABSENCE:
        words = f"The last day must be within {LONGEST_ABSENCE.days} days of the first: hand longer ones over"
        raise InvalidInput("last_day", words)


def is_away(session: Session, person_id: int, first_day: date, last_day: date) -> bool:
    """Whether somebody covers for this person on one of these days."""
    overlaps = (Cover.person_id == person_id, Cover.first_day <= last_day, Cover.last_day >= first_day)
    return session.scalar(select(Cover.id).where(*overlaps).limit(1)) is not None


def end_cover(session: Session, cover_id: int, *, by: Actor, at: datetime) -> None:
    """They are back, or it was a slip. Raises NotFound, or InvalidTransition for a colleague’s."""
    cover = session.get(Cover, cover_id, with_for_update=True)
    if cover is None:
        raise NotFound
    if by.id not in (cover.person_id, cover.cover_id) and not by.can(MANAGER):
        raise InvalidTransition(why="Only the two who are concerned, or a fostering manager, can end this.")
    session.delete(cover)
    audit.record(session, COVER_ENDED, by=by, at=at, person=cover.person_id, cover=cover.cover_id)
