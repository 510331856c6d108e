"""The due-row sweep: what the clock does at every tick. Many promises share a transaction; one that fails has its own."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from core.care.notice import reachable
from core.house import House
from core.messaging.faults import reach
from core.promise.claim import Batch, Span, claim, together
from core.promise.marks import Marks
from core.promise.model import PENDING, Promise
from core.ticket.model import Ticket

# A handler keeps one promise; it returns None when it is kept, or the moment to try again at.
Handler = Callable[[Session, House, Promise, datetime], datetime | None]

BATCH = 500
# Real seconds after which a batch ends: chats of these customers, and on SQLite all writers, wait so long at most.
PATIENCE = 0.2
_log = structlog.get_logger()


def sweep(
    house: House,
    handlers: dict[str, Handler],
    *,
    now: datetime,
    limit: int = BATCH,
    span: Span | None = None,
    kept: Callable[[], None] = lambda: None,
) -> int:
    """Keep what is due at ``now``, in due order; returns how many rows were looked at, ``limit`` at most.

    ``kept`` is called after every batch: what it said need not wait for the next one.
    """
    span, looked = span or Span(until=now), 0
    with house.database.reading() as session:  # most ticks find nothing, and need no lock for it
        if session.scalar(span.rows().with_only_columns(Promise.id).limit(1)) is None:
            return 0
    while looked < limit:
        count = _keep_some(house, handlers, span, now, limit - looked)
        if not count:
            break
        looked += count
        kept()
    return looked


def late_after(house: House) -> timedelta:
    """How long after its due time a promise is called late."""
    return timedelta(minutes=house.book.policy("promises")["late_after_minutes"])


def _keep_some(house: House, handlers: dict[str, Handler], span: Span, now: datetime, limit: int) -> int:
    with house.database.session() as session:
        rows = claim(session, span, limit=min(limit, BATCH))
        batch = together(session, rows)
        ids = [row.id for row in batch.rows or rows[:1]]
        if batch.rows:
            reach("sweep.claimed")
            try:
                return _keep_batch(session, house, handlers, batch, now)
            except Exception:  # one of them is broken: each is tried by itself
                _log.warning("promises are kept one by one", first=ids[0], count=len(ids))
    for promise_id in ids:
        _keep_alone(house, handlers, promise_id, now)
    return len(ids)


def _keep_batch(
    session: Session, house: House, handlers: dict[str, Handler], batch: Batch, now: datetime
) -> int:
    ends, count, late = time.monotonic() + PATIENCE, 0, late_after(house)
    marks = Marks(session, now=now, late_after=late)
    for row in batch.rows:
        count += 1
        if row.status == "pending":  # it may have been kept or called off along with one before it
            again = handlers[row.kind](session, house, row, now)
            if again is None and row.status == "pending" and not inspect(row).modified:
                marks.kept(row)
            else:
                _close(late, row, again, now)
        reach("sweep.keeping")
        if time.monotonic() > ends:
            break
    marks.write()
    reach("sweep.marked")
    session.commit()
    reach("sweep.kept")
    return count


def _close(late: timedelta, row: Promise, again: datetime | None, now: datetime) -> None:
    row.attempt += 1
    row.late = row.late or now - row.due_at > late
    if again is not None:
        row.due_at = again
    elif row.status == "pending":
        row.status, row.ended_at = "done", now


def _keep_alone(house: House, handlers: dict[str, Handler], promise_id: int, now: datetime) -> None:
    try:
        with house.database.session() as session:
            row = _lock(session, promise_id)
            if row is None:
                return
            _close(late_after(house), row, handlers[row.kind](session, house, row, now), now)
            reach("sweep.keeping")
            session.commit()
        reach("sweep.kept")
    except Exception as error:  # one broken promise must not hold up the rest
        _log.exception("promise failed", promise=promise_id)
        _put_off(house, promise_id, now, error)


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
    query = select(Promise).where(Promise.id == promise_id, PENDING)
    return session.scalars(query.with_for_update(skip_locked=True)).first()


def next_due(session: Session, *, but: str | None = None) -> datetime | None:
    """When the next promise falls due, if any; ``but`` is a kind that does not count."""
    others = () if but is None else (Promise.kind != but,)
    return session.scalar(select(func.min(Promise.due_at)).where(PENDING, *others))
