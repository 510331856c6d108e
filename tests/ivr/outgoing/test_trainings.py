"""吴敏 is on a list from Excel and has no chat: her telephone rings, and a key keeps her seat or gives it back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.call.model import Call
from core.care.model import CallTask
from core.training.model import Enrolment, TrainingSession
from core.training.news import announce
from core.training.schedule import Plan, add_course, cancel_session, locked, plan_session
from core.training.seats import Trainee, enrol
from tests.ivr.outgoing.conftest import Desk, Rung

WU, HE = "+8613800138001", "+8613800138002"


@pytest.fixture
def listed(desk: Desk) -> Desk:
    """One seat: 吴敏 has it, 何军 waits; the session is in five days."""
    at = desk.house.clock.now()
    with desk.house.database.session() as session:
        course = add_course(session, title="教学屏使用", category="display", outline=None, at=at)
        start = at + timedelta(days=5)
        plan = Plan(course.id, start, start + timedelta(hours=2), 1, "三楼多媒体教室")
        training = plan_session(session, desk.house, plan, at=at)
        for name, phone in (("吴敏", WU), ("何军", HE)):
            row = enrol(session, desk.house, training, Trainee(name, phone), via="import", at=at)
            if row.state == "registered":
                announce(session, training, row, "training.listed", at=at)
        session.commit()
    desk.until(placed=1)
    return desk


def states(desk: Desk) -> list[str]:
    return [row.state for row in desk.rows(Enrolment)]


def test_she_comes_and_hears_of_it_again_the_day_before(listed: Desk) -> None:
    rung = Rung(listed)
    heard = rung.picks_up()
    assert "吴敏您好，培训通知" in heard and "三楼多媒体教室" in heard and "不能来请按2" in heard
    assert "到时见" in rung.press("1")
    rung.hangs_up()
    assert listed.orders()[0].outcome == "confirmed" and states(listed) == ["registered", "waiting"]
    listed.until(placed=2)
    assert "明天的培训" in Rung(listed).picks_up()


@pytest.mark.parametrize("answer", ["2", "不来了", "我来不了"])
def test_she_cannot_and_the_next_is_called(listed: Desk, answer: str) -> None:
    rung = Rung(listed)
    rung.picks_up()
    heard = (
        rung.press("2") if answer == "2" else rung.post(rung.action, SpeechResult=answer, Confidence="0.9")
    )
    assert "已为您取消" in heard
    rung.hangs_up()
    assert listed.orders()[0].outcome == "withdrawn" and states(listed) == ["cancelled", "registered"]
    listed.until(placed=2)
    assert listed.orders()[1].to_number == HE and "已为您补上" in Rung(listed).picks_up()


def test_what_is_neither_gives_no_seat_away(listed: Desk) -> None:
    rung = Rung(listed)
    rung.picks_up()
    rung.post(rung.action, SpeechResult="能不能换到下一场", Confidence="0.9")
    assert states(listed)[0] == "registered"


def test_nobody_answers_three_times_and_a_person_calls(listed: Desk) -> None:
    for tries in (1, 2, 3):
        listed.until(placed=tries)
        Rung(listed).tells("no-answer")
    listed.passes(1)
    (task,) = listed.rows(CallTask)
    assert (task.phone, task.purpose, task.why) == (WU, "training_news", "no_answer")
    assert "请问是吴敏吗" in task.text and len(listed.tasks()) == 1


def test_a_session_called_off_meanwhile_is_not_called_about_again(listed: Desk) -> None:
    Rung(listed).tells("no-answer")
    with listed.house.database.session() as session:
        training = locked(session, session.scalars(select(TrainingSession.id)).one())
        assert training is not None
        cancel_session(session, listed.house, training, at=listed.house.clock.now())
        session.commit()
    listed.until(placed=2)  # of the cancellation
    heard = Rung(listed).picks_up()
    assert "取消了" in heard and "知道了请按1" in heard
    listed.passes(8)
    assert len(listed.rows(Call)) <= 3
    assert not listed.rows(CallTask, CallTask.text.contains("登记参加"))
