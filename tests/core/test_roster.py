"""The duty roster: who is on duty when, swaps, absences and deputies, and that alerts go by it (C4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, select

from core.escalation.model import AlertChain
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.roster.duty import Duty, on_duty
from core.roster.model import Absence, Shift
from core.roster.now import duty_now
from core.roster.plan import add_absence, add_shift, remove_shift
from core.roster.swap import swap_shift
from core.staff.audience import active_staff
from core.staff.model import Staff
from core.staff.refusal import Refused, UnknownStaff
from tests.stories.chatting import Chatting

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
EIGHT, NOON, EVENING = (MONDAY + timedelta(hours=n) for n in (0, 4, 12))  # 08:00, 12:00 and 20:00 in Chengdu
MORNING = MONDAY + timedelta(days=1)


def shift(staff: str, start: datetime, end: datetime) -> Shift:
    return Shift(staff=staff, starts_at=start, ends_at=end)


def away(staff: str, deputy: str | None = None) -> Absence:
    return Absence(staff=staff, starts_at=MONDAY, ends_at=MORNING, deputy=deputy)


def people(*names: str, flagged: str = "") -> list[Staff]:
    return [Staff(name=name, role="agent", on_duty=name == flagged) for name in names]


def test_a_shift_over_midnight_ends_where_the_next_begins() -> None:
    shifts = [shift("甲", EVENING, MORNING), shift("乙", MORNING, MORNING + timedelta(hours=12))]
    for at, expected in ((EVENING, "甲"), (MORNING - timedelta(microseconds=1), "甲"), (MORNING, "乙")):
        assert on_duty(shifts, [], people("甲", "乙"), at) == [Duty(expected, "shift")]


def test_nobody_planned_leaves_it_to_the_accounts() -> None:
    crew = people("甲", "乙", flagged="乙")
    assert on_duty([shift("甲", EVENING, MORNING)], [], crew, NOON) == [Duty("乙", "flag")]
    assert on_duty([], [], people("甲"), NOON) == []
    left = [shift("丙", EIGHT, EVENING)]  # planned, but no longer with us
    assert on_duty(left, [], crew, NOON) == [Duty("乙", "flag")]
    assert on_duty(left, [away("丙", "甲")], crew, NOON) == [Duty("甲", "deputy", "丙")]


def test_a_deputy_of_a_deputy_and_a_circle_of_deputies() -> None:
    crew, planned = people("甲", "乙", "丙", flagged="丙"), [shift("甲", EIGHT, EVENING)]
    assert on_duty(planned, [away("甲", "乙")], crew, NOON) == [Duty("乙", "deputy", "甲")]
    assert on_duty(planned, [away("甲", "乙"), away("乙", "丙")], crew, NOON) == [Duty("丙", "deputy", "甲")]
    circle = [away("甲", "乙"), away("乙", "甲")]
    assert on_duty(planned, circle, crew, NOON) == [Duty("丙", "flag")]
    assert on_duty(planned, [away("甲")], crew, NOON) == [Duty("丙", "flag")]
    assert on_duty(planned, [away("甲", "乙")], crew, EIGHT - timedelta(days=1)) == [Duty("丙", "flag")]


def test_who_has_a_shift_and_stands_in_as_well_is_named_once_by_their_own() -> None:
    both = [shift("甲", EIGHT, EVENING), shift("乙", EIGHT, EVENING)]
    assert on_duty(both, [away("甲", "乙")], people("甲", "乙"), NOON) == [Duty("乙", "shift")]


@pytest.fixture
def chat(house: House) -> Chatting:
    return Chatting(house)


def do(chat: Chatting, what: Any, *given: Any, **facts: Any) -> Any:
    with chat.house.database.session() as session:
        done = what(session, *given, **facts)
        session.commit()
        return done


def plan(chat: Chatting, staff: str, start: datetime, end: datetime) -> int:
    facts = {"staff": staff, "starts_at": start, "ends_at": end, "by": "赵经理"}
    return int(do(chat, add_shift, chat.house, **facts).id)


def give(chat: Chatting, number: int, giver: str, taker: str, **more: Any) -> Any:
    at = chat.house.clock.now()
    return do(chat, swap_shift, chat.house, number, giver=giver, taker=taker, by="赵经理", at=at, **more)


def planned(chat: Chatting) -> list[tuple[str, datetime, datetime]]:
    with chat.house.database.reading() as session:
        return [
            (s.staff, s.starts_at, s.ends_at)
            for s in session.scalars(select(Shift).order_by(Shift.starts_at))
        ]


def pushed(chat: Chatting, wording: str) -> list[str]:
    with chat.house.database.reading() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.audience == "staff"))
        return [row.extra["to"] for row in rows if row.extra.get("wording") == wording]


def test_a_part_of_a_night_goes_to_somebody_else_and_both_are_told(chat: Chatting) -> None:
    night = plan(chat, "李工", EVENING, MORNING)
    midnight, four = EVENING + timedelta(hours=4), EVENING + timedelta(hours=8)
    given = give(chat, night, "李工", "周客服", starts_at=midnight, ends_at=four)
    assert planned(chat) == [
        ("李工", EVENING, midnight),
        ("周客服", midnight, four),
        ("李工", four, MORNING),
    ]
    assert (given.swapped_from, given.swapped_by) == ("李工", "赵经理")
    assert given.swapped_at.date() == MONDAY.date()
    assert pushed(chat, "push.shift_swapped") == ["李工", "周客服"]
    chat.work()
    assert "11-24 00:00–04:00 改由 周客服" in chat.recorders["wecom"].sent[-1].text
    give(chat, night, "周客服", "李工")
    assert pushed(chat, "push.shift_swapped").count("李工") == 2


def test_what_cannot_be_planned_is_refused_with_a_reason(chat: Chatting) -> None:
    night, house = plan(chat, "李工", EVENING, MORNING), chat.house
    plan(chat, "周客服", EVENING, MORNING)
    plan(chat, "李工", MORNING, MORNING + timedelta(hours=8))  # where one ends the next may begin
    hour = timedelta(hours=1)
    for key, what in (
        ("roster.overlap", lambda: plan(chat, "李工", MORNING - hour, MORNING)),
        ("roster.bad_shift", lambda: plan(chat, "李工", NOON, NOON)),
        ("roster.bad_shift", lambda: plan(chat, "李工", NOON, NOON + timedelta(hours=49))),
        ("roster.overlap", lambda: give(chat, night, "李工", "周客服")),
        ("roster.to_oneself", lambda: give(chat, night, "李工", "李工")),
        ("roster.not_within", lambda: give(chat, night, "李工", "赵经理", starts_at=NOON)),
        ("roster.swapped_already", lambda: give(chat, night, "周客服", "赵经理")),
        ("roster.gone", lambda: do(chat, remove_shift, 999, by="赵经理")),
        ("roster.own_deputy", lambda: do(chat, add_absence, house, staff="李工", starts_at=NOON, ends_at=EVENING,
                                         deputy="李工", by="赵经理")),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            what()
        assert refused.value.key == key
        for language in ("zh", "en"):
            assert "{" not in house.book.text(key, language, **refused.value.values)
    with pytest.raises(UnknownStaff):
        plan(chat, "没有这人", NOON, EVENING)
    assert len(planned(chat)) == 3 and pushed(chat, "push.shift_swapped") == []


def at_once(*what: Any) -> list[str]:
    """Run them on threads of their own, begun together; returns what was refused, or ``done``."""
    gate = Barrier(len(what))

    def run(one: Any) -> str:
        gate.wait()
        try:
            one()
        except Refused as refused:
            return refused.key
        return "done"

    with ThreadPoolExecutor(len(what)) as pool:
        return sorted(pool.map(run, what))


def test_of_two_swaps_of_one_shift_at_once_one_wins(chat: Chatting) -> None:
    night = plan(chat, "李工", EVENING, MORNING)
    ends = at_once(*(lambda t=t: give(chat, night, "李工", t) for t in ("周客服", "赵经理")))
    assert ends == ["done", "roster.swapped_already"]
    assert len(planned(chat)) == 1 and len(pushed(chat, "push.shift_swapped")) == 2


def test_of_two_overlapping_shifts_planned_at_once_one_is_refused(chat: Chatting) -> None:
    ends = at_once(*(lambda t=t: plan(chat, "李工", t, MORNING) for t in (NOON, EVENING)))
    assert ends == ["done", "roster.overlap"] and len(planned(chat)) == 1


def test_a_legal_holiday_can_be_planned(chat: Chatting) -> None:
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    plan(chat, "李工", new_year, new_year + timedelta(hours=12))
    with chat.house.database.reading() as session:
        found = duty_now(session, active_staff(session), new_year)
    assert found == [Duty("李工", "shift")]


def test_an_emergency_goes_to_who_is_on_shift_and_to_the_deputy_of_who_is_away(chat: Chatting) -> None:
    now = chat.house.clock.now()
    plan(chat, "李工", now, now + timedelta(hours=2))
    chat.emergency()
    assert pushed(chat, "push.emergency") == ["李工"]


def test_a_deputy_is_called_and_a_running_chain_keeps_whom_it_began_with(chat: Chatting) -> None:
    now = chat.house.clock.now()
    night = plan(chat, "周客服", now, now + timedelta(hours=2))
    do(chat, add_absence, chat.house, staff="周客服", starts_at=now, ends_at=now + timedelta(days=1), deputy="李工", by="赵经理")  # fmt: skip
    chat.emergency()
    assert pushed(chat, "push.emergency") == ["李工"]

    def callees() -> list[str]:
        with chat.house.database.reading() as session:
            chain = session.scalars(select(AlertChain)).one()
            return list(dict.fromkeys(step["person"] for step in chain.steps))

    before = callees()
    assert before == [
        "李工",
        "赵经理",
        "总经理",
        "周客服",
    ]  # who is away only before nobody hears of a danger
    give(chat, night, "周客服", "赵经理")
    do(chat, remove_shift, night, by="赵经理")
    assert callees() == before


def test_it_is_one_query_whoever_asks(chat: Chatting) -> None:
    now, seen = chat.house.clock.now(), []
    plan(chat, "李工", now, now + timedelta(hours=2))
    with chat.house.database.reading() as session:
        crew = active_staff(session)
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
        assert duty_now(session, crew, now) == [Duty("李工", "shift")]
    assert len([statement for statement in seen if "SELECT" in statement]) == 1
