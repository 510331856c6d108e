"""Events at the doors of groups: whoever only comes and goes is nobody's customer."""

import pytest

from core.customer.model import Conversation, Customer, Identity
from core.groups.door import EVENTS
from core.groups.model import GroupMember
from core.messaging.inbox import DOOR, InboxMessage
from tests.channels.desk import Desk
from tests.channels.telegram.test_qa_group import STRANGER, SUN, WU, Course
from tests.channels.telegram.test_story import conserved
from tests.providers.telegram import errors, member_updates, updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP

ELSEWHERE = -1001700000077


@pytest.fixture
def course(desk: Desk, telegram: TelegramServer) -> Course:
    return Course(desk, telegram)


@pytest.fixture
def lone(lone_desk: Desk, telegram: TelegramServer) -> Course:
    return Course(lone_desk, telegram)


def people(course: Course) -> tuple[int, ...]:
    return tuple(len(course.desk.rows(model)) for model in (Customer, Identity, Conversation))


def test_events_of_a_group_that_is_not_ours_make_no_customer(course: Course) -> None:
    """The bot is put into, given rights in and thrown out of somebody's group, where people come and go."""
    course.opens()
    before = people(course)
    course.brings(
        member_updates.added(ELSEWHERE, by=STRANGER, status="member"),
        member_updates.changed(
            "my_chat_member", updates.chat(ELSEWHERE), updates.user(STRANGER), updates.bot(), "member", "administrator"
        ),
        member_updates.join_request(STRANGER, ELSEWHERE),
        member_updates.joined(STRANGER, ELSEWHERE),
        member_updates.left(STRANGER, ELSEWHERE),
        member_updates.kicked(ELSEWHERE, by=STRANGER),
    )  # fmt: skip
    assert people(course) == before
    heard = [row.outcome for row in course.desk.rows(InboxMessage)][-6:]
    assert heard == ["foreign_group"] * 6 and not course.server.texts(ELSEWHERE)
    assert course.server.state.join_requests[(ELSEWHERE, STRANGER)] == "pending"
    conserved(course.desk)


def test_a_stranger_at_our_own_door_is_answered_and_no_customer_either(course: Course) -> None:
    course.opens()
    before = people(course)
    course.asks(STRANGER)
    course.brings(
        member_updates.changed(
            "chat_member", updates.chat(GROUP), updates.user(SUN), updates.user(STRANGER), "left", "member"
        )
    )
    assert course.request(STRANGER) == "declined" and "没有找到您的报名" in course.said(STRANGER)
    assert [call["user_id"] for call in course.server.called("banChatMember")] == [STRANGER]
    # Once the request is decided, Telegram takes no message for somebody who never wrote to the bot.
    calls = [call.method for call in course.server.calls if STRANGER in call.params.values()]
    assert calls[:2] == ["sendMessage", "declineChatJoinRequest"]
    assert people(course) == before
    course.asks(WU)
    course.brings(member_updates.joined(WU))
    wu = next(row for row in course.desk.rows(GroupMember) if row.name == "吴敏")
    assert wu.state == "joined" and wu.identity_id is not None and people(course) == before
    conserved(course.desk)


def test_who_cannot_be_told_is_declined_all_the_same(lone: Course) -> None:
    lone.opens()
    lone.server.fail(errors.too_many(1), on="sendMessage", chat=STRANGER, times=1)
    lone.asks(STRANGER)
    assert lone.request(STRANGER) == "declined" and "没有找到您的报名" in lone.said(STRANGER)
    lone.server.fail(errors.blocked(), on="sendMessage", chat=STRANGER)
    lone.asks(STRANGER)
    assert lone.request(STRANGER) == "declined" and len(lone.server.called("declineChatJoinRequest")) == 2


@pytest.mark.parametrize(("account", "decided"), [(WU, "approved"), (STRANGER, "declined")])
def test_a_group_that_got_another_number_while_somebody_asked(
    lone: Course, account: int, decided: str
) -> None:
    """Telegram tells of it only by refusing the call: nobody's request is left undecided."""
    old = -4242
    lone.held()
    lone.brings(member_updates.added(chat_id=old, by=SUN))
    lone.passes("1m")
    lone.server.migrate(old, GROUP)
    lone.server.state.join_requests[(GROUP, account)] = "pending"
    lone.brings(member_updates.join_request(account, old))
    assert lone.group.external_id == str(GROUP) and lone.request(account) == decided
    assert ("欢迎" if account == WU else "没有找到您的报名") in lone.said(account)


def test_what_belongs_to_no_conversation_is_what_the_door_takes() -> None:
    assert set(EVENTS) == set(DOOR)
