"""Which adverts show inspectors’ words as evidence.

Adverts lie above inspections, so vacancies hand a function down when the application is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portal.inspections.models import Quotation

EXTENSION = "portal.inspections.adverts"


@dataclass(frozen=True, slots=True)
class Advert:
    """An advert with the ids of the quotations that it names."""

    reference: str
    title: str
    state: str
    """Open, scheduled, waiting for approval: in words."""
    evidence: Sequence[int]


FindAdverts = Callable[[Session, datetime], Iterable[Advert]]


def nobody_shows_any(_session: Session, _at: datetime) -> Iterable[Advert]:
    """Until somebody has handed a function over."""
    return ()


def ask_for_adverts(app: Flask, find: FindAdverts) -> None:
    """From now on `find` says which adverts that have not ended name evidence."""
    app.extensions[EXTENSION] = find


def adverts_naming(
    session: Session, quotations: Iterable[Quotation], at: datetime
) -> list[tuple[Advert, list[Quotation]]]:
    """The adverts that name any of these quotations, each with those that it names, in its order."""
    wanted = {said.id: said for said in quotations}
    if not wanted:
        return []
    find: FindAdverts = current_app.extensions.get(EXTENSION, nobody_shows_any)
    named = (
        (advert, [wanted[key] for key in advert.evidence if key in wanted]) for advert in find(session, at)
    )
    return [(advert, said) for advert, said in named if said]
