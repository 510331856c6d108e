"""Business time: office hours, legal holidays and make-up days, working time, and the quiet hours of every hour."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.knowledge.book import shipped_policies
from core.promise.calendar import NoHolidayData, OfficeHours, QuietHours

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = OfficeHours.of(shipped_policies()["office_hours"], ZONE)
QUIET = QuietHours.of(shipped_policies()["quiet_hours"], ZONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-23T08:29:59", False),
        ("2026-11-23T08:30", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T13:30", True),
        ("2026-11-23T18:00", False),
        ("2026-11-22T10:00", False),  # Sunday
        ("2026-10-01T10:00", False),  # National Day, a Thursday
        ("2026-10-10T10:00", True),  # a Saturday worked to make up for it
        ("2026-02-17T10:00", False),  # Spring Festival
        ("2026-02-14T10:00", True),  # its make-up Saturday
    ],
)
def test_when_a_person_can_be_reached(moment: str, open_: bool) -> None:
    assert HOURS.is_open(at(moment)) is open_


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00"),
        ("2026-11-23T12:10", "2026-11-23T13:30"),
        ("2026-11-23T18:00", "2026-11-24T08:30"),
        ("2026-11-20T19:00", "2026-11-23T08:30"),
        ("2026-09-30T18:00", "2026-10-08T08:30"),
    ],
)
def test_the_next_opening(moment: str, opening: str) -> None:
    assert HOURS.next_opening(at(moment)) == at(opening)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23T10:00", 60, "2026-11-23T11:00"),
        ("2026-11-23T11:30", 60, "2026-11-23T14:00"),  # lunch
        ("2026-11-20T17:30", 60, "2026-11-23T09:00"),  # weekend
        ("2026-09-30T17:30", 60, "2026-10-08T09:00"),  # holiday
        ("2026-11-22T03:00", 30, "2026-11-23T09:00"),  # asked on a Sunday night
        ("2026-11-23T08:30", 480, "2026-11-23T18:00"),  # a whole working day
    ],
)
def test_working_time_is_added_across_lunch_weekend_and_holiday(start: str, minutes: int, end: str) -> None:
    assert HOURS.add(at(start), minutes) == at(end)


def test_past_the_table_of_holidays_is_said_clearly() -> None:
    with pytest.raises(NoHolidayData, match="2031"):
        HOURS.is_workday(date(2031, 1, 5))


def test_a_follow_up_comes_within_a_day_and_never_at_night_whenever_the_work_was_done() -> None:
    for minute in range(0, 24 * 60, 7):
        done = at("2026-11-23T00:00") + timedelta(minutes=minute)
        for hours in (20, 20.5):
            due = QUIET.place(earliest=done + timedelta(hours=hours), latest=done + timedelta(hours=24))
            assert done < due <= done + timedelta(hours=24), done
            assert not QUIET.covers(due), done


@pytest.mark.parametrize("hour", range(24))
def test_after_is_the_first_moment_that_is_not_quiet(hour: int) -> None:
    moment = at("2026-11-23T00:30") + timedelta(hours=hour)
    allowed = QUIET.after(moment)
    assert allowed >= moment and not QUIET.covers(allowed)
    assert allowed == moment or QUIET.covers(allowed - timedelta(seconds=1))


def test_quiet_hours_within_one_day_end_the_same_day() -> None:
    noon = QuietHours.of({"from": "12:00", "until": "14:00"}, ZONE)
    assert not noon.covers(at("2026-11-23T23:00")) and not noon.covers(at("2026-11-23T08:00"))
    assert noon.after(at("2026-11-23T13:00")) == at("2026-11-23T14:00")
    placed = noon.place(earliest=at("2026-11-23T13:00"), latest=at("2026-11-23T13:30"))
    assert placed == at("2026-11-23T11:59")


def test_the_zone_of_the_question_is_the_zone_of_the_answer() -> None:
    asked = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 22:00 in Shanghai
    assert QUIET.after(asked) == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert QUIET.after(asked).tzinfo is UTC and HOURS.next_opening(asked).tzinfo is UTC
