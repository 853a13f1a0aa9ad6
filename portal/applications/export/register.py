"""Registration numbers to be copied into the registers’ own pages, which take a hundred at a time (§10.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.transitions import ENDED
from portal.applications.veil import may_be_named

BATCH = 100
BODIES = {"swe": "Social Work England", "hcpc": "Health and Care Professions Council"}


@dataclass(frozen=True, slots=True)
class Batch:
    """Up to a hundred numbers of one register, as its page takes them."""

    register: str
    first: int
    last: int
    numbers: str


def batches(session: Session, vacancy_id: int, *, anonymised: bool) -> tuple[Batch, ...]:
    """The numbers of everybody who is still in it and may be named, each once, by register."""
    wanted = (
        select(Application.registration_body, Application.registration_number)
        .where(
            Application.vacancy_id == vacancy_id,
            Application.registration_number.is_not(None),
            Application.status.not_in(ENDED),
            may_be_named(anonymised=anonymised),
        )
        .distinct()
        .order_by(Application.registration_body, Application.registration_number)
    )
    numbers: dict[str, list[str]] = {}
    for body, number in session.execute(wanted):
        numbers.setdefault(body or "", []).append(str(number))
    return tuple(one for body, found in numbers.items() for one in in_batches(body, found))


def in_batches(body: str, numbers: Sequence[str]) -> list[Batch]:
    """Separated by commas, a hundred at a time."""
    return [
        Batch(
            BODIES.get(body, "Another register"),
            start + 1,
            start + len(numbers[start : start + BATCH]),
            ", ".join(numbers[start : start + BATCH]),
        )
        for start in range(0, len(numbers), BATCH)
    ]
