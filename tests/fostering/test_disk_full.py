"""A full disk: whoever sends something is told to try again, nothing is half kept, and it heals by itself."""

from collections import Counter

from sqlalchemy import func, select

from portal.core.audit import AuditEvent, verify
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.fostering.models import Enquiry
from portal.journeys.models import Draft
from tests.fostering.households import OFFER, SEND
from tests.fostering.walking import CHECK, PREFIX, answer_page, walk
from tests.support.client import SAME_ORIGIN, field_values, find_form
from tests.support.full_disk import full_disk

LONG = "🏡" * 1000
"""Twelve thousand bytes as they are stored: more than any page of the database has to spare."""


def counts(db):
    with db.reading() as session:
        return Counter(
            {
                table.__tablename__: session.scalar(select(func.count()).select_from(table))
                for table in (Enquiry, AuditEvent, OutgoingMail, Job, Draft)
            }
        )


def draft(db):
    with db.reading() as session:
        found = session.scalars(select(Draft)).one()
        return found.answers, found.version, found.reference


def is_put_off(answer):
    """The page that asks to try again later, and a program to do so too."""
    assert answer.status_code == 503
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "it was not saved" in answer.text


def test_sending_an_enquiry_to_a_full_disk(client, db):
    walk(client, motivation=LONG)
    body = field_values(find_form(client.get(CHECK).page, set(SEND), None)) | SEND
    before, answers = counts(db), draft(db)
    with full_disk(db, Enquiry.__tablename__):
        is_put_off(client.post(CHECK, data=body, headers=SAME_ORIGIN))
        assert (counts(db), draft(db)) == (before, answers)
        assert "zoe.specimen@example.com" in client.get(CHECK).text, "the answers can still be read"
        assert client.get("/health").status_code == 200
    again = client.post(CHECK, data=body, headers=SAME_ORIGIN)
    confirmation = client.follow(again)
    with db.reading() as session:
        (enquiry,) = session.scalars(select(Enquiry))
        assert verify(session).intact
    assert enquiry.public_ref in confirmation.text
    assert counts(db)[OutgoingMail.__tablename__] == 2


def test_saving_a_page_to_a_full_disk(client, db):
    walk(client, until="what-you-could-offer")
    page = f"{PREFIX}/what-you-could-offer"
    before, answers = counts(db), draft(db)
    offer = OFFER | {"motivation": LONG}
    with full_disk(db, Draft.__tablename__):
        is_put_off(answer_page(client, "what-you-could-offer", offer))
        assert (counts(db), draft(db)) == (before, answers)
        assert client.get(page).status_code == 200
    assert answer_page(client, "what-you-could-offer", offer).status_code == 303
    assert LONG in client.get(page).text
