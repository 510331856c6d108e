"""What is promised, for people and scripts: what is due, what waits and why, what was late."""

from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.house import House
from core.promise.model import PENDING, Promise
from core.ticket.model import Ticket


def counts(session: Session, *, now: datetime) -> dict[str, int]:
    """How many are due now, pending in all, kept, kept late and called off."""
    due = case(((Promise.status == "pending") & (Promise.due_at <= now), 1))
    late = case(((Promise.status == "done") & Promise.late, 1))
    by_status = {name: case((Promise.status == name, 1)) for name in ("pending", "done", "cancelled")}
    sums = {"due": due, "pending": by_status["pending"], "done": by_status["done"], "late": late}
    sums["cancelled"] = by_status["cancelled"]
    return dict(
        session.execute(select(*(func.count(what).label(name) for name, what in sums.items()))).one()._mapping
    )


def pending(session: Session, house: House, *, now: datetime, limit: int) -> list[dict[str, Any]]:
    """The next ``limit`` promises in due order, each with the reason why it was put off, where it was."""
    query = select(Promise, Ticket.number).outerjoin(Ticket, Ticket.id == Promise.ticket_id).where(PENDING)
    rows = session.execute(query.order_by(Promise.due_at, Promise.id).limit(limit))
    return [_record(house, row, number, now) for row, number in rows]


def _record(house: House, row: Promise, number: str | None, now: datetime) -> dict[str, Any]:
    return {
        "key": row.key,
        "kind": row.kind,
        "ticket": number,
        "due_at": house.local(row.due_at).isoformat(timespec="seconds"),
        "due": row.due_at <= now,
        "late": row.late,
        "attempt": row.attempt,
        "reason": row.reason,
    }
