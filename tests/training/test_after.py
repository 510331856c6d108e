"""After a session: the questionnaire turn by turn, the report to the head, and a push where the scores are low."""

from tests.training.conftest import School

WU = ("吴敏", "13800138001")


def held(school: School, **more: str) -> None:
    """A session that 吴敏 attended and 何军 did not; it is over."""
    training = school.plans(days=1, hour=15, **more)
    school.registers(training, "wu", *WU)
    school.registers(training, "he", "何军", "13800138002")
    school.passes("1720m")
    school.scans(training.attendance_token, "wu", "webchat")
    school.passes("240m")
    assert school.states(training) == ["吴敏 attended", "何军 absent"]


def test_one_score_a_turn_and_the_head_hears_of_a_bad_session(school: School) -> None:
    held(school)
    assert "第 1 项" in school.heard("wu") and "第 1 项" not in school.all_heard("he")
    assert "第 2 项" in school.says("2", who="wu")
    assert "1 到 5 分" in school.says("9", who="wu")
    assert "第 3 项" in school.says("三分", who="wu")
    assert "第 4 项" in school.says("不满意", who="wu")
    assert "第 5 项" in school.says("1", who="wu")
    assert "还有什么" in school.says("2", who="wu")
    assert "已经记下" in school.says("讲得太快了，投影也看不清", who="wu")
    low = [push for push in school.pushes() if "培训评价偏低" in push]
    assert len(low) == 1 and "赵经理" in low[0] and "平均 2.0 分" in low[0]
    school.conserved()


def test_the_head_has_the_report_of_the_day(school: School) -> None:
    held(school)
    (report,) = [push for push in school.pushes() if "培训日报" in push]
    assert "赵经理" in report and "到 1 人，缺 1 人" in report


def test_a_lead_without_a_chat_is_called(school: School) -> None:
    held(school, lead_name="周校长", lead_phone="+8613900139000")
    assert any("周校长（+8613900139000）" in push for push in school.pushes())


def test_a_repair_in_between_is_heard_as_one(school: School) -> None:
    held(school)
    assert "第 1 步" in school.says("我家美的空调不制冷了", who="wu")
