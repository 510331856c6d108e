"""Alert chains: from way to way and from person to person, at their times, until somebody takes it (C2, C3)."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select, update

from core.escalation.model import AlertChain, AlertStep
from core.house import House
from core.messaging.channel import Never
from core.promise.clock import SlaClock
from core.promise.model import Promise
from core.promise.sweep import sweep
from core.service.model import Policy
from core.staff.model import Staff
from scheduler.handlers import HANDLERS
from tests.channels.desk import at_once
from tests.core.invariants import check
from tests.core.world import PowerCut
from tests.edited import known_at_once
from tests.stories.chatting import ADMIN, LI, ZHAO, ZHOU, Chatting

MAJOR = "客：我要投诉，师傅态度太差，再不处理我就找记者曝光"


@pytest.fixture
def chat(house: House) -> Chatting:
    """周客服 on duty with two chats; 赵经理 and 总经理 with one."""
    chat = Chatting(house)
    chat.set("周客服", telegram_id="88001")
    return chat


def told(chat: Chatting) -> list[str]:
    """Every step so far: minutes after the start, who, and on which channel."""
    with chat.house.database.reading() as session:
        chain = session.scalars(select(AlertChain).order_by(AlertChain.id)).first()
        assert chain is not None
        steps = session.scalars(
            select(AlertStep).where(AlertStep.chain_id == chain.id).order_by(AlertStep.id)
        ).all()
        start = chain.started_at
    return [f"{round((s.triggered_at - start).total_seconds() / 60)} {s.person} {s.channel}" for s in steps]


def chains(chat: Chatting) -> list[AlertChain]:
    with chat.house.database.reading() as session:
        return list(session.scalars(select(AlertChain).order_by(AlertChain.id)))


def quiet(chat: Chatting) -> None:
    """The deadlines of the ticket have alerts of their own; here they are not what is looked at."""
    with chat.house.database.session() as session:
        now = chat.house.clock.now()
        mine = update(Promise).where(Promise.kind.startswith("sla_"))
        session.execute(mine.values(status="cancelled", ended_at=now))
        session.execute(update(SlaClock).values(stopped_at=now, outcome="called_off"))
        session.commit()


def alarmed(chat: Chatting) -> str:
    number = chat.emergency()
    quiet(chat)
    return number


LADDER = [
    "0 周客服 wecom",
    "5 周客服 telegram",
    "10 周客服 console",
    "10 赵经理 wecom",
    "15 赵经理 console",
    "15 总经理 wecom",
    "20 总经理 console",
    "20 李工 wecom",  # not on duty, but before nobody hears of a danger
    "25 李工 console",
]


def test_up_the_ladder_at_its_times_twice_and_then_it_is_told_that_nobody_came(chat: Chatting) -> None:
    number = alarmed(chat)
    chat.passes("29m")
    assert told(chat) == LADDER and chains(chat)[0].state == "running"
    chat.passes("1h")
    again = [f"{int(line.split()[0]) + 35} {line.split(' ', 1)[1]}" for line in LADDER]
    assert told(chat) == LADDER + again
    (chain,) = chains(chat)
    assert (chain.state, chain.next_at) == ("exhausted", None)
    assert "无人接单" in [m for m in chat.recorders["wecom"].sent if m.recipient == ADMIN][-1].text
    assert chat.written(number, "chain_exhausted") == ["chain_exhausted frontdoor push.emergency"]
    check(chat.house)


@pytest.mark.parametrize(
    ("minutes", "who", "name"), [(1, ZHOU, "周客服"), (12, ZHAO, "赵经理"), (17, ADMIN, "总经理")]
)
def test_taken_at_any_step_nobody_else_is_told(chat: Chatting, minutes: int, who: str, name: str) -> None:
    number = alarmed(chat)
    chat.passes(f"{minutes}m")
    before = told(chat)
    assert "已受理" in chat.presses(who, "接单")
    (chain,) = chains(chat)
    assert (chain.state, chain.ended_by) == ("acknowledged", name)
    chat.passes("3h")
    assert told(chat) == before and chat.written(number, "accept") == [f"accept {name} None"]
    if who != ZHOU:  # on the others' screens it says who has it
        assert chat.changed(ZHOU)[0] == f"{name}已接单"
    check(chat.house)


def test_two_take_it_at_once(chat: Chatting) -> None:
    alarmed(chat)
    chat.passes("12m")
    presses = [chat.press(ZHOU, "接单"), chat.press(ZHAO, "接单")]
    said = chat.sends(*presses)
    assert "已经由 周客服 处理" in said and chains(chat)[0].ended_by == "周客服"
    check(chat.house)


def test_taken_while_the_next_step_falls_due(chat: Chatting) -> None:
    """Whichever is first: the chain has ended, and nobody waits for the other for ever."""
    number = alarmed(chat)
    now = chat.house.clock.now() + timedelta(minutes=6)
    at_once(
        lambda: sweep(chat.house, HANDLERS, now=now),
        lambda: chat.staff("accept", number, by="赵经理"),
    )
    chat.work()
    (chain,) = chains(chat)
    assert (chain.state, chain.ended_by) == ("acknowledged", "赵经理")
    chat.passes("2h")
    assert len(told(chat)) <= 2
    check(chat.house)


def test_a_chain_in_flight_is_not_changed_by_edits(chat: Chatting) -> None:
    alarmed(chat)
    with chat.house.database.session() as session:
        policy = session.get_one(Policy, "escalation")
        policy.value = {**policy.value, "wait_minutes": dict.fromkeys(policy.value["wait_minutes"], 60)}
        for person in session.scalars(select(Staff)):
            person.on_duty = person.name == "李工"
        session.commit()
    known_at_once(chat.house)
    assert chat.house.book.policy("escalation")["wait_minutes"]["wecom"] == 60
    chat.passes("26m")
    assert told(chat) == LADDER


def test_who_leaves_is_not_told_of_customers_any_more(chat: Chatting) -> None:
    number = alarmed(chat)
    chat.set("赵经理", active=False)
    chat.passes("11m")
    assert "总经理 wecom" in told(chat)[-1] and told(chat)[-1].startswith("10 ")
    assert not [m for m in chat.recorders["wecom"].sent if m.recipient == ZHAO]
    assert any("no longer works here" in line for line in chat.written(number, "push_failed"))
    check(chat.house)


def test_all_channels_fail_then_everybody_was_tried_and_it_says_so(chat: Chatting) -> None:
    gone = {who: Never("down", lost=False) for who in (ZHOU, ZHAO, ADMIN, LI, "88001")}
    for name in ("wecom", "telegram"):
        chat.recorders[name].gone |= gone  # type: ignore[attr-defined]
    alarmed(chat)
    chat.passes("2h")
    (chain,) = chains(chat)
    assert chain.state == "exhausted"
    with chat.house.database.reading() as session:
        steps = session.scalars(select(AlertStep)).all()
    assert len(steps) == 2 * len(LADDER)
    assert all((s.failed_at is not None) != (s.sent_at is not None) for s in steps)
    assert {s.channel for s in steps if s.sent_at} == {"console"}
    check(chat.house)


def test_snoozed_nobody_else_is_told_but_not_for_ever(chat: Chatting) -> None:
    alarmed(chat)
    chat.presses(ZHOU, "30分钟后")
    chat.passes("31m")
    assert told(chat) == ["0 周客服 wecom"] and "稍后提醒" in chat.card(ZHOU).text
    for _ in range(2):
        chat.presses(ZHOU, "30分钟后")
        chat.passes("31m")
    assert len(told(chat)) == 1
    chat.presses(ZHOU, "30分钟后")  # a fourth time: they are reminded, and the chain goes on
    chat.passes("20m")
    assert len(told(chat)) > 1
    check(chat.house)


def test_handed_on_it_starts_at_the_head(chat: Chatting) -> None:
    alarmed(chat)
    chat.presses(ZHOU, "转上级")
    first, second = chains(chat)
    assert (first.state, first.reason) == ("called_off", "handed up by 周客服")
    assert [(s["person"], s["channel"]) for s in second.steps][:1] == [("赵经理", "wecom")]
    chat.passes("6m")
    assert "转上级" in chat.card(ADMIN).text
    chat.presses(ADMIN, "接单")
    assert {chain.state for chain in chains(chat)} == {"called_off", "acknowledged"}
    check(chat.house)


def test_an_alert_about_somebodys_ticket_is_seen_and_stays_theirs(chat: Chatting) -> None:
    number = chat.emergency()
    chat.types(ZHOU, f"#{number} 改派 李工")
    chat.passes("7m")  # somebody should be on the way by now
    card = chat.card(ADMIN)
    assert "超时" in card.text and [label for _, label in card.choices] == ["知道了", "转上级", "30分钟后"]
    chat.presses(ADMIN, "知道了", card=card)
    assert chat.tickets()[0]["assignee"] == "李工" and chat.changed(ADMIN)[-1] == "总经理已知悉"
    assert "running" not in {chain.state for chain in chains(chat)}
    check(chat.house)


def test_a_major_issue_is_flagged_and_head_and_general_manager_hear_of_it_at_once(chat: Chatting) -> None:
    chat.play(MAJOR)
    assert told(chat) == ["0 赵经理 wecom", "0 总经理 wecom"]
    chat.presses(ZHAO, "接单")
    assert chains(chat)[0].ended_by == "赵经理" and chat.changed(ADMIN) == ["赵经理已接单"]
    check(chat.house)


def test_nobody_works_here(chat: Chatting) -> None:
    for name in ("李工", "赵经理", "周客服", "总经理"):
        chat.set(name, active=False)
    alarmed(chat)
    assert told(chat) == ["0 role:agent console"]
    chat.passes("1h")
    assert chains(chat)[0].state == "exhausted"
    check(chat.house)


def test_after_an_outage_one_step_follows_the_other(chat: Chatting) -> None:
    alarmed(chat)
    chat.house.clock.move_to(chat.house.clock.now() + timedelta(hours=9))  # nobody kept anything
    late: Any = chat.house.clock.now()
    sweep(chat.house, HANDLERS, now=late)
    assert len(told(chat)) == 2
    sweep(chat.house, HANDLERS, now=late + timedelta(minutes=1))
    assert len(told(chat)) == 2
    sweep(chat.house, HANDLERS, now=late + timedelta(minutes=6))
    assert [line.split(" ", 1)[1] for line in told(chat)] == [line.split(" ", 1)[1] for line in LADDER[:4]]


def test_a_clock_that_goes_back_tells_nobody_twice(chat: Chatting) -> None:
    alarmed(chat)
    now = chat.house.clock.now()
    sweep(chat.house, HANDLERS, now=now + timedelta(minutes=6))
    sweep(chat.house, HANDLERS, now=now)
    sweep(chat.house, HANDLERS, now=now + timedelta(minutes=6))
    assert [line.split(" ", 1)[1] for line in told(chat)] == ["周客服 wecom", "周客服 telegram"]


def test_the_power_fails_between_a_step_and_its_sending(chat: Chatting) -> None:
    alarmed(chat)
    now = chat.house.clock.now() + timedelta(minutes=6)
    with patch("core.promise.sweep.reach", side_effect=_dark), pytest.raises(PowerCut):
        sweep(chat.house, HANDLERS, now=now)
    assert len(told(chat)) == 1  # nothing of it was kept
    sweep(chat.house, HANDLERS, now=now)
    chat.work()
    assert len(told(chat)) == 2 and len(chat.recorders["telegram"].sent) == 1
    check(chat.house)


def _dark(point: str) -> None:
    if point == "sweep.keeping":
        raise PowerCut
