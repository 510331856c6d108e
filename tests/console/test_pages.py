"""The other pages: dead letters, alerts, promises, staff, start page."""

from collections.abc import Callable

from console.wording import labels
from core.messaging.inbox import Inbound, InboxMessage, receive
from core.staff.model import Staff
from core.staff.push import push
from core.ticket.model import Ticket
from tests.console.conftest import Desk


def test_a_dead_letter_is_replayed(desk: Desk) -> None:
    with desk.house.database.session() as session:
        row, _ = receive(
            session, Inbound("webchat", "", "m1", "visitor", "电话13812348000"), at=desk.house.clock.now()
        )
        session.query(InboxMessage).update({"status": "dead", "error": "KeyError: brand", "attempt": 5})
        session.commit()
    desk.enter("manager")
    page = desk.get("/dead-letters").text
    assert "KeyError: brand" in page and "138****8000" in page
    assert "已放回队列" in desk.post(f"/dead-letters/inbox/{row}/replay").text
    again = desk.row(InboxMessage)
    assert (again.status, again.attempt) == ("pending", 0)
    assert "已经不在失败列表里" in desk.post(f"/dead-letters/inbox/{row}/replay").text
    assert desk.post("/dead-letters/nothing/1/replay").status_code == 404


def test_alerts_are_listed_masked_and_refresh_alone(desk: Desk, file: Callable[..., Ticket]) -> None:
    ticket = file()
    with desk.house.database.session() as session:
        push(
            session,
            desk.house,
            key="filed:1",
            audience="desk",
            wording="push.filed",
            at=desk.house.clock.now(),
            ticket=session.get_one(Ticket, ticket.id),
        )
        session.commit()
    desk.enter("dispatcher")
    part = desk.get("/pushes?part=1&mine=1").text
    assert "【新工单】" in part and "138****8000" in part and "<html" not in part and "88号" not in part


def test_promises_and_start_page(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file(severity="urgent").number
    desk.enter("agent")
    assert "到场时限" in desk.get("/promises").text and number in desk.get("/promises").text
    start = desk.get("/").text
    assert number in start and "紧急" in start and "剩 " in start


def test_an_empty_house_says_what_to_do(desk: Desk) -> None:
    desk.enter("admin")
    said = labels()["zh"]
    places = {"/": "dashboard.calm", "/tickets": "tickets.none", "/dead-letters": "letters.none_inbox"}
    places |= {"/pushes": "pushes.none", "/promises": "promises.none", "/history": "history.none"}
    for path, key in (places | {"/reveals": "reveals.none"}).items():
        assert said[key] in desk.get(path).text, path


def test_an_administrator_opens_and_closes_accounts(desk: Desk) -> None:
    desk.enter("admin")
    page = desk.post("/staff/add", name="李工", role="technician", phone="13912345678", on_duty="on")
    password = page.text.split('class="fd-password">')[1].split("<")[0]
    assert "已经有名叫“李工”的员工" in desk.post("/staff/add", name="李工", role="agent").text
    assert "请填写姓名" in desk.post("/staff/add", name="新人", role="emperor").text
    person = desk.row(Staff)
    assert (person.role, person.phone, person.on_duty) == ("technician", "+8613912345678", True)
    assert desk.enter("李工", password).url.path == "/console/"
    desk.enter("admin")
    desk.post(f"/staff/{person.id}/change", role="technician", what="save")
    assert desk.enter("李工", password).status_code == 400
    me = desk.row(Staff, Staff.name == "admin")
    desk.enter("admin")
    assert "不能停用自己" in desk.post(f"/staff/{me.id}/change", role="viewer", active="on", what="save").text


def test_the_search_box_finds_a_ticket_and_opens_it(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("agent")
    assert desk.get(f"/tickets?find={number}").url.path == f"/console/tickets/{number}"
    by_name = desk.get("/tickets?find=王女士&severity=normal").text
    assert number in by_name and 'value="王女士"' in by_name
    assert "没有符合条件的工单" in desk.get("/tickets?find=赵先生").text
