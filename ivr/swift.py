"""Steps that only move about in the menu: worked out from memory, kept by one statement.

Most steps of a call are such. What this process knows of a call is used only if the row has not changed since
(``Call.changes``); else, and for everything that needs the database, the step is taken the long way (ivr/exchange.py).
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Json
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError

from core.call.model import Call
from core.database import Database

MOST = 5000  # calls that are remembered
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
        self._url = None if database.is_sqlite else database.url
        self._engine: Engine | None = None

    def remember(self, call: Call) -> None:
        """After a commit."""
        if self._url is None or call.direction == "outbound":  # those are few, and seldom in the menu
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
        return self._known.get(sid)

    def forget(self, sid: str) -> None:
        with self._lock:
            self._known.pop(sid, None)

    def keep(self, known: Known, call: Seen) -> bool:
        """Write the step, unless something happened to the call meanwhile."""
        values = (Json(call.state), call.step, call.document, known.changes + 1, known.id, known.changes)
        try:
            kept = self._write(values)
        except (psycopg.Error, SQLAlchemyError):  # the long way tells what is wrong
            kept = False
        if kept:
            self._put(known.after(call))
        else:
            self.forget(known.sid)
        return kept

    def _write(self, values: tuple[Any, ...]) -> bool:
        connection = self._connect()
        try:
            cursor = connection.cursor()
            cursor.execute(_KEEP, values, prepare=True)
            return bool(cursor.rowcount == 1)
        except psycopg.OperationalError:
            connection.invalidate()
            raise
        finally:
            connection.close()

    def _connect(self) -> Any:
        with self._lock:
            if self._engine is None:
                # Not asked first whether they live: a dead one costs the long way once. A power cut ends the call anyway.
                self._engine = create_engine(
                    self._url or "",
                    pool_size=10,
                    max_overflow=20,
                    isolation_level="AUTOCOMMIT",
                    connect_args={"options": "-c synchronous_commit=off"},
                )
        return self._engine.raw_connection()

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
