"""What happens a second time or out of hours: a second place in the line, a poster after the move, late comers, news at night."""

from datetime import timedelta

from core.training.find import clashing
from core.training.model import TrainingSession
from core.training.schedule import cancel_session, locked
from tests.training.conftest import School
from tests.training.test_late_and_moved import moves, until

WU, HE = ("吴敏", "13800138001"), ("何军", "13800138002")


def test_who_moves_up_a_second_time_is_told_again(school: School) -> None:
    training = school.plans(seats=1)
    school.registers(training, "a", *WU)
    school.registers(training, "b", *HE)
    for _ in range(2):
        school.says("取消报名", who="a")
        school.passes("1m")
        school.says("取消报名", who="b")
        for who in "ab":
            school.says(training.code, who=who)
            school.says("跳过", who=who)
    assert school.states(training) == ["吴敏 registered", "何军 waiting"]
    assert school.all_heard("b").count("有空位了") == 2


def test_the_poster_of_a_session_that_was_moved_is_good_for_as_long(school: School) -> None:
    training = school.plans(days=1, seats=9)
    before = training.ends_at
    moves(school, training, timedelta(days=3))
    until(school, before + timedelta(hours=1))
    assert "怎么称呼" in school.scans(training.poster_token, "wu", "webchat")


def test_who_comes_late_can_still_register(school: School) -> None:
    training = school.plans(days=1, seats=9)
    until(school, training.starts_at + timedelta(minutes=10))
    assert "报名成功" in school.registers(training, "wu", *WU)


def test_who_would_come_for_nothing_is_told_at_night(school: School) -> None:
    training = school.plans(days=1, hour=8, seats=9)
    school.registers(training, "wu", *WU)
    school.passes("810m")  # half past eleven
    with school.house.database.session() as session:
        mine = locked(session, training.id)
        assert mine is not None
        cancel_session(session, school.house, mine, at=school.house.clock.now())
        session.commit()
    school.passes("5m")
    assert school.all_heard("wu").count("取消了") == 1


def test_a_trainer_is_in_two_places_only_where_times_overlap(school: School) -> None:
    first, after, beside = (school.plans(days=days, hour=hour) for days, hour in ((1, 9), (2, 9), (2, 10)))
    with school.house.database.reading() as session:
        found = [
            [other.id for other in clashing(session, session.get_one(TrainingSession, one.id))]
            for one in (first, after, beside)
        ]
    assert found == [[], [beside.id], [after.id]]
