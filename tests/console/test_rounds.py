"""Rounds in the console: planned by the dispatcher, recorded by who goes, and nobody else's business."""

from pathlib import Path

import pytest

from console import Outside
from core.house import House
from core.media.album import Photo
from core.media.store import MediaStore
from core.rounds.model import Round, RoundVisit
from core.ticket.model import Ticket
from tests.console.conftest import CSRF, Desk
from tests.training.pictures import opened, photo

FORM = {
    "title": "教学屏巡检",
    "kind": "checked",
    "category": "display",
    "first_day": "2026-11-24",
    "last_day": "2026-11-27",
    "goes": "technician",
    "places": "第一中学,13800138001,成都市武侯区普吉东二街88号\n第二中学,13800138002,成都市锦江区",
}


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return Desk(house, Outside(media=MediaStore(tmp_path / "media")))


def planned(desk: Desk, **more: str) -> str:
    """The address of the first visit of a round of two."""
    desk.enter("dispatcher")
    desk.post("/rounds/add", **(FORM | more))
    last = desk.row(RoundVisit)
    return f"/rounds/visits/{last.id - 1}"


def adds(desk: Desk, visit: str, content: bytes) -> int:
    data = {"csrftoken": desk.client.cookies.get(CSRF, "")}
    files = {"photo": ("a.jpg", content, "image/jpeg")}
    return desk.client.post(f"/console{visit}/photos", data=data, files=files).status_code


def test_planned_visited_recorded_and_shown(desk: Desk) -> None:
    visit = planned(desk)
    desk.enter("technician")
    page = desk.get(visit).text
    assert "13800138001" in page and "改期或换人" not in page
    assert "请写明发现的问题" in desk.post(f"{visit}/do", what="record", verdict="finding", findings="").text
    desk.post(f"{visit}/do", what="record", verdict="finding", findings="黑屏<b>")
    assert adds(desk, visit, photo()) == 200
    shown = desk.get(f"{visit}/photos/{desk.row(Photo).id}")
    assert shown.headers["x-content-type-options"] == "nosniff" and not opened(shown.content).getexif()
    desk.post(f"{visit}/do", what="ticket")
    number = desk.row(Ticket).number
    page = desk.get(visit).text
    assert number in page and "黑屏&lt;b&gt;" in page and f'href="/console/tickets/{number}"' not in page
    desk.enter("manager")
    board = desk.get(f"/rounds/{desk.row(Round).id}").text
    assert "已到访 1/2 处，发现问题 1 处，转工单 1 张" in board and "已转工单" in board
    assert "1/2" in desk.get("/rounds").text


def test_a_photo_is_taken_away_by_who_may_record(desk: Desk, tmp_path: Path) -> None:
    visit = planned(desk)
    twin = Photo(
        visit_id=desk.row(RoundVisit).id, mime="image/jpeg", by="x", created_at=desk.house.clock.now()
    )
    adds(desk, visit, photo())
    row = desk.row(Photo)
    with desk.house.database.session() as session:
        twin.path = row.path  # the other visit shows the same file
        session.add(twin)
        session.commit()
    desk.enter("auditor")
    assert "移除" not in desk.get(visit).text
    assert desk.post(f"{visit}/photos/{row.id}/remove").status_code == 403
    desk.enter("technician")
    assert desk.post(f"{visit}/photos/{twin.id}/remove").status_code == 404
    assert "已保存" in desk.post(f"{visit}/photos/{row.id}/remove").text
    assert desk.get(f"{visit}/photos/{row.id}").status_code == 404
    other = f"/rounds/visits/{desk.row(RoundVisit).id}"
    assert desk.get(f"{other}/photos/{desk.row(Photo).id}").status_code == 200, (
        "the file of another's photo stays"
    )
    desk.post(f"{other}/photos/{desk.row(Photo).id}/remove")
    assert not [p for p in (tmp_path / "media").rglob("*") if p.is_file()]


def test_only_who_goes_and_who_plans_may_record(desk: Desk) -> None:
    visit = planned(desk, goes="agent")
    desk.enter("technician")
    assert desk.get(visit).status_code == 404
    assert desk.post(f"{visit}/do", what="record", verdict="good").status_code == 404
    assert desk.get(f"/rounds/{desk.row(Round).id}").status_code == 404
    assert "第一中学" not in desk.get("/rounds").text
    desk.enter("auditor")
    page = desk.get(visit).text
    assert "13800138001" not in page and "138****8001" in page
    assert desk.post(f"{visit}/do", what="record", verdict="good").status_code == 403
    assert adds(desk, visit, photo()) == 403
    assert desk.row(RoundVisit, RoundVisit.recorded_at.is_not(None)) is None


def test_without_anybody_to_go_nobody_but_the_planner_records(desk: Desk) -> None:
    visit = planned(desk, goes="")
    desk.enter("auditor")
    assert desk.post(f"{visit}/do", what="record", verdict="good").status_code == 403


def test_a_planner_moves_a_visit_and_who_goes_does_not(desk: Desk) -> None:
    visit = planned(desk)
    assert "已保存" in desk.post(f"{visit}/do", what="move", day="2026-12-01", goes="agent").text
    assert "请从名单里选人" in desk.post(f"{visit}/do", what="move", day="2026-12-01", goes="无此人").text
    assert "日期不对" in desk.post(f"{visit}/do", what="move", day="2026-11-01", goes="agent").text
    desk.post(f"{visit}/do", what="move", day="2026-12-02", goes="technician")
    desk.enter("technician")
    assert desk.post(f"{visit}/do", what="move", day="2026-12-03").status_code == 403
    assert (
        desk.post(f"{visit}/do", what="call_off").status_code == 403
        and "取消这次到访" not in desk.get(visit).text
    )
    assert desk.post("/rounds/add", **FORM).status_code == 403
    found = desk.row(RoundVisit, RoundVisit.name == "第一中学")
    assert (found.day.isoformat(), found.goes) == ("2026-12-02", "technician")


def test_a_planner_calls_one_visit_off(desk: Desk) -> None:
    visit = planned(desk)
    assert "已取消" in desk.post(f"{visit}/do", what="call_off").text
    assert "取消这次到访" not in desk.get(visit).text
    assert desk.row(Round).state == "going"


def test_a_round_called_off_offers_nothing_more(desk: Desk) -> None:
    visit = planned(desk)
    url = f"/rounds/{desk.row(Round).id}"
    desk.post(f"{url}/end", what="cancel")
    assert "已取消" in desk.get(url).text and "登记到访结果" not in desk.get(visit).text
    assert "已经结束" in desk.post(f"{url}/end", what="end").text
    assert "没有符合条件的地方" in desk.post("/rounds/add", **(FORM | {"kind": "full", "places": ""})).text
