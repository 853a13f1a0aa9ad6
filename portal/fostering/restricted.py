"""Restricted records: seen by named people and by nobody else, whatever their role.

The one condition that every staff read of enquiries has: lists, searches, counts, pages, exports, reports,
and what is locked to be changed. A record that somebody may not read does not exist for them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from portal.core.access import Actor
from portal.core.aliases import lasting_alias
from portal.fostering.guarded import Reader
from portal.fostering.models import Enquiry

guarded = lasting_alias(Enquiry)


def may_read(by: Actor, of: Any = Enquiry) -> ColumnElement[bool]:
    """That this person may read the enquiry; `of` is an alias of Enquiry where one is read."""
    return readable_by(by.id, of)


def readable_by(person_id: Any, of: Any = Enquiry) -> ColumnElement[bool]:
    """The same by the person’s id, or a parameter for it; for a command or a job, which is nobody, they are
    not there.

    Said of ids alone, which every index holds: the few restricted records are looked up once a statement,
    and a count still reads nothing but its index.
    """
    named = select(Reader.enquiry_id).where(Reader.person_id == person_id)
    hidden = select(guarded.id).where(guarded.restricted_at.is_not(None), guarded.id.not_in(named))
    readable: ColumnElement[bool] = of.id.not_in(hidden)
    return readable
