"""`kill -9` while an enquiry is being sent: all of it or nothing, and sending again gives exactly one.

The real production server; its worker processes are killed at KILL_ROUNDS moments (25 unless told), from
the first byte of the request to after the answer, and the server forks new ones.
"""

import http.client
import os
import secrets
import signal
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import delete, func, select

from portal.core.audit import AuditEvent, verify
from portal.core.mail import OutgoingMail
from portal.core.throttle import ThrottleWindow
from portal.fostering.models import Enquiry
from portal.journeys.models import Draft
from tests.fostering.households import PAGES, SEND
from tests.fostering.walking import CHECK, PREFIX
from tests.support.client import field_values, find_form, names_in
from tests.support.live import answers, environment, start, stop
from tests.support.markup import Document
from tests.support.ports import free_port
from tests.support.settings import SECRET

ROUNDS = int(os.environ.get("KILL_ROUNDS", "25"))
PATIENCE = 20


class Visitor:
    """One browser without a screen, over a real connection for each request."""

    def __init__(self, base_url):
        self.address = urlsplit(base_url)
        self.cookie = ""

    def ask(self, method, path, body=None):
        """Status, location and text; raises OSError or HTTPException when the other end dies."""
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=PATIENCE)
        headers = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        if response.getheader("Set-Cookie"):
            self.cookie = response.getheader("Set-Cookie").split(";")[0]
        return response.status, response.getheader("Location", ""), text

    def form(self, path):
        """What a browser would send from the page at `path`."""
        status, location, text = self.ask("GET", path)
        assert status == 200, (status, location)
        return field_values(find_form(Document(text), set(), None))

    def fill(self, path, typed):
        """Answer one page."""
        form = find_form(Document(self.ask("GET", path)[2]), set(), None)
        mine = {name: value for name, value in typed.items() if name in names_in(form)}
        body = urlencode({**field_values(form), **mine}, doseq=True)
        status, _, text = self.ask("POST", path, body)
        assert status == 303, Document(text).errors


@pytest.fixture
def server(app, database, tmp_path):
    """`portal serve` with two workers on the test’s own database."""
    port = free_port()
    environ = environment(
        PORTAL_MODE="production",
        SECRET_KEY=SECRET,
        DATABASE_URL=database.url,
        INSTANCE=str(tmp_path / "instance"),
        PORT=str(port),
        BASE_URL=f"http://127.0.0.1:{port}",
        MAIL_FROM="no-reply@example.org",
        SMTP_HOST="127.0.0.1",
        SMTP_TLS="none",
        WORKERS="2",
    )
    with (tmp_path / "serve.log").open("wb") as log:
        process = start(["serve"], environ, log)
    deadline = time.monotonic() + 60
    while not answers(environ["BASE_URL"]):
        assert process.poll() is None, (tmp_path / "serve.log").read_text()[-3000:]
        assert time.monotonic() < deadline
    yield process, environ["BASE_URL"]
    stop(process)


def kill_workers(process):
    """SIGKILL to every child of the server."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)


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


def send_and_be_killed(visitor, process, body, moment):
    """The status that the sender saw, None when the connection broke."""
    seen = []

    def post():
        try:
            seen.append(visitor.ask("POST", CHECK, body)[0])
        except (OSError, http.client.HTTPException):
            seen.append(None)

    sender = threading.Thread(target=post)
    sender.start()
    time.sleep(moment)
    kill_workers(process)
    sender.join()
    return seen[0]


def time_of_sending(visitor):
    """Seconds, undisturbed."""
    body = urlencode({**visitor.form(CHECK), **SEND})
    began = time.monotonic()
    assert visitor.ask("POST", CHECK, body)[0] == 303
    return time.monotonic() - began


def send_again(visitor):
    """What a person does then: reload, and send if it is still to be sent."""
    for _ in range(3):
        try:
            status, location, text = visitor.ask("GET", CHECK)
            if status == 200:
                page = field_values(find_form(Document(text), set(SEND), None))
                status, location, _ = visitor.ask("POST", CHECK, urlencode({**page, **SEND}))
        except (OSError, http.client.HTTPException):
            continue
        return status, location
    return None, ""


def test_an_enquiry_survives_kill_9_at_any_moment(server, db):
    process, base_url = server
    visitor = Visitor(base_url)
    for slug, typed in PAGES:
        visitor.fill(f"{PREFIX}/{slug}", typed)
    with db.reading() as session:
        filled_in = session.scalars(select(Draft.answers)).one()
    begin_again(db, filled_in)
    took = time_of_sending(visitor)
    broken = 0
    for round_ in range(1, ROUNDS + 1):
        moment = 1.2 * took * (round_ - 1) / ROUNDS
        key = begin_again(db, filled_in)
        body = urlencode({**visitor.form(CHECK), **SEND})
        seen = send_and_be_killed(visitor, process, body, moment)
        broken += seen is None
        enquiries, events, mails = counts(db)
        assert enquiries in (round_, round_ + 1)
        assert (events, mails) == (enquiries, 2 * enquiries), f"half an enquiry after {moment} s"
        if seen == 303:
            assert enquiries == round_ + 1, "a reference was shown for nothing"
        before = reference_of(db, key)
        assert send_again(visitor) == (303, f"{PREFIX}/confirmation")
        assert counts(db) == (round_ + 1, round_ + 1, 2 * (round_ + 1))
        reference = reference_of(db, key)
        assert before in (None, reference)
        assert reference in visitor.ask("GET", f"{PREFIX}/confirmation")[2]
    assert broken, "no kill ever hit a request"
    with db.reading() as session:
        assert verify(session).intact
