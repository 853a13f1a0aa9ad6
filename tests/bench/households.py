"""Households that have answered everything and are about to send."""

from __future__ import annotations

import copy
import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.database import Database
from portal.core.sessions import CSRF_FIELD, BrowserSession
from portal.journeys.models import Draft
from tests.fostering.households import PAGES, SEND
from tests.support import watch
from tests.support.client import client_of

ENQUIRE = "/fostering/enquire"
BY_EMAIL = {"phone": "", "contact_method": "EMAIL", "contact_times": None, "voicemail_ok": None}
"""No phone: one number for all of them would make every household a possible duplicate of every other."""


class Households:
    """Visitors who have answered everything and only have to press the button."""

    def __init__(self, app: Flask, db: Database, base_url: str) -> None:
        self.app = app
        self.db = db
        self.host = base_url.removeprefix("http://")
        self.number = 0
        self.pattern = self._fill_in()
        self.fields = self._send_fields()

    def _fill_in(self) -> dict[str, Any]:
        """One household’s draft, filled in page by page; gives its row as values."""
        self.client = client_of(self.app, watch.current)
        for slug, answers in PAGES:
            own = {**answers, **(BY_EMAIL if "contact_method" in answers else {})}
            response = self.client.post_form(f"{ENQUIRE}/{slug}", own)
            assert response.status_code == 303, response.page.errors
        with self.db.reading() as session:
            row = session.scalars(select(Draft).order_by(Draft.id.desc()).limit(1)).one()
            names = [column.name for column in inspect(Draft).columns if column.name != "id"]
            return {name: getattr(row, name) for name in names}

    def _send_fields(self) -> dict[str, str]:
        """What the page that sends carries, besides the token."""
        form = self.client.get(f"{ENQUIRE}/check-answers").page.main.first("form")
        assert form is not None
        hidden = {c["name"]: c.get("value") for c in form.all("input", type="hidden")}
        return {**hidden, **SEND, "website": ""}

    def requests(self, count: int) -> list[bytes]:
        """So many new households, stored, and the request with which each sends its enquiry."""
        at, made = clock.now(), [self._household() for _ in range(count)]
        with self.db.transaction() as session:
            session.execute(insert(Draft), [self._row(identifier, number, at) for identifier, number in made])
        return [self._request(identifier, number) for identifier, number in made]

    def _household(self) -> tuple[str, int]:
        self.number += 1
        return secrets.token_urlsafe(32), self.number

    def _row(self, identifier: str, number: int, at: datetime) -> dict[str, Any]:
        own = json.dumps(self.pattern["answers"]).replace("zoe.specimen@", f"household{number}@")
        own = own.replace(
            "Specimen", "Specimen" + "".join(chr(ord("a") + int(digit)) for digit in str(number))
        )
        return {
            **copy.copy(self.pattern),
            "holder": hashlib.sha256(identifier.encode()).hexdigest(),
            "submission_key": secrets.token_hex(16),
            "answers": json.loads(own),
            "created_at": at - timedelta(minutes=10),
            "updated_at": at,
            "expires_at": at + timedelta(hours=1),
        }

    def _request(self, identifier: str, number: int) -> bytes:
        fields = {**self.fields, "csrf_token": self._token(identifier)}
        fields["form_end"] = fields.pop("form_end")
        body = urlencode(fields).encode()
        head = (
            f"POST {ENQUIRE}/check-answers HTTP/1.1\r\nHost: {self.host}\r\nCookie: session={identifier}\r\n"
            f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}\r\n"
            "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _token(self, identifier: str) -> str:
        """The form token that belongs to a session id, as the portal would give it."""
        signer = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token")
        return str(signer.dumps(BrowserSession(identifier)[CSRF_FIELD]))

    def counts(self) -> dict[str, int]:
        """Rows that an accepted enquiry leaves, to be compared with the answers counted."""
        with self.db.reading() as session:
            return dict(row_counts(session))


def row_counts(session: Session) -> Iterator[tuple[str, int]]:
    """Enquiries, and the mails and events that belong to them."""
    for name, statement in {
        "enquiries": "SELECT count(*) FROM fostering_enquiries",
        "references": "SELECT count(DISTINCT public_ref) FROM fostering_enquiries",
        "mails": "SELECT count(*) FROM outgoing_mails",
        "events": "SELECT count(*) FROM audit_events",
    }.items():
        yield name, session.scalar(text(statement)) or 0
