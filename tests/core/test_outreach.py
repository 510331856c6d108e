"""The outreach planner: every row of its table, and what holds for all customers at all times (E4)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.call.limits import NoCall
from core.care.outreach import WEEK, Chat, Drop, Facts, Person, Rules, SendBy, Wait, decide
from core.knowledge.book import shipped_policies

ZONE = ZoneInfo("Asia/Shanghai")
RULES = Rules.of(shipped_policies().__getitem__, ZONE)
SPARING = Rules.of(shipped_policies().__getitem__, ZONE, spare_holidays=True)
NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)  # Wednesday 12:00 in Shanghai
MORNING = datetime(2026, 11, 26, 1, tzinfo=UTC)
CHAT, TELEGRAM = Chat(7, "webchat"), Chat(8, "telegram")
SPENT = Chat(9, "wechat", "used up")
NO_PHONE = NoCall("no number is known")
BUSY = NoCall("called within the hour", NOON + timedelta(hours=1))


def ago(*hours: float) -> tuple[datetime, ...]:
    return tuple(NOON - timedelta(hours=h) for h in hours)


TABLE = {
    "the chat where they were last heard": (Facts(chats=(CHAT, TELEGRAM)), NOON, SendBy("webchat", 7)),
    "WeChat used up: the next chat": (Facts(chats=(SPENT, TELEGRAM)), NOON, SendBy("telegram", 8)),
    "WeChat used up, no other: a call": (Facts(chats=(SPENT,)), NOON, SendBy("voice")),
    "no chat: a call": (Facts(), NOON, SendBy("voice")),
    "the number was just called": (
        Facts(call=BUSY),
        NOON,
        Wait(NOON + timedelta(hours=1), "called within the hour"),
    ),
    "no chat and no call: a person": (
        Facts(call=NO_PHONE),
        NOON,
        Person("no chat is known; call: no number is known; SMS: no provider"),
    ),
    "opted out": (Facts(opted_out=True, chats=(CHAT,)), NOON, Drop("the customer opted out")),
    "opted out at night": (
        Facts(opted_out=True),
        NOON + timedelta(hours=11),
        Drop("the customer opted out"),
    ),
    "21:00 is night": (Facts(chats=(CHAT,)), NOON + timedelta(hours=9), Wait(MORNING, "quiet hours")),
    "20:59 is not": (Facts(chats=(CHAT,)), NOON + timedelta(hours=8, minutes=59), SendBy("webchat", 7)),
    "09:00 is day": (Facts(chats=(CHAT,)), MORNING, SendBy("webchat", 7)),
    "three contacts this week": (
        Facts(chats=(CHAT,), contacts=ago(96, 50, 1)),
        NOON,
        Wait(NOON - timedelta(hours=96) + WEEK, "contacted 3 times within a week"),
    ),
    "the first is a week old": (Facts(chats=(CHAT,), contacts=ago(168, 50, 1)), NOON, SendBy("webchat", 7)),
    "in the middle of a report": (
        Facts(chats=(CHAT,), in_form_until=NOON + timedelta(minutes=9)),
        NOON,
        Wait(NOON + timedelta(minutes=9), "the customer is in the middle of a report"),
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_table(name: str) -> None:
    facts, at, expected = TABLE[name]
    assert decide(facts, RULES, at=at) == expected


def test_legal_holidays_are_spared_where_the_plan_says_so() -> None:
    national_day = datetime(2026, 10, 1, 4, tzinfo=UTC)
    assert decide(Facts(chats=(CHAT,)), RULES, at=national_day) == SendBy("webchat", 7)
    spared = decide(Facts(chats=(CHAT,)), SPARING, at=national_day)
    assert isinstance(spared, Wait) and spared.until == datetime(2026, 10, 8, 1, tzinfo=UTC)
    weekend = datetime(2026, 11, 28, 4, tzinfo=UTC)
    assert decide(Facts(chats=(CHAT,)), SPARING, at=weekend) == SendBy("webchat", 7)
    beyond = datetime(2099, 10, 1, 4, tzinfo=UTC)
    assert decide(Facts(chats=(CHAT,)), SPARING, at=beyond) == SendBy("webchat", 7)


def test_no_person_allowed_means_dropped_with_the_reason() -> None:
    rules = Rules(RULES.quiet, 3, channels=("chat",))
    assert decide(Facts(), rules, at=NOON) == Drop("no way is left: no chat is known")


moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)).map(lambda d: d.replace(tzinfo=UTC))
silences = st.none() | st.just("used up")
calls = (
    st.none()
    | st.just(NO_PHONE)
    | st.integers(1, 3000).map(lambda m: NoCall("x", NOON + timedelta(minutes=m)))
)


@settings(max_examples=300, deadline=None)
@given(
    at=moments,
    hours=st.lists(st.floats(0, 400), max_size=8),
    opted_out=st.booleans(),
    chats=st.lists(silences, max_size=3),
    call=calls,
    per_week=st.integers(0, 4),
    sparing=st.booleans(),
)
def test_never_at_night_never_over_the_cap_never_after_opting_out(
    at: datetime,
    hours: list[float],
    opted_out: bool,
    chats: list[str | None],
    call: NoCall | None,
    per_week: int,
    sparing: bool,
) -> None:
    rules = Rules(RULES.quiet, per_week, holidays=SPARING.holidays if sparing else None)
    contacts = tuple(at - timedelta(hours=h) for h in hours)
    facts = Facts(opted_out, contacts, tuple(Chat(n, "webchat", s) for n, s in enumerate(chats)), call)
    decision = decide(facts, rules, at=at)
    local = at.astimezone(ZONE)
    if isinstance(decision, SendBy | Person):
        assert not opted_out and 9 <= local.hour < 21
        assert sum(moment > at - WEEK for moment in contacts) < per_week
    if isinstance(decision, Wait):
        assert not opted_out and 9 <= decision.until.astimezone(ZONE).hour < 21
