"""A session that is over, its group, and the people at its door."""

from datetime import datetime

import pytest

from core.groups.model import QaGroup
from core.groups.open import open_group, plan_group
from core.house import House
from core.training.model import Enrolment, TrainingSession
from tests.training.conftest import School


class Class(School):
    """孙老师's session with 王 attended, 张 registered, 李 absent."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.training = self.plans(seats=9)
        with house.database.session() as session:
            for place, (name, state) in enumerate(
                (("王", "attended"), ("张", "registered"), ("李", "absent"))
            ):
                row = Enrolment(
                    session_id=self.training.id, name=name, state=state, via="import", position=place
                )
                row.created_at = row.changed_at = self.now
                session.add(row)
            session.commit()

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    def opens(self, channel: str = "telegram") -> int:
        with self.house.database.session() as session:
            training = session.get_one(TrainingSession, self.training.id)
            group = plan_group(session, self.house, training, channel, at=self.now)
            if group.state != "open":
                group.external_id = "-100777" if channel == "telegram" else None
                open_group(session, self.house, group, at=self.now)
            session.commit()
            return group.id

    def group(self) -> QaGroup:
        with self.house.database.reading() as session:
            return session.query(QaGroup).one()


@pytest.fixture
def lesson(house: House) -> Class:
    return Class(house)
