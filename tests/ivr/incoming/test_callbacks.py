"""Calls back that were promised in the same moment, and taken in the same moment: none is lost, none is made twice."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.care.model import CallTask
from core.care.outcome import Result, settle
from core.care.tasks import open_task
from core.house import House
from core.staff.answers import Doing, take
from core.staff.model import Staff
from core.staff.people import named
from core.staff.refusal import Refused
from core.ticket.model import Ticket
from tests.ivr.incoming.line import Caller

Dial = Callable[..., Caller]
WANG, CHEN = "+8613800138000", "+8613700137000"
AGENTS = ("周客服", "郑客服")


@pytest.fixture(autouse=True)
def desk(house: House) -> None:
    """Two at the desk; neither has a telephone that could be rung."""
    with house.database.session() as session:
        for name in AGENTS:
            session.add(Staff(name=name, role="agent", on_duty=True, created_at=house.clock.now()))
        session.commit()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """All of them at the same moment; what each returned or raised."""
    start, came = threading.Barrier(len(works)), [None] * len(works)

    def one(place: int) -> None:
        start.wait()
        try:
            came[place] = works[place]()
        except Exception as error:
            came[place] = error

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return came


def asks_to_be_called(caller: Caller) -> str:
    assert "回电" in caller.press("0") + caller.silence()
    caller.press("2")
    return caller.press("1")


def taken(house: House, name: str, number: str) -> str:
    """Somebody presses 接单; what came of it."""
    with house.database.session() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number).with_for_update()).one()
        person = named(session, name)
        assert person is not None
        came = take(Doing(session, house, person, ticket, house.clock.now(), "staff", f"{name}:{number}"))
        session.commit()
        return came


def test_two_people_take_the_same_call_back(
    call: Dial, house: House, tickets: Callable[[], list[dict[str, Any]]], pushes: Callable[[], list[str]]
) -> None:
    assert "回电" in asks_to_be_called(call(WANG))
    [ticket] = tickets()
    number = ticket["number"]
    assert sum("回电" in push and "13800138000" in push.replace(" ", "") for push in pushes()) >= 1
    came = at_once(*(lambda name=name: taken(house, name, number) for name in AGENTS))
    won = [name for name, what in zip(AGENTS, came, strict=True) if what == "accept"]
    refused = [what for what in came if isinstance(what, Refused)]
    [ticket] = tickets()
    assert len(won) == 1 and ticket["assignee"] == won[0]
    assert [r.values.get("who") for r in refused] == won or "seen" in str(came)
    assert [entry["verb"] for entry in ticket["timeline"]].count("accept") == 1


def test_two_call_backs_for_one_person_at_once(
    call: Dial, house: House, tickets: Callable[[], list[dict[str, Any]]], pushes: Callable[[], list[str]]
) -> None:
    callers = [call(WANG), call(CHEN)]
    for said in at_once(*(lambda one=one: asks_to_be_called(one) for one in callers)):
        assert "回电" in said
    waiting = {ticket["phone"]: ticket["number"] for ticket in tickets()}
    assert set(waiting) == {WANG, CHEN}
    for phone in waiting:
        told = [push for push in pushes() if phone[3:] in push.replace(" ", "")]
        assert sum(push.startswith("周客服") or "周客服" in push for push in told) >= 1, (phone, pushes())
    came = at_once(*(lambda number=number: taken(house, "周客服", number) for number in waiting.values()))
    assert came == ["accept", "accept"]
    assert [ticket["assignee"] for ticket in tickets()] == ["周客服", "周客服"]


def test_one_number_asks_twice_at_once_in_two_calls(
    call: Dial, tickets: Callable[[], list[dict[str, Any]]]
) -> None:
    callers = [call(WANG), call(WANG)]
    for said in at_once(*(lambda one=one: asks_to_be_called(one) for one in callers)):
        assert "回电" in said
    [ticket] = tickets()
    assert [entry["verb"] for entry in ticket["timeline"]].count("callback") == 2


def test_two_people_settle_the_same_call(call: Dial, house: House) -> None:
    asks_to_be_called(call(WANG))
    with house.database.session() as session:
        ticket = session.scalars(select(Ticket)).one()
        open_task(session, house, ticket, key="k", purpose="survey", why="no answer", at=house.clock.now())
        session.commit()

    def settles(name: str) -> CallTask | None:
        with house.database.session() as session:
            row = settle(session, house, 1, Result("refused", name, house.clock.now()))
            session.commit()
            return row

    came = at_once(*(lambda name=name: settles(name) for name in AGENTS))
    assert sum(row is None for row in came) == 1, came
    with house.database.reading() as session:
        row = session.scalars(select(CallTask)).one()
        assert (row.tries, row.state) == (1, "done")


@pytest.mark.parametrize("at_the_same_moment", [True, False])
def test_one_fault_told_in_two_calls_is_one_ticket(
    call: Dial, tickets: Callable[[], list[dict[str, Any]]], at_the_same_moment: bool
) -> None:
    """Both reports were begun when no ticket was open; whoever confirms second joins the first (A11)."""
    callers = [call(WANG), call(WANG)]
    for caller in callers:
        caller.say("我家美的空调不制冷了，去年五月买的")
        for words in ("直接报修", "我叫王芳", "成都市武侯区天府大道1号"):
            caller.say(words)
        assert "武侯区天府大道" in caller.heard and "确认" in caller.heard
    confirms = [lambda caller=caller: caller.say("确认") for caller in callers]
    said = at_once(*confirms) if at_the_same_moment else [confirm() for confirm in confirms]
    [ticket] = tickets()
    assert [entry["verb"] for entry in ticket["timeline"]].count("report_again") == 1
    assert all(ticket["number"] in "".join(filter(str.isdigit, one)) for one in said), said
