"""What was decided and no test noticed when it was broken on purpose: whose school, who is called, what may still be changed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.call.model import Call
from core.care.model import CallTask
from core.customer.scene import Scene
from core.promise.model import Promise
from core.training.model import Enrolment, TrainingSession
from core.training.schedule import BadSession, cancel_session, locked
from core.training.seats import Trainee, enrol
from tests.training.conftest import School
from tests.training.test_called import imports
from tests.training.test_late_and_moved import again, moves, until


def test_the_school_on_the_list_stays_whatever_is_told_in_the_chat(school: School) -> None:
    training = school.plans()
    with school.house.database.session() as session:
        mine = session.get_one(TrainingSession, training.id)
        listed = Trainee("吴敏", "+8613800138001", "实验小学")
        enrol(session, school.house, mine, listed, via="import", at=school.house.clock.now())
        session.commit()
    school.registers(training, "wu", "吴敏", "13800138001")  # who says 第一中学
    with school.house.database.reading() as session:
        (row,) = session.scalars(select(Enrolment))
    assert row.organisation == "实验小学" and row.customer_id is not None


def test_nobody_is_called_about_a_seat_they_did_not_get(school: School) -> None:
    training = school.plans(days=1, hour=15, seats=1)
    imports(school, training, ("吴敏", "13800138001"), ("何军", "13800138002"))
    until(school, training.starts_at + timedelta(minutes=5))
    with school.house.database.reading() as session:
        row = session.scalars(select(Promise).where(Promise.key.like("training.not_reached:%"))).one()
        called = [*session.scalars(select(Call.to_number)), *session.scalars(select(CallTask.phone))]
    assert row.status == "cancelled" and "no chat" in str(row.reason)
    assert "+8613800138002" not in called


def test_a_lesson_that_runs_longer_or_moves_next_door_is_changed_while_it_runs(school: School) -> None:
    """Only its beginning lies in the past; that is no reason to refuse where it is and when it ends."""
    training = school.plans(days=1, hour=15)
    school.registers(training, "wu", "吴敏", "13800138001")
    until(school, training.starts_at + timedelta(minutes=30))
    later = training.ends_at + timedelta(minutes=20)
    moves(school, training, timedelta(0), ends_at=later, place="二楼机房")
    now = again(school, training)
    assert (now.ends_at, now.place, now.starts_at) == (later, "二楼机房", training.starts_at)
    with pytest.raises(BadSession, match="past"):
        moves(school, training, timedelta(minutes=5))


def test_the_codes_of_a_session_that_was_called_off_are_dead(school: School) -> None:
    training = school.plans(days=1, hour=15)
    with school.house.database.session() as session:
        mine, at = locked(session, training.id), school.house.clock.now()
        assert mine is not None
        cancel_session(session, school.house, mine, at=at)
        session.commit()
    with school.house.database.reading() as session:
        ends = [
            session.get_one(Scene, t).expires_at for t in (training.poster_token, training.attendance_token)
        ]
    assert ends == [at, at]
    for token in (training.poster_token, training.attendance_token):
        assert "怎么称呼" not in school.scans(token, "wu", "webchat")
    assert school.states(training) == []
