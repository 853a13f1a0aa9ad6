"""An application with the two journeys of example.py, and a table for what they send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, String, Table, UniqueConstraint, insert, select
from sqlalchemy.orm import Session

from portal.core.database import Database
from portal.core.errors import InvalidInput, TooManyRequests
from portal.journeys.blueprint import journey_blueprint
from portal.journeys.engine import Submission
from tests.journeys.example import LINEAR, TASKS
from tests.support.client import JudgingClient
from tests.support.lasting import LastingApps

METADATA = MetaData()
SENT = Table(
    "test_sent",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String(64)),
    Column("name", String(80)),
    UniqueConstraint("key"),
)


@dataclass
class Author:
    """The author of both journeys: stores what is sent, and can be told to refuse or to break."""

    db: Database
    submissions: list[Submission] = field(default_factory=list)
    refuse: str = ""
    limit_reached: bool = False
    breaks: bool = False

    def submit(self, session: Session, submission: Submission) -> str:
        self.submissions.append(submission)
        name = submission.answers.get("name") or submission.answers.get("full_name")
        session.execute(insert(SENT).values(key=submission.key, name=name))
        if self.refuse:
            raise InvalidInput("true", self.refuse)
        if self.breaks:
            raise RuntimeError("the worker died")
        number = len(session.execute(select(SENT.c.id)).all())
        return f"TST-{number}"

    def before_send(self) -> None:
        if self.limit_reached:
            raise TooManyRequests(retry_after=60)

    @property
    def names(self) -> list[str]:
        """Names of what was stored."""
        with self.db.reading() as session:
            return list(session.scalars(select(SENT.c.name)))


class Desk:
    """Where the journeys hand in; whose desk it is changes from test to test."""

    author: Author

    def submit(self, session: Session, submission: Submission) -> str:
        return self.author.submit(session, submission)

    def before_send(self) -> None:
        self.author.before_send()


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk()


@pytest.fixture
def author(db: Database, desk: Desk) -> Iterator[Author]:
    METADATA.create_all(db.engine)
    desk.author = Author(db)
    yield desk.author
    METADATA.drop_all(db.engine)


@pytest.fixture(scope="session")
def lasting_journey_app(lasting_apps: LastingApps, desk: Desk) -> Flask:
    app = lasting_apps.make()
    hooks: dict[str, Any] = {
        "submit": desk.submit,
        "before_send": desk.before_send,
        "facts": lambda: {"care": ["SHORT", "LONG"]},
        "home": "pages.landing",
    }
    app.register_blueprint(journey_blueprint(LINEAR, name="linear", url_prefix="/test/linear", **hooks))
    app.register_blueprint(journey_blueprint(TASKS, name="tasks", url_prefix="/test/tasks", **hooks))
    return app


@pytest.fixture
def journey_app(lasting_journey_app: Flask, author: Author) -> Flask:
    assert author is not None, "its table is there, and the journeys hand in to it"
    return lasting_journey_app


@pytest.fixture
def visitor(journey_app: Flask, make_client: Callable[..., JudgingClient]) -> JudgingClient:
    return make_client(journey_app)
