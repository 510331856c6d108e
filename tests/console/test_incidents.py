"""The incidents page: opened by hand, told, closed, and only by those who may."""

from collections.abc import Callable

from core.quality.model import Incident, IncidentTicket
from core.ticket.model import Ticket
from tests.console.conftest import Desk


def test_an_incident_from_hand_to_close(desk: Desk, file: Callable[..., Ticket]) -> None:
    numbers = [file().number for _ in range(2)]
    desk.enter("manager")
    assert "没有群发故障" in desk.get("/incidents").text
    assert "请填写至少两个" in desk.post("/incidents/open", numbers=numbers[0]).text
    page = desk.post("/incidents/open", numbers=" ".join(numbers)).text
    assert all(number in page for number in numbers) and "138****8000" in page and "建议的网点" in page
    assert "<svg" in page and "待告知" in page
    assert "#1" in desk.get("/incidents").text
    assert "已经在群发故障事件 #1" in desk.post("/incidents/open", numbers=" ".join(numbers)).text
    assert "正在逐一告知" in desk.post("/incidents/1/do", verb="tell", telling="请断电").text
    assert desk.row(Incident).state == "told"
    desk.post("/incidents/1/do", verb="take_out", number=numbers[0])
    with desk.house.database.reading() as session:
        assert session.query(IncidentTicket).filter(IncidentTicket.removed_at.is_not(None)).count() == 1
    assert "请写明原因" in desk.post("/incidents/1/do", verb="close", cause=" ").text
    assert "仍在等待的客户" in desk.post("/incidents/1/do", verb="close", cause="片区停电").text
    assert "已经结束" in desk.post("/incidents/1/do", verb="tell").text
    assert "片区停电" in desk.get("/incidents/1").text and "#1" in desk.get("/incidents?show=closed").text
    assert desk.get("/incidents/99").status_code == 404


def test_rights(desk: Desk, file: Callable[..., Ticket]) -> None:
    numbers = " ".join(file().number for _ in range(2))
    desk.enter("agent")
    assert desk.get("/incidents").status_code == 200
    assert desk.post("/incidents/open", numbers=numbers).status_code == 403
    desk.enter("technician")
    assert desk.get("/incidents").status_code == 403
