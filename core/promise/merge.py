"""A ticket merged into another brings its waiting along: the customer has waited since the older of the two."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.promise.clock import SlaClock, moment_of
from core.promise.plan import count, own_time
from core.promise.watch import clocks_of, settle
from core.ticket.model import Ticket
from core.ticket.severity import change_severity, worse


def take_over(
    session: Session,
    house: House,
    merged: Ticket,
    target: Ticket,
    *,
    at: datetime,
    actor: str,
    channel: str,
) -> None:
    """``target`` is as grave as the graver of both, and its clocks began when the first of both did."""
    severity = worse(merged.severity, target.severity)
    change_severity(session, house, target, severity, at=at, actor=actor, channel=channel)
    earlier = {clock.clock: clock for clock in clocks_of(session, merged)}
    mine = clocks_of(session, target, lock=True)
    changed = [
        clock
        for clock in mine
        if clock.clock in earlier and _began_with(clock, earlier[clock.clock], house, at=at)
    ]
    count(session, house, target, *changed, at=at, why="merged")
    settle(session, house, target, at=at)


def _began_with(clock: SlaClock, other: SlaClock, house: House, *, at: datetime) -> bool:
    """False where the clock keeps its own start: it does not run, is the older one, or would be overdue at once."""
    if not clock.running or clock.breached_at or clock.started_at is None or other.started_at is None:
        return False
    if other.started_at >= clock.started_at:
        return False
    kept, clock.started_at = clock.started_at, other.started_at
    if moment_of(clock, 100, own_time(house, clock)) <= at:
        clock.started_at = kept
        return False
    clock.opened_at = min(clock.opened_at, other.opened_at)
    return True
