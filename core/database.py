"""One database, two engines: what both need to look alike to everything above."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, String, TypeDecorator, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment: timestamptz on PostgreSQL; on SQLite, which forgets zones, ISO text in UTC.

    Naive values are refused with ValueError: guessing a zone is how appointments move.
    """

    impl = String(27)
    cache_ok = True
    _FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        postgres = dialect.name == "postgresql"
        return dialect.type_descriptor(DateTime(timezone=True) if postgres else String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.strftime(self._FORMAT)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or isinstance(value, datetime):
            return value.astimezone(UTC) if value else None
        return datetime.strptime(value, self._FORMAT).replace(tzinfo=UTC)


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


def _begin_postgresql(connection: Any) -> None:
    if not connection.get_execution_options().get("durable", True):
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")


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
        self._swift = self.engine.execution_options(durable=False)
        self._reading = self.readers.execution_options(readonly=True)

    def _open(self) -> Engine:
        engine = create_engine(self.url, pool_pre_ping=not self.is_sqlite, pool_size=10, max_overflow=20)
        if self.is_sqlite:
            event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite if self.is_sqlite else _begin_postgresql)
        return engine

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

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Looking only: never waits for a writer on SQLite."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()
        self.readers.dispose()
