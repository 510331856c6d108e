"""Steps that only move about in the menu: worked out from memory, kept by one statement.

Most steps of a call are such. What this process knows of a call is used only if the row has not changed since
(``Call.changes``); else, and for everything that needs the database, the step is taken the long way (ivr/exchange.py).
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, bindparam, create_engine, update
from sqlalchemy.exc import DBAPIError

from core.call.model import Call
from core.database import Database

MOST = 5000  # calls that are remembered
_TABLE: Any = Call.__table__
# Built once: that takes longer than running it.
_KEEP = (
    update(_TABLE)
    .where(
        _TABLE.c.id == bindparam("call"),
        _TABLE.c.changes == bindparam("seen"),
        _TABLE.c.ended_at.is_(None),
    )
    .values({name: bindparam(f"new_{name}") for name in ("state", "step", "document", "changes")})
)


@dataclass(frozen=True)
class Known:
    """A call as this process saw it last."""

    id: int
    sid: str
    provider: str
    changes: int
    step: int
    language: str
    to_number: str
    started_at: datetime
    state: dict[str, Any]

    def call(self) -> Call:
        """A copy that belongs to no session."""
        return Call(
            id=self.id,
            sid=self.sid,
            provider=self.provider,
            step=self.step,
            language=self.language,
            to_number=self.to_number,
            started_at=self.started_at,
            state=self.state,
        )


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
            call.to_number,
            call.started_at,
            call.state,
        )
        with self._lock:
            self._known[call.sid] = known
            self._known.move_to_end(call.sid)
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def of(self, sid: str) -> Known | None:
        return self._known.get(sid)

    def forget(self, sid: str) -> None:
        with self._lock:
            self._known.pop(sid, None)

    def keep(self, known: Known, call: Call) -> bool:
        """Write the step, unless something happened to the call meanwhile."""
        values = {"call": known.id, "seen": known.changes, "new_changes": known.changes + 1}
        values |= {"new_state": call.state, "new_step": call.step, "new_document": call.document}
        try:
            with self._connect() as connection:
                kept = connection.execute(_KEEP, values).rowcount == 1
        except DBAPIError:  # the long way tells what is wrong
            kept = False
        if kept:
            call.changes = known.changes + 1
            self.remember(call)
        else:
            self.forget(known.sid)
        return kept

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
        return self._engine.connect()

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
