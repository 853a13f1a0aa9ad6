"""What many pages show and few publications change (counts, the inspection), kept in each worker's memory.

    def counts_of(session: Session, at: datetime) -> Fact[dict[str, int]]: …
    counts = kept_until_published("vacancies.counts", counts_of)

A fact obeys the same counter as kept pages (`page_cache`): what was withdrawn is gone from every worker
within a second, what changes by its date says so (`Fact.until`), and nothing outlives PAGE_CACHE_SECONDS.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.database import database, read
from portal.core.errors import Unavailable
from portal.core.page_cache import cache, valid_until

MOST_FACTS = 256

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Fact(Generic[Value]):
    """Something true until something is published, and not after `until` whatever happens.

    Every page and thread of the worker is given the same value: it must never be changed.
    """

    value: Value
    until: datetime | None = None
    keep: bool = True
    """Whether it is worth the room: what few ask for would push out what everybody does."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A fact with the state of the counter that was known before it was read."""

    fact: Fact[Any]
    version: int
    valid_until: datetime


class KeptFacts:
    """The facts of one worker, the least recently asked for going first."""

    def __init__(self) -> None:
        self.facts: OrderedDict[Hashable, Kept] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Hashable, version: int, at: datetime) -> Fact[Any] | None:
        """The fact, if it is still true."""
        with self.lock:
            found = self.facts.get(key)
            if found is None or found.version != version or found.valid_until <= at:
                return None
            self.facts.move_to_end(key)
        return found.fact

    def put(self, key: Hashable, kept: Kept) -> None:
        """Keep a fact, letting the oldest go."""
        with self.lock:
            self.facts[key] = kept
            self.facts.move_to_end(key)
            while len(self.facts) > MOST_FACTS:
                self.facts.popitem(last=False)


def init_app(app: Flask) -> None:
    """Give the application a memory of its own."""
    app.extensions["portal.kept_facts"] = KeptFacts()


def kept_until_published(key: Hashable, make: Callable[[Session, datetime], Fact[Value]]) -> Value:
    """The value of this fact, made anew only where none is kept that is still true.

    The page being drawn is then valid no longer than the fact. `make` gets a read-only session of its own,
    begun after the counter was looked at: one that saw an older state would give an old fact a new life.
    """
    at, lifetime = clock.now(), cache().lifetime
    if not lifetime:
        fact = make(read(), at)
    else:
        kept: KeptFacts = current_app.extensions["portal.kept_facts"]
        version = cache().current_version()
        found = cast("Fact[Value] | None", kept.get(key, version, at))
        fact = made_now(make, at) if found is None else found
        if found is None and fact.keep:
            latest = at + lifetime
            kept.put(key, Kept(fact, version, latest if fact.until is None else min(fact.until, latest)))
    valid_until(fact.until)
    return fact.value


def made_now(make: Callable[[Session, datetime], Fact[Value]], at: datetime) -> Fact[Value]:
    """The fact as committed at this moment. Raises Unavailable where waiting would be in vain."""
    if g.get("waits_no_more"):
        raise Unavailable
    with database().reading() as session:
        return make(session, at)
