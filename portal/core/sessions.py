"""Sessions on the server: the cookie holds an opaque random id, the row what belongs to it.

Flask's signed cookie would still work after sign-out when replayed. Here an ended session is a deleted
row. A row exists only when something is stored; a visitor who fills in a form has an id and no row.
The CSRF secret is derived from the id alone, so that showing a form writes nothing and a new SECRET_KEY
sends nobody’s form back; Flask-WTF signs it, and older keys still read what they signed.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, g, session
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import Session as DatabaseSession

from portal.core import clock, jobs
from portal.core.context import current_settings
from portal.core.database import Base, BigId, JsonData, database, small_write

ID = re.compile(r"[A-Za-z0-9_-]{43}")
ROW_LIFETIME = timedelta(hours=12)
"""No row rests longer than this; people who are signed in have tighter limits (accounts, candidates)."""

TOUCH_EVERY = timedelta(minutes=1)

CSRF_FIELD = "csrf_token"


class StoredSession(Base):
    """What belongs to one session id. Only the hash of the id is kept: a stolen table opens no session."""

    __tablename__ = "sessions"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(JsonData)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    staff_id: Mapped[int | None] = mapped_column(index=True)
    candidate_id: Mapped[int | None] = mapped_column(BigId, index=True)
    """At most one of both is set."""


class BrowserSession(SessionMixin):
    """A session as Flask sees it; loads its row when something first asks for it."""

    def __init__(self, identifier: str | None) -> None:
        self.identifier = identifier or secrets.token_urlsafe(32)
        self.new = identifier is None
        self.modified = False
        self.needed = False
        self.forgotten = False
        self.ended: list[str] = []
        self.stored: StoredSession | None = None
        self._values: dict[str, Any] | None = {} if self.new else None

    @property
    def key(self) -> str:
        """The hash under which the row, and a visitor's drafts, are kept."""
        return hashlib.sha256(self.identifier.encode()).hexdigest()

    @property
    def values_(self) -> dict[str, Any]:
        if self._values is None:
            self.stored = load(self.key)
            self._values = dict(self.stored.data) if self.stored else {}
        return self._values

    def __getitem__(self, name: str) -> Any:
        if name == CSRF_FIELD:
            self.needed = True
            return hashlib.sha256(b"csrf:" + self.identifier.encode()).hexdigest()
        return self.values_[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if name == CSRF_FIELD:
            return
        self.values_[name] = value
        self.modified = True

    def __delitem__(self, name: str) -> None:
        del self.values_[name]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)

    def __contains__(self, name: object) -> bool:
        return name == CSRF_FIELD or name in self.values_

    def destroy(self) -> None:
        """A new id and nothing in it; the old one is ended when the response is made."""
        self.ended.append(self.key)
        self.identifier, self.new = secrets.token_urlsafe(32), True
        self._values, self.stored, self.modified = {}, None, True


def load(key: str) -> StoredSession | None:
    """The row of a session id's hash, unless it has run out."""
    with database().looking() as reader:
        row = reader.get(StoredSession, key)
    return row if row is not None and clock.now() - row.seen_at < ROW_LIFETIME else None


class DatabaseSessions(SessionInterface):
    """Reads the cookie, and writes the row in a transaction of its own after the view has finished."""

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """A session for this request; a cookie that is no id of ours is ignored."""
        given = request.cookies.get(self.get_cookie_name(app), "")
        return BrowserSession(given if ID.fullmatch(given) else None)

    def save_session(self, app: Flask, current: SessionMixin, response: Response) -> None:
        """Store what changed, end what was destroyed, and set the cookie only where one is needed."""
        if not isinstance(current, BrowserSession):
            raise TypeError(type(current))
        if (current.ended or current.modified) and not g.get("error_page"):
            with small_write("session") as writer:
                self._write(writer, current)
        if current.forgotten and not current.new and not len(current):
            self._drop_cookie(app, response)
        if current.new and (current.needed or current.modified):
            self._set_cookie(app, current, response)
        if current.needed or current.modified or current.stored:
            response.vary.add("Cookie")

    def _write(self, writer: DatabaseSession, current: BrowserSession) -> None:
        if current.ended:
            writer.execute(delete(StoredSession).where(StoredSession.key.in_(current.ended)))
        if not current.modified:
            return
        values, at = dict(current), clock.now()
        row = writer.get(StoredSession, current.key)
        if row is None:
            # A row that this request saw and that is gone was ended meanwhile: it stays ended.
            if values and current.stored is None:
                row = StoredSession(key=current.key, data=values, created_at=at, seen_at=at)
                row.staff_id, row.candidate_id = owners_in(values)
                writer.add(row)
        else:
            row.data = values
            row.staff_id, row.candidate_id = owners_in(values)

    def _set_cookie(self, app: Flask, current: BrowserSession, response: Response) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            current.identifier,
            secure=current_settings().secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )

    def _drop_cookie(self, app: Flask, response: Response) -> None:
        response.delete_cookie(
            self.get_cookie_name(app),
            secure=current_settings().secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )


def owners_in(values: dict[str, Any]) -> tuple[int | None, int | None]:
    """Whose session this is: of a member of staff, or of a candidate, or of neither."""
    return values.get("staff_id"), values.get("candidate_id")


def init_app(app: Flask, *, secure: bool) -> None:
    """Replace Flask's cookie sessions; the __Host- prefix binds the cookie to this host over https."""
    app.config["SESSION_COOKIE_NAME"] = "__Host-session" if secure else "session"
    app.session_interface = DatabaseSessions()
    jobs.register_nightly(app, "sessions", expire_sessions)


def browser_session() -> BrowserSession:
    """The session of this request, with what Flask's proxy does not show."""
    current: BrowserSession = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way
    return current


def destroy_session() -> None:
    """End this session on the server and forget what it held."""
    browser_session().destroy()


def visitor_key() -> str:
    """The hash under which this visitor's drafts are kept; the first form sets the cookie."""
    return browser_session().key


def forget_visitor() -> None:
    """Have the browser drop its cookie, unless something is stored for its session (somebody signed in)."""
    browser_session().forgotten = True


def stored_session() -> StoredSession | None:
    """This request's row, None for a visitor who has none."""
    current = browser_session()
    return current.stored if len(current) or current.stored else None


def has_run_out(stored: StoredSession, at: datetime, *, idle: timedelta, longest: timedelta) -> bool:
    """Whether a session of somebody signed in has rested, or has lasted, for as long as it may."""
    signed_in_at = datetime.fromisoformat(stored.data["signed_in_at"])
    return at - stored.seen_at >= idle or at - signed_in_at >= longest


def note_use(stored: StoredSession, at: datetime) -> None:
    """Keep the session awake; written at most once a minute."""
    if at - stored.seen_at >= TOUCH_EVERY:
        with small_write("session last seen") as writer:
            touch_session(writer, stored.key, at)


def touch_session(writer: DatabaseSession, key: str, at: datetime) -> None:
    """Note that a session was used at `at`."""
    row = writer.get(StoredSession, key)
    if row is not None:
        row.seen_at = at


def end_sessions_of(writer: DatabaseSession, staff_id: int, *, except_key: str | None = None) -> None:
    """End every session of one member of staff, but for the one that asks."""
    mine = delete(StoredSession).where(StoredSession.staff_id == staff_id)
    writer.execute(mine.where(StoredSession.key != except_key) if except_key else mine)


def end_sessions_of_candidate(writer: DatabaseSession, candidate_id: int) -> None:
    """End every session of one candidate."""
    writer.execute(delete(StoredSession).where(StoredSession.candidate_id == candidate_id))


def expire_sessions(writer: DatabaseSession, at: datetime) -> None:
    """Nightly: delete rows that have run out."""
    writer.execute(delete(StoredSession).where(StoredSession.seen_at < at - ROW_LIFETIME))
