"""Staff work from their phones: pushes with three answers, orders in words, and nobody is left untold."""

import contextlib
import threading
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select, update

from core.care.hop import hop
from core.customer.model import Identity
from core.house import House
from core.messaging.channel import Later, Never
from core.messaging.delivery import send_one
from core.messaging.inbox import Inbound, InboxMessage, receive
from core.messaging.lease import claim
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from core.staff.link import code_for
from core.staff.model import Reveal, Staff
from core.ticket.actions import Order, act
from tests.channels.desk import at_once
from tests.core.invariants import check
from tests.core.world import LONG_AGO, PowerCut
from tests.edited import edit_policy
from tests.play import REPORT
from tests.stories.chatting import ADMIN, LI, ZHAO, ZHOU, Chatting

INVALID = Never("invaliduser: ZhouKeFu", lost=False)


@pytest.fixture
def chat(house: House) -> Chatting:
    return Chatting(house)


def on_duty_too(chat: Chatting, name: str) -> None:
    chat.set(name, on_duty=True)


def test_from_the_push_to_the_work_done(chat: Chatting) -> None:
    number = chat.emergency()
    card = chat.card(ZHOU)
    assert "紧急" in card.text and [label for _, label in card.choices] == ["接单", "转上级", "30分钟后"]
    assert "周客服" not in str([m.recipient for m in chat.recorders["console"].sent])
    said = chat.presses(ZHOU, "接单")
    assert "已受理" in said and "客户已收到通知" in said and f"#{number} 改派" in said
    assert chat.changed(ZHOU) == ["周客服已接单"]
    assert f"工单 {number} 已受理" in chat.heard()
    assert "已改派给 李工" in chat.types(ZHOU, f"＃{number}　改派 李工")
    assert "改派给您" in chat.card(LI).text
    chat.staff("dispatch", number, by="赵经理")
    assert "已预约" in chat.types(ZHAO, f"#{number} 预约 11-24 14:00 带电机")
    assert "11-24 14:00 上门" in chat.heard()
    assert "已完成" in chat.types(LI, f"#{number} 完成 换了电机")
    assert "修好了吗" in chat.heard()
    chat.passes("26h")
    assert any(v.startswith("follow_up_sent") for v in chat.written(number))
    assert chat.written(number, "accept", "assign", "done") == [
        "accept 周客服 None",
        "assign 周客服 李工",
        "done 李工 换了电机",
    ]
    check(chat.house)


def test_every_step_of_a_push_is_written_down(chat: Chatting) -> None:
    number = chat.emergency()
    chat.presses(ZHOU, "接单")
    chat.types(ZHOU, f"#{number} 接单")
    assert chat.written(number, "push", "push_sent", "accept", "acknowledge") == [
        "push frontdoor push.emergency: 周客服",
        "push_sent frontdoor 周客服",
        "accept 周客服 None",
        "acknowledge 周客服 None",
    ]


def test_two_press_at_the_same_moment(chat: Chatting) -> None:
    on_duty_too(chat, "赵经理")
    number = chat.emergency()
    second = chat.sends(chat.press(ZHOU, "接单"), chat.press(ZHAO, "接单"))
    assert "已经由 周客服 处理" in second and "已受理" in second
    assert chat.written(number, "accept") == ["accept 周客服 None"]
    # On the other's screen the buttons gave way at once, and once more by the code of their own click.
    assert chat.changed(ZHAO) == ["周客服已接单", "周客服｜已受理"]
    check(chat.house)


def test_kind_answers_to_who_comes_too_late(chat: Chatting) -> None:
    on_duty_too(chat, "赵经理")
    number = chat.emergency()
    mine, his = chat.card(ZHOU), chat.card(ZHAO)
    chat.presses(ZHOU, "接单", card=mine)
    assert "您已经点过了" in chat.presses(ZHOU, "接单", card=mine)
    assert "您已经点过了" in chat.presses(ZHOU, "转上级", card=mine)
    assert "已经由 周客服 处理" in chat.presses(ZHAO, "转上级", card=his)
    assert "发给别人的" in chat.presses(LI, "接单", card=his)
    chat.staff("cancel", number, by="周客服")
    for who, card in ((ZHOU, mine), (ZHAO, his)):
        assert "已经结束" in chat.presses(who, "接单", card=card)
    assert chat.written(number, "hand_up") == [] and len(chat.written(number, "accept")) == 1


def test_a_card_is_not_good_after_three_days(chat: Chatting) -> None:
    number = chat.emergency()
    card = chat.card(ZHOU)
    chat.passes("73h")
    assert "超过 72 小时" in chat.presses(ZHOU, "接单", card=card)
    assert chat.tickets()[0]["state"] == "filed" and "已受理" in chat.types(ZHOU, f"#{number} 接单")


@pytest.mark.parametrize(
    "payload",
    [
        {"outbox": 10**14, "key": "1"},
        {"outbox": -1, "key": "1"},
        {"outbox": "1", "key": "1"},
        {"task": "x", "key": "1"},
        {},
        {"outbox": None},
    ],
)
def test_a_button_that_is_not_ours(chat: Chatting, payload: dict[str, Any]) -> None:
    assert "不能用了" in chat.sends(Inbound("wecom", "", "f1", ZHOU, kind="press", payload=payload))


def test_a_key_that_the_card_does_not_have(chat: Chatting) -> None:
    number = chat.emergency()
    forged = {"outbox": chat.card(ZHOU).id, "key": "7"}
    assert "不能用了" in chat.sends(Inbound("wecom", "", "f1", ZHOU, kind="press", payload=forged))
    assert chat.written(number, "accept") == []


def test_the_console_takes_it_and_the_phones_show_that(chat: Chatting) -> None:
    number = chat.emergency()
    chat.staff("accept", number, by="赵经理")
    assert chat.changed(ZHOU) == ["赵经理已接单"]


def test_handed_up_once_a_level(chat: Chatting) -> None:
    chat.hire("陈调度", "dispatcher", on_duty=True, wecom_id="Chen")
    number = chat.emergency()
    assert "已转给 赵经理" in chat.presses(ZHOU, "转上级")
    assert chat.changed(ZHOU) == ["周客服已转上级"]
    assert "转上级" in chat.card(ZHAO).text
    assert "刚才已经转给 赵经理" in chat.presses("Chen", "转上级")
    assert "刚才已经转给 赵经理" in chat.types(ZHOU, f"#{number} 转上级")
    assert "已转给 总经理" in chat.presses(ZHAO, "转上级")  # the head's own superior
    assert "转上级" in chat.card(ADMIN).text
    chat.passes("11m")
    assert "没有可以再转的人" in chat.types(ZHOU, f"#{number} 转上级")
    assert chat.written(number, "hand_up") == ["hand_up 周客服 赵经理", "hand_up 赵经理 总经理"]
    assert chat.tickets()[0]["state"] == "filed"


def test_handed_up_again_when_the_head_does_nothing(chat: Chatting) -> None:
    number = chat.emergency()
    chat.presses(ZHOU, "转上级")
    chat.passes("11m")
    assert "已转给 总经理" in chat.types(ZHOU, f"#{number} 转上级")


def test_a_warning_about_somebodys_ticket_can_be_handed_up_and_not_taken(chat: Chatting) -> None:
    number = chat.emergency()
    chat.types(ZHOU, f"#{number} 改派 李工")
    chat.passes("5h")
    warning = chat.card(ZHAO)
    assert "时限" in warning.text and [label for _, label in warning.choices] == ["转上级", "30分钟后"]
    assert "再提醒您" in chat.presses(ZHAO, "30分钟后", card=warning)
    chat.passes("31m")
    again = chat.card(ZHAO)
    assert "稍后提醒" in again.text and "已转给 总经理" in chat.presses(ZHAO, "转上级", card=again)


def test_what_the_technician_was_given_stays_theirs_to_confirm(chat: Chatting) -> None:
    number = chat.emergency()
    chat.types(ZHOU, f"#{number} 改派 李工")
    card = chat.card(LI)
    chat.staff("dispatch", number, by="赵经理")
    assert chat.changed(LI) == [] and "已派工" in chat.presses(LI, "接单", card=card)
    assert (
        chat.written(number, "acknowledge") == ["acknowledge 李工 None"]
        and chat.tickets()[0]["assignee"] == "李工"
    )
    assert chat.changed(LI) == ["李工已接单"]


def test_who_has_left_is_not_told_alone(chat: Chatting) -> None:
    number = chat.emergency()
    chat.types(ZHOU, f"#{number} 改派 李工")
    chat.set("李工", active=False)
    chat.set("周客服", on_duty=False)
    chat.hire("陈调度", "dispatcher", wecom_id="Chen")
    chat.says("快一点，催单")
    assert "催办" in chat.card("Chen").text


def test_in_thirty_minutes(chat: Chatting) -> None:
    number = chat.emergency()
    assert "10:30" in chat.presses(ZHOU, "30分钟后")
    assert "10:30" in chat.types(ZHOU, f"#{number} 稍后")  # promised already, not twice
    assert chat.changed(ZHOU) == ["10:30 再提醒"]
    before = len(chat.recorders["wecom"].sent)
    chat.passes("31m")
    again = [m for m in chat.recorders["wecom"].sent[before:] if "稍后提醒" in m.text]
    assert len(again) == 1 and again[0].recipient == ZHOU and len(again[0].choices) == 3
    chat.presses(ZHOU, "30分钟后")
    chat.passes("31m")
    assert chat.card(ZHOU).text.count("稍后提醒") == 1
    assert "已受理" in chat.presses(ZHOU, "接单")
    check(chat.house)


def test_nobody_is_reminded_of_what_has_moved_on(chat: Chatting) -> None:
    number = chat.emergency()
    chat.presses(ZHOU, "30分钟后")
    chat.staff("accept", number, by="赵经理")
    before = len(chat.recorders["wecom"].sent)
    chat.passes("31m")
    assert not [m for m in chat.recorders["wecom"].sent[before:] if "稍后提醒" in m.text]
    with chat.house.database.reading() as session:
        row = session.scalars(select(Promise).where(Promise.kind == "push_again")).one()
    assert (row.status, row.reason) == ("cancelled", "ticket is accepted, with 赵经理")


def test_not_reached_in_wecom_then_telegram(chat: Chatting) -> None:
    chat.set("周客服", telegram_id="88001")
    chat.recorders["wecom"].gone[ZHOU] = INVALID  # type: ignore[attr-defined]
    number = chat.emergency()
    card = chat.card("88001", "telegram")
    assert "接单" in str(card.choices)
    assert chat.written(number, "push_failed", "push_sent") == [
        "push_failed frontdoor 周客服: wecom → telegram: invaliduser: ZhouKeFu",
        "push_sent frontdoor 周客服",
    ]
    assert "已受理" in chat.presses("88001", "接单", channel="telegram")
    assert chat.written(number, "accept") == ["accept 周客服 None"]


def test_not_reached_at_all_then_the_console_and_the_next_person(chat: Chatting) -> None:
    chat.set("周客服", telegram_id="88001")
    chat.recorders["wecom"].gone |= {ZHOU: INVALID, ZHAO: Never("81013", lost=False)}  # type: ignore[attr-defined]
    chat.recorders["telegram"].gone["88001"] = Never("blocked by the user")  # type: ignore[attr-defined]
    number = chat.emergency()
    assert [m.recipient for m in chat.recorders["console"].sent] == ["周客服", "赵经理"]
    assert "紧急" in chat.card(ADMIN).text  # after 周客服 on duty comes the head, and after the head 总经理
    assert chat.written(number, "push_failed") == [
        "push_failed frontdoor 周客服: wecom → telegram: invaliduser: ZhouKeFu",
        "push_failed frontdoor 周客服: telegram → console, 赵经理: blocked by the user",
        "push_failed frontdoor 赵经理: wecom → console, 总经理: 81013",
    ]
    assert "已受理" in chat.presses(ADMIN, "接单")
    check(chat.house)


@pytest.mark.parametrize("about_a_ticket", [True, False])
def test_two_refusals_at_the_same_moment(chat: Chatting, about_a_ticket: bool) -> None:
    """Each would take the other for somebody who has it on their phone."""
    on_duty_too(chat, "赵经理")
    gone = {who: Never("81013", lost=False) for who in (ZHOU, ZHAO)}
    chat.recorders["wecom"].gone |= gone  # type: ignore[attr-defined]
    if not about_a_ticket:  # then it is no alert that goes on by itself, but a push
        edit_policy(chat.house, "escalation", alerts=[])
    chat.arrive("王女士", "洗衣机冒烟了")
    chat._inbox()
    with chat.house.database.session() as session:
        if not about_a_ticket:
            staffs = update(OutboxMessage).where(OutboxMessage.audience == "staff")
            session.execute(staffs.values(ticket_id=None))
        rows = claim(session, OutboxMessage, owner="test", limit=10, seconds=30)
        session.commit()
    both = threading.Barrier(2)

    def together(*values: Any, **more: Any) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.7)  # who is kept waiting by the other never comes to this
        hop(*values, **more)

    with patch("core.messaging.delivery.hop", together):
        at_once(*(lambda row=row: send_one(chat.house, chat.recorders, row) for row in rows))
    chat.work()
    following = ADMIN if about_a_ticket else LI
    assert [m.recipient for m in chat.recorders["wecom"].sent if "紧急" in m.text] == [following]


def test_when_somebody_else_has_it_on_their_phone_nobody_is_woken_besides(chat: Chatting) -> None:
    on_duty_too(chat, "赵经理")
    chat.recorders["wecom"].gone[ZHOU] = INVALID  # type: ignore[attr-defined]
    chat.emergency()
    told = {m.recipient for m in chat.recorders["wecom"].sent if m.choices}
    assert told == {ZHAO} and [m.recipient for m in chat.recorders["console"].sent] == ["周客服"]


def test_an_outage_does_not_hold_up_a_push_for_a_day(chat: Chatting) -> None:
    chat.set("周客服", telegram_id="88001")
    chat.recorders["wecom"].gone[ZHOU] = Later("down", delay=0)  # type: ignore[attr-defined, assignment]
    chat.emergency()
    assert "紧急" in chat.card("88001", "telegram").text


def test_who_blocked_the_bot_is_not_tried_there_again(chat: Chatting) -> None:
    chat.set("周客服", wecom_id=None, telegram_id="88001")
    assert chat.types("88001", "帮助", channel="telegram")
    chat.recorders["telegram"].gone["88001"] = Never("blocked by the user")  # type: ignore[attr-defined]
    chat.emergency()
    with chat.house.database.reading() as session:
        dead = session.scalars(select(Identity).where(Identity.external_id == "88001")).one()
    assert dead.dead_at is not None
    del chat.recorders["telegram"].gone["88001"]  # type: ignore[attr-defined]
    sent = len(chat.recorders["telegram"].sent)
    chat.play(REPORT, who="李先生")
    assert len(chat.recorders["telegram"].sent) == sent
    assert chat.types("88001", "我的工单", channel="telegram")  # they are back
    with chat.house.database.reading() as session:
        assert session.scalars(select(Identity).where(Identity.external_id == "88001")).one().dead_at is None


def test_the_robot_repeats_what_is_urgent_and_nothing_personal(chat: Chatting) -> None:
    object.__setattr__(chat.house, "ways", ("wecom", "telegram", "wecom_robot"))
    chat.recorders["wecom_robot"].gone["nobody"] = INVALID  # type: ignore[attr-defined]
    number = chat.emergency()
    told = [m.text for m in chat.recorders["wecom_robot"].sent]
    assert len(told) == 1 and number in told[0] and "周客服" in told[0]
    chat.play(REPORT, who="李先生")
    assert len(chat.recorders["wecom_robot"].sent) == 1
    assert "138" not in "".join(told) and "天府大道" not in "".join(told)
    assert len([m for m in chat.recorders["wecom"].sent if m.choices and number in m.text]) >= 1


def test_a_robot_that_is_refused_hops_nowhere(chat: Chatting) -> None:
    object.__setattr__(chat.house, "ways", ("wecom", "wecom_robot"))
    chat.recorders["wecom_robot"].gone["group"] = Never("93000", lost=False)  # type: ignore[attr-defined]
    number = chat.emergency()
    assert chat.written(number, "push_failed") == ["push_failed frontdoor robot: 93000"]
    assert not chat.recorders["console"].sent


def test_a_chat_that_was_switched_off_is_passed_over(chat: Chatting) -> None:
    object.__setattr__(chat.house, "ways", ())
    chat.emergency()
    assert [m.recipient for m in chat.recorders["console"].sent] == ["周客服"]
    object.__setattr__(chat.house, "ways", ("wecom",))
    del chat.recorders["wecom"]  # queued for it, and then switched off
    chat.play(REPORT, who="李先生")
    assert any("新工单" in m.text for m in chat.recorders["console"].sent)


def test_a_technician_has_their_own_tickets_and_no_others(chat: Chatting) -> None:
    number = chat.emergency()
    nothing = f"没有找到编号为 {number} 的工单"
    for order in ("", "接单", "完成", "30分钟后", "转上级", "xyz"):
        assert chat.types(LI, f"#{number} {order}") == nothing + "。", order
    chat.types(ZHOU, f"#{number} 改派 李工")
    assert "地址：成都市武侯区天府大道1号" in chat.types(LI, f"#{number}")
    assert "已受理" in chat.presses(LI, "接单")  # told of it, so they may take it
    assert "不能对这张工单做“取消”" in chat.types(LI, f"#{number} 取消 不想去")
    assert "不能对这张工单做“派工”" in chat.types(LI, f"#{number} 派工")
    with chat.house.database.reading() as session:
        looked = {(row.staff, row.field) for row in session.scalars(select(Reveal))}
    assert looked == {("李工", "phone"), ("李工", "address")}


@pytest.mark.parametrize("role", ["viewer", "auditor", "trainer", "janitor"])
def test_who_has_no_verbs_may_look_masked_and_do_nothing(chat: Chatting, role: str) -> None:
    chat.hire("小看", role, wecom_id="Look", on_duty=True)
    number = chat.emergency()
    assert not [m for m in chat.recorders["wecom"].sent if m.recipient == "Look" and m.choices]
    shown = chat.types("Look", f"#{number}")
    assert "138****8000" in shown and "天府大道" not in shown and "现在可以" not in shown
    orders = (
        "接单",
        "转上级",
        "30分钟后",
        "派工",
        "预约 11-24 14:00",
        "到场",
        "等件",
        "送修",
        "完成",
        "改派 李工",
    )
    for order in (*orders, "签收", "取消 x", "关闭", "报价 280", "重新打开"):
        assert "没有执行" in chat.types("Look", f"#{number} {order}"), order
    ticket = chat.tickets()[0]
    assert (ticket["state"], ticket["assignee"]) == ("filed", None)


def test_what_the_table_does_not_allow_is_told_with_what_it_does(chat: Chatting) -> None:
    number = chat.emergency()
    said = chat.types(ZHAO, f"#{number} 到场")
    assert "现在是“已登记”，不能做“到达”" in said and "受理、派工" in said
    assert "没看懂" in chat.types(ZHAO, f"#{number} 好的知道了") and "现在可以回复" in chat.types(
        ZHAO, f"#{number} 嗯"
    )
    assert "没有找到编号为 2611239999" in chat.types(ZHAO, "#2611239999 接单")
    assert "请写上工单编号" in chat.types(ZHAO, "接单")
    for order, hint in (
        ("派工 999999", "没有编号为“999999”的在营网点"),
        ("派工 成都", "没有编号为“成都”"),
        ("报价 很多", "请写 0 到"),
        ("报价 ９９９９９９９９", "请写 0 到"),
        ("报价 nan", "请写 0 到"),
        ("报价", "请写 0 到"),
        ("改派", "请写上给谁"),
        ("改派 王五", "没有叫“王五”的在职员工"),
        ("取消", "请写明原因"),
    ):
        assert hint in chat.types(ZHAO, f"#{number} {order}"), order
    assert chat.tickets()[0]["state"] == "filed"
    chat.types(ZHAO, f"#{number} 派工")
    assert "预约 11-28 14:00" in chat.types(ZHAO, f"#{number} 预约 周末")
    assert chat.tickets()[0]["state"] == "dispatched"


def test_no_outlet_is_sent_out_before_the_customer_agreed(chat: Chatting) -> None:
    chat.play(REPORT.replace("去年5月买的", "2015年5月买的").replace("答：工单号 … 保修期内", ""))
    number = chat.tickets()[0]["number"]
    assert "还没有同意费用" in chat.types(ZHAO, f"#{number} 派工")
    assert chat.tickets()[0]["state"] == "filed"
    assert "报价已办好" in chat.types(ZHAO, f"#{number} 报价 ￥280元")
    assert "280 元" in chat.heard()


def test_a_refused_order_leaves_nothing_behind(chat: Chatting) -> None:
    number = chat.emergency()
    before = (chat.tickets()[0], len(chat.rows(OutboxMessage.audience == "customer")))
    for order in ("到场", "派工 999999", "改派 王五", "报价 x", "预约 11-24 14:00"):
        chat.types(ZHAO, f"#{number} {order}")
    assert (chat.tickets()[0], len(chat.rows(OutboxMessage.audience == "customer"))) == before
    check(chat.house)


def test_english_for_who_reads_english(chat: Chatting) -> None:
    chat.set("周客服", language="en")
    number = chat.emergency()
    card = chat.card(ZHOU)
    assert [label for _, label in card.choices] == ["Take it", "Hand up", "In 30 minutes"]
    assert "Accept is done" in chat.presses(ZHOU, "Take it") and chat.changed(ZHOU) == ["Taken by 周客服"]
    assert "Nothing was done" in chat.types(ZHOU, f"#{number} dispatch")
    assert "assigned to 李工" in chat.types(ZHOU, f"#{number} assign 李工")
    assert "open tickets" in chat.types(LI, "mine") or "您手上有 1 张工单" in chat.types(LI, "mine")


def test_everybody_chooses_their_language(chat: Chatting) -> None:
    chat.set("李工", telegram_id="77001")
    assert "Hello 李工" in chat.types(LI, "English") and "You have no open tickets" in chat.types(LI, "mine")
    assert "李工，您好" in chat.types(LI, "中文")
    chat.types("77001", "english", channel="telegram")  # a customer's words, there
    assert "没有未完成" in chat.types(LI, "我的工单")
    assert "Hello 李工" in chat.types("77001", "#english", channel="telegram")


def test_lists_and_help(chat: Chatting) -> None:
    number = chat.emergency()
    assert "没有未完成的工单" in chat.types(ZHOU, "我的工单")
    chat.presses(ZHOU, "接单")
    assert f"#{number} 已受理" in chat.types(ZHOU, "我的工单")
    assert "改派 李工" in chat.types(ZHOU, "帮助") and "派工" not in chat.types(ZHOU, "帮助")
    assert "派工" in chat.types(ZHAO, "帮助") and "取消" not in chat.types(LI, "帮助")


def test_photos_and_stickers_are_answered(chat: Chatting) -> None:
    for number, kind in enumerate(("image", "voice", "video", "file", "location", "link", "unknown")):
        assert "只看得懂文字和按钮" in chat.sends(Inbound("wecom", "", f"k{number}", ZHOU, kind=kind))
    assert chat.sends(Inbound("wecom", "", "k9", "sys", kind="silent")) == ""
    assert "请按下面的样子回复" in chat.sends(Inbound("wecom", "", "k10", ZHOU, kind="follow"))
    chat.conserved()


def code(chat: Chatting, name: str) -> str:
    with chat.house.database.session() as session:
        token = code_for(session, name, at=chat.house.clock.now())
        session.commit()
    return token


def test_a_stranger_in_wecom_is_told_how_to_be_linked(chat: Chatting) -> None:
    number = chat.emergency()
    for text in ("你好", f"#{number} 接单", f"#{number}", "帮助"):
        said = chat.types("Stranger", text)
        assert "还没有绑定员工" in said and "frontdoor staff link" in said and "138" not in said
    chat.set("周客服", active=False)
    assert "还没有绑定员工" in chat.types(ZHOU, f"#{number} 接单")
    assert chat.written(number, "accept") == []


def test_a_code_links_once(chat: Chatting) -> None:
    chat.set("李工", wecom_id=None)
    token = code(chat, "李工")
    assert "绑定成功：李工" in chat.types("NewLi", token)
    assert "绑定成功：李工" in chat.types("NewLi", token)  # sent again: no harm
    assert "别的账号用过" in chat.types("Thief", token)
    assert "还没有绑定员工" in chat.types("Thief", "帮助")
    old = code(chat, "周客服")
    assert "已经绑定了员工“李工”" in chat.types("NewLi", old)
    chat.passes("25h")
    assert "已经过期" in chat.types("Thief", code_that_expired := old) and code_that_expired
    with chat.house.database.reading() as session:
        ids = {p.name: p.wecom_id for p in session.scalars(select(Staff))}
    assert (ids["李工"], ids["周客服"]) == ("NewLi", ZHOU)


def test_a_code_works_in_telegram_by_link_and_by_hand(chat: Chatting) -> None:
    token = code(chat, "李工")
    assert "绑定成功：李工" in chat.types("77001", f"/start {token}", channel="telegram")
    by_scene = Inbound("telegram", "", "sc1", "77002", kind="scan", payload={"scene": code(chat, "赵经理")})
    assert "绑定成功：赵经理" in chat.sends(by_scene)
    assert "我的工单" in chat.types("77001", "帮助", channel="telegram")


def test_in_telegram_staff_can_try_the_bot_as_customers(chat: Chatting) -> None:
    chat.set("李工", telegram_id="77001")
    number = chat.emergency()
    assert "第 1 步" in chat.types("77001", "美的空调不制冷了", channel="telegram")
    assert f"没有找到编号为 {number}" in chat.types("77001", f"#{number} 完成", channel="telegram")
    assert "绑定" not in chat.types("99999", "我的工单", channel="telegram")  # a customer's words
    assert "不能对" not in chat.types("99999", f"#{number} 接单", channel="telegram")
    assert chat.written(number, "accept") == []


def test_in_a_telegram_group_the_answer_comes_in_private(chat: Chatting) -> None:
    chat.set("周客服", telegram_id="88001")
    number = chat.emergency()
    group = Inbound("telegram", "", "g1", "88001", text=f"#{number}", conversation="-100555")
    assert "13800138000" in chat.sends(group)
    assert not [m for m in chat.recorders["telegram"].sent if m.recipient == "-100555"]


def test_a_customer_cannot_press_what_staff_were_sent(chat: Chatting) -> None:
    chat.set("周客服", wecom_id=None, telegram_id="88001")
    number = chat.emergency()
    card = chat.card("88001", "telegram")
    said = chat.presses("99999", "接单", card=card, channel="telegram")
    assert "还没有绑定员工" in said and chat.written(number, "accept") == []


def test_telegram_cards_lose_their_buttons(chat: Chatting) -> None:
    chat.set("周客服", wecom_id=None, telegram_id="88001")
    chat.emergency()
    card = chat.card("88001", "telegram")
    press = Inbound("telegram", "", "t1", "88001", kind="press", payload={"outbox": card.id, "key": "1"})
    assert "已受理" in chat.sends(press)
    edits = [m for m in chat.recorders["telegram"].sent if "edit" in m.extra]
    assert len(edits) == 1 and edits[0].extra["edit"] == f"receipt-{card.id}" and not edits[0].choices
    assert edits[0].text.endswith("✔ 周客服已接单") and "紧急" in edits[0].text


def test_in_telegram_a_changed_or_repeated_order_has_no_second_effect(chat: Chatting) -> None:
    chat.set("赵经理", telegram_id="66001")
    number = chat.emergency()

    def order(key: str, text: str, kind: str = "text", same: str = "m:1:9") -> str:
        payload = {"same": same}
        return chat.sends(Inbound("telegram", "", key, "66001", kind=kind, text=text, payload=payload))

    assert "报价已办好" in order("u1", f"#{number} 报价 280")
    assert order("u2", f"#{number} 报价 280") == ""  # the same message under another update
    assert "改过的消息不会执行" in order("u3", f"#{number} 报价 380", "edit", "e:1:9")
    assert chat.written(number, "quote") == ["quote 赵经理 280"]


def test_taken_before_the_card_was_sent(chat: Chatting) -> None:
    """The card still arrives, for it was on its way; its buttons are answered kindly."""
    chat.arrive("王女士", "洗衣机冒烟了")
    chat._inbox()
    number = chat.tickets()[0]["number"]
    with chat.house.database.session() as session:
        act(session, chat.house, Order(number, "accept", by="赵经理", at=chat.house.clock.now()))
        session.commit()
    chat.work()
    assert "已经由 赵经理 处理" in chat.presses(ZHOU, "接单") and chat.changed(ZHOU) == ["赵经理｜已受理"]


def test_the_power_fails_between_the_order_and_its_end(chat: Chatting) -> None:
    number = chat.emergency()
    inbound = chat.press(ZHOU, "接单")
    with chat.house.database.session() as session:
        row, _ = receive(session, inbound, at=chat.house.clock.now())
        session.commit()
    with patch("core.staff.turn.finish", side_effect=PowerCut), pytest.raises(PowerCut):
        chat._inbox()
    assert chat.written(number, "accept") == []
    due(chat)
    chat.work()
    assert chat.written(number, "accept") == ["accept 周客服 None"] and chat.changed(ZHOU) == ["周客服已接单"]
    assert sum("已受理" in m.text for m in chat.recorders["webchat"].sent) == 1 and row
    check(chat.house)


def due(chat: Chatting) -> None:
    """Leases and backoffs are over."""
    with chat.house.database.session() as session:
        waits = update(InboxMessage).where(InboxMessage.status.in_(("pending", "leased")))
        session.execute(waits.values(due_at=LONG_AGO))
        session.commit()


def test_an_order_that_breaks_every_time_is_a_dead_letter_and_told(chat: Chatting) -> None:
    number = chat.emergency()
    with patch("core.staff.turn.carry_out", side_effect=RuntimeError("broken")):
        chat.types(ZHOU, f"#{number} 关闭")
        for _ in range(5):
            due(chat)
            chat.work()
    said = [m.text for m in chat.recorders["wecom"].sent if m.recipient == ZHOU]
    assert any("没有处理成功" in text for text in said)
    assert chat.tickets()[0]["state"] == "filed"
