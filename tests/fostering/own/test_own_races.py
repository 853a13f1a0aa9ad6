"""A household’s link while somebody else changes the same enquiry: who waits, and what then still counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.database import Database
from portal.core.jobs import Handler
from portal.core.tokens import hash_of
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.jobs import close_when_unanswered, send_follow_up
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import NextStep, Stage
from portal.fostering.own import service
from portal.fostering.own.links import forget_links
from portal.fostering.own.models import OwnLink
from tests.fostering.beside import Beside, locked
from tests.support.builders import make_enquiry
from tests.support.databases import ON_POSTGRESQL
from tests.support.mailbox import Mailbox

MINE, TOKEN = "zoe.specimen@example.com", "t" * 43
SAID: dict[str, Any] = {"by": Actor.visitor(), "council": load_council()}


def use_link(session: Session, what: str, at: datetime) -> None:
    if what == "address":
        service.change_contact(session, TOKEN, {"email": "stranger@example.com"}, at=at, **SAID)
    else:
        service.withdraw(session, TOKEN, at=at, **SAID)


@ON_POSTGRESQL
@pytest.mark.parametrize("what", ["address", "stop"])
def test_a_link_that_ends_while_its_press_waits_changes_nothing(
    app: Flask, db: Database, at: datetime, what: str
) -> None:
    with db.transaction() as session:
        enquiry = make_enquiry(session, email=MINE, application_at=at)
        expires = {"made_at": at, "expires_at": at + timedelta(hours=1)}
        session.add(OwnLink(token_hash=hash_of(TOKEN), enquiry_id=enquiry.id, **expires))
    with db.transaction() as session:
        found = locked(session, enquiry)
        press = Beside(app, db, lambda writer: use_link(writer, what, at))
        found.email = found.email_key = "new@example.com"
        forget_links(session, found)
    assert press.end() == "OwnLinkExpired"
    with db.reading() as session:
        assert session.get_one(Enquiry, enquiry.id).email == "new@example.com"
        assert session.scalars(select(HistoryEntry)).all() == []


@ON_POSTGRESQL
@pytest.mark.parametrize(
    ("work", "attempts"), [(send_follow_up, 0), (send_follow_up, 1), (close_when_unanswered, 1)]
)
def test_the_portals_own_work_looks_again_at_who_stops_meanwhile(
    *, app: Flask, db: Database, at: datetime, mailbox: Mailbox, work: Handler, attempts: int
) -> None:
    """The courtesy message, and the end of waiting for an answer to it, beside a family’s press."""
    with db.transaction() as session:
        asked = {"next_step": NextStep.INFO_PACK_ONLY, "stage": Stage.CONTACTING, "attempts": attempts}
        enquiry = make_enquiry(session, email=MINE, due_at=at, **asked)
        expires = {"made_at": at, "expires_at": at + timedelta(hours=1)}
        session.add(OwnLink(token_hash=hash_of(TOKEN), enquiry_id=enquiry.id, **expires))
    with app.app_context(), db.transaction() as session:
        locked(session, enquiry)
        job = Beside(app, db, lambda writer: work(writer, {"ref": enquiry.public_ref}, at))
        use_link(session, "stop", at)
    assert job.end() == "done"
    assert {mail.purpose for mail in mailbox} == {"fostering.own", "fostering.own_alert"}
    with db.reading() as session:
        assert session.get_one(Enquiry, enquiry.id).closure_code is Closure.Q00


@ON_POSTGRESQL
def test_asking_for_links_waits_in_the_order_in_which_everybody_locks(
    app: Flask, db: Database, at: datetime
) -> None:
    with db.transaction() as session:
        first, second = (
            make_enquiry(session, email=MINE, received_at=at - timedelta(days=days)) for days in (2, 1)
        )
    by = SAID["by"]
    with db.transaction() as session:
        locked(session, first)
        press = Beside(app, db, lambda writer: service.ask_for_link(writer, MINE, by=by, at=at))
        locked(session, second)  # as a merge of the two does
    assert press.end() == "done"
    with db.reading() as session:
        assert len(session.scalars(select(OwnLink)).all()) == len((first, second))
