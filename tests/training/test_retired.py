"""A course that is retired takes nobody any more, by whatever way they come; who has a seat keeps it."""

import pytest

from core.training.attendance import walk_in
from core.training.courses import retire
from core.training.model import Course, TrainingSession
from core.training.seats import NoSeat, Trainee, enrol
from tests.training.conftest import School

WU, HE, LIU = ("吴敏", "13800138001"), ("何军", "13800138002"), ("刘洋", "13800138003")
CLEAR = "这门课程已经停办，不再接受报名"


def retired(school: School, training: TrainingSession, *, again: bool = False) -> None:
    with school.house.database.session() as session:
        retire(session.get_one(Course, training.course_id), retired=not again)
        session.commit()


def test_by_its_code_by_its_poster_and_from_the_list(school: School) -> None:
    training, other = school.plans(), school.plans(days=4)
    retired(school, training)
    said = school.says(f"报名 {training.code}", who="wu")
    assert CLEAR in said and "回复“报名培训”" in said and "回复 0" in said
    assert CLEAR in school.scans(training.poster_token, "he")
    listed = school.says("我要报名培训", who="liu")
    assert other.code in listed and training.code not in listed
    assert school.states(training) == []
    with school.house.database.session() as session, pytest.raises(NoSeat, match="retired"):
        held = session.get_one(TrainingSession, training.id)
        enrol(session, school.house, held, Trainee(*LIU), via="import", at=school.house.clock.now())
    school.conserved()


def test_who_was_just_telling_their_name(school: School) -> None:
    training = school.plans()
    for words in (training.code, *WU):
        school.says(words, who="wu")
    retired(school, training)
    assert CLEAR in school.says("第一中学", who="wu")
    assert school.states(training) == []


def test_who_has_a_seat_keeps_it_and_who_waits_moves_up(school: School) -> None:
    training = school.plans(seats=1)
    assert "报名成功" in school.registers(training, "wu", *WU)
    assert "候补" in school.registers(training, "he", *HE)
    retired(school, training)
    assert "您已报名" in school.says(training.code, who="wu")
    assert "已取消报名" in school.says("取消报名", who="wu")
    school.passes("1m")
    assert school.states(training) == ["吴敏 cancelled", "何军 registered"]
    assert CLEAR in school.says(training.code, who="wu")
    with school.house.database.session() as session:  # the trainer may still write down who came
        held = session.get_one(TrainingSession, training.id)
        walk_in(session, school.house, held, Trainee(*LIU), at=school.house.clock.now())
        session.commit()
    assert "刘洋 attended" in school.states(training)
    school.passes(f"{3 * 24 + 4}h")
    assert "已经结束报名" in school.says(training.code, who="liu")  # over is over, and said so
    school.conserved()


def test_taken_up_again_it_registers_again(school: School) -> None:
    training = school.plans()
    retired(school, training)
    retired(school, training, again=True)
    assert "怎么称呼" in school.says(training.code, who="wu")
