"""Business time: office hours, days off, legal holidays with make-up workdays (A5), quiet hours (E4)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

from core.promise.working_year import WorkingYear


class NoHolidayData(Exception):
    """The holiday table does not cover the year; update the package chinesecalendar or decree the year (office_hours)."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"no legal-holiday data for {year}; update the package chinesecalendar or decree it in office_hours"
        )
        self.year = year


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


@dataclass(frozen=True)
class Decree:
    """Days the house or the state moved after the package chinesecalendar was released: data, not a release."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()  # years the package lacks and these days describe completely

    @classmethod
    def of(cls, policy: dict[str, Any]) -> "Decree":
        """ValueError for a day that is no ISO date, or that is both off and worked."""
        off, work = (
            frozenset(map(date.fromisoformat, policy.get(name, ()))) for name in ("holidays", "workdays")
        )
        if both := sorted(off & work):
            raise ValueError(f"decreed off and worked at once: {both[0]}")
        return cls(off, work, frozenset(map(int, policy.get("years", ()))))


@dataclass(frozen=True)
class OfficeHours:
    """Working spans of a day in local time, the weekdays off (Monday is 0), and days moved by decree."""

    spans: tuple[tuple[time, time], ...]
    days_off: tuple[int, ...]
    zone: ZoneInfo
    decree: Decree = Decree()

    @classmethod
    def of(cls, policy: dict[str, Any], zone: ZoneInfo) -> "OfficeHours":
        """From the policy ``office_hours``; ValueError for a decree that cannot be."""
        spans = tuple(sorted((_clock(a), _clock(b)) for a, b in policy["spans"]))
        decree = Decree.of(policy.get("decreed", {}))
        return cls(spans, tuple(int(day) for day in policy["days_off"]), zone, decree)

    def is_workday(self, day: date) -> bool:
        """Make-up days are on and legal holidays off, whatever the weekday. NoHolidayData past the table."""
        if day in self.decree.work or day in self.decree.off:
            return day in self.decree.work
        if day.year in self.decree.years:
            return day.weekday() not in self.days_off
        try:
            chinese_calendar.is_workday(day)  # raises where the table ends
        except NotImplementedError as beyond:
            raise NoHolidayData(day.year) from beyond
        if day in chinese_calendar.constants.workdays:
            return True
        return day not in chinese_calendar.constants.holidays and day.weekday() not in self.days_off

    def is_open(self, at: datetime) -> bool:
        """Closing time itself is closed."""
        local = at.astimezone(self.zone)
        return self.is_workday(local.date()) and any(a <= local.time() < b for a, b in self.spans)

    def next_opening(self, at: datetime) -> datetime:
        """The first moment from ``at`` on when a person can be reached."""
        return self.add(at, 0)

    def add(self, at: datetime, minutes: float) -> datetime:
        """The moment when ``minutes`` of working time have passed since ``at``; 0 is the next opening."""
        year = self._year(at)
        left = timedelta(minutes=minutes) + year.worked(at)
        while (moment := year.moment(left, opening=minutes == 0)) is None:
            left -= year.total
            year = working_year(self, year.number + 1)
        return moment.astimezone(at.tzinfo)

    def between(self, start: datetime, end: datetime) -> float:
        """Working minutes from ``start`` to ``end``; negative when ``end`` is earlier (time overrun)."""
        if end < start:
            return -self.between(end, start)
        year, last = self._year(start), self._year(end)
        worked = last.worked(end) - year.worked(start)
        for number in range(year.number, last.number):
            worked += working_year(self, number).total
        return worked / timedelta(minutes=1)

    def _year(self, at: datetime) -> WorkingYear:
        return working_year(self, at.astimezone(self.zone).year)


@lru_cache(maxsize=32)
def working_year(hours: OfficeHours, number: int) -> WorkingYear:
    """The working spans of one year, built once. NoHolidayData where the year is not known."""
    first = date(number, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(number + 1, 1, 1) - first).days))
    return WorkingYear.of(
        number,
        (
            tuple(datetime.combine(day, edge, hours.zone).astimezone(UTC) for edge in span)
            for day in days
            if hours.is_workday(day)
            for span in hours.spans
        ),
    )


@dataclass(frozen=True)
class QuietHours:
    """When nobody is contacted unasked: from evening until morning, customer time."""

    start: time
    end: time
    zone: ZoneInfo

    @classmethod
    def of(cls, policy: dict[str, str], zone: ZoneInfo) -> "QuietHours":
        return cls(_clock(policy["from"]), _clock(policy["until"]), zone)

    def covers(self, at: datetime) -> bool:
        """The end itself is not quiet any more."""
        now = at.astimezone(self.zone).time()
        if self.start <= self.end:  # an edited policy need not span midnight
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def after(self, at: datetime) -> datetime:
        """``at`` itself, or the morning when the quiet hours that cover it end."""
        if not self.covers(at):
            return at
        local = at.astimezone(self.zone)
        day = local.date() + timedelta(days=local.time() >= self.end)
        return datetime.combine(day, self.end, self.zone).astimezone(at.tzinfo)

    def begins(self, at: datetime) -> datetime:
        """When the next quiet hours after ``at`` begin."""
        local = at.astimezone(self.zone)
        day = local.date() + timedelta(days=local.time() >= self.start)
        return datetime.combine(day, self.start, self.zone).astimezone(at.tzinfo)

    def place(self, *, earliest: datetime, latest: datetime) -> datetime:
        """The first allowed moment from ``earliest``; when that is past ``latest``, the last one before it."""
        moment = self.after(earliest)
        if moment <= latest:
            return moment
        local = earliest.astimezone(self.zone)
        evening = local.date() - timedelta(days=local.time() < self.start)
        last = datetime.combine(evening, self.start, self.zone) - timedelta(minutes=1)
        return last.astimezone(earliest.tzinfo)
