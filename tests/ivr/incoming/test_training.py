"""培训 by phone: menu 5, with keys alone and with speech alone, to a seat in a session."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from core.house import House
from core.training.model import Course, Enrolment, TrainingSession
from core.training.schedule import Plan, add_course, plan_session
from ivr.softphone import Caller
from ivr.softphone.script import play


def planned(house: House) -> TrainingSession:
    at = house.clock.now()
    day = house.local(at) + timedelta(days=2)
    start = datetime(day.year, day.month, day.day, 9, tzinfo=house.zone)
    with house.database.session() as session:
        course = add_course(session, title="教学屏使用", category="display", outline=None, at=at)
        plan = Plan(course.id, start, start + timedelta(minutes=150), 2, "三楼多媒体教室")
        training = plan_session(session, house, plan, at=at)
        session.commit()
        return training


def seats(house: House) -> list[tuple[str, str | None, str, str]]:
    with house.database.reading() as session:
        rows = session.scalars(select(Enrolment).order_by(Enrolment.id))
        return [(row.name, row.phone, row.state, row.via) for row in rows]


def test_with_keys_alone(phone: Callable[..., Caller], house: House) -> None:
    planned(house)
    play(
        phone("+8613800138001"),
        (
            ("报修请按1", "press 5"),
            ("报名培训请按1，向老师提问请按2，有培训码请按3", "press 1"),
            (r"请选择要参加的培训。 ?\n?11-25 09:00 教学屏使用请按1", "press 1"),
            (r"(?s)教学屏使用，11-25 09:00到11:30，在三楼多媒体教室.*怎么称呼.*跳过请按1", "press 1"),
            (r"(?s)尾号8001.*报名成功.*09:00到11:30.*说取消报名", ""),
        ),
    )
    assert seats(house) == [("学员（尾号8001）", "+8613800138001", "registered", "voice")]


def test_with_the_digits_of_the_code(phone: Callable[..., Caller], house: House) -> None:
    code = planned(house).code.removeprefix("PX")
    play(
        phone("+8613800138002"),
        (
            ("报修请按1", "press 5"),
            ("有培训码请按3", "press 3"),
            ("按井号结束", "press 12#"),
            ("培训码是四到六位数字", f"press {code}#"),
            (f"您按的是：{' '.join(code)}", "press 1"),
            ("(?s)教学屏使用.*怎么称呼", "say 我叫何军"),
            ("何军，报名成功", ""),
        ),
    )
    assert seats(house) == [("何军", "+8613800138002", "registered", "voice")]


def test_the_code_of_a_course_that_is_retired(phone: Callable[..., Caller], house: House) -> None:
    training = planned(house)
    with house.database.session() as session:
        session.get_one(Course, training.course_id).active = False
        session.commit()
    play(
        phone("+8613800138002"),
        (
            ("报修请按1", "press 5"),
            ("有培训码请按3", "press 3"),
            ("按井号结束", f"press {training.code.removeprefix('PX')}#"),
            ("您按的是", "press 1"),
            ("这门课程已经停办，不再接受报名", ""),
        ),
    )
    assert seats(house) == []


def test_with_speech_alone_then_a_place_in_the_line_then_giving_it_back(
    phone: Callable[..., Caller], house: House
) -> None:
    planned(house)
    for number, name in ((1, "吴敏"), (2, "何军"), (3, "刘洋")):
        play(
            phone(f"+861380013800{number}"),
            (
                ("报修请按1", "say 培训"),
                ("报名培训请按1", "say 报名培训"),
                ("教学屏使用请按1", "say 第一个"),
                ("怎么称呼", f"say 我叫{name}"),
                (rf"(?s){name}，.*(报名成功|候补第 1 位)", ""),
            ),
        )
    assert [(name, state) for name, _, state, _ in seats(house)][2] == ("刘洋", "waiting")
    play(phone("+8613800138001"), (("报修请按1", "say 取消报名"), ("已取消报名", "")))
    assert [state for _, _, state, _ in seats(house)] == ["cancelled", "registered", "registered"]
