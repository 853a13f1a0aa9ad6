"""Whatever is said of whom in whatever order, households, duplicates and due times fit together."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.database import Database
from portal.core.errors import InvalidInput
from portal.council import load_council
from portal.fostering.follow_up.linking.options import Said
from portal.fostering.follow_up.linking.service import compare_households
from portal.fostering.models import Enquiry, PossibleDuplicate
from portal.fostering.options import DuplicateState
from tests.support.builders import make_enquiry

COUNCIL = load_council()
ENQUIRIES, STEPS = 7, 60
BESIDE = {"version", "household_key"}
"""What a merge and its undoing change for good."""


def say(session: Session, pair: tuple[str, str], said: Said, by: Actor, at: datetime) -> None:
    session.expire_all()
    version = session.scalars(select(Enquiry.version).where(Enquiry.public_ref == pair[0])).one()
    compare_households(session, pair, said, version=version, note="", by=by, at=at, council=COUNCIL)
    session.flush()


def state_of(session: Session) -> dict[str, dict[str, Any]]:
    session.expire_all()
    names = [column.key for column in Enquiry.__table__.columns if column.key not in BESIDE]
    rows = session.scalars(select(Enquiry).order_by(Enquiry.id))
    return {row.public_ref: {name: getattr(row, name) for name in names} for row in rows}


def check(session: Session) -> None:
    session.expire_all()
    rows = {row.id: row for row in session.scalars(select(Enquiry))}
    for row in rows.values():
        assert (row.due_at is not None) == row.is_open == (row.duplicate_of_id is None)
        if row.duplicate_of_id is not None:
            original = rows[row.duplicate_of_id]
            assert original.is_open, "a duplicate of a duplicate"
    for pair in session.scalars(select(PossibleDuplicate)):
        one, other = rows[pair.enquiry_id], rows[pair.other_id]
        if pair.state is DuplicateState.SAME:
            assert one.household_key == other.household_key, "said to be one, and counted as two"


@pytest.mark.parametrize("seed", range(4))
def test_households_and_duplicates_fit_and_a_merge_can_be_undone(
    db: Database, by: Actor, at: datetime, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311  # a test’s dice
    with db.transaction() as session:
        dues = [at + timedelta(hours=dice.randrange(1, 90)) for _ in range(ENQUIRIES)]
        references = [make_enquiry(session, due_at=due).public_ref for due in dues]
        moment = at
        for _ in range(STEPS):
            moment += timedelta(minutes=1)
            pair, said = tuple(dice.sample(references, 2)), dice.choice(list(Said))
            before = state_of(session)
            with suppress(InvalidInput):
                say(session, pair, said, by, moment)
                check(session)
                if said in (Said.MERGE, Said.MERGE_LATER) and dice.random() < 0.5:
                    say(session, pair, Said.DIFFERENT, by, moment + timedelta(seconds=1))
                    assert state_of(session) == before
                    check(session)
