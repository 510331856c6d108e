"""What the ear can keep: short answers, a name only where it is one, and a person near wherever the talk has come to."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.house import House
from ivr.rules import seconds
from tests.ivr.incoming.line import Caller
from tests.ivr.incoming.test_status import WANG, a_ticket

Dial = Callable[..., Caller]
WORDS = (
    "空调不制冷", "我家美的空调不制冷了，去年五月买的", "直接报修", "确认", "不对", "我叫王芳", "成都市武侯区天府大道1号",
    "还是不行", "洗衣机", "查进度", "我要投诉师傅态度差", "保修几年", "报名培训", "取消报修", "改上门时间", "5分", "退订",
    "hello", "😀", "……", "空" * 3000, "不知道", "是", "没有", "返回", "重复", "再见", "13800138000", "冰箱冒烟了",
)  # fmt: skip
KEYS = (*"123456789*#", "12#3", "w", "9" * 14, "00", "13800138000", "2611230001", "202506", "0203")
STEPS = st.one_of(
    st.tuples(st.just("Digits"), st.sampled_from(KEYS)),
    st.tuples(st.just("SpeechResult"), st.sampled_from(WORDS)),
    st.just(("Digits", "")),
    st.tuples(st.just("DialCallStatus"), st.sampled_from(("busy", "completed"))),
    st.just(("QueueResult", "bridged")),
)
GOES_ON = ("Redirect", "Hangup", "Leave", "Dial", "Enqueue")


def test_a_surname_alone_is_no_name_to_greet_by(call: Dial, house: House) -> None:
    a_ticket(house, name="王")
    assert call(WANG).heard.startswith("您好，您的") and "王您好" not in call(WANG).heard
    a_ticket(house, "+8613700137000", name="王芳")
    assert call("+8613700137000").heard.startswith("王芳您好，您的")


def test_of_many_tickets_one_is_read_out_and_the_others_are_counted(call: Dial, house: House) -> None:
    numbers = [a_ticket(house) for _ in range(4)]
    caller = call(WANG)
    caller.press("2")
    told = "".join(filter(str.isdigit, caller.heard))
    assert numbers[-1] in told and not any(number in told for number in numbers[:-1])
    assert "另外还有3张工单，可以按工单号查。" in caller.heard and "按工单号查请按1" in caller.heard
    answer = caller.heard.split("还可以")[0]
    assert seconds(answer) <= 25, answer


@pytest.mark.parametrize("number", [WANG, "anonymous", "sip:a@b.c"])
def test_whatever_happens_the_document_is_whole_and_a_person_is_two_keys_away(
    call: Dial, staff: Callable[..., None], number: str
) -> None:
    staff(("周客服", "+8613911110001"))

    @settings(
        max_examples=12,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.tuples(STEPS, st.sampled_from(("0.9", "0.2", "NaN", ""))), max_size=10))
    def any_call(steps: list[tuple[tuple[str, str], str]]) -> None:
        caller = call(number)
        for (name, value), confidence in steps:
            if caller.verb("Hangup") is not None:
                return
            caller.post(caller.action, **{name: value, "Confidence": confidence})
            assert caller.document[-1].tag in GOES_ON, caller.text
            assert caller.document[-1].tag != "Hangup" or caller.heard
        for _ in range(2):
            if not _person(caller):
                caller.press("0")
        assert _person(caller), caller.text
        caller.hang_up()

    any_call()


def _person(caller: Caller) -> bool:
    """On the way to one, or what there is where nobody can be reached."""
    ways: Any = [caller.verb(name) for name in ("Dial", "Enqueue", "Record", "Hangup")]
    said = any(word in caller.heard for word in ("转人工", "接通", "留言", "回电", "排队"))
    return said or any(way is not None for way in ways)
