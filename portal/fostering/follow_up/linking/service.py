"""Saying that two enquiries are one household’s, merging them, and taking either back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.phones import display_phone
from portal.council import Council
from portal.fostering.closures import Closure
from portal.fostering.follow_up.concerns.queries import own_words, to_be_read
from portal.fostering.follow_up.linking.events import HOUSEHOLDS_COMPARED, HOUSEHOLDS_MERGED, MERGE_UNDONE
from portal.fostering.follow_up.linking.options import Said
from portal.fostering.follow_up.moving.closing import close, open_again, reason_against
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.queries import enquiry_to_change, lock_enquiries, readable_enquiry
from portal.fostering.history import note_history
from portal.fostering.households import join_households, part_households
from portal.fostering.models import Enquiry
from portal.fostering.options import HistoryKind, Stage
from portal.fostering.references import read_reference

BOTH_MERGED = (
    "Both are closed as duplicates of the same enquiry. Compare one of them with that enquiry, and say that "
    "those two are different"
)


def compare_households(
    session: Session,
    references: tuple[str, str],
    said: Said,
    *,
    version: int,
    note: str,
    by: Actor,
    at: datetime,
    council: Council,
) -> None:
    """Keep what was said on the first one’s page; on both timelines.

    The later one takes the key of the earlier, so that it does not matter on whose page it is said. Two that
    were merged are opened and parted again when they are said to be different. Raises NotFound, StaleEdit,
    InvalidInput for an enquiry and itself, or two that cannot be merged.
    """
    lock_enquiries(session, references, with_household=True)
    enquiry = enquiry_to_change(session, references[0], version, by=by)
    other = readable_enquiry(session, references[1], by=by)
    if other is None:
        raise NotFound
    if other is enquiry:
        raise InvalidInput("state", "These are one and the same enquiry")
    same = said is not Said.DIFFERENT
    if not same and enquiry.duplicate_of_id is not None and enquiry.duplicate_of_id == other.duplicate_of_id:
        raise InvalidInput("state", BOTH_MERGED)
    later, earlier = sorted((enquiry, other), key=lambda one: one.id, reverse=True)
    if said is Said.MERGE:
        merge(session, later, earlier, note=note, by=by, at=at, council=council)
    elif said is Said.MERGE_LATER:
        merge(session, earlier, later, note=note, by=by, at=at, council=council)
    elif not same:
        undo_merge(session, later, earlier, note=note, by=by, at=at, council=council)
    change = join_households if same else part_households
    change(session, later, earlier, by=by, at=at)
    kind = HistoryKind.SAME if same else HistoryKind.DIFFERENT
    for one, than in ((enquiry, other), (other, enquiry)):
        note_history(session, one, kind, by=by, at=at, facts={"other": than.public_ref}, note=note)
        flag_modified(one, "household_key")  # so that whoever read it before is told
    facts = {"other": other.public_ref, "same": same}
    audit.record(session, HOUSEHOLDS_COMPARED, by=by, at=at, subject=enquiry.public_ref, **facts)


def other_to_compare(session: Session, enquiry: Enquiry, reference: str, *, by: Actor) -> Enquiry:
    """Any other enquiry that this person may read, whether or not anything links the two.

    Raises InvalidInput for its own reference and for one that is none.
    """
    wanted = read_reference(reference)
    if wanted == enquiry.public_ref:
        raise InvalidInput("other", f"Enter another enquiry: {wanted} is this one")
    other = readable_enquiry(session, wanted, by=by)
    if other is None:
        raise InvalidInput("other", f"There is no enquiry {wanted}")
    return other


def merge(
    session: Session,
    goes: Enquiry,
    stays: Enquiry,
    *,
    note: str,
    by: Actor,
    at: datetime,
    council: Council,
) -> None:
    """Close one as a duplicate of the other, which is then due when the first of the two was.

    Not before somebody has read what it says: nobody looks for words to be read among closed enquiries.
    """
    if to_be_read(goes):
        words = (
            f"Read first what {goes.public_ref} says in their own words, and say whether there is a concern"
        )
        raise InvalidInput("state", words)
    for one in (goes, stays):
        if not one.is_open:
            words = f"{one.public_ref} is {one.status.label.lower()}: only two open enquiries are merged"
            raise InvalidInput("state", words)
    against = reason_against(session, goes, Closure.X02, at, council.fostering)
    if against:
        raise InvalidInput("state", against)
    made = Move(to=Stage.CLOSED, code=Closure.X02, original=stays.public_ref, note=note)
    close(session, goes, made, by=by, at=at, council=council)
    audit.record(session, HOUSEHOLDS_MERGED, by=by, at=at, subject=goes.public_ref, stays=stays.public_ref)


def undo_merge(
    session: Session,
    one: Enquiry,
    other: Enquiry,
    *,
    note: str,
    by: Actor,
    at: datetime,
    council: Council,
) -> None:
    """Open whichever was closed as the other’s duplicate again, where it stood; nothing where neither was."""
    for closed, stays in ((one, other), (other, one)):
        if closed.duplicate_of_id == stays.id:
            open_again(session, closed, note=note, by=by, at=at, council=council, undone=True)
            facts = {"stays": stays.public_ref}
            audit.record(session, MERGE_UNDONE, by=by, at=at, subject=closed.public_ref, **facts)


def rows_of(enquiry: Enquiry, other: Enquiry) -> list[tuple[str, str, str]]:
    """What the two have, side by side."""
    pairs = [
        ("Name", enquiry.full_name, other.full_name),
        ("Second person", enquiry.second_name, other.second_name),
        ("Phone", phone_of(enquiry), phone_of(other)),
        ("Email", enquiry.email or "", other.email or ""),
        ("Postcode", enquiry.postcode or "", other.postcode or ""),
        ("Stage", enquiry.stage.label, other.stage.label),
        ("Their own words", words_of(enquiry), words_of(other)),
    ]
    return [(name, one or "Not known", two or "Not known") for name, one, two in pairs]


def phone_of(enquiry: Enquiry) -> str:
    """The number, and whether it is known to be somebody else’s."""
    number = display_phone(enquiry.phone or "")
    return f"{number} (wrong number)" if number and enquiry.phone_wrong_at else number


def words_of(enquiry: Enquiry) -> str:
    """Whether there is something to be read before it may be closed as a duplicate."""
    return "To be read" if to_be_read(enquiry) else "Read" if own_words(enquiry) else "None"
