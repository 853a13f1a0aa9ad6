"""`kill -9` while an enquiry is being sent: all of it or nothing, and sending again gives exactly one.

The real production server; its worker processes are killed at KILL_ROUNDS moments (25 unless told), from
the first byte of the request to after the answer, and the server forks new ones.
"""

import secrets
from urllib.parse import urlencode

import pytest
from sqlalchemy import delete, func, select

from portal.core.audit import AuditEvent, verify
from portal.core.mail import OutgoingMail
from portal.core.throttle import ThrottleWindow
from portal.fostering.models import Enquiry
from portal.journeys.models import Draft
from tests.fostering.households import PAGES, SEND
from tests.fostering.walking import CHECK, PREFIX
from tests.support.killing import Pace, Visitor, rounds, send_and_be_killed, served

ROUNDS = rounds(25)


@pytest.fixture
def server(app, database, tmp_path):
    """`portal serve` with two workers on the test’s own database."""
    with served(database.url, tmp_path) as running:
        yield running


def begin_again(db, filled_in):
    """The same answers as a draft that was not sent yet; gives its submission key."""
    key = secrets.token_urlsafe(32)
    with db.transaction() as session:
        draft = session.scalars(select(Draft)).one()
        draft.answers, draft.reference, draft.submission_key = filled_in, None, key
        session.execute(delete(ThrottleWindow))
    return key


def counts(db):
    """Enquiries, their audit events, their mails."""
    with db.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table))
            for table in (Enquiry, AuditEvent, OutgoingMail)
        )


def reference_of(db, key):
    with db.reading() as session:
        return session.scalar(select(Enquiry.public_ref).where(Enquiry.submission_key == key))


def test_an_enquiry_survives_kill_9_at_any_moment(server, db):
    process, base_url = server
    visitor = Visitor(base_url)
    for slug, typed in PAGES:
        visitor.fill(f"{PREFIX}/{slug}", typed)
    with db.reading() as session:
        filled_in = session.scalars(select(Draft.answers)).one()
    begin_again(db, filled_in)
    pace = Pace(visitor.time_of_sending(CHECK, SEND), ROUNDS)
    broken = 0
    for round_ in range(1, ROUNDS + 1):
        moment = pace.moment(round_)
        key = begin_again(db, filled_in)
        body = urlencode({**visitor.form(CHECK), **SEND})
        seen, seconds = send_and_be_killed(visitor, process, CHECK, body, moment)
        pace.note(seen, seconds)
        broken += seen is None
        enquiries, events, mails = counts(db)
        assert enquiries in (round_, round_ + 1)
        assert (events, mails) == (enquiries, 2 * enquiries), f"half an enquiry after {moment} s"
        if seen == 303:
            assert enquiries == round_ + 1, "a reference was shown for nothing"
        before = reference_of(db, key)
        assert visitor.send_again(CHECK, SEND) == (303, f"{PREFIX}/confirmation")
        assert counts(db) == (round_ + 1, round_ + 1, 2 * (round_ + 1))
        reference = reference_of(db, key)
        assert before in (None, reference)
        assert reference in visitor.ask("GET", f"{PREFIX}/confirmation")[2]
    assert broken, "no kill ever hit a request"
    with db.reading() as session:
        assert verify(session).intact
