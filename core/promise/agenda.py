"""What falls due on which day, and the promises of a day, a kind or a ticket: looked up by an index in every case."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.house import House
from core.promise.model import PENDING, Promise
from core.ticket.model import Ticket

# Of the ended ones the newest are shown, straight down the primary key: a house some years old has millions.
NEWEST = 2000


@dataclass(frozen=True)
class Wanted:
    """Which promises: those of a ticket, or the ended ones, or what is pending (on a day); of one kind or of all."""

    day: date | None = None
    kind: str | None = None
    number: str | None = None
    ended: bool = False


def per_day(session: Session, house: House, first: date, days: int) -> dict[date, Counter[str]]:
    """How many are pending on each of ``days`` days from ``first`` on, by kind; days begin at our midnight."""
    starts = [_midnight(house, first + timedelta(days=n)) for n in range(days + 1)]
    which = case(*((Promise.due_at < end, n) for n, end in enumerate(starts[1:]))).label("which")
    query = select(which, Promise.kind, func.count()).where(PENDING)
    query = query.where(Promise.due_at >= starts[0], Promise.due_at < starts[-1])
    counts = {first + timedelta(days=n): Counter[str]() for n in range(days)}
    for place, kind, count in session.execute(query.group_by("which", Promise.kind)):
        counts[first + timedelta(days=place)][kind] = count
    return counts


def listed(session: Session, house: House, wanted: Wanted, *, limit: int) -> list[Any]:
    """(promise, ticket or None) pairs, what is due soonest or ended last first."""
    query = select(Promise, Ticket).outerjoin(Ticket, Ticket.id == Promise.ticket_id)
    if wanted.kind:
        query = query.where(Promise.kind == wanted.kind)
    if wanted.number:
        mine = select(Ticket.id).where(Ticket.number == wanted.number).scalar_subquery()
        query = query.where(Promise.ticket_id == mine)
        query = query.where(Promise.status != "pending" if wanted.ended else PENDING)
    elif wanted.ended:
        newest = select(Promise.id).order_by(Promise.id.desc()).limit(NEWEST).subquery()
        query = query.join(newest, newest.c.id == Promise.id).where(Promise.status != "pending")
    else:
        query = query.where(PENDING)
    if wanted.ended:
        return list(session.execute(query.order_by(Promise.ended_at.desc(), Promise.id.desc()).limit(limit)))
    if wanted.day:
        start, end = (_midnight(house, wanted.day + timedelta(days=n)) for n in (0, 1))
        query = query.where(Promise.due_at >= start, Promise.due_at < end)
    return list(session.execute(query.order_by(Promise.due_at, Promise.id).limit(limit)))


def _midnight(house: House, day: date) -> datetime:
    return datetime.combine(day, time(), house.zone).astimezone(UTC)
