"""Sessions under attack: twice, at the same moment, in the wrong order. Nobody is lost, doubled or told twice."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.promise.model import Promise
from core.training.attendance import attends, not_here, walk_in
from core.training.model import Enrolment, TrainingSession
from core.training.seats import NoSeat, Trainee, enrol, withdraw
from tests.channels.desk import at_once
from tests.training.conftest import School
from tests.training.test_late_and_moved import moves

PEOPLE = {"wu": ("吴敏", "13800138001"), "he": ("何军", "13800138002"), "liu": ("刘洋", "13800138003")}


def registered(school: School, training: TrainingSession, *who: str) -> None:
    for one in who:
        school.registers(training, one, *PEOPLE[one])


def within(
    school: School, do: Callable[[Any, TrainingSession, dict[str, Enrolment]], Any], training: int
) -> Any:
    """``do(session, training, name → enrolment)`` in one transaction."""
    with school.house.database.session() as session:
        rows = session.scalars(select(Enrolment).where(Enrolment.session_id == training))
        came = do(session, session.get_one(TrainingSession, training), {row.name: row for row in rows})
        session.commit()
        return came


def test_signed_in_twice_the_first_time_and_way_are_kept(school: School) -> None:
    training = school.plans(days=0, hour=23)
    registered(school, training, "wu")
    began = school.house.clock.now()

    def mark(by: str, later: int) -> None:
        at = began + timedelta(minutes=later)
        within(
            school, lambda s, t, rows: attends(s, school.house, t, rows["吴敏"], by=by, at=at), training.id
        )

    mark("scan", 5)
    mark("trainer", 9)
    row = within(school, lambda s, t, rows: rows["吴敏"], training.id)
    assert (row.attended_via, row.attended_at) == ("scan", began + timedelta(minutes=5))
    within(school, lambda s, t, rows: not_here(t, rows["吴敏"], at=began), training.id)
    mark("trainer", 12)
    row = within(school, lambda s, t, rows: rows["吴敏"], training.id)
    assert (row.attended_via, row.attended_at) == ("trainer", began + timedelta(minutes=12))


def test_a_seat_that_two_give_back_at_once_is_given_back_once(school: School) -> None:
    """By chat and by the trainer's click: both have read the row before either of them has the session."""
    training = school.plans(seats=1)
    registered(school, training, "wu", "he", "liu")
    met, one_writer = threading.Barrier(2), school.house.database.engine.dialect.name == "sqlite"

    def leaves() -> bool:
        with school.house.database.session() as session:
            mine = session.scalars(select(Enrolment).where(Enrolment.name == "吴敏")).one()
            if not one_writer:  # SQLite lets nobody else in before this transaction ends
                met.wait(10)
            training_row = session.get_one(TrainingSession, training.id)
            gone = withdraw(session, school.house, training_row, mine, at=school.house.clock.now())
            session.commit()
            return gone

    assert sorted(at_once(leaves, leaves)) == [False, True]
    school.work()
    assert school.states(training) == ["吴敏 cancelled", "何军 registered", "刘洋 waiting"]
    school.conserved()


def test_more_in_the_room_than_seats_nobody_moves_up(school: School) -> None:
    """The trainer let one more in; whoever waits has no seat by that, however often the session is saved."""
    training = school.plans(seats=1)
    registered(school, training, "wu", "he", "liu")
    zhou = Trainee("周杰", "+8613800138009")
    within(
        school, lambda s, t, rows: walk_in(s, school.house, t, zhou, at=school.house.clock.now()), training.id
    )
    moves(school, training, timedelta(0), lead_name="校长")
    assert school.states(training)[:3] == ["吴敏 registered", "何军 waiting", "刘洋 waiting"]
    school.says("取消报名", who="wu")  # the room is as full as it should be now
    assert school.states(training)[:3] == ["吴敏 cancelled", "何军 waiting", "刘洋 waiting"]


def test_seats_are_added_while_somebody_leaves(school: School) -> None:
    training = school.plans(seats=1)
    registered(school, training, "wu", "he", "liu")

    def leaves() -> Any:
        at = school.house.clock.now()
        return within(
            school, lambda s, t, rows: withdraw(s, school.house, t, rows["吴敏"], at=at), training.id
        )

    at_once(leaves, lambda: moves(school, training, timedelta(0), seats=2))
    school.passes("1m")
    assert school.states(training) == ["吴敏 cancelled", "何军 registered", "刘洋 registered"]
    for who in ("he", "liu"):
        assert school.all_heard(who).count("轮到您了") + school.all_heard(who).count("补上") <= 2
    with school.house.database.reading() as session:
        news = session.scalars(select(Promise.key).where(Promise.key.like("training.moved_up:%"))).all()
    assert len(news) == 2
    school.conserved()


def test_an_account_takes_no_second_row_of_its_own_name(school: School) -> None:
    """She gave her seat back; meanwhile a list has her with another number: the trainer settles that, nothing breaks."""
    training = school.plans(seats=9)
    registered(school, training, "wu")
    school.says("取消报名", who="wu")
    listed = Trainee("吴敏", "+8613800138008")
    at = school.house.clock.now()
    within(school, lambda s, t, rows: enrol(s, school.house, t, listed, via="import", at=at), training.id)
    with school.house.database.session() as session:
        mine = session.scalars(select(Enrolment).where(Enrolment.phone == "+8613800138001")).one()
        again = Trainee("吴敏", "+8613800138008", None, mine.customer_id)
        with pytest.raises(NoSeat, match="taken"):
            enrol(
                session,
                school.house,
                session.get_one(TrainingSession, training.id),
                again,
                via="webchat",
                at=at,
            )


def test_taken_off_the_roll_and_registered_again_she_is_reminded_once(school: School) -> None:
    training = school.plans(days=3)
    registered(school, training, "wu")
    at = school.house.clock.now()
    within(school, lambda s, t, rows: withdraw(s, school.house, t, rows["吴敏"], at=at), training.id)
    assert "第一中学" not in school.says(training.code, who="wu")
    school.says("跳过", who="wu")
    assert school.states(training) == ["吴敏 registered"]
    school.passes("3d")
    assert school.all_heard("wu").count("明天") == 1
    school.conserved()
