"""Service levels (C1): when a ticket must be answered and solved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.promise.calendar import NoHolidayData, OfficeHours


@dataclass(frozen=True)
class Deadlines:
    reply: datetime
    solved: datetime
    unknown_year: int | None = (
        None  # no holiday data: counted in calendar time, which is stricter; staff are told
    )


def deadlines(
    *, kind: str, severity: str, at: datetime, policy: dict[str, Any], hours: OfficeHours
) -> Deadlines:
    """Deadlines of a ticket filed at ``at``; complaints have a policy of their own unless they are urgent."""
    name = "complaint" if kind == "complaint" and severity == "normal" else severity
    level = policy[name]
    reply, solved = level["reply"], level["solved"]
    unknown_year = None
    if level["clock"] == "working":
        try:
            return Deadlines(reply=hours.add(at, reply), solved=hours.add(at, solved))
        except NoHolidayData as missing:  # a promise needs a date all the same
            unknown_year = missing.year
    return Deadlines(at + timedelta(minutes=reply), at + timedelta(minutes=solved), unknown_year)


def fraction(start: datetime, end: datetime, percent: int) -> datetime:
    """The moment when ``percent`` of the time from start to end has passed."""
    return start + (end - start) * percent / 100
