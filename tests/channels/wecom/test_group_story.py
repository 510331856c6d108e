"""A session's WeCom group through the real app: made by hand, recognised, joined, left, lost and ended."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.customer.model import Conversation, Customer, Identity
from core.groups.model import GroupMember, QaGroup
from core.groups.open import plan_group, wait_for_admin
from core.messaging.audit import audit
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.training.model import Course, Enrolment, TrainingSession
from tests.channels.desk import Desk, running
from tests.providers.envelope import Fields
from tests.providers.wecom.sender import WeComSender
from tests.providers.wecom.server import WeComServer

SUN = "SunLaoShi"  # 孙老师, the trainer; in these stories the groups are hers
NAMES = ("王芳", "张伟", "李娜")
CODE = "PX4821"


class Class:
    """孙老师's session is over; 王芳, 张伟 and 李娜 were there and have a web chat with us."""

    def __init__(self, desk: Desk, wecom: WeComServer) -> None:
        self.desk, self.wecom, self.house = desk, wecom, desk.front.house
        self.sender = WeComSender(wecom, f"{desk.address}/webhooks/wecom")
        wecom.hire(SUN)
        with self.house.database.session() as session:
            self.number = _session_over(session, self.house.clock.now())
            session.commit()

    def waits(self) -> None:
        """The session ends, and the house waits for somebody to make the group."""
        with self.house.database.session() as session:
            training = session.get_one(TrainingSession, self.number)
            group = plan_group(session, self.house, training, "wecom", at=self.house.clock.now())
            wait_for_admin(group, at=self.house.clock.now())
            session.commit()

    def hears(self, event: Fields | None, **how: Any) -> None:
        assert event is not None and self.sender.send(event, **how).ok
        self.desk.quiet()

    def opens(self, name: str = f"{CODE} 空调答疑群") -> str:
        self.waits()
        made = self.wecom.opens_group(SUN, name)
        self.hears(made)
        return str(made["ChatId"])

    @property
    def group(self) -> QaGroup:
        (group,) = self.desk.rows(QaGroup)
        return group

    def member(self, name: str) -> GroupMember:
        (found,) = self.desk.rows(
            GroupMember, GroupMember.name == name, GroupMember.enrolment_id.is_not(None)
        )
        return found

    def own_code(self, name: str) -> str:
        """The picture that a trainee was sent."""
        (said,) = self.desk.rows(
            OutboxMessage,
            OutboxMessage.recipient == f"visitor-{name}",
            OutboxMessage.key.startswith("qa_invite:"),
        )
        return str(said.text.rsplit("\n", 1)[1])

    def states(self) -> list[str]:
        rows = self.desk.rows(GroupMember)
        return [f"{row.name} {row.state} {row.reason or ''}".strip() for row in rows]


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


def test_scanned_joined_matched(lesson: Class, wecom: WeComServer) -> None:
    chat = lesson.opens()
    assert lesson.group.state == "open" and lesson.group.external_id == chat
    way = wecom.join_ways[str(lesson.group.join_way)]
    assert way["state"] == lesson.group.token and lesson.group.invite_link == way["qr_code"]
    codes = {name: lesson.own_code(name) for name in NAMES}
    assert len(set(codes.values())) == 3
    lesson.hears(wecom.scans(codes["王芳"], "wmFang", "芳芳"), tries=3, at_once=True)
    fang = lesson.member("王芳")
    assert (fang.state, fang.reason, fang.external_id) == ("joined", "own_way", "wmFang")
    # Whoever it is sent on to gets nowhere, and she herself is in.
    assert wecom.scans(codes["王芳"], "wmSomebody") is None
    assert wecom.scans(str(lesson.group.invite_link), "wmFang") is None
    lesson.hears(wecom.scans(str(lesson.group.invite_link), "wmWei", " 张 伟"))
    assert lesson.member("张伟").reason == "name"
    assert not any("生人" in text for text in wecom.texts(SUN))
