"""Moving the demo clock: time passes promise by promise, so each is kept at the moment it was due."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.house import House
from core.messaging.outbox import OutboxMessage
from core.programme.round import KIND as ROUND
from core.promise.sweep import next_due
from scheduler.clock import sweep_due

MOST_STEPS = 2000
# Real seconds that a promise may take which another clock is keeping.
PATIENCE = 10.0
MOST = timedelta(days=400)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class Passed:
    now: datetime
    said: list[OutboxMessage]


class BadAdvance(Exception):
    """The clock cannot be moved like that."""


def target_of(house: House, advance: str, *, now: datetime) -> datetime:
    """Where ``25h``, ``90m``, ``1d`` or ``next`` leads; BadAdvance when it leads nowhere."""
    if advance == "next":
        with house.database.reading() as session:
            due = next_due(session, but=ROUND)  # nobody waits to see a round
        if due is None:
            raise BadAdvance("nothing is promised")
        return max(due, now)
    number, unit = advance[:-1], advance[-1:]
    try:
        step = timedelta(**{_UNITS[unit]: float(number)})
    except (KeyError, ValueError, OverflowError) as error:
        raise BadAdvance(f"not a time span: {advance[:20]!r} (examples: 25h, 1d, next)") from error
    if not timedelta(0) < step <= MOST:
        raise BadAdvance("only forward, and at most 400 days")
    return now + step


def advance(house: House, span: str) -> Passed:
    """Let business time pass. What falls due on the way is kept in order, at its own time."""
    now = house.clock.now()
    target = target_of(house, span, now=now)
    with house.database.reading() as session:
        last = session.scalar(select(OutboxMessage.id).order_by(OutboxMessage.id.desc()).limit(1)) or 0
    for _ in range(MOST_STEPS):
        with house.database.reading() as session:
            due = next_due(session)
        if due is None or due > target:
            break
        _move(house, due)
        if not _kept(house, due):
            break
    _move(house, target)
    with house.database.reading() as session:
        said = select(OutboxMessage).where(OutboxMessage.id > last).order_by(OutboxMessage.id).limit(50)
        return Passed(house.clock.now(), list(session.scalars(said)))


def _kept(house: House, due: datetime) -> bool:
    """Keep what is due; what a clock that ticks beside us has in hand just now is waited for."""
    ends = time.monotonic() + PATIENCE
    while True:
        sweep_due(house)
        with house.database.reading() as session:
            first = next_due(session)
        if first is None or first > due:
            return True
        if time.monotonic() > ends:
            return False
        time.sleep(0.02)


def _move(house: House, moment: datetime) -> None:
    if moment <= house.clock.now():
        return
    try:
        house.clock.move_to(moment)
    except ValueError:
        if moment > house.clock.now():  # else it came by itself between the two looks at the clock
            raise


def fired(house: House, passed: Passed) -> list[dict[str, Any]]:
    """What happened on the way, for the page."""
    return [
        {
            "at": house.local(row.said_at).isoformat(timespec="seconds"),
            "what": row.text[:80],
            "to": row.audience,
        }
        for row in passed.said
    ]
