"""Sessions and transactions on two databases with one code.

Reading and writing are separate sessions. `read()` gives the request's read-only session: the
database itself refuses a write through it. `transaction()` gives a session that holds the write lock
from its first statement (SQLite: BEGIN IMMEDIATE, so that two writers wait instead of failing) and is
the only place that commits. Services never commit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    create_engine,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DisconnectionError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from portal.core.errors import StaleEdit, Unavailable
from portal.core.patience import (
    CONNECT_SECONDS,
    LOCK_SECONDS,
    PING_PATIENCE,
    POOL_SECONDS,
    STATEMENT_SECONDS,
    patient_connection,
)

NAMING = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

BigId = BigInteger().with_variant(Integer, "sqlite")
JsonData = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
REST_SECONDS = 1.0
"""After so long a connection to PostgreSQL is asked whether it still works before it is used."""

Id = Annotated[int, mapped_column(BigId, primary_key=True)]


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware out, UTC in the database; a naive datetime is a defect and raises."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """PostgreSQL knows time zones, SQLite stores text."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; without zone for SQLite, whose text then sorts like the instants."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored as an instant")
        instant = value.astimezone(UTC)
        return instant if dialect.name == "postgresql" else instant.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back as an aware instant in UTC."""
        return None if value is None else value.replace(tzinfo=UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Nothing to do on PostgreSQL: its connections are told to give UTC (`postgresql_engine`)."""
        return None if dialect.name == "postgresql" else super().result_processor(dialect, coltype)


class CodeType(Enum):
    """A StrEnum kept by its value in plain text: a new code needs no change of the schema."""

    def __init__(self, *enums: Any, **options: Any) -> None:
        fixed = {"native_enum": False, "create_constraint": False, "length": 40, "validate_strings": True}
        super().__init__(
            *enums, **{**options, **fixed, "values_callable": lambda codes: [c.value for c in codes]}
        )


class Base(DeclarativeBase):
    """Every table of the portal."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime(), StrEnum: CodeType(StrEnum)}


class Database:
    """The engines of one application and the sessions made from them."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.read_engine: Engine
        if self.is_sqlite:
            self.engine = sqlite_engine(url)
            self.read_engine = self.engine.execution_options(portal_read_only=True)
        else:
            self.engine = postgresql_engine(url)
            self.read_engine = postgresql_engine(url, read_only=True)
        self.before_commit: list[Callable[[Session], None]] = []

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A write session: the lock at once, commit on leaving, everything undone on an exception.

        Raises StaleEdit where a row was changed by somebody else between being read and being written.
        """
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                session.connection()
                yield session
                session.flush()
                for finish in self.before_commit:
                    finish(session)
        except StaleDataError as error:
            raise StaleEdit from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A read-only session with one unchanging view of the data, for exports and jobs.

        It ends with a commit: after a rollback the driver forgets the statements that the server has
        prepared, and every page would have its statements planned anew.
        """
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with Session(self.read_engine.execution_options(**options), expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """A read-only session for a single statement, without a transaction: it sees the newest state."""
        with Session(self.read_engine, expire_on_commit=False) as session:
            yield session

    def dispose(self, *, close: bool = True) -> None:
        """Close every connection when a command is finished; in a fork only forget the parent's."""
        self.engine.dispose(close=close)
        self.read_engine.dispose(close=close)


def sqlite_engine(url: str) -> Engine:
    """SQLite made durable and strict; each transaction says itself how it begins."""
    engine = create_engine(
        url,
        hide_parameters=True,  # an error's text must not quote what somebody wrote
        isolation_level=None,
        connect_args={"timeout": 5},
        pool_size=8,
        max_overflow=16,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("portal_read_only", False)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
        connection.exec_driver_sql("BEGIN DEFERRED" if read_only else "BEGIN IMMEDIATE")

    return engine


def postgresql_engine(url: str, *, read_only: bool = False) -> Engine:
    """PostgreSQL with limits on waiting: a database that hangs must not hang every worker.

    How long each wait may be is in `patience`. Instants come in UTC whatever the server's zone, so that none
    has to be converted: of a large export that would be a third. Connections for reading are made read-only
    by the server and begin no transaction: every statement sees the newest state anyway, and a page saves
    two trips to the server and holds no transaction open while it is drawn.
    """
    limits = {
        "statement_timeout": int(STATEMENT_SECONDS * 1000),
        "lock_timeout": int(LOCK_SECONDS * 1000),
        "idle_in_transaction_session_timeout": 60_000,
    }
    options = "-c timezone=UTC " + " ".join(f"-c {name}={value}" for name, value in limits.items())
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_timeout=POOL_SECONDS,
        pool_size=8 if read_only else 4,
        max_overflow=8 if read_only else 4,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": f"{options} -c default_transaction_read_only=on" if read_only else options,
            "application_name": "portal",
        },
        **({"isolation_level": "AUTOCOMMIT"} if read_only else {}),
    )

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
        return patient_connection(dialect.loaded_dbapi).connect(*arguments, **options)

    ask_after_a_rest(engine)
    return engine


def ask_after_a_rest(engine: Engine) -> None:
    """Before a connection that has rested is used again, ask whether the server is still there.

    `pool_pre_ping` would ask every time, which on a busy server is one trip in four.
    """

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info["rested_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get("rested_since")
        rested = since is not None and time.monotonic() - since > REST_SECONDS
        if rested:
            try:
                with connection.waiting(PING_PATIENCE):
                    engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error


def init_app(app: Flask, url: str) -> None:
    """Give the application its database; opens no connection yet."""
    app.extensions["portal.database"] = Database(url)
    app.teardown_appcontext(close_session)


def database() -> Database:
    """The database of the current application."""
    current: Database = current_app.extensions["portal.database"]
    return current


def read() -> Session:
    """This request's read-only session, made on first use and closed at teardown.

    Raises Unavailable where this request is known to wait in vain (see `wait_no_more`).
    """
    if g.get("waits_no_more"):
        raise Unavailable
    if "read_session" not in g:
        g.read_session = Session(database().read_engine, expire_on_commit=False)
    session: Session = g.read_session
    return session


def wait_no_more() -> None:
    """The database has just let another request wait: this one is told at once if it needs it to read."""
    g.waits_no_more = True


@contextmanager
def transaction() -> Iterator[Session]:
    """Write: lock, run, seal the audit, commit. A GET must not: see `small_write`."""
    if has_request_context() and request.method in SAFE_METHODS:
        raise RuntimeError(f"{request.method} {request.endpoint} opened a write transaction")
    with writing() as session:
        yield session


@contextmanager
def small_write(why: str) -> Iterator[Session]:
    """The write a GET is allowed: the audit of a read, a session's last-seen time, a throttle's count."""
    g.setdefault("small_writes", []).append(why)
    with writing() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """One connection at a time: the read session gives its own back before the lock is taken."""
    reader: Session | None = g.get("read_session")
    if reader is not None:
        reader.commit()  # nothing to commit: gives the connection back and keeps what was loaded
    with database().transaction() as session:
        yield session


def close_session(_error: BaseException | None = None) -> None:
    """Close what this request or command has opened."""
    session: Session | None = g.pop("read_session", None)
    if session is not None:
        session.close()


def violates(error: IntegrityError, constraint: str) -> bool:
    """Whether this is the violation of the unique constraint of that name, on either database.

    SQLite names the columns instead of the constraint, so they are looked up in the metadata.
    """
    message = str(error.orig)
    if constraint in message:
        return True
    for table in Base.metadata.tables.values():
        named = [*table.constraints, *table.indexes]
        for item in named:
            if getattr(item, "name", None) == constraint and hasattr(item, "columns"):
                return ", ".join(f"{table.name}.{column.name}" for column in item.columns) in message
    return False
