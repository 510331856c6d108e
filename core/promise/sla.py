"""Service levels (C1): when a ticket must be answered and solved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.promise.calendar import NoHolidayData, OfficeHours


@dataclass(frozen=True)
class Deadlines:
    reply: datetime
    solved: datetime


def deadlines(
    *, kind: str, severity: str, at: datetime, policy: dict[str, Any], hours: OfficeHours
) -> Deadlines:
    """Deadlines of a ticket filed at ``at``; complaints have a policy of their own unless they are urgent."""
    name = "complaint" if kind == "complaint" and severity == "normal" else severity
    level = policy[name]

    def due(minutes: float) -> datetime:
        if level["clock"] != "working":
            return at + timedelta(minutes=minutes)
        try:
            return hours.add(at, minutes)
        except NoHolidayData:
            # A promise needs a date all the same; calendar time is the stricter one.
            return at + timedelta(minutes=minutes)

    return Deadlines(reply=due(level["reply"]), solved=due(level["solved"]))


def fraction(start: datetime, end: datetime, percent: int) -> datetime:
    """The moment when ``percent`` of the time from start to end has passed."""
    return start + (end - start) * percent / 100
