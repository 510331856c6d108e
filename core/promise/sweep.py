"""The due-row sweep: what the clock does at every tick. Each promise is kept in a transaction of its own."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.care.notice import reachable
from core.house import House
from core.messaging.faults import reach
from core.promise.model import Promise
from core.ticket.model import Ticket

# A handler keeps one promise; it returns None when it is kept, or the moment to try again at.
Handler = Callable[[Session, House, Promise, datetime], datetime | None]

LATE_AFTER = timedelta(minutes=5)
_log = structlog.get_logger()


def sweep(house: House, handlers: dict[str, Handler], *, now: datetime, limit: int = 200) -> int:
    """Keep what is due at ``now``, in due order; returns how many rows were looked at."""
    with house.database.reading() as session:
        due = select(Promise.id).where(Promise.status == "pending", Promise.due_at <= now)
        ids = session.scalars(due.order_by(Promise.due_at, Promise.id).limit(limit)).all()
    for promise_id in ids:
        try:
            _keep(house, handlers, promise_id, now)
        except Exception as error:  # one broken promise must not hold up the rest
            _log.exception("promise failed", promise=promise_id)
            _put_off(house, promise_id, now, error)
    return len(ids)


def _keep(house: House, handlers: dict[str, Handler], promise_id: int, now: datetime) -> None:
    with house.database.session() as session:
        row = _lock(session, promise_id)
        if row is None:
            return
        row.attempt += 1
        again = handlers[row.kind](session, house, row, now)
        if again is not None:
            row.due_at = again
        elif row.status == "pending":
            row.status, row.ended_at = "done", now
            row.late = now - row.due_at > LATE_AFTER
        reach("sweep.keeping")
        session.commit()
    reach("sweep.kept")


def _put_off(house: House, promise_id: int, now: datetime, error: Exception) -> None:
    with house.database.session() as session:
        row = _lock(session, promise_id)
        if row is None:
            return
        row.attempt += 1
        row.due_at = now + timedelta(seconds=min(3600, 5 * 2 ** min(row.attempt, 10)))
        row.reason = f"{type(error).__name__}: {error}"[:500]
        session.commit()


def _lock(session: Session, promise_id: int) -> Promise | None:
    # Conversation, ticket, promise: the order in which a turn locks them, or the two block each other.
    whose = select(Ticket.customer_id).join(Promise).where(Promise.id == promise_id)
    customer_id = session.scalar(whose)
    if customer_id is not None:
        reachable(session, customer_id)
    query = select(Promise).where(Promise.id == promise_id, Promise.status == "pending")
    return session.scalars(query.with_for_update(skip_locked=True)).first()


def next_due(session: Session) -> datetime | None:
    """When the next promise falls due, if any."""
    return session.scalar(select(func.min(Promise.due_at)).where(Promise.status == "pending"))
