"""Working time against a slow second implementation that marks every minute of two years."""

from array import array
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.promise.calendar import Decree, NoHolidayData, OfficeHours

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2024, 1, 1, tzinfo=ZONE)  # a leap year, and the turn of a year
MINUTES = (366 + 365) * 1440
POLICY: dict[str, Any] = {
    "spans": [["08:30", "12:00"], ["13:30", "18:00"], ["19:00", "20:15"]],
    "days_off": [5, 6],
    "decreed": {"holidays": ["2024-02-29", "2025-01-02"], "workdays": ["2024-03-02", "2025-10-01"]},
}
HOURS = OfficeHours.of(POLICY, ZONE)


def _works(day: date) -> bool:
    if day.isoformat() in POLICY["decreed"]["holidays"] + POLICY["decreed"]["workdays"]:
        return day.isoformat() in POLICY["decreed"]["workdays"]
    return chinese_calendar.is_workday(day)


def _minute_map() -> bytearray:
    worked, idle = bytearray(1440), bytearray(1440)
    for start, end in POLICY["spans"]:
        for minute in range(*(int(t[:2]) * 60 + int(t[3:]) for t in (start, end))):
            worked[minute] = 1
    days = (FIRST.date() + timedelta(days=n) for n in range(MINUTES // 1440))
    return bytearray().join(worked if _works(day) else idle for day in days)


MAP = _minute_map()
BEFORE = array("l", accumulate(MAP, initial=0))  # working minutes before each minute
moments = st.integers(0, MINUTES - 1)


def at(minute: int) -> datetime:
    return (FIRST + timedelta(minutes=minute)).astimezone(UTC)


@settings(max_examples=400, deadline=None)
@given(moments, moments)
def test_between_counts_the_minutes_worked(start: int, end: int) -> None:
    assert HOURS.between(at(start), at(end)) == BEFORE[end] - BEFORE[start]


@settings(max_examples=400, deadline=None)
@given(st.integers(0, MINUTES - 60 * 1440), st.integers(1, 6_000))
def test_add_stops_after_the_last_minute_worked(start: int, minutes: int) -> None:
    end = start
    while minutes:
        minutes -= MAP[end]
        end += 1
    assert HOURS.add(at(start), BEFORE[end] - BEFORE[start]) == at(end)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, MINUTES - 60 * 1440))
def test_the_next_opening_is_the_next_minute_worked(start: int) -> None:
    assert HOURS.next_opening(at(start)) == at(MAP.index(1, start))
    assert HOURS.is_open(at(start)) is bool(MAP[start])


def test_a_leap_day_is_worked_unless_decreed_off() -> None:
    plain = OfficeHours.of({**POLICY, "decreed": {}}, ZONE)
    assert plain.is_workday(date(2024, 2, 29)) and not HOURS.is_workday(date(2024, 2, 29))


def test_a_year_without_data_says_so_until_it_is_decreed() -> None:
    new_year = datetime(2099, 1, 1, 9, tzinfo=ZONE)
    with pytest.raises(NoHolidayData, match=r"2099.*chinesecalendar or decree it"):
        HOURS.add(new_year, 60)
    decreed = {"holidays": ["2099-01-01"], "workdays": ["2099-01-03"], "years": [2099]}
    hours = OfficeHours.of({**POLICY, "decreed": decreed}, ZONE)
    assert hours.add(new_year, 60) == datetime(2099, 1, 2, 9, 30, tzinfo=ZONE)
    assert hours.is_workday(date(2099, 1, 3))  # a Saturday, worked


def test_a_day_is_not_off_and_worked_at_once() -> None:
    with pytest.raises(ValueError, match="2026-10-01"):
        Decree.of({"holidays": ["2026-10-01"], "workdays": ["2026-10-01"]})
