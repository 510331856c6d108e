"""One at a time: an advisory lock on PostgreSQL, a file lock beside an SQLite database."""

import fcntl
from pathlib import Path
from threading import RLock
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from core.database import Database


class Election:
    """Who does what only one process may do: the clock, or asking a provider for news.

    Asked at every round. The lock falls by itself when the process that holds it dies.
    """

    def __init__(self, database: Database, office: str = "clock") -> None:
        self._database, self._office = database, office
        self._key = int.from_bytes(office.encode()[:7])
        self._connection: Connection | None = None
        self._file: IO[str] | None = None
        self._one = RLock()  # jobs tick in threads of their own, and a connection serves one at a time

    def won(self) -> bool:
        """True while this process holds the office; tries to get it otherwise."""
        with self._one:
            return self._file_lock() if self._database.is_sqlite else self._advisory_lock()

    def resign(self) -> None:
        """Let somebody else be the clock, at once."""
        with self._one:
            self._let_go()

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._file is not None:
            self._file.close()
        self._connection = self._file = None

    def _file_lock(self) -> bool:
        if self._file is not None:
            return True
        name = self._database.engine.url.database
        if not name or name == ":memory:":
            return True
        file = Path(f"{name}.{self._office}").open("w")  # noqa: SIM115 - the lock lives as long as it is open
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def _advisory_lock(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key}):
                connection.detach()  # the lock lives with this connection, which must not go back to the pool
                self._connection = connection
                return True
            connection.close()
        except DBAPIError:
            self._let_go()
        return False
