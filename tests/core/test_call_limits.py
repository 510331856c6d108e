"""Whether a number may be called: every limit alone, the first that holds, and when asking again may help."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.call.limits import NoCall, Placed, may_call, price
from core.call.outcomes import ANSWERS, FOLLOWS, MACHINES, outcome_of
from core.knowledge.book import shipped_policies
from core.promise.calendar import QuietHours

POLICY = shipped_policies()["voice_out"] | {"unreachable": {"twilio": ["+86137"]}}
QUIET = QuietHours(time(21), time(9), ZoneInfo("Asia/Shanghai"))
NOON, NIGHT = datetime(2026, 11, 23, 4, tzinfo=UTC), datetime(2026, 11, 23, 15, tzinfo=UTC)
WANG = "+8613800138000"
NONE = Placed()


def asked(phone: str = WANG, at: datetime = NOON, placed: Placed = NONE, **changes: object) -> NoCall | None:
    return may_call({**POLICY, **changes}, phone, at=at, provider="twilio", placed=placed, quiet=QUIET)


def test_an_ordinary_call_may_be_placed() -> None:
    assert asked() is None


@pytest.mark.parametrize(
    ("refused", "why", "again"),
    [
        (asked(enabled=False), "switched off", None),
        (asked("+85261234567"), "country", None),
        (asked("+8613712345678"), "does not call there", None),
        (asked(at=NIGHT), "quiet hours", datetime(2026, 11, 24, 1, tzinfo=UTC)),
        (asked(placed=Placed(number_hour=1)), "within the hour", NOON + timedelta(hours=1)),
        (asked(placed=Placed(number_day=3)), "today", NOON + timedelta(days=1)),
        (asked(placed=Placed(hour=60)), "an hour", NOON + timedelta(hours=1)),
        (asked(placed=Placed(day=400)), "a day", NOON + timedelta(days=1)),
        (asked(placed=Placed(money=199.9)), "money", NOON + timedelta(days=1)),
    ],
)
def test_each_limit(refused: NoCall | None, why: str, again: datetime | None) -> None:
    assert refused is not None and why in refused.why and refused.again == again


def test_staff_are_called_at_night_and_more_than_once_an_hour() -> None:
    often = Placed(number_hour=11, number_day=11)
    assert may_call(POLICY, WANG, at=NIGHT, provider="twilio", placed=often, quiet=None) is None
    too_often = may_call(POLICY, WANG, at=NIGHT, provider="twilio", placed=Placed(number_hour=12), quiet=None)
    assert too_often is not None and "within the hour" in too_often.why


def test_quiet_hours_begin_this_evening_or_the_next() -> None:
    assert QUIET.begins(NOON) == datetime(2026, 11, 23, 13, tzinfo=UTC)
    assert QUIET.begins(NIGHT) == datetime(2026, 11, 24, 13, tzinfo=UTC)


def test_the_longest_prefix_has_the_price() -> None:
    policy = {"minute_price": {"+86": 0.3, "+86400": 2.0, "default": 5.0}, "expected_minutes": 2}
    assert [price(policy, phone) for phone in (WANG, "+864001", "+1202")] == [0.6, 4.0, 10.0]


@pytest.mark.parametrize(
    ("status", "by", "marks", "outcome"),
    [
        ("completed", "human", ["rated"], "rated"),
        ("completed", "machine_start", ["confirmed"], "confirmed"),  # a key outweighs what was heard
        ("busy", None, ["accepted"], "accepted"),
        ("completed", "unknown", [], "hung_up"),
        ("completed", None, [], "hung_up"),
        *(("completed", machine, [], "machine") for machine in MACHINES),
        ("busy", None, [], "busy"),
        ("no-answer", "human", [], "no_answer"),
        ("failed", None, [], "failed"),
        ("canceled", None, [], "canceled"),
        ("ringing", None, [], "unknown"),
        ("unknown", None, [], "unknown"),
    ],
)
def test_what_came_of_it(status: str, by: str | None, marks: list[str], outcome: str) -> None:
    assert outcome_of(status, by, marks) == outcome and outcome in FOLLOWS


def test_every_outcome_has_what_follows_and_its_minutes() -> None:
    assert set(ANSWERS) <= set(FOLLOWS)
    assert {follows.again for follows in FOLLOWS.values() if follows.again} == set(POLICY["again"])
