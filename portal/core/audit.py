"""The audit log: who did or read what, when, from where; in the same transaction as the deed.

The vocabulary is closed: an event is declared once with the exact keys of its facts, and another key
raises. Facts are references, codes and counts, never names or free text. Events are collected while a
transaction runs and chained by hash just before it commits: the lock on the head of the chain is the
last one taken, so it is held shortly and cannot form a cycle with other locks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.access import Actor
from portal.core.database import Base, Id, JsonData
from portal.core.upsert import insert_into

GENESIS = "0" * 64
PENDING = "portal.audit"


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event, e.g. `enquiry.accepted`, and the keys its facts carry."""

    name: str
    keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Enter the vocabulary; two declarations of one name are a defect."""
        if self.name in VOCABULARY:
            raise ValueError(f"audit event {self.name} is declared twice")
        VOCABULARY[self.name] = self


VOCABULARY: dict[str, EventType] = {}

LOG_CUT = EventType("audit.cut", ("gone", "last"))
"""The oldest events went: how many have gone in all, and the hash of the last of them."""


class AuditEvent(Base):
    """One event; `hash` covers every column and the hash before it, so that a removal shows."""

    __tablename__ = "audit_events"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(String(60), index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JsonData)
    address: Mapped[str] = mapped_column(String(64))
    request_id: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The one row that holds both ends of the chain; locking it puts writers in order."""

    __tablename__ = "audit_head"

    id: Mapped[Id]
    hash: Mapped[str] = mapped_column(String(64))
    count: Mapped[int]
    """Of all events that ever were."""
    cut_hash: Mapped[str] = mapped_column(String(64), default=GENESIS, server_default=GENESIS)
    """Of the last event whose time was over: the one before the first that is there."""
    cut_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many are gone in this way."""


def record(
    session: Session, event: EventType, *, by: Actor, at: datetime, subject: str = "", **facts: Any
) -> None:
    """Note an event in this transaction; raises ValueError when the facts are not the declared ones."""
    if set(facts) != set(event.keys):
        raise ValueError(f"{event.name} takes {sorted(event.keys)}, not {sorted(facts)}")
    entry = AuditEvent(
        at=at,
        event=event.name,
        actor_id=by.id,
        actor=by.email or by.name or by.kind,
        subject=subject,
        facts=facts,
        address=by.address,
        request_id=by.request_id,
    )
    session.info.setdefault(PENDING, []).append(entry)


def seal(session: Session) -> None:
    """Chain and insert what was recorded; the transaction calls it last."""
    pending: list[AuditEvent] = session.info.pop(PENDING, [])
    if not pending:
        return
    head = locked_head(session)
    for entry in pending:
        entry.previous = head.hash
        entry.hash = digest(entry)
        head.hash, head.count = entry.hash, head.count + 1
        session.add(entry)
        session.flush()  # one at a time: ids must follow the chain's order


def locked_head(session: Session) -> AuditHead:
    """The end of the chain, locked; the very first writers may be two, so the row is made without a race."""
    head = session.scalars(head_statement()).one_or_none()
    if head is None:
        first = insert_into(session, AuditHead).values(id=1, hash=GENESIS, count=0)
        session.execute(first.on_conflict_do_nothing(index_elements=[AuditHead.id]))
        head = session.scalars(head_statement()).one()
    return head


@cache
def head_statement() -> Select[AuditHead]:
    """The end of the chain, to be changed."""
    return select(AuditHead).with_for_update()


def digest(entry: AuditEvent) -> str:
    """The hash of one event with the one before it; times to the microsecond, in UTC."""
    content = [
        entry.previous,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.event,
        entry.actor_id,
        entry.actor,
        entry.subject,
        entry.facts,
        entry.address,
        entry.request_id,
    ]
    plain = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the chain found; `broken_at` is the id of the first event that does not fit."""

    count: int
    broken_at: int | None = None
    head_agrees: bool = True

    @property
    def intact(self) -> bool:
        """Whether nothing was changed, removed or added behind the log's back."""
        return self.broken_at is None and self.head_agrees


def verify(session: Session) -> Verdict:
    """Walk the whole chain in constant memory, from the last cut, which an event in it has to tell of."""
    head = session.scalars(select(AuditHead)).one_or_none()
    begins = (head.cut_hash, head.cut_count) if head else (GENESIS, 0)
    told, previous, count = (GENESIS, 0), begins[0], 0
    with closing(events_in_order(session)) as events:
        for entry in events:
            if entry.previous != previous or digest(entry) != entry.hash:
                return Verdict(count, broken_at=entry.id)
            previous, count = entry.hash, count + 1
            if entry.event == LOG_CUT.name:
                told = (entry.facts["last"], entry.facts["gone"])
    agrees = (head.hash, head.count) == (previous, head.cut_count + count) if head else count == 0
    return Verdict(count, head_agrees=agrees and told == begins)


def events_in_order(session: Session) -> Generator[AuditEvent]:
    """Every event by id, a thousand at a time."""
    query = select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=1000)
    with session.scalars(query) as events:
        for entry in events:
            yield entry
            session.expunge(entry)
