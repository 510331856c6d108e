"""Asking, moving, cancelling, complaining, prices, hotlines and training by phone; and one customer on two channels."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from app.wiring import Frontdoor
from core.customer.model import Customer
from core.dialogue.turn import take_turn
from core.house import House
from core.messaging.inbox import Inbound, InboxMessage, receive
from core.messaging.lease import claim
from core.messaging.outbox import OutboxMessage
from core.service.model import Hotline
from core.ticket.actions import Order, act
from core.ticket.filing import Filing, file_ticket
from ivr.softphone import Caller
from ivr.softphone.callee import Callee
from ivr.softphone.script import play
from tests.edited import edit_policy

WANG = "+8613800138000"
Phones = Callable[..., Caller]
Tickets = Callable[[], list[dict[str, Any]]]


def a_ticket(house: House, number: str = WANG, **facts: Any) -> str:
    """A repair that somebody filed for this telephone on another channel, without proving that it is theirs."""
    with house.database.session() as session:
        at = house.clock.now()
        person = Customer(name="王芳", language="zh", created_at=at)
        session.add(person)
        session.flush()
        known = {
            "name": "王芳",
            "phone": number,
            "category": "air_conditioner",
            "brand": "美的",
            "description": "不制冷",
        }
        filing = Filing(person, "repair", "normal", "webchat", "王芳", at)
        ticket = file_ticket(session, house, filing, {**known, "address": "成都市武侯区天府大道1号", **facts})
        session.commit()
        return ticket.number


def test_status_by_caller_id(phone: Phones, house: House) -> None:
    number = a_ticket(house)
    play(
        phone(),
        (
            (r"^王芳您好，您的美的空调工单已登记。\n报修请按1", "press 2"),
            (
                rf"工单{' '.join(number[:4])}，{' '.join(number[4:7])}，{' '.join(number[7:])}，美的空调，已登记",
                "press *",
            ),
            (r"报修请按1", ""),
        ),
    )


def test_a_keyed_number_tells_nothing_about_somebody_elses_ticket(phone: Phones, house: House) -> None:
    number = a_ticket(house)
    for caller in ("+8613900139000", "anonymous", "sip:wang@example.com", ""):
        call = phone(caller).call().press("2")
        assert "用这个电话没有查到工单。" in call.last
        call.press("1").press(f"{number}#").press("1")
        told = "".join(call.last)
        assert "没有查到工单" in told and "请用报修时的号码来电，或按0找人工" in told
        assert not any(word in "".join(call.heard) for word in ("王芳", "空调", "武侯"))
        call.hangup()


def test_ones_own_number_keyed_is_told(phone: Phones, house: House) -> None:
    a_ticket(house, category="refrigerator")
    number = a_ticket(house)
    call = phone().call().press("2").press("1").press(f"{number}#").press("1")
    assert "美的空调，已登记" in "".join(call.last) and "冰箱" not in "".join(call.last)


def test_a_caller_whom_the_network_does_not_vouch_for_is_a_stranger(phone: Phones, house: House) -> None:
    a_ticket(house)
    from ivr.heard import caller

    assert caller({"From": WANG, "StirVerstat": "TN-Validation-Failed-C"}).phone is None
    assert caller({"From": WANG, "StirVerstat": "TN-Validation-Passed-A"}).phone == WANG


def test_reschedule_by_keys_and_by_speech(
    phone: Phones, house: House, tickets: Tickets, pushes: Callable[[], list[str]]
) -> None:
    a_ticket(house)
    play(
        phone(),
        (
            ("王芳您好", "press 2"),
            ("改上门时间请按2", "press 2"),
            ("想改到什么时候", "press 9999#"),
            ("这个日期不对", "press 1203#"),
            ("您按的是：1 2 0 3", "press 1"),
            (r"(?s)已记下并通知负责人员.*按工单号查请按1", "press 2"),
            ("想改到什么时候", "say 周六上午"),
            ("已记下并通知", ""),
        ),
    )
    wishes = [e["note"] for e in tickets()[0]["timeline"] if e["verb"] == "reschedule_wish"]
    assert wishes == ["12月3日", "周六上午"]
    assert any("【改约】" in told for told in pushes())


def test_cancel_asks_once(phone: Phones, house: House, tickets: Tickets) -> None:
    a_ticket(house)
    play(
        phone(),
        (
            ("王芳您好", "press 2"),
            ("取消报修请按4", "press 4"),
            (r"(?s)确定要取消.*确认取消请按1，不取消请按2", "press 2"),
            ("保留", "press 4"),
            ("确定要取消", "press 1"),
            ("已取消", ""),
        ),
    )
    assert tickets()[0]["state"] == "cancelled"


def test_a_complaint_spoken_and_recorded(phone: Phones, tickets: Tickets) -> None:
    play(
        phone(),
        (
            ("报修请按1", "press 3"),
            (r"产品质量请按1，人员服务请按2，送货包装请按3，收费请按4，提建议请按5", "press 2"),
            ("请说一说事情经过，用录音说请按1", "say 师傅迟到三个小时还骂人"),
            (
                r"投诉已登记并转售后服务部，编号(.*)。三个工作日内答复您。\n再说一遍，\1。找人工请按0",
                "press 1",
            ),
            ("报修请按1", "press 3"),
            ("产品质量请按1", "press 4"),
            ("请说一说", "press 1"),
            ("会录音，说完按井号", "say 师傅多收了我两百块"),
            ("", "press #"),
            ("投诉已登记并转财务部", ""),
        ),
    )
    second, first = tickets()
    assert (first["kind"], first["department"], second["department"]) == (
        "complaint",
        "after_sales",
        "finance",
    )
    assert "骂人" in first["description"] and "录音" in second["description"]


def test_a_suggestion_and_a_question_for_the_trainer(phone: Phones, tickets: Tickets) -> None:
    play(
        phone(),
        (
            ("报修请按1", "press 3"),
            ("提建议请按5", "press 5"),
            ("您的建议", "say 希望周末也能上门"),
            ("谢谢您的建议", ""),
        ),
    )
    play(
        phone(),
        (
            ("报修请按1", "press 5"),
            ("向老师提问请按2", "press 2"),
            ("您的问题", "say 投影仪怎么校准画面"),
            ("培训老师", ""),
        ),
    )
    play(
        phone(),
        (
            ("报修请按1", "press 5"),
            ("报名培训请按1", "press 1"),
            ("怎么称呼", "press 1"),
            ("培训登记已收到", ""),
        ),
    )
    assert [t["kind"] for t in tickets()] == ["training", "training", "suggestion"]


def test_warranty_and_fee(phone: Phones) -> None:
    play(
        phone(),
        (
            ("报修请按1", "press 4"),
            ("保修与收费请按1", "press 1"),
            ("空调请按1", "press 1"),
            (r"空调保修72个月，期内免费", ""),
        ),
    )
    play(phone(), (("报修请按1", "say 冰箱保修几年"), (r"冰箱保修12个月", "")))


def test_the_nearest_outlet_by_key(phone: Phones) -> None:
    play(
        phone("+862886543210"),
        (
            ("报修请按1", "press 4"),
            ("附近网点请按3", "press 3"),
            (r"(?s)您在哪个市.*四川省成都市吗", "press 1"),
            ("武侯区请按4", "press 4"),
            ("离您最近的网点是", ""),
        ),
    )


def test_a_hotline_is_told_sent_or_connected(phone: Phones, house: House) -> None:
    with house.database.reading() as session:
        first = session.scalars(select(Hotline).order_by(Hotline.id)).first()
    assert first is not None
    number = "，".join(" ".join(group) for group in first.hotline.split("-"))
    call = phone(callees=[Callee()]).call().press("4").press("2").press("8").press("9")
    call.say("格力")
    assert "格力" in "".join(call.last) and "再说一遍" in "".join(call.last)
    call.press("2")
    assert "没有能给您发消息的地方，请您记一下号码：4 0 0，8" in "".join(call.last)
    call = phone(callees=[Callee()]).call().press("4").press("2").press("1")
    assert number in "".join(call.last)
    call.press("1")
    assert call.dialled == [first.hotline.replace("-", "")]


def says_in_chat(front: Frontdoor, text: str, key: str) -> str:
    """What the web chat answers; ``key`` is the browser's own of the message."""
    house = front.house
    with house.database.session() as session:
        receive(session, Inbound("webchat", "", key, "wang", text=text), at=house.clock.now())
        rows = claim(session, InboxMessage, owner="test", limit=5, seconds=30)
        session.commit()
    for row in rows:
        take_turn(house, row, front.nlu.parse)
    said = select(OutboxMessage.text).where(OutboxMessage.channel == "webchat")
    with house.database.reading() as session:
        return session.scalars(said.order_by(OutboxMessage.id.desc())).first() or ""


def visited_and_done(house: House, number: str) -> None:
    with house.database.session() as session:
        for verb in ("accept", "dispatch", "appoint", "arrive", "done"):
            when = datetime(2026, 11, 24, 2, tzinfo=UTC) if verb == "appoint" else None
            act(session, house, Order(number, verb, by="李工", at=house.clock.now(), when=when))
        session.commit()


def test_one_customer_on_two_channels(
    front: Frontdoor, phone: Phones, house: House, tickets: Tickets
) -> None:
    """Chat opens a ticket, the phone asks for it, the phone rates it, chat shows the rating."""
    chat = partial(says_in_chat, front)
    chat("我家美的空调不制冷", "1")
    chat("直接报修", "2")
    chat("我叫王芳，电话13800138000，住成都市武侯区天府大道1号3栋201，去年5月买的，型号KFR-35GW", "3")
    assert "已登记" in chat("1", "4")
    number = tickets()[0]["number"]
    call = phone(WANG).call()
    assert "王芳您好，您的美的空调工单已登记。" in call.heard
    call.press("2")
    assert "美的空调，已登记" in "".join(call.last)
    call.hangup()
    visited_and_done(house, number)
    call = phone(WANG).call().press("2").press("5")
    assert "非常满意请按5" in "".join(call.last)
    call.press("5")
    assert "谢谢您的5分" in "".join(call.last)
    call.hangup()
    assert tickets()[0]["rating"] == 5
    rating = [e for e in tickets()[0]["timeline"] if e["verb"] == "rate"]
    assert rating and rating[0]["channel"] == "voice"
    assert number in chat("查进度", "5") and "已结案" in chat("查进度", "6")


def test_a_call_in_english(phone: Phones, tickets: Tickets) -> None:
    call = phone().call()
    assert "For English, press 8." in call.heard[-1]
    call.press("8")
    assert "repairs press 1, progress press 2" in call.last[0]
    call.press("1").press("1").press("2")
    assert "What is wrong with the refrigerator?" in "".join(call.last)
    call.say("it is leaking water")
    assert "drain hole at the back wall with warm water" in call.last[0] and call.last[0].endswith(
        "damp air."
    )
    assert (
        call.last[1].startswith("Careful: Please do not poke") and "Still not working press 2" in call.last[2]
    )
    call.press("2")
    assert "Which brand" in "".join(call.last)
    call.hangup()
    assert "press 1" in "".join(phone().call().heard)  # the next call begins in English


def test_one_language_offers_no_choice(phone: Phones, house: House) -> None:
    edit_policy(house, "voice", languages=["zh"])
    call = phone().call()
    assert "English" not in "".join(call.heard)
    call.press("8")
    assert "没有这个选项。" in call.last
