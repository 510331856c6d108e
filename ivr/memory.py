"""What this process knows of the calls that run, and the one statement that keeps a step worked out from it.

Used only if the row has not changed since (``Call.changes``). The statement runs on the event loop: a thread and back
would take as long as the database does.
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Json

from core.call.model import Call
from core.database import Database

MOST = 5000  # calls that are remembered
CONNECTIONS = 20
# As text and to the driver itself: building a statement takes longer than running it, and callers wait.
_KEEP = (
    "UPDATE calls SET state = %s, step = %s, document = %s, changes = %s"
    " WHERE id = %s AND changes = %s AND ended_at IS NULL"
)


@dataclass
class Seen:
    """A call to work a step out with: what the menu needs of it, in no session and of no table."""

    id: int
    sid: str
    provider: str
    step: int
    language: str
    ours: str
    started_at: datetime
    state: dict[str, Any]
    document: str = ""


@dataclass(frozen=True)
class Known:
    """A call as this process saw it last."""

    id: int
    sid: str
    provider: str
    changes: int
    step: int
    language: str
    ours: str
    started_at: datetime
    state: dict[str, Any]

    def call(self) -> Seen:
        """A copy to take the next step with."""
        return Seen(
            self.id, self.sid, self.provider, self.step, self.language, self.ours, self.started_at, self.state
        )

    def after(self, call: Seen) -> "Known":
        """The call once that step is kept."""
        return replace(self, changes=self.changes + 1, step=call.step, state=call.state)


class Memory:
    """What this process knows of the calls that run. On SQLite nothing is remembered: a step costs little there."""

    def __init__(self, database: Database) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._connections = None if database.is_sqlite else Connections(database.url)

    def remember(self, call: Call) -> None:
        """After a commit."""
        if self._connections is None or call.direction == "outbound":  # those are few, and seldom in the menu
            return
        known = Known(
            call.id,
            call.sid,
            call.provider,
            call.changes,
            call.step,
            call.language,
            call.ours,
            call.started_at,
            call.state,
        )
        self._put(known)

    def _put(self, known: Known) -> None:
        with self._lock:
            self._known[known.sid] = known
            self._known.move_to_end(known.sid)
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def of(self, sid: str) -> Known | None:
        """None: begun in another process, or forgotten."""
        return self._known.get(sid)

    def forget(self, sid: str) -> None:
        with self._lock:
            self._known.pop(sid, None)

    async def keep(self, known: Known, call: Seen) -> bool:
        """Write the step, unless something happened to the call meanwhile."""
        values = (Json(call.state), call.step, call.document, known.changes + 1, known.id, known.changes)
        kept = False
        try:
            kept = await self._write(values)
        except (psycopg.Error, Crowded):  # the long way waits, or tells what is wrong
            pass
        finally:
            self._put(known.after(call)) if kept else self.forget(known.sid)
        return kept

    async def _write(self, values: tuple[Any, ...]) -> bool:
        assert self._connections is not None
        async with self._connections.one() as connection:
            cursor = await connection.execute(_KEEP, values, prepare=True)
            return cursor.rowcount == 1

    def close(self) -> None:
        if self._connections is not None:
            self._connections.close()


class Crowded(Exception):
    """Every connection is in use."""


class Connections:
    """A few connections for the event loop, kept open. Used by one loop at a time, so nothing is locked.

    Not asked first whether they live: a dead one costs the long way once. They do not wait for the disk: a power cut ends
    the call anyway.
    """

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._idle: list[psycopg.AsyncConnection[Any]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open = 0

    @asynccontextmanager
    async def one(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        """A connection in autocommit; Crowded when all are in use. After any error it is closed for good."""
        connection = await self._take()
        try:
            yield connection
        except BaseException:
            connection.pgconn.finish()
            self._open -= 1
            raise
        self._idle.append(connection)

    async def _take(self) -> psycopg.AsyncConnection[Any]:
        if self._loop is not asyncio.get_running_loop():
            self.close()
            self._loop = asyncio.get_running_loop()
        if self._idle:
            return self._idle.pop()
        if self._open >= CONNECTIONS:
            raise Crowded
        self._open += 1
        try:
            return await psycopg.AsyncConnection.connect(
                self._url, autocommit=True, options="-c synchronous_commit=off"
            )
        except BaseException:
            self._open -= 1
            raise

    def close(self) -> None:
        for connection in self._idle:
            connection.pgconn.finish()
        self._idle, self._open = [], 0
