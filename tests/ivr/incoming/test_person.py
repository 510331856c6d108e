"""A person, danger, and what there is when nobody can be reached."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from core.house import House
from ivr.softphone import Caller
from ivr.softphone.callee import Callee
from ivr.softphone.script import play

FIRST, SECOND = ("周客服", "+8613911110001"), ("吴客服", "+8613911110002")
SUNDAY_NIGHT = datetime(2026, 11, 29, 14, 0, tzinfo=UTC)
Phones = Callable[..., Caller]
Tickets = Callable[[], list[dict[str, Any]]]


def until_asked(call: Caller) -> None:
    """Ringing, whispering and talking go on until the caller is asked something."""
    while call.doing != "gathering":
        call.wait(2)


def test_connected_after_a_whisper(
    phone: Phones, staff: Callable[..., None], pushes: Callable[[], list[str]]
) -> None:
    staff(FIRST)
    call = phone(callees=[Callee()]).call().press("0")
    assert "正在为您转人工。危险紧急请再按0。" in call.last
    until_asked(call.silence())
    assert call.dialled == [FIRST[1]] and "通话结束了。" in "".join(call.heard)
    (leg,) = call.legs
    assert "您来电，工单2 6 1 1，2 3 0，0 0 1。接听请按1。" in "".join(leg.heard)
    assert any("转人工" in told for told in pushes())
    assert call.doing == "gathering"  # 还需要别的服务吗


def test_a_mailbox_is_not_a_person_and_the_next_on_the_roster_is_rung(
    phone: Phones, staff: Callable[..., None], tickets: Tickets
) -> None:
    staff(FIRST, SECOND)
    mailbox = Callee(steps=("say 请在滴声后留言",), refused="completed")
    call = phone(callees=[mailbox, Callee("no-answer")]).call().press("0").silence()
    until_asked(call)
    assert call.dialled == [FIRST[1], SECOND[1]]
    assert "现在没有人能接听，您的工单已经转给客服。" in call.last
    call.press("1").say("我的空调坏了三天了请回电话").press("#")
    assert "留言已收到" in "".join(call.last)
    (ticket,) = tickets()
    assert ticket["wants"] == "person" and any(e["verb"] == "voicemail" for e in ticket["timeline"])


def test_busy_people_are_waited_for_in_line_and_a_place_can_be_kept(
    phone: Phones, staff: Callable[..., None], pushes: Callable[[], list[str]]
) -> None:
    staff(FIRST)
    talking = phone("+8613800000001").call().press("0").silence()
    assert talking.doing == "ringing"
    waiting = [phone(f"+861380000000{n}").call().press("0").silence() for n in (2, 3, 4)]
    assert "您前面有0位" in "".join(waiting[0].heard)
    assert "您前面有1位，大约等8分钟" in "".join(waiting[1].heard)
    assert not any("保留位置" in words for words in waiting[1].heard)
    assert "您前面有2位" in "".join(waiting[2].heard) and "稍后给您回电请按1" in "".join(waiting[2].heard)
    waiting[2].press("1")
    assert "对请按1，换号码请按2" in "".join(waiting[2].last)
    waiting[2].press("1")
    assert "给您回电话" in "".join(waiting[2].last) and waiting[2].ended == "hangup"
    assert any("【请回电】" in told and "+8613800000004" in told for told in pushes())
    talking.pick_up(talk=5).hangup()
    waiting[0].silence()
    assert waiting[0].dialled == [FIRST[1]]  # the first in line, and only he
    waiting[1].silence()
    assert waiting[1].dialled == []


def test_closed_voicemail_or_a_call_back_with_its_time(phone: Phones, house: House, tickets: Tickets) -> None:
    house.clock.move_to(SUNDAY_NIGHT)  # type: ignore[attr-defined]
    call = phone().call().press("0").silence()
    assert "现在是非工作时间，人工明天8点30分起可以接听。" in call.last
    assert "您可以，留言请按1，请我们回电请按2。" in call.last
    call.press("2").press("1")
    assert "好的，客服明天8点30分起给您回电话。" in call.last and call.ended == "hangup"
    assert [t["wants"] for t in tickets()] == ["person"]


def test_an_anonymous_caller_keys_the_number_for_the_call_back(
    phone: Phones, house: House, tickets: Tickets
) -> None:
    house.clock.move_to(SUNDAY_NIGHT)  # type: ignore[attr-defined]
    call = phone("anonymous").call().press("0").silence().press("2")
    assert "请按您的电话号码" in "".join(call.last)
    call.press("12345#")
    assert "这个号码不对" in "".join(call.last)
    call.press("13800138000#").press("1")
    assert "给您回电话" in "".join(call.last)
    assert tickets()[0]["phone"] == "+8613800138000"


def test_danger_in_words_is_connected_at_any_hour(
    phone: Phones, staff: Callable[..., None], house: House, tickets: Tickets
) -> None:
    staff(FIRST, SECOND)
    house.clock.move_to(SUNDAY_NIGHT)  # type: ignore[attr-defined]
    call = phone(callees=[Callee("no-answer"), Callee()]).call().say("洗衣机漏电了", confidence="0.1")
    assert "请不要再碰电器和水" in "".join(call.last)  # no reading back, however badly it was heard
    until_asked(call)
    assert call.dialled == [FIRST[1], SECOND[1]]
    assert "紧急来电" in "".join(call.legs[0].heard)
    (ticket,) = tickets()
    assert (ticket["severity"], ticket["kind"]) == ("urgent", "repair")
    assert ticket["symptom"] == "electric_shock"


def test_danger_by_pressing_0_again(phone: Phones, staff: Callable[..., None], tickets: Tickets) -> None:
    staff(FIRST)
    call = phone().call().press("0").press("0")
    assert "请立即停止使用" in "".join(call.last) and call.dialled == [FIRST[1]]
    assert tickets()[0]["severity"] == "urgent"
    call.busy()  # nobody there: the dialogue goes on asking where to come
    assert "值班人员会马上给您回电话。" in call.last and call.doing == "gathering"
    call.say("成都市武侯区天府大道1号")
    heard = "".join(call.last)
    assert "已补充到工单" in heard and "发票" not in heard and "保" not in heard and "收费" not in heard


def test_nobody_on_duty_in_danger_still_asks_where(phone: Phones, tickets: Tickets) -> None:
    call = phone().call().say("厨房有燃气味")
    heard = "".join(call.last)
    assert "关闭燃气阀门" in heard and "值班人员会马上给您回电话" in heard and call.doing == "gathering"
    assert tickets()[0]["severity"] == "urgent"


def test_three_silences_and_three_wrong_keys_lead_to_a_person(
    phone: Phones, staff: Callable[..., None]
) -> None:
    staff(FIRST)
    for step in ("silence", "7"):
        call = phone().call()
        for _ in range(3):
            call = call.silence() if step == "silence" else call.press(step)
        assert "我来为您找人工。" in call.last
        call.silence()
        assert call.dialled == [FIRST[1]]
        call.hangup()


def test_silence_to_the_very_end_is_promised_a_call_back_and_never_simply_hung_up_on(
    phone: Phones, pushes: Callable[[], list[str]]
) -> None:
    call = phone().call()
    for _ in range(12):
        if not call.ended:
            call.silence()
    assert call.ended == "hangup" and "给您回电话" in "".join(call.heard[-3:]) and "再见" in call.heard[-1]
    assert any("【请回电】" in told for told in pushes())


def test_a_call_that_never_ends_is_ended_with_a_call_back(phone: Phones, house: House) -> None:
    call = phone().call()
    for _ in range(100):
        if call.ended:
            break
        call.press("9")
    assert call.ended == "hangup" and "这次通话时间比较长了。" in "".join(call.heard)
    long = phone().call()
    house.clock.move_to(datetime(2026, 11, 23, 3, 0, tzinfo=UTC))  # type: ignore[attr-defined]
    long.press("1")
    assert long.ended == "hangup" and "给您回电话" in "".join(long.heard)


def test_0_9_and_star_mean_the_same_everywhere(phone: Phones) -> None:
    play(
        phone(),
        (
            (r"报修请按1", "press 4"),
            (r"保修与收费请按1", "press 2"),
            (r"请直接说品牌", "press 9"),
            (r"请直接说品牌", "press *"),
            (r"报修请按1", "press 2"),
            (r"没有查到工单", "press 9"),
            (r"没有查到工单.*\n.*按工单号查请按1", "say 返回"),
            (r"报修请按1", "say 人工"),
            (r"正在为您转人工", ""),
        ),
    )
