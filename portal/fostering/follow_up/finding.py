"""What a search finds: households by reference, number, address or names, each by an index of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.phones import parse_phone
from portal.fostering.models import Enquiry, name_key
from portal.fostering.references import read_reference
from portal.fostering.restricted import readable_by


def references_like(search: str, at: datetime) -> list[str]:
    """What a reference may have been, read over the phone: as it can be typed, or its last part only."""
    letters = "".join(sign for sign in search.upper() if sign.isascii() and sign.isalnum())
    newest = at.year % 100
    years = range(26, newest + 1) if len(letters) == 5 else ()
    return [read_reference(search), *(read_reference(f"FOS{year:02}{letters}") for year in years)]


def phone_like(search: str) -> str:
    """The number that was typed, as numbers are kept; empty when it is none."""
    try:
        return parse_phone(search)
    except ValueError:
        return ""


def found_by(search: str, reader: int, at: datetime, *, most: int) -> Select[tuple[int]]:
    """The newest enquiries that a search finds, by id.

    One part for each way to be found, each answered by an index alone: on SQLite an OR looks at every row.
    """
    newest = (Enquiry.received_at.desc(), Enquiry.id.desc())
    some = [
        select(Enquiry.id, Enquiry.received_at)
        .where(way, readable_by(reader))
        .order_by(*newest)
        .limit(most)
        .subquery()
        for way in ways_to_find(search, at)
    ]
    found = union(*(select(part.c.id, part.c.received_at) for part in some)).subquery()
    return select(found.c.id).order_by(found.c.received_at.desc(), found.c.id.desc()).limit(most)


def ways_to_find(search: str, at: datetime) -> list[ColumnElement[bool]]:
    """A reference, a phone number, an email address, the beginning of a name or both names; without case."""
    words = [name_key(word) for word in search.split()]
    whole = name_key(search)
    ways = [
        Enquiry.public_ref.in_(references_like(search, at)),
        begins(Enquiry.last_name_key, whole),
        begins(Enquiry.first_name_key, whole),
        begins(Enquiry.second_first_name_key, whole),
        begins(Enquiry.second_last_name_key, whole),
    ]
    phone = phone_like(search)
    if phone:
        ways.append(Enquiry.phone == phone)
    if "@" in search:
        ways.append(Enquiry.email_key == search.strip().lower())
    if len(words) > 1 and all(words):
        first, last = words[0], "".join(words[1:])
        ways += [
            and_(Enquiry.first_name_key == first, begins(Enquiry.last_name_key, last)),
            and_(Enquiry.last_name_key == first, begins(Enquiry.first_name_key, last)),
            and_(Enquiry.second_first_name_key == first, begins(Enquiry.second_last_name_key, last)),
        ]
    return ways


def begins(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], prefix: str
) -> ColumnElement[bool]:
    """A prefix as a range, which an ordinary index answers on both databases."""
    if not prefix:
        return column.is_(None) & column.is_not(None)
    return and_(column >= prefix, column < prefix + "\U0010ffff")
