"""A school of one trainer: 孙老师 plans sessions, 学员 come by chat."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.house import House
from core.staff.model import Staff
from core.training.model import Enrolment, TrainingSession
from core.training.schedule import Plan, add_course, plan_session
from tests.play import Story
from tests.stories.arrivals import arrives


class School(Story):
    def __init__(self, house: House) -> None:
        super().__init__(house)
        with house.database.session() as session:
            session.add(Staff(name="孙老师", role="trainer", created_at=house.clock.now()))
            session.commit()

    def plans(self, *, days: int = 3, hour: int = 9, seats: int = 2, **more: Any) -> TrainingSession:
        """A session of a fresh course, ``days`` from now at ``hour``."""
        at = self.house.clock.now()
        day = self.house.local(at).date() + timedelta(days=days)
        start = datetime(day.year, day.month, day.day, hour, tzinfo=self.house.zone)
        with self.house.database.session() as session:
            course = add_course(session, title=f"教学屏使用 {at:%f}", category="display", outline=None, at=at)
            names = {p.name: p.id for p in session.scalars(select(Staff))}
            people = {"trainer_id": names["孙老师"], "head_id": names["赵经理"]}
            end = start + timedelta(minutes=150)
            plan = Plan(course.id, start, end, seats, **{"place": "三楼多媒体教室", **people, **more})
            training = plan_session(session, self.house, plan, at=at)
            session.commit()
            return training

    def scans(self, token: str | None, who: str, channel: str = "telegram") -> str:
        return arrives(self, who, channel, "follow", payload={"scene": token})

    def registers(self, training: TrainingSession, who: str, name: str, phone: str) -> str:
        self.says(training.code, who=who)
        self.says(name, who=who)
        self.says(phone, who=who)
        return self.says("第一中学", who=who)

    def states(self, training: TrainingSession) -> list[str]:
        """name state, in the order of the roll."""
        with self.house.database.reading() as session:
            rows = session.scalars(
                select(Enrolment).where(Enrolment.session_id == training.id).order_by(Enrolment.position)
            )
            return [f"{row.name} {row.state}" for row in rows]

    def all_heard(self, who: str, channel: str = "webchat") -> str:
        return "\n".join(m.text for m in self.recorders[channel].sent if m.recipient == who)


@pytest.fixture
def school(house: House) -> School:
    return School(house)
