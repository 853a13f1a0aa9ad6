"""References and addresses of adverts: given once, in order, and never again."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import london
from portal.core.upsert import insert_into
from portal.vacancies.models import Vacancy
from portal.vacancies.writing.models import VacancyDraft, VacancyNumber

LONGEST_WORDS = 90
"""Characters of an address that come from the title."""


def new_reference(session: Session, prefix: str, at: datetime) -> str:
    """The next reference of the year (London): `SCC-CS-2026-0012`.

    One statement counts on both databases, and holds the year's row until the transaction ends: of two who
    start at the same moment, the second waits and gets the next one. Numbers that demonstration adverts or
    an import took are passed over.
    """
    year = london(at).year
    while True:
        first = insert_into(session, VacancyNumber).values(year=year, last=1)
        counted = first.on_conflict_do_update(
            index_elements=[VacancyNumber.year], set_={"last": VacancyNumber.last + 1}
        )
        number = session.execute(counted.returning(VacancyNumber.last)).scalar_one()
        reference = f"{prefix}-{year}-{number:04}"
        if not is_taken(session, reference):
            return reference


def is_taken(session: Session, reference: str) -> bool:
    """Whether an advert, or writing in progress, has this reference."""
    for table in (Vacancy, VacancyDraft):
        if session.scalar(select(table.id).where(table.reference == reference)) is not None:
            return True
    return False


def slug_of(title: str, reference: str) -> str:
    """An address from the title, with the reference's number, which makes it unlike any other.

    It is made once: a title that is changed later leaves the address, so that links go on working.
    """
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST_WORDS].strip("-")
    number = "-".join(reference.casefold().rsplit("-", 2)[-2:])
    return f"{words or 'post'}-{number}"
