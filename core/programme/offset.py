"""An offset such as "20 hours", "3 months" or "-14 days", as people write it and as the calendar counts it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.service.warranty import add_months

MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1, "week": 7}
MINUTES = {"minute": 1, "hour": 60}
UNITS = (*MINUTES, *DAYS, *MONTHS)
MOST = {"minute": 100_000, "hour": 10_000, "day": 10_000, "week": 1_500, "month": 360, "year": 30}
_WRITTEN = re.compile(r"(-?\d{1,6}) ?(minute|hour|day|week|month|year)s?")


class BadOffset(ValueError):
    """What was written is no offset."""


@dataclass(frozen=True)
class Offset:
    """``amount`` may be negative: before the event."""

    amount: int
    unit: str

    @classmethod
    def of(cls, text: str) -> "Offset":
        """BadOffset where ``text`` is not like "3 months", or is absurdly long."""
        found = _WRITTEN.fullmatch(text.strip().lower())
        if found is None or abs(int(found[1])) > MOST[found[2]]:
            raise BadOffset(text)
        return cls(int(found[1]), found[2])

    def times(self, count: int) -> "Offset":
        return Offset(self.amount * count, self.unit)

    def after(self, moment: datetime) -> datetime:
        """``moment`` (aware) moved on: hours pass, days and months keep the hour on the wall.

        A month's last day is kept where the month aimed at is shorter: 31 January and a month is 28 or 29 February.
        """
        if self.unit in MINUTES:
            passed = timedelta(minutes=self.amount * MINUTES[self.unit])
            return (moment.astimezone(UTC) + passed).astimezone(moment.tzinfo)
        if self.unit in DAYS:
            return moment + timedelta(days=self.amount * DAYS[self.unit])
        day = add_months(moment.date(), self.amount * MONTHS[self.unit])
        return moment.replace(year=day.year, month=day.month, day=day.day)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'' if abs(self.amount) == 1 else 's'}"
