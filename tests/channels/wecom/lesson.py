"""孙老师's session is over, and its Q&A group is a WeCom customer group: what the stories about it begin with."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.asked.ask import ask
from core.customer.model import Conversation, Customer, Identity
from core.groups.find import new_token
from core.groups.lead_in import make_ready
from core.groups.model import GroupMember, QaGroup
from core.groups.open import plan_group
from core.groups.post import post
from core.groups.search import wait_again
from core.groups.told import locked
from core.messaging.audit import audit
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.training.model import Course, Enrolment, TrainingSession
from tests.channels.desk import Desk, running, until
from tests.providers.envelope import Fields
from tests.providers.wecom.sender import WeComSender
from tests.providers.wecom.server import WeComServer

SUN = "SunLaoShi"  # 孙老师, the trainer; in these stories the groups are hers
OWNER = "ZhouKeFu"
NAMES = ("王芳", "张伟", "李娜")
CODE = "PX4821"


class Class:
    """孙老师's session is over; 王芳, 张伟 and 李娜 were there and have a web chat with us. It is ten in the morning."""

    def __init__(self, desk: Desk, wecom: WeComServer) -> None:
        self.desk, self.wecom, self.house = desk, wecom, desk.front.house
        self.sender = WeComSender(wecom, f"{desk.address}/webhooks/wecom")
        wecom.hire(SUN)
        now = self.house.local(self.house.clock.now())
        morning = now.replace(hour=10, minute=0) + timedelta(days=1)
        self.advance(minutes=int((morning - now).total_seconds() // 60))
        with self.house.database.session() as session:
            self.number = _session_over(session, self.house.clock.now())
            session.commit()

    def advance(self, **span: int) -> None:
        minutes = int(timedelta(**span).total_seconds() // 60)
        answer = self.desk.client.post("/try/clock", json={"advance": f"{minutes}m"})
        assert answer.status_code == 200, answer.text

    def waits(self) -> None:
        """The session has ended, and the house waits for somebody to make the group."""
        with self.house.database.session() as session:
            at = self.house.clock.now()
            group = plan_group(
                session, self.house, session.get_one(TrainingSession, self.number), "wecom", at=at
            )
            for enrolment in session.scalars(select(Enrolment)):
                place = GroupMember(group_id=group.id, enrolment_id=enrolment.id, name=enrolment.name)
                place.token = new_token()
                session.add(place)
            make_ready(session, self.house, group, at=at)
            session.commit()

    def hears(self, event: Fields | None, **how: Any) -> None:
        assert event is not None and self.sender.send(event, **how).ok
        self.desk.quiet()

    def opens(self, name: str = f"{CODE} 空调答疑群") -> str:
        self.waits()
        made = self.wecom.opens_group(SUN, name)
        self.hears(made)
        until(lambda: all(self.own_code(trainee) for trainee in NAMES))
        return str(made["ChatId"])

    @property
    def group(self) -> QaGroup:
        (group,) = self.desk.rows(QaGroup, QaGroup.session_id == self.number)
        return group

    def member(self, name: str) -> GroupMember:
        (found,) = self.desk.rows(
            GroupMember, GroupMember.name == name, GroupMember.enrolment_id.is_not(None)
        )
        return found

    def own_code(self, name: str) -> str:
        """The picture that a trainee was sent last; nothing when none was."""
        mine = OutboxMessage.recipient == f"visitor-{name}", OutboxMessage.key.startswith("group_invite:")
        said = self.desk.rows(OutboxMessage, *mine)
        return re.findall(r"https://\S+", said[-1].text)[0] if said else ""

    def heard(self, who: str, words: str) -> list[str]:
        return [text for text in self.wecom.texts(who) if words in text]

    def hire(self, name: str, account: str, role: str = "agent") -> None:
        with self.house.database.session() as session:
            person = Staff(name=name, role=role, wecom_id=account, created_at=self.house.clock.now())
            session.add(person)
            session.commit()

    def asks(self, name: str, text: str, group_id: int | None = None) -> str:
        """In private, or by the form of a group; nobody knows the answer. The number of the ticket by which the trainer has it."""
        with self.house.database.session() as session:
            asker = session.scalars(select(Customer).where(Customer.name == name)).one()
            chat = session.scalars(
                select(Conversation.id).where(Conversation.lane == f"webchat::visitor-{name}")
            ).one()
            put = ask(
                session,
                self.house,
                asker=asker,
                text=text,
                group_id=group_id,
                category=None,
                quote=None,
                at=self.house.clock.now(),
                channel="webchat",
                conversation_id=chat,
            )
            session.commit()
            number = str(put.row.ticket.number)
        self.desk.quiet()
        return number

    def says(self, text: str, *, key: str) -> None:
        with self.house.database.session() as session:
            post(session, self.house, self.group.id, text, quote=None, key=key)
            session.commit()
        self.desk.quiet()

    def waits_again(self) -> None:
        with self.house.database.session() as session:
            wait_again(session, self.house, locked(session, self.group.id), at=self.house.clock.now())
            session.commit()

    def states(self) -> list[str]:
        rows = self.desk.rows(GroupMember)
        return sorted(f"{row.name} {row.state} {row.reason or ''}".strip() for row in rows)


def _session_over(session: Any, at: datetime) -> int:
    trainer = Staff(name="孙老师", role="trainer", wecom_id=SUN, created_at=at)
    course = Course(title="空调使用", category="air_conditioner", created_at=at)
    session.add_all([trainer, course])
    session.flush()
    training = TrainingSession(
        course_id=course.id,
        code=CODE,
        state="held",
        starts_at=at - timedelta(hours=3),
        ends_at=at - timedelta(minutes=30),
        lessons=2,
        lesson_minutes=70,
        break_minutes=20,
        seats=9,
        place="三楼多媒体教室",
        category="air_conditioner",
        trainer_id=trainer.id,
        created_at=at,
    )
    session.add(training)
    session.flush()
    for place, name in enumerate(NAMES):
        identity = Identity(channel="webchat", external_id=f"visitor-{name}", created_at=at)
        identity.customer = Customer(name=name, created_at=at)
        lane = f"webchat::visitor-{name}"
        session.add(Conversation(lane=lane, identity=identity, created_at=at, last_heard_at=at, state={}))
        session.flush()
        row = Enrolment(session_id=training.id, customer_id=identity.customer_id, name=name, state="attended")
        row.via, row.position, row.created_at, row.changed_at = "webchat", place, at, at
        session.add(row)
    session.flush()
    return int(training.id)


@pytest.fixture
def lesson(database_url: str, wecom: WeComServer) -> Iterator[Class]:
    with running(database_url, **wecom.settings) as desk:
        yield Class(desk, wecom)
        with desk.front.house.database.reading() as session:
            report = audit(session, now=desk.front.house.clock.now())
        assert report["ok"], report["violations"]
