"""Staff in chat, seen from the console: pushes whatever way they went, links shown, made and cleared."""

from collections.abc import Callable
from datetime import UTC, datetime

from core.messaging.outbox import OutboxMessage, say
from core.staff.model import Staff
from core.staff.push import push
from core.ticket.model import Ticket
from tests.console.conftest import Desk


def told(desk: Desk, ticket: Ticket) -> None:
    with desk.house.database.session() as session:
        session.query(Staff).filter(Staff.name == "dispatcher").update({"wecom_id": "Chen"})
        at = desk.house.clock.now()
        row = session.get_one(Ticket, ticket.id)
        push(session, desk.house, key="filed:1", audience="desk", wording="push.filed", at=at, ticket=row)
        for extra in ({"reply_to": 1}, {"extra": {"edit": "r", "to": "dispatcher"}}):
            say(session, at=at, channel="wecom", recipient="Chen", text="不是提醒", audience="staff", **extra)  # type: ignore[arg-type]
        session.commit()


def test_a_push_is_seen_whatever_way_it_went(desk: Desk, file: Callable[..., Ticket]) -> None:
    told(desk, file())
    assert desk.row(OutboxMessage, OutboxMessage.text.contains("新工单")).recipient == "Chen"
    desk.enter("dispatcher")
    for query in ("?part=1&mine=1", "?part=1"):
        page = desk.get(f"/pushes{query}").text
        assert (
            "【新工单】" in page and "给 dispatcher" in page and "企业微信" in page and "不是提醒" not in page
        )
    desk.enter("agent")
    assert "【新工单】" not in desk.get("/pushes?part=1&mine=1").text


def test_links_are_shown_made_and_cleared(desk: Desk) -> None:
    with desk.house.database.session() as session:
        session.add(
            Staff(
                name="李工",
                role="technician",
                wecom_id="LiGong",
                telegram_id="77001",
                created_at=datetime.now(UTC),
            )
        )
        session.commit()
    person = desk.row(Staff)
    desk.enter("admin")
    page = desk.get("/staff").text
    assert "企业微信 LiGong" in page and "Telegram 77001" in page
    assert "李工 已保存" in desk.post(f"/staff/{person.id}/change", what="unlink-wecom").text
    after = desk.row(Staff, Staff.name == "李工")
    assert (after.wecom_id, after.telegram_id, after.role, after.active) == (
        None,
        "77001",
        "technician",
        True,
    )
    made = desk.post(f"/staff/{person.id}/change", what="link").text
    code = made.split('class="fd-password">')[1].split("<")[0]
    assert len(code) == 16 and "李工 的绑定码" in made
    assert "没有叫" in _inactive(desk, person.id)
    desk.enter("manager")
    assert desk.post(f"/staff/{person.id}/change", what="link").status_code == 403


def _inactive(desk: Desk, person: int) -> str:
    desk.post(f"/staff/{person}/change", role="technician", what="save")
    return desk.post(f"/staff/{person}/change", what="link").text


def test_assigned_in_the_console_they_hear_of_it(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("dispatcher")
    desk.do(number, "assign", to="technician")
    row = desk.row(OutboxMessage)
    assert row.extra["to"] == "technician" and "改派给您" in row.text and number in row.text
