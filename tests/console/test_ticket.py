"""The ticket page: orders move the ticket and tell the customer; refusals say why; looking is logged."""

from collections.abc import Callable

from core.customer.model import Identity
from core.messaging.outbox import OutboxMessage
from core.staff.model import Reveal
from core.ticket.model import Ticket, TimelineEntry
from tests.console.conftest import ADDRESS, Desk


def test_accepting_moves_the_ticket_and_tells_the_customer(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("agent")
    answer = desk.do(number, "accept", note="马上安排")
    assert f"{number}：受理，已完成" in answer.text
    assert desk.row(Ticket).state == "accepted" and desk.row(Ticket).assignee == "agent"
    assert "已受理" in desk.row(OutboxMessage).text
    entry = desk.row(TimelineEntry, TimelineEntry.verb == "accept")
    assert (entry.actor, entry.channel, entry.note) == ("agent", "staff", "马上安排")


def test_the_way_from_dispatch_to_signature(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("dispatcher")
    desk.do(number, "dispatch", outlet="2")
    assert desk.row(Ticket).outlet_id == 2
    desk.do(number, "appoint", when="2026-11-25T09:30")
    assert desk.house.local(desk.row(Ticket).appointment_at).strftime("%m-%d %H:%M") == "11-25 09:30"
    page = desk.get(f"/tickets/{number}").text
    assert "11-25 09:30" in page and "dispatcher 指定" in page and "outlet 2" not in page
    for verb in ("arrive", "done", "sign"):
        desk.do(number, verb)
    assert desk.row(Ticket).state == "done" and desk.row(Ticket).signed_at


def test_what_is_missing_is_asked_for_kindly(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("dispatcher")
    assert "请填写 0 到 1,000,000 元之间的费用" in desk.do(number, "quote", fee="many").text
    assert "请填写另一张工单的编号" in desk.do(number, "merge", into=number).text
    assert "没有找到编号为 9912310001 的工单" in desk.do(number, "merge", into="9912310001").text
    desk.do(number, "dispatch")
    assert "请选择上门的日期和时间" in desk.do(number, "appoint").text
    assert "上门时间已经过去了" in desk.do(number, "appoint", when="2020-01-01T09:00").text
    assert desk.row(Ticket).state == "dispatched"


def test_an_impossible_move_says_what_is_possible(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("agent")
    desk.do(number, "accept")
    answer = desk.do(number, "accept")
    assert f"工单 {number} 现在是“已受理”，不能做“受理”" in answer.text and "派工、" in answer.text
    desk.client.cookies.set("language", "en")
    assert "派工" not in desk.do(number, "accept").text


def test_no_dispatch_without_consent(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file(purchase_date="2010-01-01").number
    desk.enter("dispatcher")
    assert "现在派工会被拒绝" in desk.get(f"/tickets/{number}").text
    assert "客户还没有同意费用" in desk.do(number, "dispatch").text
    desk.do(number, "quote", fee="231.5")
    assert (desk.row(Ticket).fee, desk.row(Ticket).fee_consent) == (231.5, "asked")
    assert "231.5" in desk.row(OutboxMessage).text


def test_a_reply_reaches_the_customer_once(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("agent")
    for _ in range(2):  # a double click
        desk.do(number, "reply", text="师傅下午三点到", once="abc")
    with desk.house.database.reading() as session:
        said = session.query(OutboxMessage).filter(OutboxMessage.text == "师傅下午三点到").all()
    assert [(m.channel, m.audience) for m in said] == [("webchat", "customer")]
    assert desk.row(TimelineEntry).verb == "reply"
    assert "师傅下午三点到" in desk.get(f"/tickets/{number}").text
    assert "内容是空的" in desk.do(number, "reply", text="  ").text


def test_nobody_to_write_to_is_told(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    with desk.house.database.session() as session:
        session.query(Identity).update({"dead_at": desk.house.clock.now()})
        session.commit()
    desk.enter("agent")
    assert "请打电话联系" in desk.get(f"/tickets/{number}").text
    assert "没有能发消息的渠道" in desk.do(number, "reply", text="您好").text


def test_handing_over_and_correcting(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("agent")
    desk.do(number, "assign", to="technician")
    assert desk.row(Ticket).assignee == "technician"
    assert "没有这位在职员工" in desk.do(number, "assign", to="nobody").text
    desk.do(number, "update", model="KFR-35GW", phone="", purchase_date="2010-01-01")
    ticket = desk.row(Ticket)
    assert (ticket.model, ticket.warranty, ticket.phone) == ("KFR-35GW", "out", "+8613812348000")
    assert "型号、购买时间" in desk.get(f"/tickets/{number}").text
    assert "手机号应为 11 位" in desk.do(number, "update", phone="138").text


def test_numbers_and_streets_are_masked_until_shown(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    for role in ("agent", "viewer", "auditor"):
        desk.enter(role)
        for path in ("/", "/tickets", f"/tickets/{number}", f"/tickets?q={number}"):
            page = desk.get(path).text
            assert "138****8000" in page, path
            assert "12348000" not in page and ADDRESS not in page, path
    desk.enter("agent")
    assert desk.post(f"/tickets/{number}/reveal", field="phone").json() == {"value": "+8613812348000"}
    assert desk.post(f"/tickets/{number}/reveal", field="address").json() == {"value": ADDRESS}
    seen = desk.row(Reveal)
    assert (seen.staff, seen.subject, seen.field) == ("agent", f"ticket:{number}", "address")
    desk.enter("auditor")
    assert "agent" in desk.get("/reveals").text


def test_who_may_not_look_leaves_no_trace_and_sees_nothing(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    for role in ("viewer", "auditor", "trainer"):
        desk.enter(role)
        assert "data-reveal=" not in desk.get(f"/tickets/{number}").text
        assert desk.post(f"/tickets/{number}/reveal", field="phone").status_code == 403
    desk.enter("agent")
    assert desk.post(f"/tickets/{number}/reveal", field="customer_id").status_code == 403
    assert desk.row(Reveal) is None


def test_an_unknown_number_is_answered_kindly(desk: Desk) -> None:
    desk.enter("agent")
    answer = desk.get("/tickets/9912310001")
    assert answer.status_code == 404 and "请核对工单号" in answer.text


def test_what_a_customer_writes_is_text_and_never_markup(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file(description="<script>alert(1)</script>", name="<b>王</b>").number
    desk.enter("agent")
    for path in ("/", "/tickets", f"/tickets/{number}"):
        assert "<script>alert(1)" not in desk.get(path).text and "<b>王</b>" not in desk.get(path).text
