"""Business time: office hours, days off, legal holidays with make-up workdays (A5), quiet hours (E4)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar


class NoHolidayData(Exception):
    """The holiday table does not cover the year; update the package chinesecalendar."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no legal-holiday data for {year}; update the package chinesecalendar")
        self.year = year


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


@dataclass(frozen=True)
class OfficeHours:
    """Working spans of a day in local time, and the weekdays off (Monday is 0)."""

    spans: tuple[tuple[time, time], ...]
    days_off: tuple[int, ...]
    zone: ZoneInfo

    @classmethod
    def of(cls, policy: dict[str, Any], zone: ZoneInfo) -> "OfficeHours":
        spans = tuple((_clock(a), _clock(b)) for a, b in policy["spans"])
        return cls(spans, tuple(int(day) for day in policy["days_off"]), zone)

    def is_workday(self, day: date) -> bool:
        """Make-up days are on and legal holidays off, whatever the weekday. NoHolidayData past the table."""
        try:
            chinese_calendar.is_workday(day)  # raises where the table ends
        except NotImplementedError as beyond:
            raise NoHolidayData(day.year) from beyond
        if day in chinese_calendar.constants.workdays:
            return True
        return day not in chinese_calendar.constants.holidays and day.weekday() not in self.days_off

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        return self.is_workday(local.date()) and any(a <= local.time() < b for a, b in self.spans)

    def next_opening(self, at: datetime) -> datetime:
        """The first moment from ``at`` on when a person can be reached."""
        if self.is_open(at):
            return at
        local = at.astimezone(self.zone)
        for offset in range(0, 30):
            day = local.date() + timedelta(days=offset)
            if not self.is_workday(day):
                continue
            for start, _ in self.spans:
                opening = datetime.combine(day, start, self.zone)
                if opening >= local:
                    return opening.astimezone(at.tzinfo)
        raise NoHolidayData(local.year)

    def add(self, at: datetime, minutes: float) -> datetime:
        """The moment when ``minutes`` of working time have passed since ``at``."""
        left, now = timedelta(minutes=minutes), self.next_opening(at).astimezone(self.zone)
        while True:
            end = next(b for a, b in self.spans if a <= now.time() < b)
            closing = datetime.combine(now.date(), end, self.zone)
            if now + left <= closing:
                return (now + left).astimezone(at.tzinfo)
            left -= closing - now
            now = self.next_opening(closing).astimezone(self.zone)


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
