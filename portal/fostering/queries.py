"""Reading enquiries: one by its reference, and those that may be the same household's."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.orm import Session

from portal.fostering.models import Enquiry
from portal.fostering.options import MatchedOn

DUPLICATES_SHOWN = 20


class Match(NamedTuple):
    """An earlier enquiry that has something in common with a new one."""

    id: int
    matched_on: MatchedOn


def enquiry_by_ref(session: Session, ref: str) -> Enquiry | None:
    """The enquiry with this public reference."""
    return session.scalars(select(Enquiry).where(Enquiry.public_ref == ref)).one_or_none()


def enquiry_by_submission(session: Session, submission_key: str) -> Enquiry | None:
    """The enquiry that this submission became, if it was accepted before."""
    return session.scalars(select(Enquiry).where(Enquiry.submission_key == submission_key)).one_or_none()


def likely_same_household(session: Session, enquiry: Enquiry, since: datetime) -> list[Match]:
    """Earlier enquiries with the same email, phone, or last name and postcode; each once, oldest first."""
    searches = (
        [_matching(MatchedOn.EMAIL, since).where(Enquiry.email_key == enquiry.email_key)]
        if enquiry.email
        else []
    )
    if enquiry.phone:
        searches.append(_matching(MatchedOn.PHONE, since).where(Enquiry.phone == enquiry.phone))
    if enquiry.postcode and enquiry.last_name_key:
        same_name = _matching(MatchedOn.NAME_POSTCODE, since).where(
            Enquiry.last_name_key == enquiry.last_name_key, Enquiry.postcode == enquiry.postcode
        )
        searches.append(same_name)
    if not searches:
        return []
    found: dict[int, Match] = {}
    for identifier, matched_on in session.execute(union_all(*searches)):
        found.setdefault(identifier, Match(identifier, MatchedOn(matched_on)))
    return sorted(found.values())[:DUPLICATES_SHOWN]


def _matching(matched_on: MatchedOn, since: datetime) -> Select[int, str]:
    columns = select(Enquiry.id, literal(matched_on.value))
    return columns.where(Enquiry.received_at >= since)
