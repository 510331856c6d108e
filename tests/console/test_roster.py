"""The roster page: planned, swapped, away, holidays shown, and only changed by those who may."""

from typing import Any

from console.desk.roster import day_of
from console.pages.promises import week_of
from core.promise.opening import office_hours
from core.roster.model import Absence, Shift
from tests.conftest import MONDAY_MORNING
from tests.console.conftest import Desk

WEEK = "2026-11-23"


def do(desk: Desk, verb: str, **form: Any) -> str:
    form = {name.rstrip("_"): value for name, value in form.items()}
    return desk.post("/roster/do", verb=verb, week=WEEK, **form).text


def test_a_shift_is_planned_swapped_and_removed(desk: Desk) -> None:
    desk.enter("manager")
    assert "这一周还没有排班" in desk.get("/roster").text and "没有人" in desk.get("/roster").text
    night = {"staff": "agent", "from_": "2026-11-23T20:00", "until": "2026-11-24T08:00", "note": "夜班"}
    page = do(desk, "shift", **night)
    assert "值班已添加" in page and "20:00–08:00" in page
    assert "agent 在 11-23 20:00–11-24 08:00 已有值班" in do(desk, "shift", **night)
    assert "请填写开始和结束" in do(desk, "shift", staff="agent", from_="", until="x")
    number = desk.row(Shift).id
    assert "夜班" in desk.get(f"/roster?week={WEEK}&shift={number}").text
    swap = {"number": number, "giver": "agent", "taker": "technician", "from_": "2026-11-23T20:00", "until": "2026-11-24T00:00"}  # fmt: skip
    assert "换班已登记" in do(desk, "swap", **swap)
    assert "现在由 technician 值班" in do(desk, "swap", **swap)
    assert "原是 agent 的班" in desk.get(f"/roster?week={WEEK}&shift={number}").text
    assert "这一班已删除" in do(desk, "remove", number=number)
    assert "已经被别人删除" in do(desk, "remove", number=number)


def test_who_is_away_has_a_deputy_and_who_is_on_duty_now_is_said(desk: Desk) -> None:
    desk.enter("admin")
    today = {"from_": "2026-11-23T00:00", "until": "2026-11-24T00:00"}
    do(desk, "shift", staff="agent", **today)
    assert "agent · 排班" in desk.get("/roster").text
    page = do(desk, "absence", staff="agent", deputy="dispatcher", **today)
    assert "dispatcher · 代 agent 值班" in page and "休假，dispatcher 代班" in page
    assert "不能做自己的代班人" in do(desk, "absence", staff="viewer", deputy="viewer", **today)
    assert "休假已取消" in do(desk, "back", number=desk.row(Absence).id)


def test_others_read_and_cannot_change(desk: Desk) -> None:
    desk.enter("technician")
    page = desk.get("/roster").text
    assert "需要排班请联系主管" in page and "/roster/do" not in page
    assert desk.post("/roster/do", verb="remove", number="1").status_code == 403


def test_a_holiday_is_shown_and_can_be_planned(desk: Desk) -> None:
    desk.enter("manager")
    assert "国庆节" in desk.get("/roster?week=2026-10-01").text
    page = do(desk, "shift", staff="agent", from_="2026-10-01T09:00", until="2026-10-01T18:00")
    assert "值班已添加" in page
    assert desk.get("/roster?week=2999-12-30&shift=abc&day=x").status_code == 200
    hours = office_hours(desk.house)
    monday = week_of(MONDAY_MORNING.date())[0]
    assert day_of(hours, monday, "zh").kind == "work"
    assert day_of(hours, monday.replace(year=2090), "zh").kind == "unknown"
