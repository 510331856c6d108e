"""The escalation board: who is called now, and the answers given from there."""

from collections.abc import Callable

from console.wording import labels
from core.escalation.model import AlertChain
from core.staff.push import push
from core.ticket.model import Ticket
from tests.console.conftest import Desk


def raised(desk: Desk, file: Callable[..., Ticket], wording: str = "push.emergency") -> str:
    ticket = file(severity="urgent")
    with desk.house.database.session() as session:
        push(session, desk.house, key=f"alert:{ticket.number}", audience="on_duty", wording=wording,
             at=desk.house.clock.now(), ticket=session.get_one(Ticket, ticket.id))  # fmt: skip
        session.commit()
    return str(ticket.number)


def press(desk: Desk, answer: str) -> str:
    return desk.post(f"/escalation/{desk.row(AlertChain).id}/{answer}").text


def test_an_empty_board_says_what_will_be_there(desk: Desk) -> None:
    desk.enter("agent")
    assert labels()["zh"]["escalation.none"] in desk.get("/escalation").text


def test_taken_from_the_board(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = raised(desk, file)
    desk.enter("dispatcher")
    page = desk.get("/escalation").text
    assert number in page and "正在提醒 agent" in page and "接单" in page and "轮到" in page
    assert "已受理" in press(desk, "take")
    assert (desk.row(AlertChain).state, desk.row(AlertChain).ended_by) == ("acknowledged", "dispatcher")
    assert number not in desk.get("/escalation").text
    assert "已接手" in desk.get("/escalation?show=ended").text


def test_a_major_issue_shows_its_flag_and_is_handed_on(desk: Desk, file: Callable[..., Ticket]) -> None:
    raised(desk, file, "push.major")
    desk.enter("manager")
    page = desk.get("/escalation").text
    assert "专案" in page and "manager" in page and "admin" in page
    assert "admin" in press(desk, "hand_up")
    assert desk.row(AlertChain).wording == "push.handed_up"


def test_half_an_hour_from_the_board(desk: Desk, file: Callable[..., Ticket]) -> None:
    raised(desk, file)
    before = desk.row(AlertChain).next_at
    desk.enter("agent")
    assert "再提醒" in press(desk, "later")
    assert desk.row(AlertChain).next_at > before and desk.row(AlertChain).snoozes == 1


def test_who_may_not_answer_sees_no_buttons(desk: Desk, file: Callable[..., Ticket]) -> None:
    raised(desk, file)
    desk.enter("auditor")
    assert "formaction" not in desk.get("/escalation").text
    assert desk.post(f"/escalation/{desk.row(AlertChain).id}/take").status_code == 403
    desk.enter("viewer")
    assert desk.get("/escalation").status_code == 403
    assert desk.row(AlertChain).state == "running"
