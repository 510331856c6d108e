"""Staff on Telegram: the button and then the words, a reply to the push, better words; and what is not meant for it."""

import pytest

from core.messaging.inbox import Inbound
from tests.asked.conftest import ANSWER, QUESTION, Asking
from tests.play import _numbers

SUN = "7001"
WU = ("601", "吴敏", "13800138001")


@pytest.fixture
def telegram(asking: Asking) -> Asking:
    """孙老师 has Telegram only; 吴敏, who attended, asks there too."""
    asking.set("孙老师", wecom_id=None, telegram_id=SUN)
    asking.attended(*WU, channel="telegram")
    asking.says(QUESTION, who="601", channel="telegram")
    return asking


def writes(asking: Asking, text: str, **payload: str) -> str:
    return asking.sends(Inbound("telegram", "", f"t{next(_numbers)}", SUN, text=text, payload=payload))


def test_the_button_and_then_the_words(telegram: Asking) -> None:
    assert "30 分钟内" in telegram.presses(SUN, "回答", channel="telegram")
    assert "已发给 1 处" in writes(telegram, ANSWER)
    assert f"孙老师回答：{ANSWER}" in telegram.heard("601", "telegram")
    assert "更合适的说法" in telegram.presses(SUN, "修改措辞", channel="telegram")
    assert "已收录" in writes(telegram, f"{ANSWER}先息屏。")
    assert "先息屏" in telegram.says("班牌怎么切到考勤模式", who="602", channel="telegram")
    telegram.conserved()


def test_a_reply_to_the_push(telegram: Asking) -> None:
    number = telegram.number()
    assert "已发给 1 处" in writes(telegram, ANSWER, replies=number)
    assert ANSWER in telegram.heard("601", "telegram")
    assert "已更正" in writes(telegram, "以说明书第 8 页为准。", replies=number)


def test_words_without_a_button_are_a_customers(telegram: Asking) -> None:
    said = telegram.says("我家美的空调不制冷了", who=SUN, channel="telegram")
    assert "第 1 步" in said and telegram.asked()[0].state == "waiting"


def test_never_mind_and_too_late(telegram: Asking) -> None:
    telegram.presses(SUN, "回答", channel="telegram")
    assert "先不写" in writes(telegram, "取消")
    telegram.presses(SUN, "回答", channel="telegram")
    telegram.passes("31m")
    writes(telegram, ANSWER)
    assert telegram.asked()[0].state == "waiting"


def test_who_was_never_asked_cannot_answer(telegram: Asking) -> None:
    telegram.set("李工", wecom_id=None, telegram_id="7002")
    number = telegram.number()
    said = telegram.sends(
        Inbound("telegram", "", "x1", "7002", text=ANSWER, payload={"replies": number}),
    )
    assert "没有执行" in said or "没有找到" in said
    assert telegram.asked()[0].state == "waiting"
