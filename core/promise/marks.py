"""Marking as kept: what a batch simply kept is one statement, written before anybody could look."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from core.among import among
from core.promise.model import Promise


class Marks:
    """Promises of one session that were kept at ``now`` and of which nothing else is to be said.

    The rows say so at once. The database hears of it before any query of the session, so no handler finds one
    pending that was kept before its own; where handlers ask nothing, it is one statement for all.
    """

    def __init__(self, session: Session, *, now: datetime, late_after: timedelta) -> None:
        self._session, self._now, self._late_before = session, now, now - late_after
        self._ids: list[int] = []
        event.listen(session, "do_orm_execute", self._before_a_query)

    def kept(self, row: Promise) -> None:
        """``row`` is unchanged so far."""
        late = row.late or row.due_at < self._late_before
        values = {"status": "done", "ended_at": self._now, "late": late, "attempt": row.attempt + 1}
        for name, value in values.items():
            set_committed_value(row, name, value)
        self._ids.append(row.id)

    def write(self) -> None:
        """One statement for all that were kept since the last."""
        if not self._ids:
            return
        ids, self._ids = self._ids, []
        values: dict[str, Any] = {
            "status": "done",
            "ended_at": self._now,
            "late": Promise.late | (Promise.due_at < self._late_before),
            "attempt": Promise.attempt + 1,
        }
        kept = update(Promise).where(among(Promise.id, ids)).values(values)
        self._session.execute(kept.execution_options(synchronize_session=False))

    def _before_a_query(self, _state: Any) -> None:
        self.write()
