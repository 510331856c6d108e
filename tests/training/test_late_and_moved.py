"""The edges of a session's time: signed in after the end, moved after the reminders, called off, held elsewhere on the globe."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from core.groups.model import GroupMember, QaGroup
from core.house import House
from core.training.attendance import walk_in
from core.training.model import Enrolment, TrainingSession
from core.training.schedule import BadSession, Plan, cancel_session, change_session, locked
from core.training.seats import NoSeat, Trainee
from core.training.times import reminder_times
from tests.training.conftest import School

WU, HE = ("吴敏", "13800138001"), ("何军", "13800138002")


def moves(school: School, training: TrainingSession, by: timedelta, **more: object) -> None:
    with school.house.database.session() as session:
        mine = locked(session, training.id)
        assert mine is not None
        plan = {name: getattr(mine, name) for name in Plan.__dataclass_fields__ if name != "group_ends_on"}
        plan |= {"starts_at": mine.starts_at + by, "ends_at": mine.ends_at + by, **more}
        change_session(session, school.house, mine, Plan(**plan), at=school.house.clock.now())
        session.commit()


def until(school: School, moment: datetime) -> None:
    school.passes(f"{int((moment - school.house.clock.now()) / timedelta(minutes=1)) + 1}m")


def again(school: School, training: TrainingSession) -> TrainingSession:
    with school.house.database.reading() as session:
        return session.get_one(TrainingSession, training.id)


def test_who_signs_in_after_the_end_is_led_in_and_asked_like_the_others(school: School) -> None:
    training = school.plans(days=1, hour=15, seats=9)
    school.registers(training, "wu", *WU)
    school.registers(training, "he", *HE)
    until(school, training.starts_at)
    school.scans(training.attendance_token, "wu", "webchat")
    until(school, training.ends_at)
    school.passes("5m")
    assert school.states(training) == ["吴敏 attended", "何军 absent"]
    assert "签到成功" in school.scans(training.attendance_token, "he", "webchat")
    school.passes("20m")
    for who in ("wu", "he"):
        assert "答疑群" in school.all_heard(who) and "第 1 项" in school.all_heard(who)
        assert school.all_heard(who).count("专用链接") == 1
    school.conserved()


def test_a_walk_in_is_written_down_the_day_after_too(school: School) -> None:
    training = school.plans(days=1, hour=15)
    until(school, training.ends_at + timedelta(days=1))
    with school.house.database.session() as session:
        mine, at = locked(session, training.id), school.house.clock.now()
        assert mine is not None and mine.state == "held"
        walk_in(session, school.house, mine, Trainee("刘洋", "+8613800138003"), at=at)
        session.commit()
    school.passes("1d")
    assert school.states(training) == ["刘洋 attended"]
    with school.house.database.reading() as session:
        assert [place.name for place in session.scalars(select(GroupMember))] == ["刘洋"]


def test_nobody_walks_into_what_was_called_off(school: School) -> None:
    training = school.plans(days=1)
    with school.house.database.session() as session:
        mine, at = locked(session, training.id), school.house.clock.now()
        assert mine is not None
        cancel_session(session, school.house, mine, at=at)
        with pytest.raises(NoSeat, match="cancelled"):
            walk_in(session, school.house, mine, Trainee("刘洋"), at=at)


def test_moved_after_its_reminders_it_reminds_anew(school: School) -> None:
    training = school.plans(days=2, hour=15)
    school.registers(training, "wu", *WU)
    until(school, training.starts_at - timedelta(minutes=50))
    assert school.all_heard("wu").count("提醒您明天的培训") == 1 and "快开始了" in school.heard("wu")
    moves(school, training, timedelta(days=3))
    school.passes("1m")
    assert "有变动" in school.heard(
        "wu"
    ) and f"{again(school, training).starts_at.astimezone(school.house.zone):%m-%d}" in school.heard("wu")
    until(school, training.ends_at)
    assert again(school, training).state == "planned"  # the end that was promised before is not kept
    until(school, again(school, training).starts_at - timedelta(minutes=50))
    assert school.all_heard("wu").count("提醒您明天的培训") == 2
    assert school.all_heard("wu").count("快开始了") == 2
    school.conserved()


def test_moved_before_its_reminders_the_old_ones_are_never_said(school: School) -> None:
    training = school.plans(days=3, hour=15)
    school.registers(training, "wu", *WU)
    moves(school, training, timedelta(days=4))
    until(school, training.ends_at)
    assert "提醒您明天" not in school.all_heard("wu") and "快开始了" not in school.all_heard("wu")


def test_moved_to_tomorrow_it_says_so_and_does_not_remind_of_what_is_past(school: School) -> None:
    training = school.plans(days=9, hour=9)
    school.registers(training, "wu", *WU)
    until(school, training.starts_at - timedelta(days=8, hours=2))  # 07:00
    moves(school, training, -timedelta(days=8), lead_name="周校长")
    until(school, again(school, training).starts_at)
    assert "提醒您明天" not in school.all_heard("wu") and school.all_heard("wu").count("快开始了") == 1


def test_the_group_of_a_session_that_was_moved_lasts_as_long(school: School) -> None:
    training = school.plans(days=1, hour=15)
    days = school.house.book.policy("training")["group_days"]
    moves(school, training, timedelta(days=30))
    moved = again(school, training)
    assert moved.group_ends_on == school.house.local(moved.ends_at).date() + timedelta(days=days)
    chosen = date(2027, 3, 1)
    moves(school, training, timedelta(days=1), group_ends_on=chosen)
    assert again(school, training).group_ends_on == chosen


def test_what_was_held_is_not_called_off_and_its_group_stays(school: School) -> None:
    training = school.plans(days=1, hour=15)
    school.registers(training, "wu", *WU)
    with school.house.database.session() as session:
        session.execute(update(Enrolment).values(state="attended"))
        session.commit()
    until(school, training.ends_at)
    school.passes("5m")
    with school.house.database.session() as session:
        mine = locked(session, training.id)
        assert mine is not None
        with pytest.raises(BadSession, match="over"):
            cancel_session(session, school.house, mine, at=school.house.clock.now())
    with school.house.database.reading() as session:
        assert session.scalars(select(QaGroup)).one().state == "open"


@pytest.mark.parametrize(
    ("zone", "start", "due"),
    [
        ("Asia/Shanghai", datetime(2026, 12, 31, 23, 30), ["12-30 18:00", "12-31 22:30"]),
        ("Asia/Shanghai", datetime(2027, 1, 1, 8, 0), ["12-31 18:00", "01-01 07:30"]),  # not before 07:30
        ("America/New_York", datetime(2027, 3, 14, 9, 0), ["03-13 18:00", "03-14 08:00"]),  # 23 hours long
        ("America/New_York", datetime(2026, 11, 30, 0, 30), ["11-29 18:00"]),  # an hour before is yesterday
    ],
)
def test_reminders_are_on_the_wall_clock(house: House, zone: str, start: datetime, due: list[str]) -> None:
    house = replace(house, zone=ZoneInfo(zone))
    begins = start.replace(tzinfo=house.zone).astimezone(UTC)
    training = TrainingSession(starts_at=begins, ends_at=begins + timedelta(hours=2))
    times = reminder_times(house, training, at=begins - timedelta(days=4))
    assert [f"{house.local(moment):%m-%d %H:%M}" for moment in times.values()] == due
