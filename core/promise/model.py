"""A promise: something due at a time, kept once. The clock moves due rows; it never holds one."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, ForeignKey, Index, Table, Text, bindparam, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime

_PENDING = text("status = 'pending'")
# Said word for word: SQLite does not use a partial index for a status that is a parameter.
PENDING = text("promises.status = 'pending'")


class Promise(Base):
    """Something due at a time, under a business key of its own; kept once, or called off with a reason."""

    __tablename__ = "promises"
    __table_args__ = (
        Index("ix_promises_due", "due_at", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_promises_ticket", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)  # business key: "survey:2611220001:1"
    kind: Mapped[str] = mapped_column(Text)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(Text, default="pending")  # pending | done | cancelled
    late: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempt: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(Text)  # why it was put off, cancelled or failed
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


_TABLE = cast(Table, Promise.__table__)


def promise(session: Session, *promises: dict[str, Any]) -> None:
    """Make promises (key, kind, due_at, ticket_id, payload), each once: a key promised before is left as it is."""
    rows = [{"ticket_id": None, "payload": {}, **row} for row in promises]
    if not rows:
        return
    new = {"status": "pending", "late": False, "attempt": 0}
    if session.get_bind().dialect.name == "sqlite":
        on_sqlite = sqlite_insert(_TABLE).on_conflict_do_nothing(index_elements=["key"])
        session.execute(on_sqlite, [{**new, **row} for row in rows])
        return
    # A column is one parameter: a thousand rows cost one statement to read and one way to the server.
    columns = [_TABLE.c[name] for name in ("key", "kind", "due_at", "ticket_id", "payload")]
    lists = {column.name: [row[column.name] for row in rows] for column in columns}
    given = [func.unnest(bindparam(column.name, type_=ARRAY(column.type))) for column in columns]
    same = [literal(value) for value in new.values()]
    names = [*(column.name for column in columns), *new]
    once = pg_insert(_TABLE).from_select(names, select(*given, *same))
    session.execute(once.on_conflict_do_nothing(index_elements=["key"]), lists)


def cancel_promises(
    session: Session, *, ticket_id: int, kinds: tuple[str, ...], at: datetime, why: str
) -> None:
    """Call off what is still pending for a ticket, saying why."""
    statement = update(Promise).where(
        Promise.ticket_id == ticket_id, Promise.status == "pending", Promise.kind.in_(kinds)
    )
    session.flush()
    session.execute(statement.values(status="cancelled", ended_at=at, reason=why))


def end_promise(session: Session, key: str, *, at: datetime, why: str, kept: bool = False) -> None:
    """Call off the one promise with this key, if it is still pending; or it is ``kept``, by something else than the clock."""
    statement = update(Promise).where(Promise.key == key, Promise.status == "pending")
    session.flush()
    session.execute(statement.values(status="done" if kept else "cancelled", ended_at=at, reason=why))
