"""Who gets in by a list is who proved its number; what Telegram refuses may be asked again; no group is guessed."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from core.customer.model import Customer
from core.groups.model import GroupMember, QaGroup
from core.groups.open import plan_group, wait_for_admin
from core.staff.model import Staff
from core.training.model import Course as TaughtCourse
from core.training.model import Enrolment, TrainingSession
from core.training.schedule import Plan, plan_session
from tests.channels.desk import Desk
from tests.channels.telegram.test_qa_group import STRANGER, SUN, WU, Course
from tests.channels.telegram.test_qa_link_again import asks
from tests.providers.telegram import errors, member_updates, updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP

LISTED = "+8613800138055"


@pytest.fixture
def lone(lone_desk: Desk, telegram: TelegramServer) -> Course:
    return Course(lone_desk, telegram)


def test_a_number_that_was_only_told_opens_no_group(lone: Course) -> None:
    """周全 was on a list and attended; somebody tells us 周全's number as theirs, and later proves it."""
    with lone.house.database.session() as session:
        at = lone.house.clock.now()
        seat = {"name": "周全", "phone": LISTED, "state": "attended", "via": "import", "position": STRANGER}
        session.add(Enrolment(session_id=lone.training, created_at=at, changed_at=at, **seat))
        claimer = lone.chats(session, STRANGER, at, Customer(phone=LISTED, created_at=at)).id
        session.commit()
    link = lone.opens()
    lone.asks(STRANGER)
    assert lone.request(STRANGER) == "declined" and "没有找到您的报名" in lone.said(STRANGER)
    lone.brings(asks(account=STRANGER))
    assert "没有找到您的报名" in lone.said(STRANGER) and link not in "".join(lone.server.texts(STRANGER))
    (seat_of,) = lone.desk.rows(Enrolment, Enrolment.name == "周全")
    assert seat_of.customer_id is None
    with lone.house.database.session() as session:
        session.get_one(Customer, claimer).phone_verified_at = lone.house.clock.now()
        session.commit()
    lone.asks(STRANGER)
    assert lone.request(STRANGER) == "approved" and "欢迎" in lone.said(STRANGER)
    (seat_of,) = lone.desk.rows(Enrolment, Enrolment.name == "周全")
    assert seat_of.customer_id == claimer


def test_whom_telegram_does_not_let_in_may_ask_again(lone: Course) -> None:
    lone.opens()
    lone.server.fail(errors.Refused("USER_CHANNELS_TOO_MUCH"), on="approveChatJoinRequest", times=1)
    lone.asks(WU)
    assert lone.request(WU) == "pending" and lone.members() == {"吴敏": "invited not_let_in"}
    lone.asks(WU)
    assert lone.request(WU) == "approved" and lone.members() == {"吴敏": "asked first"}


def test_of_two_groups_that_wait_for_one_trainer_none_is_guessed(lone: Course) -> None:
    lone.held()
    with lone.house.database.session() as session:
        at = lone.house.clock.now()
        course, trainer = session.scalars(select(TaughtCourse)).one(), session.scalars(select(Staff)).one()
        times = at + timedelta(days=1), at + timedelta(days=1, hours=2)
        plan = Plan(course.id, *times, 9, "二楼", trainer_id=trainer.id)
        second = plan_group(
            session, lone.house, plan_session(session, lone.house, plan, at=at), "telegram", at=at
        )
        wait_for_admin(second, at=at)
        session.commit()
        code = second.token
    lone.brings(member_updates.added(by=SUN))
    assert "开群码" in lone.said(GROUP)
    assert [group.external_id for group in lone.desk.rows(QaGroup)] == [None, None]
    lone.brings(updates.text(code, GROUP, sender=updates.user(SUN)))
    assert [group.external_id for group in lone.desk.rows(QaGroup)] == [None, str(GROUP)]


def test_a_link_ends_with_its_group(lone: Course) -> None:
    with lone.house.database.session() as session:
        training = session.get_one(TrainingSession, lone.training)
        last = lone.house.local(training.ends_at).date() + timedelta(days=2)
        training.group_ends_on = last
        session.commit()
    lone.opens()
    (made,) = lone.server.called("createChatInviteLink")
    ends = datetime.combine(last + timedelta(days=1), time(), lone.house.zone)
    assert made["expire_date"] == int(ends.timestamp())
    assert lone.desk.rows(GroupMember)[0].state == "invited"
