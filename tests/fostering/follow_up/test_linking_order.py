"""Linking changes the rest of a household, too: it waits for others before it holds anybody up."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.database import Database
from portal.council import load_council
from portal.fostering.follow_up.linking.options import Said
from portal.fostering.follow_up.linking.service import compare_households
from portal.fostering.models import Enquiry
from tests.fostering.beside import Beside, locked
from tests.support.builders import make_enquiry, make_staff
from tests.support.databases import ON_POSTGRESQL

KEY = "k" * 32


@ON_POSTGRESQL
@pytest.mark.parametrize("said", [Said.SAME, Said.MERGE])
def test_the_rest_of_a_household_is_locked_in_the_same_order(
    app: Flask, db: Database, at: datetime, said: Said
) -> None:
    """As two who link enquiries of one household at once do: neither is stopped."""
    with db.transaction() as session:
        relative, earlier = make_enquiry(session, household_key=KEY), make_enquiry(session)
        later = make_enquiry(session, household_key=KEY)
        by = Actor(id=make_staff(session).id, name="Robin", permissions=ROLE_PERMISSIONS["fostering"])
        pair = (earlier.public_ref, later.public_ref)
    facts = {"version": 1, "note": "", "by": by, "at": at, "council": load_council()}
    with db.transaction() as session:
        locked(session, relative)
        linking = Beside(app, db, lambda writer: compare_households(writer, pair, said, **facts))
        locked(session, earlier)
    assert linking.end() == "done"
    with db.reading() as session:
        assert len(set(session.scalars(select(Enquiry.household_key)))) == 1


@ON_POSTGRESQL
def test_a_household_does_not_grow_while_somebody_waits_to_link_it(
    app: Flask, db: Database, at: datetime
) -> None:
    """Whoever waits has locked nothing yet: what comes to a household meanwhile is locked with the rest."""
    with db.transaction() as session:
        grown, earlier, later = (make_enquiry(session) for _ in range(3))
        by = Actor(id=make_staff(session).id, name="Robin", permissions=ROLE_PERMISSIONS["fostering"])
    facts = {"version": 1, "note": "", "by": by, "at": at, "council": load_council()}
    grows, waits = (grown.public_ref, later.public_ref), (earlier.public_ref, later.public_ref)
    with db.transaction() as session:
        compare_households(session, grows, Said.SAME, **facts)
        linking = Beside(app, db, lambda writer: compare_households(writer, waits, Said.SAME, **facts))
        with db.transaction() as another:
            locked(another, earlier)
    assert linking.end() == "done"
    with db.reading() as session:
        assert len(set(session.scalars(select(Enquiry.household_key)))) == 1
