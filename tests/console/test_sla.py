"""Service levels in the console: the board, and severity, contract and waiting on the ticket page."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.knowledge.book import shipped_policies
from core.promise.sweep import sweep
from core.ticket.model import Ticket, TimelineEntry
from scheduler.handlers import HANDLERS
from tests.console.conftest import Desk


def test_an_empty_board_says_what_will_be_there(desk: Desk) -> None:
    desk.enter("agent")
    assert "没有正在计时的时限" in desk.get("/sla").text
    assert "没有符合条件的时限" in desk.get("/sla?clock=reply").text


def test_the_board_lists_what_is_most_pressing_first(desk: Desk, file: Callable[..., Ticket]) -> None:
    calm, late, paused = file().number, file(severity="serious").number, file().number
    desk.enter("manager")
    desk.do(paused, "accept")
    desk.do(paused, "wait_customer", note="客户在外地")
    now = desk.house.clock.now() + timedelta(minutes=6)
    desk.house.clock.move_to(now)
    sweep(desk.house, HANDLERS, now=now)
    page = desk.get("/sla").text
    assert page.index(late) < page.index(calm)
    assert "暂停（等待客户）" in page and "fd-clock-late" in page and 'value="100"' in page
    assert paused in desk.get("/sla?clock=solved").text
    assert paused not in desk.get("/sla?clock=reply").text
    assert late not in desk.get("/sla?assignee=manager").text  # accepted by the manager, so it is theirs
    assert paused in desk.get("/sla?assignee=manager&part=1").text


def test_a_technician_sees_the_clocks_of_their_own_tickets(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("technician")
    assert number not in desk.get("/sla").text and number not in desk.get("/sla?assignee=").text


def test_severity_and_waiting_by_button(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("agent")
    assert "一般 → 严重" in desk.do(number, "severity", value="serious").text
    assert desk.row(Ticket, Ticket.number == number).severity == "serious"
    assert "severity is one of" in desk.do(number, "severity", value="dire").text
    page = desk.do(number, "wait_customer", note="等客户回电").text
    assert "时限暂停" in page and "等待客户" in page and "#do-go_on" in page
    page = desk.do(number, "go_on").text
    assert "时限继续计时" in page and "#do-wait_customer" in page


def test_a_contract_is_for_the_manager(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("agent")
    assert desk.do(number, "contract", value="medical").status_code == 403
    desk.enter("manager")
    page = desk.do(number, "contract", value="medical").text
    assert "医疗合同" in page and "standard → medical" not in page
    with desk.house.database.reading() as session:
        noted = session.scalars(select(TimelineEntry.note).where(TimelineEntry.verb == "contract")).one()
    assert noted == "standard → medical"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"normal": {"clock": "lunar"}}, "内容无法使用"),
        ({"normal": {"reply": -5}}, "内容无法使用"),
        ({"normal": {"solved": None}}, None),
    ],
)
def test_the_policy_is_read_as_the_clocks_read_it(
    desk: Desk, change: dict[str, Any], said: str | None
) -> None:
    shipped = shipped_policies()["sla"]
    value = {**shipped, **{name: {**shipped[name], **fields} for name, fields in change.items()}}
    desk.enter("manager")
    page = desk.post("/policies/edit?pk=sla", value=json.dumps(value, ensure_ascii=False)).text
    assert ("内容无法使用" in page) is (said is not None)
