"""When plans fall due: the calendar's corners, and every rhythm against a slow second reading of the calendar."""

import calendar
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.programme.offset import BadOffset, Offset
from core.programme.plan import BadPlan, Plan
from core.programme.rhythm import Rhythm, occurrences
from core.programme.shipped import shipped_plans, shipped_rows

ZONE = ZoneInfo("Asia/Shanghai")
FAR = datetime(2040, 1, 1, tzinfo=ZONE)


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T10:00").replace(tzinfo=ZONE)


def dates(written: dict, event: str, until: str) -> list[str]:
    start = day(event)
    found = occurrences(Rhythm.of(written), start, since=start - timedelta(days=999), until=day(until))
    return [moment.date().isoformat() for moment in found]


@pytest.mark.parametrize(
    ("written", "event", "until", "expected"),
    [
        ({"every": [{"each": "1 month"}]}, "2027-10-31", "2028-04-01",
         ["2027-11-30", "2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]),
        ({"every": [{"each": "1 year"}]}, "2024-02-29", "2029-01-01",
         ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ({"every": [{"each": "3 months"}]}, "2026-11-30", "2027-12-01",
         ["2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30"]),
        ({"at": ["-14 days"]}, "2027-01-10", "2028-01-01", ["2026-12-27"]),
        ({"every": [{"each": "2 weeks"}]}, "2026-12-20", "2027-01-20", ["2027-01-03", "2027-01-17"]),
        ({"at": ["25 days", "1 month"], "every": [{"each": "1 month", "until": "2 months"}]},
         "2026-01-31", "2027-01-01", ["2026-02-25", "2026-02-28", "2026-03-31"]),
    ],
)  # fmt: skip
def test_month_ends_leap_days_and_the_turn_of_the_year(
    written: dict, event: str, until: str, expected: list[str]
) -> None:
    assert dates(written, event, until) == expected


def test_inspection_is_monthly_then_two_monthly_then_quarterly() -> None:
    rhythm = shipped_plans()["inspection"].rhythm
    start = day("2026-01-31")
    found = occurrences(rhythm, start, since=start, until=day("2029-02-01"))
    ages = [(one.year - 2026) * 12 + one.month - 1 for one in found]
    assert ages == [*range(1, 13), *range(14, 25, 2), *range(27, 37, 3)]
    assert all(one.day == min(31, calendar.monthrange(one.year, one.month)[1]) for one in found)


def test_hours_pass_and_days_keep_the_wall_clock_also_where_clocks_are_changed() -> None:
    berlin = datetime(2026, 10, 24, 10, tzinfo=ZoneInfo("Europe/Berlin"))
    assert Offset.of("24 hours").after(berlin).hour == 9
    assert Offset.of("1 day").after(berlin).hour == 10


spells = st.tuples(st.integers(1, 5), st.none() | st.integers(1, 30))


@settings(max_examples=150, deadline=None)
@given(
    event=st.dates(date(2023, 12, 1), date(2029, 3, 1)),
    lines=st.lists(spells, min_size=1, max_size=3),
    single=st.lists(st.integers(0, 40), max_size=2),
    since=st.integers(-30, 600),
    length=st.integers(0, 900),
)
def test_months_against_a_walk_over_every_day(
    event: date, lines: list, single: list[int], since: int, length: int
) -> None:
    ages, limits = set(), [until for _, until in lines]
    before = 0
    for each, until in lines:
        end = 10_000 if until is None else until
        ages |= set(range(before + each, end + 1, each))
        if until is None:
            break
        before = until
    if any(limit is not None and limit < (limits[n - 1] or 0) for n, limit in enumerate(limits) if n):
        return  # spells that go backwards say nothing
    written = {
        "at": [f"{days} days" for days in single],
        "every": [{"each": f"{e} months", "until": f"{u} months" if u else None} for e, u in lines],
    }
    start = datetime(event.year, event.month, event.day, 10, tzinfo=ZONE)
    low, high = start + timedelta(days=since), start + timedelta(days=since + length)
    expected = []
    for number in range(max(since, 0), since + length + 1):
        one = event + timedelta(days=number)
        age = (one.year - event.year) * 12 + one.month - event.month
        on_its_day = one.day == min(event.day, calendar.monthrange(one.year, one.month)[1])
        due = (on_its_day and age in ages) or number in single
        if due and low < datetime(one.year, one.month, one.day, 10, tzinfo=ZONE) <= high:
            expected.append(one)
    found = occurrences(Rhythm.of(written), start, since=low, until=high)
    assert [one.date() for one in found] == expected
    assert all(one.hour == 10 and one.utcoffset() == timedelta(hours=8) for one in found)


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(shipped_plans())),
    event=st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31)),
    cuts=st.lists(st.integers(0, 1200), min_size=2, max_size=5),
)
def test_looking_in_pieces_finds_the_same_and_nothing_twice(
    name: str, event: datetime, cuts: list[int]
) -> None:
    """The round looks a day at a time: no occurrence lies between two looks, none is in both."""
    plan, start = shipped_plans()[name], event.replace(tzinfo=UTC)
    edges = [start + timedelta(days=n - 30) for n in sorted(cuts)]
    whole = plan.dates(start, since=edges[0], until=edges[-1], zone=ZONE)
    pieces = [
        moment
        for low, high in pairwise(edges)
        for moment in plan.dates(start, since=low, until=high, zone=ZONE)
    ]
    assert pieces == whole == sorted(set(whole))


@pytest.mark.parametrize("text", ["", "3", "month", "3 moons", "3.5 days", "99 years", "1 month 2 days"])
def test_what_is_no_offset_is_refused(text: str) -> None:
    with pytest.raises(BadOffset):
        Offset.of(text)


SALE = next(row for row in shipped_rows() if row["name"] == "sale")


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        ({"rhythm": {"at": ["soon"]}}, "offset"),
        ({"rhythm": {"every": [{"each": "-1 days"}]}}, "offset"),
        ({"rhythm": {}}, "rhythm"),
        ({"rhythm": {"at": ["-3 days"]}}, "early"),
        ({"within": "0 days"}, "within"),
        ({"clock": "25:00"}, "moment"),
        ({"trigger": "full_moon"}, "unknown"),
        ({"trigger": "calendar"}, "starts_on"),
        ({"trigger": "ticket_done", "rhythm": {"every": [{"each": "1 month"}]}}, "endless"),
        ({"questions": []}, "nothing_asked"),
        ({"questions": ["rating"]}, "unknown"),
        ({"channels": []}, "no_way"),
        ({"action": "report"}, "report"),
        ({"action": "visit", "trigger": "launch"}, "visit"),
        ({"title": " "}, "title"),
        ({"who": {"categories": ["spaceship"]}}, "unknown"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused_with_the_reason(edit: dict, why: str) -> None:
    with pytest.raises(BadPlan) as refused:
        Plan.of(SALE | edit)
    assert refused.value.why == why
