"""The house's other lines (A9): said, keyed or dialled; rung; and a person where nobody answers."""

from collections.abc import Callable
from typing import Any

import pytest

from core.house import House
from core.service.role_lines import asked_for, dialled, role_lines
from ivr.softphone import Caller
from ivr.softphone.callee import Callee
from tests.edited import edit_policy

SALES = "+8613911118001"
LINES = {
    "pre_sales": {"extension": "8001", "number": SALES, "words": ["售前"]},
    "delivery": {"extension": "8002", "number": "+8613911118002", "words": ["送货"]},
    "complaints": {"extension": "8003", "number": "", "words": ["举报", "监督举报"]},
}
Phones = Callable[..., Caller]


@pytest.fixture
def lines(house: House) -> None:
    edit_policy(house, "role_lines", **LINES)


@pytest.mark.usefixtures("lines")
@pytest.mark.parametrize("steps", [("say 售前",), ("say 转售前",), ("press 4", "press 4", "press 1")])
def test_by_saying_it_and_by_keys(phone: Phones, steps: tuple[str, ...]) -> None:
    call = phone(callees=[Callee()]).call()
    for step in steps:
        verb, _, value = step.partition(" ")
        getattr(call, verb)(value)
    assert call.dialled == [SALES] and "正在为您转售前咨询。" in "".join(call.heard)


@pytest.mark.usefixtures("lines")
def test_nobody_there_so_a_person_takes_it(
    phone: Phones, staff: Callable[..., None], tickets: Callable[[], list[dict[str, Any]]]
) -> None:
    staff(("周客服", "+8613911110001"))
    call = phone(callees=[Callee("no-answer"), Callee()]).call().say("送货")
    while len(call.dialled) < 2:
        call.wait(5)
    assert "送货安装暂时没有人接听，我来为您找人工。" in "".join(call.heard)
    assert call.dialled == ["+8613911118002", "+8613911110001"]
    (ticket,) = tickets()
    assert ticket["wants"] == "person" and "送货安装" in ticket["description"]


@pytest.mark.usefixtures("lines")
def test_a_line_without_a_number_is_the_desk(phone: Phones, staff: Callable[..., None]) -> None:
    staff(("周客服", "+8613911110001"))
    call = phone(callees=[Callee()]).call().say("我要举报").silence()
    while not call.dialled:
        call.wait(2)
    assert call.dialled == ["+8613911110001"]


@pytest.mark.usefixtures("lines")
@pytest.mark.parametrize("called", ["8001", "sip:8001@service.example.com", SALES])
def test_by_its_extension(phone: Phones, called: str) -> None:
    call = phone(called=called, callees=[Callee()]).call()
    assert call.dialled == [SALES]


@pytest.mark.usefixtures("lines")
def test_a_desk_extension_is_the_menu(phone: Phones) -> None:
    assert "报修请按1" in "".join(phone(called="8003").call().last)


def test_what_is_asked_for() -> None:
    lines = role_lines(LINES)
    for text, role in (
        ("转售前", "pre_sales"),
        ("送货电话多少？", "delivery"),
        ("找一下送货的", "delivery"),
        ("监督举报", "complaints"),
    ):
        found = asked_for(lines, text)
        assert found and found.role == role, text
    for text in (
        "送货的人把冰箱碰坏了",
        "我要举报你们师傅",
        "昨天送货来的冰箱不制冷，找人来修一下好不好啊谢谢",
        "",
    ):
        assert asked_for(lines, text) is None, text
    (short,) = role_lines({"pre_sales": "8001"})
    assert (short.extension, short.number, short.words) == ("8001", "", ())
    assert dialled(lines, "+864008888888") is None and dialled(lines, "") is None
