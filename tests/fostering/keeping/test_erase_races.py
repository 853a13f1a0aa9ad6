"""Erasing a record while the portal’s own work on it begins: neither holds the other up."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.database import Database
from portal.core.jobs import Job, enqueue
from portal.council import load_council
from portal.fostering.jobs import send_follow_up
from portal.fostering.keeping.erasing import erase_record
from portal.fostering.models import Enquiry
from portal.fostering.options import NextStep, Stage
from portal.fostering.service import FOLLOW_UP
from tests.fostering.beside import Beside
from tests.support.builders import make_enquiry, make_staff
from tests.support.databases import ON_POSTGRESQL
from tests.support.mailbox import Mailbox


@ON_POSTGRESQL
def test_work_that_has_begun_is_not_waited_for_by_whoever_erases_and_finds_nothing(
    app: Flask, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    """A job takes its own row first and the household then; erasing goes the other way."""
    with db.transaction() as session:
        asked = {"next_step": NextStep.INFO_PACK_ONLY, "stage": Stage.CONTACTING}
        enquiry, person = make_enquiry(session, **asked), make_staff(session, role="fostering_manager")
        payload = {"ref": enquiry.public_ref}
        enqueue(session, FOLLOW_UP, payload, run_at=at, key=enquiry.public_ref)
    by = Actor(id=person.id, name="Robin", permissions=ROLE_PERMISSIONS["fostering_manager"])

    def erase(writer: Session) -> None:
        said = {"version": 1, "by": by, "at": at, "council": load_council()}
        erase_record(writer, enquiry.public_ref, **said)

    with app.app_context(), db.transaction() as session:
        session.delete(session.scalars(select(Job)).one())
        session.flush()  # as a worker does before the work itself
        erasing = Beside(app, db, erase)
        send_follow_up(session, payload, at)
    assert (erasing.end(), len(mailbox)) == ("done", 0)
    with db.reading() as session:
        assert session.scalars(select(Job)).all() == []
        assert session.scalars(select(Enquiry)).all() == []
