"""The call list: masked, in the words of the house, and one press writes down what came of the call."""

from collections.abc import Callable

from core.care.model import CallTask
from core.care.tasks import open_task
from core.staff.model import Reveal
from core.ticket.actions import Order, act
from core.ticket.model import Ticket
from tests.console.conftest import PHONE, Desk


def waiting(desk: Desk, ticket: Ticket) -> int:
    at = desk.house.clock.now()
    with desk.house.database.session() as session:
        done = act(session, desk.house, Order(ticket.number, "done", by="李工", at=at))
        done.phone = PHONE
        open_task(session, desk.house, done, key="call:1", purpose="survey", why="no chat is known", at=at)
        session.commit()
    return desk.row(CallTask).id


def test_a_call_is_shown_masked_and_settled_by_one_press(desk: Desk, file: Callable[..., Ticket]) -> None:
    ticket = file()
    task = waiting(desk, ticket)
    desk.enter("agent")
    page = desk.get("/calls").text
    assert ticket.number in page and "1 到 5 分" in page and "no chat is known" in page
    assert PHONE not in page and "138****8000" in page
    desk.post(f"/calls/{task}", outcome="fixed", score="5", comment="很好")
    settled = desk.row(CallTask)
    assert (settled.state, settled.outcome, settled.taken_by) == ("done", "fixed", "agent")
    assert desk.row(Ticket).rating == 5
    assert "没有要打的电话" in desk.get("/calls").text


def test_whoever_sees_the_number_is_written_down(desk: Desk, file: Callable[..., Ticket]) -> None:
    task = waiting(desk, file())
    desk.enter("agent")
    assert desk.post(f"/calls/{task}/reveal").json() == {"value": PHONE}
    assert (desk.row(Reveal).staff, desk.row(Reveal).field) == ("agent", "phone")


def test_an_auditor_looks_but_neither_presses_nor_reveals(desk: Desk, file: Callable[..., Ticket]) -> None:
    task = waiting(desk, file())
    desk.enter("auditor")
    assert "data-key" not in desk.get("/calls").text
    assert desk.post(f"/calls/{task}", outcome="fixed").status_code == 403
    assert desk.post(f"/calls/{task}/reveal").status_code == 403
    assert desk.row(CallTask).state == "open"


def test_a_result_from_another_list_is_refused(desk: Desk, file: Callable[..., Ticket]) -> None:
    task = waiting(desk, file())
    desk.enter("agent")
    desk.post(f"/calls/{task}", outcome="told")
    assert desk.row(CallTask).state == "open"
