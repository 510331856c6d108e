"""Whole calls by jambonz: the same stations and tickets as by the other provider, every document valid."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from app.wiring import Frontdoor
from core.call.model import Call
from core.house import House
from core.media.model import Media
from core.messaging.inbox import InboxMessage
from tests.ivr.jambonz.caller import LOUD, QUIET, JambonzCaller

CHENGDU = "+862886543210"
Dial = Callable[..., JambonzCaller]
Tickets = Callable[[], list[dict[str, Any]]]


def only(house: House) -> Call:
    with house.database.reading() as session:
        return session.scalars(select(Call).where(Call.direction == "inbound")).one()


def test_a_repair_is_reported_and_its_number_read_out(call: Dial, house: House, tickets: Tickets) -> None:
    caller = call(CHENGDU)
    assert "报修请按1" in "".join(caller.heard)
    assert "什么电器" in caller.press("1")
    assert "调到制冷" in caller.say("美的空调不制冷了，去年五月买的")
    assert "怎么称呼您" in caller.say("直接报修")
    caller.say("我叫王芳")
    assert "请您核对" in caller.say("成都市武侯区天府大道1号")
    filed = caller.press("1")
    (ticket,) = tickets()
    assert (ticket["category"], ticket["symptom"], ticket["name"]) == (
        "air_conditioner",
        "no_cooling",
        "王芳",
    )
    assert ticket["opened_via"] == "voice" and ticket["phone"] == CHENGDU
    number = ticket["number"]
    assert filed.count(f"{' '.join(number[:4])}，{' '.join(number[4:7])}，{' '.join(number[7:])}") == 2
    caller.hang_up()
    row = only(house)
    assert (row.provider, row.outcome, row.seconds) == ("jambonz", "filed", 42)


def test_a_complaint_is_said(call: Dial, tickets: Tickets) -> None:
    caller = call()
    caller.press("3")
    assert "送货包装请按3" in "".join(caller.heard)
    caller.press("3")
    caller.say("冰箱送来的时候外壳碰坏了")
    (ticket,) = tickets()
    assert ticket["kind"] == "complaint" and "碰坏" in ticket["description"]


def test_danger_rings_who_is_on_duty_and_then_the_next(
    call: Dial, staff: Callable[..., None], tickets: Tickets, house: House
) -> None:
    staff(("周客服", "+8613911110001"), ("陈调度", "+8613911110002"))
    caller = call()
    caller.say("热水器漏电，我被电了一下")
    assert caller.doing["target"][0]["number"] == "+8613911110001"
    assert tickets()[0]["severity"] == "urgent"
    caller.talked("no-answer")
    assert caller.doing["target"][0]["number"] == "+8613911110002"
    assert caller.answers()
    assert "紧急" in caller.whispered[-1]
    caller.talked()
    caller.hang_up()
    assert only(house).outcome == "alarm"


def test_a_mailbox_takes_no_call(call: Dial, staff: Callable[..., None]) -> None:
    staff(("周客服", "+8613911110001"), ("陈调度", "+8613911110002"))
    caller = call()
    caller.press("0")
    caller.silence()
    assert not caller.answers(key="")
    caller.talked()  # jambonz calls a mailbox that hung up completed
    assert caller.doing["target"][0]["number"] == "+8613911110002"
    assert not caller.answers(key="2")
    assert caller.answers(key="1")


def test_a_message_is_taped_and_comes_with_its_ticket(
    call: Dial, tickets: Tickets, house: House, front: Frontdoor
) -> None:
    caller = call()
    caller.press("0")
    caller.silence()  # nobody is on duty
    caller.press("1")
    caller.record(LOUD, LOUD, LOUD)
    (ticket,) = tickets()
    with house.database.reading() as session:
        row = session.scalars(select(Media)).one()
    assert row.provider_id.startswith(f"JB{caller.sid}.") and row.channel == "voice"
    fetched = front.channels["voice"].fetch(row.provider_id, 1_000_000)
    kept = front.media.put(fetched.content)
    assert kept.mime == "audio/wav" and len(fetched.content) == 44 + 3 * 16000
    assert ticket["wants"] == "person"


def test_quiet_ends_a_message(call: Dial, front: Frontdoor) -> None:
    caller = call()
    caller.press("0")
    caller.silence()
    caller.press("1")
    heard = caller.record(LOUD, *[QUIET] * 5, key="")
    assert heard and caller.doing["verb"] == "gather"


def test_who_says_nothing_has_left_no_message(call: Dial, house: House) -> None:
    caller = call()
    caller.press("0")
    caller.silence()
    caller.press("1")
    caller.record()
    assert caller.doing["verb"] == "listen"  # asked once more
    with house.database.reading() as session:
        assert session.scalars(select(Media)).all() == []


def test_who_hangs_up_during_a_message_has_left_one(call: Dial, house: House, tickets: Tickets) -> None:
    caller = call()
    caller.press("0")
    caller.silence()
    caller.press("1")
    caller.tape(LOUD, LOUD)
    caller.hang_up()
    with house.database.reading() as session:
        kinds = list(session.scalars(select(InboxMessage.kind).order_by(InboxMessage.id)))
    assert kinds[-1] == "recording"


def test_the_line_says_ones_place_and_1_asks_for_a_call_back(call: Dial, staff: Callable[..., None]) -> None:
    staff(("周客服", "+8613911110001"))
    callers = [call(f"+861380013800{n}") for n in range(4)]
    for caller in callers:
        caller.press("0")
        caller.silence()
    assert callers[0].doing["verb"] == "dial"
    last = callers[3]
    assert last.doing["verb"] == "gather" and "2" in "".join(last.heard)
    last.silence()
    assert last.doing["verb"] == "gather"  # told again and again
    assert "回电" in last.press("1") or "13800138003" in "".join(last.heard).replace(" ", "").replace(
        "，", ""
    )


def test_the_line_leads_to_who_becomes_free(call: Dial, staff: Callable[..., None]) -> None:
    staff(("周客服", "+8613911110001"))
    first, second = call("+8613800138001"), call("+8613800138002")
    for caller in (first, second):
        caller.press("0")
        caller.silence()
    assert second.doing["verb"] == "gather"
    assert first.answers()
    first.talked()
    second.silence()
    assert second.doing["verb"] == "dial"


def test_a_repeated_step_gives_the_same_verbs_and_no_second_effect(call: Dial, house: House) -> None:
    caller = call()
    hook = caller.doing["actionHook"]
    first = caller.repeat(hook, reason="dtmfDetected", digits="3")
    assert caller.repeat(hook, reason="dtmfDetected", digits="3") == first
    assert caller.repeat(hook, reason="dtmfDetected", digits="1") == first
    assert only(house).step == 2
    assert caller.repeat("/webhooks/jambonz/incoming", call_status="trying") == first


def test_a_step_of_a_call_that_is_over(call: Dial) -> None:
    caller = call()
    hook = caller.doing["actionHook"]
    caller.hang_up()
    caller.told("completed", duration=42)
    assert caller.repeat(hook, reason="dtmfDetected", digits="1") == [{"verb": "hangup"}]


def test_the_end_of_the_other_leg_is_not_the_end(call: Dial, house: House) -> None:
    caller = call()
    caller.told("completed", parent_call_sid=caller.sid, direction="outbound")
    assert only(house).ended_at is None


@pytest.mark.parametrize("name", ["anonymous", "", "sip:alice@example.org", "1001"])
def test_who_shows_no_number(call: Dial, house: House, name: str) -> None:
    caller = call(name)
    assert caller.doing["verb"] == "gather"
    with house.database.reading() as session:
        assert session.scalars(select(Call)).one().identity_id is not None


def test_a_lone_hash_and_unsure_speech(call: Dial) -> None:
    caller = call()
    caller.press("1")
    heard = caller.say("冰箱", confidence=0.2)
    assert "冰箱" in heard and "按1" in heard  # read back before it is used
    caller.press("2")
    assert caller.doing["verb"] == "gather"


def test_sixty_calls_at_once(call: Dial, tickets: Tickets) -> None:
    with ThreadPoolExecutor(8) as pool:
        callers = list(pool.map(lambda n: call(f"+8613800{100000 + n}"), range(60)))
        for _ in range(2):
            list(pool.map(lambda caller: caller.press("3"), callers))
        list(pool.map(lambda pair: pair[1].say(f"纸箱破了，这是第{pair[0]}号客户说的"), enumerate(callers)))
    found = {ticket["phone"]: ticket["description"] for ticket in tickets()}
    assert len(found) == len(tickets()) == 60
    assert all(f"第{n}号客户" in found[f"+8613800{100000 + n}"] for n in range(60))
