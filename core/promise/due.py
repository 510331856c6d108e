"""When a ticket as a whole is due: its work's clock, or what that will be when the clocks before it keep their time."""

from collections.abc import Sequence
from datetime import datetime

from core.house import House
from core.promise.clock import SlaClock
from core.promise.plan import own_time


def ticket_due(house: House, clocks: Sequence[SlaClock]) -> datetime | None:
    """None when no clock of the work is kept; the customer's confirmation is no part of the work."""
    kept = {clock.clock: clock for clock in clocks if clock.outcome != "called_off"}
    solved = kept.get("solved")
    if solved is not None and solved.due_at is not None:
        return solved.due_at
    before = kept.get("on_site") or kept.get("reply")
    due = None if before is None else before.due_at or before.opened_at
    return (
        due if solved is None else own_time(house, solved).add(due or solved.opened_at, solved.minutes * 60)
    )
