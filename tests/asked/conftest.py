"""A school whose people have chats: 孙老师 teaches teaching displays, 吴敏 has attended, 何军 asks as a stranger."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from core.asked.model import AskedQuestion
from core.house import House
from core.staff.model import Staff
from core.training.model import Enrolment
from tests.stories.chatting import ACCOUNTS, Chatting, Refusing
from tests.training.conftest import School

SUN, SUN_TELEGRAM = "SunLaoShi", "7001"
QUESTION = "教学屏的班牌模块怎么切到考勤模式"
ANSWER = "长按班牌右下角三秒，在菜单里点“考勤”，再贴一次管理卡。"


class Asking(Chatting, School):
    def __init__(self, house: House) -> None:
        School.__init__(self, house)
        self.recorders |= {name: Refusing(name) for name in ("wecom", "telegram", "wecom_robot")}
        with house.database.session() as session:
            session.add(Staff(name="总经理", role="admin", created_at=house.clock.now()))
            session.flush()
            for person in session.scalars(select(Staff)):
                person.wecom_id = {**ACCOUNTS, "孙老师": SUN}[person.name]
            session.commit()

    def attended(self, who: str, name: str, phone: str, *, channel: str = "webchat", **plan: Any) -> None:
        """``who`` has sat in a session of 孙老师's."""
        training = self.plans(days=1, **plan)
        self.says(training.code, who=who, channel=channel)
        for words in (name, phone, "第一中学"):
            self.says(words, who=who, channel=channel)
        with self.house.database.session() as session:
            mine = update(Enrolment).where(Enrolment.session_id == training.id)
            session.execute(mine.values(state="attended"))
            session.commit()

    def presses_and_answers(self, number: str) -> str:
        """孙老师 answers at last, by words."""
        return self.types(SUN, f"#{number} 回答 {ANSWER}")

    def asked(self) -> list[AskedQuestion]:
        with self.house.database.reading() as session:
            return list(session.scalars(select(AskedQuestion).order_by(AskedQuestion.id)))

    def number(self) -> str:
        """The ticket of the newest question."""
        return next(t["number"] for t in self.tickets() if t["wants"] == "answer")

    def due(self) -> datetime:
        """When the newest question is promised an answer."""
        due_at = next(t["due_at"] for t in self.tickets() if t["wants"] == "answer")
        return datetime.fromisoformat(due_at)

    def cards(self, piece: str, who: str = SUN, channel: str = "wecom") -> list[Any]:
        return [m for m in self.recorders[channel].sent if m.recipient == who and piece in m.text]


@pytest.fixture
def asking(house: House) -> Asking:
    return Asking(house)
