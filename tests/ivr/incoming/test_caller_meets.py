"""What a caller meets, where no other file shows it: the greeting's length, few choices, talks that are recorded, hang-ups."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.demo import log_in
from app.wiring import Frontdoor
from core.call.model import Call
from core.house import House
from ivr.actions import ACTIONS
from ivr.menu import EVERYWHERE, parse, shipped, shipped_menu
from ivr.rules import MOST_CHOICES, MOST_DEPTH, depths_of, problems, seconds
from ivr.softphone import Caller
from ivr.softphone.callee import Callee
from ivr.softphone.script import play
from tests.edited import edit_policy
from tests.ivr.incoming.line import Caller as Inside
from tests.ivr.incoming.test_walk import spoken

Phones = Callable[..., Caller]
Tickets = Callable[[], list[dict[str, Any]]]
MOST_GREETING = 8.0  # seconds to the first choice
CHENGDU = "+862886543210"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_few_choices_and_few_keys_deep(language: str) -> None:
    menu = shipped_menu(language)
    assert max(len(node.choices) for node in menu.nodes.values()) <= MOST_CHOICES == 5
    assert MOST_DEPTH == 3 and max(depths_of(menu).values()) <= MOST_DEPTH
    for node in menu.nodes.values():
        assert not {choice.key for choice in node.choices} & set(EVERYWHERE), node.name


def test_eight_seconds_to_the_first_choice_also_for_whom_we_know_best(phone: Phones) -> None:
    """Known by name and with an open ticket: the longest greeting there is."""
    play(
        phone(CHENGDU),
        (
            (r"报修请按1", "say 我家美的空调不制冷了，去年五月买的"),
            (r"还是不行请按2", "say 直接报修"),
            (r"怎么称呼您", "say 我叫欧阳建国"),
            (r"上门地址", "say 成都市武侯区天府大道1号"),
            (r"请您核对", "say 确认"),
            (r"报修已登记", "hangup"),
        ),
    )
    heard = "".join(phone(CHENGDU).call().heard)
    assert "欧阳建国" in heard and "空调" in heard
    assert seconds(heard.split("报修请按1")[0]) <= MOST_GREETING


def test_a_talk_that_is_recorded_is_said_so_and_others_are_not_recorded(
    call: Callable[..., Inside], staff: Callable[..., None], house: House
) -> None:
    staff(("周客服", "+8613911110001"))
    caller = call()
    caller.press("0")
    caller.silence()
    dial = caller.verb("Dial")
    assert dial is not None and "record" not in dial.attrib and "录音" not in caller.heard
    caller.hang_up()
    edit_policy(house, "voice", record_talks=True)
    caller = call("+8613800138001")
    caller.press("0")
    caller.silence()
    dial = caller.verb("Dial")
    assert dial is not None and dial.attrib["record"] == "record-from-answer-dual"
    assert "通话会录音" in caller.heard


def test_an_abandoned_report_is_offered_with_one_key(phone: Phones, tickets: Tickets) -> None:
    play(
        phone(),
        (
            (r"报修请按1", "say 我家海尔的冰箱漏水，去年五月买的"),
            (r"还是不行请按2", "say 直接报修"),
            (r"怎么称呼您", "hangup"),
        ),
    )
    call = phone().call()
    assert "继续上次的报修请按1" in "".join(call.heard)
    call.press("1")
    assert "怎么称呼您" in "".join(call.last)
    call.say("我叫王芳").say("成都市武侯区天府大道1号").press("1")
    (ticket,) = tickets()
    assert (ticket["category"], ticket["symptom"]) == ("refrigerator", "water_leak")


def test_in_a_demonstration_somebody_can_be_rung(phone: Phones, front: Frontdoor, tmp_path: Any) -> None:
    log_in(front.house, tmp_path / "password")
    call = phone(callees=[Callee("busy"), Callee()]).call().press("0").silence()
    while len(call.dialled) < 2 or call.doing != "gathering":
        call.wait(2)
    assert call.dialled == ["+8613980020002", "+8613980020003"]  # 周客服 and 陈调度 are on duty
    assert "通话结束了" in "".join(call.heard)


def test_a_word_of_everywhere_that_nobody_can_act_on_is_refused() -> None:
    menu = parse(shipped("zh").replace("role pre_sales: [售前, 售前", "sell pre_sales: [售前, 售前"), "zh")
    assert problems(menu, spoken("zh"), ACTIONS) == ["everywhere: nobody can do “sell pre_sales”"]


def test_hang_ups_are_on_file_whatever_was_going_on(phone: Phones, house: House) -> None:
    phone("+8613800138001").call(until="您好").hangup()
    phone("+8613800138002").call().press("1").hangup()
    phone("+8613800138003").call().say("空调漏水").hangup()
    with house.database.reading() as session:
        outcomes = [row.outcome for row in session.scalars(select(Call).order_by(Call.id))]
    assert outcomes == ["hung_up", "completed", "abandoned"]
