"""A clock's own time: calendar time, or working time that stands still outside office hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.promise.calendar import NoHolidayData, OfficeHours


@dataclass(frozen=True)
class OwnTime:
    """``working`` counts office hours only; past the holiday table it counts calendar time, which is stricter."""

    working: bool
    hours: OfficeHours

    def add(self, at: datetime, seconds: float) -> datetime:
        """When so much own time has passed since ``at``; 0 is ``at`` itself."""
        if not self.working or not seconds:
            return at + timedelta(seconds=seconds)
        try:
            return self.hours.add(at, seconds / 60)
        except NoHolidayData:
            return at + timedelta(seconds=seconds)

    def between(self, start: datetime, end: datetime) -> float:
        """Own seconds from ``start`` to ``end``; none when ``end`` is earlier: a clock set back takes nothing away."""
        if end <= start:
            return 0.0
        if self.working:
            try:
                return round(self.hours.between(start, end) * 60, 6)
            except NoHolidayData:
                pass
        return (end - start).total_seconds()

    def unknown_year(self, at: datetime, seconds: float) -> int | None:
        """The year whose holidays are needed to count so far, and are not known."""
        try:
            if self.working:
                self.hours.add(at, seconds / 60)
        except NoHolidayData as missing:
            return missing.year
        return None
