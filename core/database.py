"""One database, two engines: what both need to look alike to everything above."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import DateTime, Dialect, Engine, String, TypeDecorator, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session

REST = 1.0  # seconds


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment: timestamptz on PostgreSQL; on SQLite, which forgets zones, ISO text in UTC.

    Naive values are refused with ValueError: guessing a zone is how appointments move.
    """

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        postgres = dialect.name == "postgresql"
        return dialect.type_descriptor(DateTime(timezone=True) if postgres else String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """ValueError for a naive time. On SQLite text of one length, so that it sorts as time does."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        utc = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return utc
        # Not strftime and strptime: a moment is read for every row of every query, and these take ten times as long.
        return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or isinstance(value, datetime):
            return value.astimezone(UTC) if value else None
        return datetime.fromisoformat(value)


class Base(DeclarativeBase):
    """Every table of ours; ``core.schema`` imports them all."""


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=15000")
    cursor.execute("PRAGMA cache_size=-8000")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # SQLAlchemy drops FOR UPDATE on SQLite; taking the write lock at BEGIN stands in for row locks.
    options = connection.get_execution_options()
    readonly, durable = options.get("readonly", False), options.get("durable", True)
    if not readonly and connection.info.get("durable", True) != durable:
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.info["durable"] = durable
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


def _rested(_connection: Any, record: Any) -> None:
    record.info["rested"] = time.monotonic()


def _asked_whether_it_lives(connection: Any, record: Any, _proxy: Any) -> None:
    """One that rested for a while may have died with its server; asking every time would cost each turn two trips."""
    if time.monotonic() - record.info.get("rested", 0.0) < REST:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as dead:
        raise DisconnectionError("the connection is dead") from dead


class Database:
    """Opens sessions. ``url`` is an SQLAlchemy URL, ``sqlite:///…`` or ``postgresql+psycopg://…``."""

    def __init__(self, url: str) -> None:
        if url.startswith(("postgres://", "postgresql://")):
            url = "postgresql+psycopg://" + url.split("://", 1)[1]
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine: Engine = self._open()
        # Readers have connections of their own: a writer that looks something up must never wait for one that
        # is held by somebody who waits for the writer.
        self.readers: Engine = self._open()
        self._swift = (
            self.engine.execution_options(durable=False)
            if self.is_sqlite
            else self._open("-c synchronous_commit=off")
        )
        self._reading = self.readers.execution_options(readonly=True)

    def _open(self, options: str = "") -> Engine:
        """``options``: of a PostgreSQL connection."""
        more = {"options": options} if options else {}
        engine = create_engine(self.url, connect_args=more, pool_size=10, max_overflow=20)
        if self.is_sqlite:
            event.listen(engine, "connect", _tune_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            event.listen(engine, "checkin", _rested)
            event.listen(engine, "checkout", _asked_whether_it_lives)
        return engine

    @property
    def engines(self) -> list[Engine]:
        """All that may be listened to: every statement of ours runs through one of them."""
        return [self.engine, self.readers, *([] if self.is_sqlite else [self._swift])]

    @property
    def file(self) -> str | None:
        """Where an SQLite database lies; None on a server or in memory."""
        name = self.engine.url.database if self.is_sqlite else None
        return name if name and name != ":memory:" else None

    @contextmanager
    def session(self, *, durable: bool = True) -> Iterator[Session]:
        """A unit of work: leaving without ``commit()`` rolls back.

        A commit that is not ``durable`` survives any crash of ours but not a power cut; both engines write their
        log in order, so the next durable commit makes it safe. What we acknowledge, and the claim that comes before
        anything leaves the house, are durable; a turn in between can be taken again.
        """
        with Session(self.engine if durable else self._swift, expire_on_commit=False) as session:
            yield session

    def harden(self, session: Session) -> None:
        """Let a transaction that was begun as not durable wait for the disk after all. SQLite cannot: begin it durable."""
        if not self.is_sqlite:
            session.connection().exec_driver_sql("SET LOCAL synchronous_commit TO on")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Looking only: never waits for a writer on SQLite."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()
        self._swift.dispose()
        self.readers.dispose()
