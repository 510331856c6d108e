"""At its end a group is handed over to its trainer where the policy says so: we say farewell, take our link back, and go."""

import pytest

from core.training.model import TrainingSession
from tests.channels.desk import Desk
from tests.channels.telegram.test_groups import mention
from tests.channels.telegram.test_qa_group import HE, SUN, WU, Course
from tests.channels.telegram.test_story import conserved
from tests.edited import edit_policy
from tests.providers.telegram import member_updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP


@pytest.fixture
def lone(lone_desk: Desk, telegram: TelegramServer) -> Course:
    return Course(lone_desk, telegram)


def at_end(course: Course, what: str) -> None:
    edit_policy(course.house, "groups", at_end=what)


def test_on_its_last_day_the_group_is_its_trainers(lone: Course) -> None:
    at_end(lone, "hand_over")
    lone.opens()
    lone.asks(WU)
    lone.brings(member_updates.joined(WU))
    lone.days(15)
    assert (lone.group.state, lone.group.handed_to) == ("handed_over", "孙老师")
    farewell = lone.said(GROUP)
    assert "由 孙老师 负责" in farewell and "转人工" in farewell
    assert [call["chat_id"] for call in lone.server.called("leaveChat")] == [GROUP]
    lone.no_link_leads_in()
    assert "can_send_messages" not in str(lone.server.called("setChatPermissions"))  # they go on talking
    assert "孙老师" in lone.said(SUN) or "答疑群" in lone.said(SUN)
    lone.asks(HE)  # who comes in now is hers to decide
    assert lone.request(HE) == "pending"
    lone.brings(mention("一体机怎么无线投屏？", sender=WU))
    assert lone.said(GROUP) == farewell
    conserved(lone.desk)


def test_without_a_trainer_it_is_closed(lone: Course) -> None:
    at_end(lone, "hand_over")
    lone.opens()
    with lone.house.database.session() as session:
        session.get_one(TrainingSession, lone.training).trainer_id = None
        session.commit()
    lone.days(15)
    assert lone.group.state == "closed" and "到今天结束" in lone.said(GROUP)
