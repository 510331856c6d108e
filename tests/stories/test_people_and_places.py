"""A person, a hotline, an outlet, a complaint, a suggestion: from anywhere, and then on with the report."""

from datetime import UTC, datetime

import pytest

from tests.play import REPORT, Story


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), "客服会马上"),  # Monday 11:00
        (datetime(2026, 11, 23, 4, 30, tzinfo=UTC), "非办公时间"),  # the lunch break
        (datetime(2026, 11, 28, 3, 0, tzinfo=UTC), "11-30 08:30"),  # Saturday: back on Monday
        (datetime(2031, 3, 3, 3, 0, tzinfo=UTC), "非办公时间"),  # no holiday data so far ahead
    ],
)
def test_a_person_in_and_out_of_hours(story: Story, moment: datetime, answer: str) -> None:
    story.house.clock.move_to(moment)  # type: ignore[attr-defined]
    story.play(f"客：转人工\n答：已为您转人工 … {answer} … 手机号\n推：转人工")


def test_pressed_nought_spoken_or_asked_for(story: Story) -> None:
    for said in ("0", "我要人工客服", "找真人", "叫个人来说", "agent"):
        assert story.says(said, who=f"客户{said}")
    assert len(story.tickets()) == 5 and all(t["wants"] == "person" for t in story.tickets())


def test_asked_twice_it_is_one_request(story: Story) -> None:
    story.play("客：转人工\n客：13800138000\n客：转人工\n答：已再次提醒客服")
    assert len(story.tickets()) == 1


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("格力空调热线是多少", "400-836-5315"),
        ("格力售后电话", "400-836-5315"),
        ("请问海信电视的客服电话", "400-801-1111"),
        ("大金空调电话多少", "400-820-1081"),
    ],
)
def test_a_hotline(story: Story, said: str, number: str) -> None:
    story.play(f"客：{said}\n答：{number}")


def test_a_hotline_and_an_outlet_in_the_middle_of_a_report(story: Story) -> None:
    story.play(
        """
        客：美的空调不制冷，直接报修
        客：格力空调热线多少
        答：400-836-5315 … 型号
        客：KFR-35
        答：什么时候买
        客：最近的网点在哪里，我在成都市武侯区
        答：离您最近的服务网点 … 什么时候买
        """
    )


def test_the_nearest_outlet(story: Story) -> None:
    story.play("客：附近有维修点吗\n答：市和区县\n客：成都市武侯区\n答：离您最近的服务网点：成都正宏")
    story.play("客：你们几点上班\n答：08:30–12:00")


@pytest.mark.parametrize(
    ("said", "department"),
    [
        ("我要投诉，你们师傅态度太差了，骂人", "after_sales"),
        ("我要投诉，空调包装破损，送来就是坏的", "warehouse_logistics"),
        ("投诉！乱收费，多收了我两百块", "finance"),
        ("投诉冰箱质量太差，修了三次还坏", "manufacturer_quality"),
    ],
)
def test_a_complaint_goes_where_it_belongs(story: Story, said: str, department: str) -> None:
    story.play(f"客：{said}\n答：投诉已登记 … 3 个工作日 … 手机号\n客：13800138000\n答：已补充完整")
    (ticket,) = story.tickets()
    assert (ticket["kind"], ticket["department"], ticket["flagged"]) == ("complaint", department, False)


def test_a_matter_of_law_goes_to_the_general_manager(story: Story) -> None:
    story.play(
        "客：乱收费，再不退钱我就打12315找律师起诉你们\n答：投诉已登记\n推：赵经理 … 重大问题·专案\n推：role:admin … 重大问题·专案"
    )
    assert story.tickets()[0]["flagged"] is True


def test_a_complaint_does_not_lose_the_report(story: Story) -> None:
    story.play("客：美的空调不制冷，直接报修\n客：顺便投诉一下，上次的师傅态度很差\n答：投诉已登记 … 型号")


def test_a_suggestion_is_thanked(story: Story) -> None:
    story.play("客：建议你们周末也上班\n答：谢谢您的建议 … 小礼品")
    assert story.tickets()[0]["kind"] == "suggestion"


def test_warranty_and_price_without_a_ticket(story: Story) -> None:
    story.play("客：冰箱保修几年\n答：保修 12 个月\n客：我的是三年前买的还能免费吗\n答：已经过保 … 253")


def test_two_tickets_and_the_progress_of_both(story: Story) -> None:
    story.play(REPORT)
    story.play("客：海信电视没声音，直接报修\n客：跳过\n客：去年\n客：1\n客：查进度\n答：海信电视 … 美的空调")
