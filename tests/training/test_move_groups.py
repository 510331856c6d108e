"""Prepared groups go along when their session is moved, and end with it when it is called off."""

from datetime import timedelta

import pytest

from core.groups.end import end_key, last_moment
from core.groups.model import QaGroup
from core.groups.prepare import prepare
from core.promise.model import Promise
from core.training.model import TrainingSession
from core.training.schedule import Plan, cancel_session, change_session
from tests.training.conftest import School


@pytest.fixture
def prepared(school: School) -> tuple[School, int]:
    training = school.plans()
    with school.house.database.session() as session:
        row = session.get_one(TrainingSession, training.id)
        prepare(session, school.house, row, "web", at=school.house.clock.now())
        session.commit()
    return school, training.id


def test_a_moved_session_takes_its_group_along(prepared: tuple[School, int]) -> None:
    school, number = prepared
    with school.house.database.session() as session:
        training, (group,) = session.get_one(TrainingSession, number), session.query(QaGroup).all()
        before, days = (group.opens_on, group.ends_on, training.group_ends_on), timedelta(days=20)
        plan = Plan(
            training.course_id,
            training.starts_at + days,
            training.ends_at + days,
            training.seats,
            training.place,
        )
        change_session(session, school.house, training, plan, at=school.house.clock.now())
        session.commit()
        assert (group.opens_on, group.ends_on, training.group_ends_on) == tuple(day + days for day in before)
        promised = session.query(Promise).filter(Promise.key == end_key(group.id)).one()
        assert promised.due_at == last_moment(school.house, group)


def test_a_cancelled_session_ends_its_group(prepared: tuple[School, int]) -> None:
    school, number = prepared
    with school.house.database.session() as session:
        cancel_session(
            session, school.house, session.get_one(TrainingSession, number), at=school.house.clock.now()
        )
        session.commit()
        (group,) = session.query(QaGroup).all()
        assert (group.state, group.reason) == ("closed", "cancelled")
