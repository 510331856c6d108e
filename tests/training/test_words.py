"""What a trainee says in words of their own, and that every answer tells the truth and the next step (G1)."""

from datetime import timedelta

import pytest

from tests.training.conftest import School
from tests.training.test_late_and_moved import moves

WU = ("吴敏", "13800138001")


@pytest.mark.parametrize("said", ["PX0000", "报名 PX 12", "我要报名px-00001"])
def test_a_code_that_nobody_has_is_said_to_be_wrong(school: School, said: str) -> None:
    open_one = school.plans(days=2)
    answer = school.says(said, who="wu")
    assert "没有找到培训码" in answer and "核对海报" in answer and "0" in answer
    assert open_one.code in answer, "what they may join is shown"
    assert "请问怎么称呼" in school.says("1", who="wu")


def test_a_wrong_code_in_a_report_changes_nothing(school: School) -> None:
    school.says("空调不制冷了，直接报修", who="wu")
    asked = school.says("PX0000", who="wu")
    assert "没有找到培训码" in asked and "品牌" in asked


def test_a_model_is_no_code(school: School) -> None:
    assert "培训码" not in school.says("我家电视型号PX5000A没有声音了", who="wu")


def test_the_number_is_for_news_and_not_for_a_technician(school: School) -> None:
    training = school.plans()
    school.says(training.code, who="wu")
    asked = school.says("吴敏", who="wu")
    assert "方便通知您" in asked and "师傅" not in asked


def test_only_reminders_that_come_are_promised(school: School) -> None:
    both, today = school.plans(days=3), school.plans(days=0, hour=19)
    assert "开课前一天和前一小时会提醒" in school.registers(both, "wu", *WU)
    heard = school.registers(today, "he", "何军", "13800138002")
    assert "开课前一小时会提醒" in heard and "前一天" not in heard
    school.passes(f"{(today.starts_at - school.house.clock.now()) // timedelta(minutes=1) - 20}m")
    late = school.registers(school.plans(days=0, hour=19), "li", "李娜", "13800138003")
    assert "提醒" not in late and "马上就要开课" in late


def test_who_says_that_they_are_here_is_told_how_to_sign_in(school: School) -> None:
    training = school.plans(days=1, hour=15)
    school.registers(training, "wu", *WU)
    ahead = training.starts_at - school.house.clock.now()
    school.passes(f"{ahead // timedelta(minutes=1) - 60}m")
    early = school.says("签到", who="wu")
    assert "还没到签到时间" in early and "开课前 30 分钟起" in early
    school.passes("50m")
    assert "扫现场的签到码" in school.says("我到了", who="wu")
    assert "签到码" not in school.says("我到了", who="somebody")


def test_who_waited_in_vain_is_told_once_when_it_begins(school: School) -> None:
    training = school.plans(days=1, hour=15, seats=1)
    school.registers(training, "wu", *WU)
    school.registers(training, "he", "何军", "13800138002")
    school.registers(training, "li", "李娜", "13800138003")
    school.says("取消报名", who="wu")  # 何军 has the seat now
    ahead = training.starts_at - school.house.clock.now()
    school.passes(f"{ahead // timedelta(minutes=1) + 5}m")
    assert school.all_heard("li").count("没有空出座位") == 1
    assert "没有空出座位" not in school.all_heard("he") + school.all_heard("wu")
    school.passes("1d")
    assert school.all_heard("li").count("没有空出座位") == 1


def test_a_moved_session_is_waited_for_anew(school: School) -> None:
    training = school.plans(days=1, hour=15, seats=1)
    school.registers(training, "wu", *WU)
    school.registers(training, "he", "何军", "13800138002")
    moves(school, training, timedelta(days=1))
    ahead = training.starts_at - school.house.clock.now()
    school.passes(f"{ahead // timedelta(minutes=1) + 5}m")
    assert "没有空出座位" not in school.all_heard("he")
    school.passes("1d")
    assert school.all_heard("he").count("没有空出座位") == 1


def test_who_waits_and_came_is_sent_to_the_trainer(school: School) -> None:
    training = school.plans(days=1, hour=15, seats=1)
    school.registers(training, "wu", *WU)
    school.registers(training, "he", "何军", "13800138002")
    ahead = training.starts_at - school.house.clock.now()
    school.passes(f"{ahead // timedelta(minutes=1) - 10}m")
    answer = school.scans(training.attendance_token, "he", "webchat")
    assert "候补名单" in answer and "告诉现场培训老师" in answer
    assert school.states(training) == ["吴敏 registered", "何军 waiting"]


def test_what_they_have_is_told_and_who_has_nothing_hears_how_to_register(school: School) -> None:
    full, other = school.plans(seats=1), school.plans(days=5)
    school.registers(full, "he", "何军", "13800138002")
    school.registers(full, "wu", *WU)
    school.registers(other, "wu", *WU)
    told = school.says("我的培训", who="wu")
    assert "候补第 1 位" in told and "您已报名" in told and told.count("教学屏使用") == 2
    assert "请选择要参加的培训" not in told
    assert "没有找到您名下" in school.says("我的培训", who="li")


def test_what_they_have_is_told_in_the_middle_of_a_report(school: School) -> None:
    school.registers(school.plans(), "wu", *WU)
    school.says("空调不制冷了，直接报修", who="wu")
    told = school.says("我报的培训什么时候？", who="wu")
    assert "您已报名" in told and "品牌" in told
