"""Claiming rows by lease: what inbox and outbox share.

A row waits as ``pending``, is ``leased`` to one worker until ``due_at``, and ends ``done`` or ``dead``.
``due_at`` says when anybody may take it (again), so one partial index answers every claim. A *lane* keeps
order: within one lane a row is taken only when all earlier ones have ended.
"""

import random
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Index, Text, bindparam, exists, select, text, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from core.database import UtcDateTime
from core.messaging.faults import reach
from core.messaging.moment import database_clock

WAITING = ("pending", "leased")


class Leased:
    """Columns of a table whose rows are worked off by lease."""

    id: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, default="pending")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempt: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)


def waiting_indexes(table: str) -> tuple[Index, ...]:
    """The partial indexes that keep claims quick however many rows have ended, and one for dead letters."""
    waiting = text("status IN ('pending', 'leased')")
    dead = text("status = 'dead'")
    return (
        Index(f"ix_{table}_due", "due_at", sqlite_where=waiting, postgresql_where=waiting),
        Index(f"ix_{table}_lane", "lane", "id", sqlite_where=waiting, postgresql_where=waiting),
        Index(f"ix_{table}_dead", "id", sqlite_where=dead, postgresql_where=dead),
        Index(f"ix_{table}_history", "lane", "id"),
    )


@dataclass(frozen=True)
class Lease:
    """Proof of a claim. Finishing checks it, so a worker that slept too long cannot end another's row."""

    id: int
    owner: str
    attempt: int


# Statements are built once per table: building them costs more than running them.
@cache
def _claim_statement(model: Any, share: Any) -> Any:
    earlier = aliased(model)
    blocked = exists().where(earlier.lane == model.lane, earlier.id < model.id, earlier.status.in_(WAITING))
    due = model.due_at <= database_clock()
    wanted = (
        select(model.id)
        .where(text("status IN ('pending', 'leased')"), due, ~blocked, *(() if share is None else (share,)))
        .order_by(model.id + 0)  # by plain id, SQLite walks the whole table instead of what waits
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        # As a plain subquery PostgreSQL may run it once per row of a join, and take more than ``most``.
        .cte("wanted")
    )
    return (
        update(model)
        .where(model.id.in_(select(wanted.c.id)), model.status.in_(WAITING), due)
        .values(
            status="leased",
            owner=bindparam("by"),
            attempt=model.attempt + 1,
            due_at=database_clock(bindparam("seconds")),
        )
        .returning(model)
    )


@cache
def _end_statement(model: Any, names: tuple[str, ...], again: bool) -> Any:
    held = (model.id == bindparam("held_id")) & (model.owner == bindparam("held_by"))
    held &= (model.attempt == bindparam("held_attempt")) & (model.status == "leased")
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    # Given back rows fall due after so many seconds; all others ended now.
    when = {"due_at": database_clock(bindparam("seconds"))} if again else {"ended_at": database_clock()}
    return update(model.__table__).where(held).values(owner=None, **values, **when)


def claim(
    session: Session, model: Any, *, owner: str, limit: int, seconds: float, share: Any = None
) -> list[Any]:
    """Take up to ``limit`` rows for ``seconds``; the attempt is counted now, so a crash counts too.

    ``share`` is a condition on the rows, the same object each time: the statement is kept with it.
    """
    values = {"most": limit, "by": owner, "seconds": seconds}
    options = {"synchronize_session": False}
    taken = session.scalars(_claim_statement(model, share), values, execution_options=options).all()
    return sorted(taken, key=lambda row: row.id)


def _end(session: Session, model: Any, lease: Lease, seconds: float | None = None, **values: Any) -> bool:
    statement = _end_statement(model, tuple(sorted(values)), seconds is not None)
    held = {"held_id": lease.id, "held_by": lease.owner, "held_attempt": lease.attempt}
    held |= {} if seconds is None else {"seconds": seconds}
    result = session.execute(statement, {**held, **{f"new_{name}": value for name, value in values.items()}})
    return bool(result.rowcount)  # type: ignore[attr-defined]


def finish(session: Session, model: Any, lease: Lease, **values: Any) -> bool:
    """End a row we hold. False: the lease was lost, and the caller must roll back what it did."""
    reach(f"{model.__tablename__}.finishing")
    return _end(session, model, lease, status="done", **values)


def bury(session: Session, model: Any, lease: Lease, *, error: str) -> bool:
    """Set a row aside as a dead letter, with its reason, for a person to see and replay."""
    return _end(session, model, lease, status="dead", error=error[:2000])


def release(session: Session, model: Any, lease: Lease, *, error: str, seconds: float) -> bool:
    """Give a row back to be tried again after ``seconds``."""
    return _end(session, model, lease, seconds, status="pending", error=error[:2000])


def reclaim(session: Session, model: Any, *, owner: str | None = None, but: tuple[int, ...] = ()) -> int:
    """Give leased rows back at once: ``owner``'s, but for those in its hands, or everybody's.

    Only for one who knows that nobody works on them: the owner itself, or the one process of an SQLite database.
    """
    lost = [text("status IN ('pending', 'leased')"), model.status == "leased", model.id.not_in(but)]
    lost += [model.owner == owner] if owner else []
    statement = update(model).where(*lost).values(status="pending", owner=None, due_at=database_clock())
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]


def replay(session: Session, model: Any, row_id: int) -> bool:
    """Send a dead letter round again; False when it is not dead."""
    statement = update(model).where(model.id == row_id, model.status == "dead")
    values = {"status": "pending", "due_at": database_clock(), "attempt": 0, "ended_at": None}
    result = session.execute(statement.values(**values).execution_options(synchronize_session=False))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def backoff(attempt: int, *, base: float = 1.0, ceiling: float = 300.0) -> float:
    """Seconds to wait before the next try: doubling, with jitter so that many failures do not march in step."""
    return float(min(ceiling, base * 2 ** max(0, attempt - 1))) * random.uniform(0.5, 1.5)
