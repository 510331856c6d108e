"""The page of the follow-up plans: listed, edited, tried, switched, added; sales and launches entered."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.customer.model import Device
from core.knowledge.model import Revision
from core.programme.model import FollowUpPlan, ProductLaunch
from core.promise.model import Promise
from tests.console.conftest import Desk

SPRING = {
    "name": "spring_check", "title": "春季保养提醒", "title_en": "Spring check", "trigger": "calendar", "action": "ask",
    "at": "", "every": "1 year", "within": "2 weeks", "clock": "10:30", "starts_on": "2026-03-15", "text": "春天到了，您的{device}该保养了。",
    "questions": ["usage", "words"], "channels": ["chat", "", "person"], "stops": ["no_more"], "categories": ["air_conditioner"],
    "active": "on",
}  # fmt: skip


def saves(desk: Desk, path: str, **edit: Any) -> str:
    return desk.post(f"/plans/{path}", **{**SPRING, **edit}).text


def stored(desk: Desk, name: str) -> FollowUpPlan | None:
    with desk.house.database.reading() as session:
        return session.get(FollowUpPlan, name)


def test_the_list_says_when_each_plan_asks_what(desk: Desk) -> None:
    desk.enter("manager")
    page = desk.get("/plans").text
    for words in (
        "售后首次回访（一个月内）",
        "每 1 个月，直到满 1 年；每 2 个月，直到满 2 年；每 3 个月",
        "提前2 周",
        "上门巡检",
    ):
        assert words in page
    desk.client.get("/console/language/en")
    assert "every 1 mo until 1 yr; every 2 mo until 2 yr; every 3 mo" in desk.get("/plans").text


def test_the_next_dates_of_a_plan_are_tried(desk: Desk) -> None:
    desk.enter("agent")
    page = desk.get("/plans/quarterly?event=2026-11-30").text
    assert all(f"{day} 10:00" in page for day in ("2027-02-28", "2027-05-30", "2027-08-30"))
    assert "2026-11-16 10:00" in desk.get("/plans/warranty_end?event=2026-11-30").text
    assert "2026-12-07 10:00" in desk.get("/plans/project?event=2026-11-30").text
    assert desk.get("/plans/quarterly?event=soon").status_code == 200
    assert desk.get("/plans/nothing").status_code == 404


def test_a_plan_is_added_edited_and_kept_as_versions(desk: Desk) -> None:
    desk.enter("manager")
    assert "计划 spring_check 已保存" in saves(desk, "do/new")
    row = stored(desk, "spring_check")
    assert row is not None and row.rhythm == {"at": [], "every": [{"each": "1 year"}]}
    assert (row.channels, row.who["categories"], row.spare_holidays) == (
        ["chat", "person"],
        ["air_conditioner"],
        False,
    )
    assert "已有别的计划在用" in saves(desk, "do/new")
    assert "已保存" in saves(desk, "spring_check", every="6 months until 2 years，1 year", title="换季保养")
    row = stored(desk, "spring_check")
    assert row is not None and row.title == "换季保养"
    assert row.rhythm["every"] == [{"each": "6 months", "until": "2 years"}, {"each": "1 year"}]
    with desk.house.database.reading() as session:
        versions = select(Revision.by).where(Revision.subject == "plan:spring_check")
        assert session.scalars(versions).all() == ["manager", "manager"]
        assert (
            session.scalar(select(Promise.kind).where(Promise.key.startswith("plan_round:spring_check")))
            == "plan_round"
        )


def test_what_cannot_be_kept_is_refused_in_words_and_what_was_typed_stays(desk: Desk) -> None:
    desk.enter("admin")
    refusals = {
        "“soon”不是时间长度": {"at": "soon"},
        "请至少填一个时间": {"every": ""},
        "请至少选一个要问的问题": {"questions": []},
        "请至少选一种联系方式": {"channels": [""]},
        "要填从哪天算起": {"starts_on": ""},
        "时间或日期不对": {"clock": "25:00"},
        "编号只能用小写字母": {"name": "Spring check"},
        "给计划起个名字": {"title": ""},
        "宽限必须大于零": {"within": "0 days"},
        "“moon”不认识": {"trigger": "moon"},
        "报告只用于新品上市": {"action": "report"},
        "不能安排在它之前": {"trigger": "sale", "at": "-2 days"},
    }
    for words, edit in refusals.items():
        page = saves(desk, "do/new", **edit)
        assert words in page, words
        assert "春天到了" in page
    assert stored(desk, "spring_check") is None


def test_a_plan_is_switched_off_and_on(desk: Desk) -> None:
    desk.enter("manager")
    assert "计划 quarterly 已停用" in desk.post("/plans/quarterly/switch", active="0").text
    row = stored(desk, "quarterly")
    assert row is not None and not row.active
    assert "已启用，马上开始排查" in desk.post("/plans/quarterly/switch", active="1").text
    assert desk.post("/plans/nothing/switch", active="1").status_code == 404


def test_others_look_and_cannot_change(desk: Desk) -> None:
    desk.enter("agent")
    assert "/plans/do/new" not in desk.get("/plans").text and "检查并保存" not in desk.get("/plans/sale").text
    for path in ("do/new", "sale", "sale/switch", "do/launch"):
        assert desk.post(f"/plans/{path}", **SPRING).status_code == 403, path
    desk.enter("auditor")
    assert desk.post("/plans/do/sale", phone="13800138000").status_code == 403


def test_a_sale_is_registered_by_hand_and_by_list(desk: Desk) -> None:
    desk.enter("agent")
    today = desk.house.local(desk.house.clock.now()).date()
    sale = {
        "phone": "13800138000",
        "name": "王女士",
        "category": "tv",
        "brand": "海信",
        "sold_on": str(today),
    }
    assert "已登记，接下来该回访的已排上" in desk.post("/plans/do/sale", **sale).text
    assert "不是有效的电话号码" in desk.post("/plans/do/sale", **{**sale, "phone": "12"}).text
    later = str(today + timedelta(days=1))
    assert "日期不能在今天之后" in desk.post("/plans/do/sale", **{**sale, "sold_on": later}).text
    with desk.house.database.reading() as session:
        assert session.scalars(select(Device.sold_on)).all() == [today]
        due = session.scalars(select(Promise.key).where(Promise.kind == "plan")).all()
    assert due == [f"plan:sale:d1:{today + timedelta(days=25)}"]
    content = "phone,category,brand,sold_on\n13900139000,冰箱,容声,2026-11-01\n1,tv,,2026-11-01\n".encode()
    page = desk.client.post("/console/plans/do/sales", data={"csrftoken": desk.client.cookies["starlette_admin_csrftoken"]},
                            files={"list": ("sales.csv", content, "text/csv")}).text  # fmt: skip
    assert "已登记 1 台" in page and "第 3 行" in page


def test_a_launch_is_registered(desk: Desk) -> None:
    desk.enter("manager")
    told = {
        "category": "tv",
        "brand": "海信",
        "model": "E8",
        "launched_on": "2026-11-20",
        "watched_until": "2027-02-20",
    }
    assert "已登记，从今天起每天报告" in desk.post("/plans/do/launch", **told).text
    assert desk.row(ProductLaunch).model == "E8"
    assert (
        "观察期要在上市日期之后"
        in desk.post("/plans/do/launch", **{**told, "watched_until": "2026-01-01"}).text
    )
    assert "海信 电视 E8" in desk.get("/plans").text
