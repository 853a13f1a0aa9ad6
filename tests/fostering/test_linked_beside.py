"""Enquiries are linked with one that somebody is changing, or erasing, at the same moment."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.database import Database
from portal.council import load_council
from portal.fostering.follow_up.corrections.service import correct_details
from portal.fostering.keeping.erasing import erase_record
from portal.fostering.models import Enquiry, PossibleDuplicate
from portal.fostering.options import Channel
from portal.fostering.service import accept_enquiry
from tests.fostering.beside import Beside, locked
from tests.fostering.households import answers
from tests.support.builders import make_enquiry, make_staff
from tests.support.databases import ON_POSTGRESQL

pytestmark = ON_POSTGRESQL
COUNCIL = load_council()
SHARED = "shared@example.com"
DETAILS = ("phone", "email", "postcode", "contact_method", "voicemail_ok", "contact_needs")


@pytest.fixture
def known(db: Database) -> Enquiry:
    with db.transaction() as session:
        return make_enquiry(session, email=SHARED)


@pytest.fixture
def manager(db: Database) -> Actor:
    with db.transaction() as session:
        person = make_staff(session, role="fostering_manager")
    return Actor(id=person.id, name=person.name, permissions=ROLE_PERMISSIONS["fostering_manager"])


def accept(session: Session, at: datetime) -> None:
    accept_enquiry(
        session,
        answers(email=SHARED),
        {"sections": []},
        submission_key="beside",
        channel=Channel.WEB,
        by=Actor.visitor(),
        at=at,
        council=COUNCIL,
        form_version="test",
    )


def correct(writer: Session, enquiry: Enquiry, by: Actor, at: datetime) -> None:
    """Put its email address right: it is the other one’s, too."""
    details = {**{name: getattr(enquiry, name) for name in DETAILS}, "email": SHARED}
    facts = {"phone_wrong": False, "email_wrong": False, "version": 1, "note": "", "by": by, "at": at}
    correct_details(writer, enquiry.public_ref, details, **facts, team=COUNCIL.fostering)


def links(db: Database) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(PossibleDuplicate)) or 0


def test_a_family_does_not_wait_for_staff_who_change_a_similar_enquiry(
    app: Flask, db: Database, at: datetime, known: Enquiry
) -> None:
    with db.transaction() as session:
        locked(session, known)
        sending = Beside(app, db, lambda writer: accept(writer, at))
        assert sending.ended == "done"
    assert links(db) == 1


def test_whoever_corrects_details_to_those_of_another_does_not_wait_for_that_one(
    app: Flask, db: Database, at: datetime, known: Enquiry, manager: Actor
) -> None:
    """Who has that one, and then wants the corrected one to link the two, would wait for this in turn."""
    with db.transaction() as session:
        corrected = make_enquiry(session)
    with db.transaction() as session:
        locked(session, known)
        correcting = Beside(app, db, lambda writer: correct(writer, corrected, manager, at))
        locked(session, corrected)
    assert correcting.end() == "done"
    assert links(db) == 1


def test_a_family_whose_earlier_enquiry_is_being_erased_is_accepted_all_the_same(
    app: Flask, db: Database, at: datetime, known: Enquiry, manager: Actor
) -> None:
    with db.transaction() as session:
        erase_record(session, known.public_ref, version=1, by=manager, at=at, council=COUNCIL)
        session.flush()
        sending = Beside(app, db, lambda writer: accept(writer, at))
    assert sending.end() == "done"
    assert links(db) == 0


def test_two_that_are_corrected_to_the_same_address_at_once_are_linked(
    app: Flask, db: Database, at: datetime, manager: Actor
) -> None:
    with db.transaction() as session:
        one, two = make_enquiry(session), make_enquiry(session)
    with db.transaction() as session:
        correct(session, one, manager, at)
        correcting = Beside(app, db, lambda writer: correct(writer, two, manager, at))
    assert correcting.end() == "done"
    assert links(db) == 1
