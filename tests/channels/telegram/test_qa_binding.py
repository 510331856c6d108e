"""Which chat becomes which group: by a code, by the trainer's hand, and never by a guess."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.groups.lead_in import make_ready
from core.groups.model import QaGroup
from core.groups.open import plan_group
from core.training.model import TrainingSession
from core.training.schedule import Plan, plan_session
from tests.channels.desk import Desk
from tests.channels.telegram.test_qa_group import SUN, WU, Course
from tests.channels.telegram.test_story import conserved
from tests.providers.telegram import errors, member_updates, updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP

OTHER = -1001700000009


@pytest.fixture
def lone(lone_desk: Desk, telegram: TelegramServer) -> Iterator[Course]:
    yield Course(lone_desk, telegram)
    conserved(lone_desk)


def second(course: Course) -> str:
    """Another session of 孙老师's, whose group waits too; its code."""
    house, at = course.house, course.house.clock.now()
    with house.database.session() as session:
        first = session.get_one(TrainingSession, course.training)
        start = at + timedelta(days=2)
        plan = Plan(
            first.course_id, start, start + timedelta(hours=2), 9, "三楼", trainer_id=first.trainer_id
        )
        group = plan_group(session, house, plan_session(session, house, plan, at=at), "telegram", at=at)
        make_ready(session, house, group, at=at)
        session.commit()
        return group.token


def chats(course: Course) -> dict[int, str | None]:
    return {row.session_id: row.external_id for row in course.desk.rows(QaGroup)}


def test_a_group_that_only_waits_for_rights_is_not_taken_by_another_chat(lone: Course) -> None:
    lone.held()
    lone.server.fail(errors.Refused("not enough rights"), on="createChatInviteLink", times=1)
    lone.brings(updates.text(lone.group.token, GROUP))
    assert lone.group.state == "waiting_for_admin"
    lone.brings(updates.text(lone.group.token, OTHER))
    assert "已经用过" in lone.said(OTHER) and lone.group.external_id == str(GROUP)


def test_a_chat_that_is_one_sessions_group_becomes_no_others(lone: Course) -> None:
    lone.opens()
    code = second(lone)
    lone.brings(updates.text(code, GROUP))
    assert "不对" in lone.said(GROUP) or "已经用过" in lone.said(GROUP)
    assert sorted(chats(lone).values(), key=str) == [str(GROUP), None]


def test_of_two_groups_that_wait_none_is_guessed(lone: Course) -> None:
    lone.held()
    code = second(lone)
    lone.brings(member_updates.added(by=SUN))
    assert "开群码" in lone.said(GROUP) and set(chats(lone).values()) == {None}
    lone.brings(updates.text(code, GROUP))
    assert list(chats(lone).values()) == [None, str(GROUP)]


def test_rights_given_once_more_make_no_second_link(lone: Course) -> None:
    link = lone.opens()
    for status in (("administrator", "member"), ("member", "administrator")):
        lone.brings(member_updates.changed(
            "my_chat_member", updates.chat(GROUP), updates.user(SUN), updates.bot(), *status
        ))  # fmt: skip
    assert len(lone.server.called("createChatInviteLink")) == 1 and lone.group.invite_link == link


def test_whom_the_bot_put_out_itself_was_not_put_out_by_a_person(lone: Course) -> None:
    lone.opens()
    lone.asks(WU)
    lone.brings(member_updates.joined(WU))
    lone.brings(member_updates.changed(
        "chat_member", updates.chat(GROUP), updates.bot(), updates.user(WU), "member", "kicked"
    ))  # fmt: skip
    assert lone.members()["吴敏"].startswith("left")
    lone.asks(WU)
    assert lone.request(WU) == "approved"
