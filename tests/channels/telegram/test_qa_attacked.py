"""A Telegram group under attack: it moves or is deleted while people ask, updates come twice, words are strange."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core.asked.model import AskedQuestion
from core.groups.model import GroupMember
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from core.ticket.model import Ticket
from core.training.model import Enrolment
from tests.channels.desk import Desk
from tests.channels.telegram.test_qa_group import HE, STRANGER, WU, Course
from tests.channels.telegram.test_qa_questions import ANSWER, QUESTION, mentions, replies
from tests.channels.telegram.test_story import conserved
from tests.providers.telegram import errors, member_updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP

OLD = -4242


@pytest.fixture
def course(desk: Desk, telegram: TelegramServer) -> Iterator[Course]:
    yield Course(desk, telegram)
    conserved(desk)


@pytest.fixture
def group(course: Course) -> Course:
    """孙老师's open group with 吴敏 in it."""
    course.opens()
    course.asks(WU)
    course.brings(member_updates.joined(WU))
    return course


@pytest.mark.parametrize("told", ["by its service messages", "by one of them", "by a refused call"])
def test_what_still_names_the_old_number_is_of_our_group(course: Course, told: str) -> None:
    """Under way when the group became a supergroup: a request is decided, who comes is known, a stranger put out."""
    course.held()
    course.brings(member_updates.added(chat_id=OLD, by=700100))
    course.passes("1m")
    moved = member_updates.migrated(OLD, GROUP)
    if told == "by a refused call":
        course.server.migrate(OLD, GROUP)
        course.brings(member_updates.join_request(HE, OLD))
    course.brings(*{"by its service messages": moved, "by one of them": moved[1:]}.get(told, []))
    assert course.group.external_id == str(GROUP)
    for account in (WU, STRANGER):
        course.server.state.join_requests[(GROUP, account)] = "pending"
        course.brings(member_updates.join_request(account, OLD))
    assert (course.request(WU), course.request(STRANGER)) == ("approved", "declined")
    course.brings(member_updates.joined(WU, OLD), member_updates.joined(STRANGER, OLD))
    assert course.members()["吴敏"] == "joined first"
    assert [call["user_id"] for call in course.server.called("banChatMember")] == [STRANGER]


@pytest.mark.parametrize(
    "why", ["the group chat was deleted", "not enough rights to send text messages to the chat"]
)
def test_an_answer_that_the_group_does_not_take_is_told_in_private(group: Course, why: str) -> None:
    """Telegram does not tell of a deleted group before somebody speaks there."""
    group.brings(mentions(QUESTION), mentions(f"请问{QUESTION}", STRANGER))
    group.server.fail(errors.Refused(why, 403), on="sendMessage", chat=GROUP)
    group.brings(replies(group, ANSWER))
    group.passes("1m")
    assert ANSWER in group.said(WU) and f"“{QUESTION}”" in group.said(WU)
    assert sum(ANSWER in text for text in group.server.texts(WU)) == 1
    # Who asked beside her has no chat with us: a person calls.
    pushed = group.desk.rows(OutboxMessage, OutboxMessage.key.like("%:call%"))
    assert pushed and all(ANSWER in row.text for row in pushed)
    assert [row.status for row in group.desk.rows(Promise, Promise.kind == "asked_private")] == ["done"]
    assert {row.state for row in group.desk.rows(AskedQuestion)} == {"answered"}


def test_updates_that_telegram_brings_again_change_nothing(group: Course) -> None:
    """As after a crash between our commit and our 200: the same update, and what it made is there once."""
    asked, wants, gone = mentions(QUESTION), member_updates.join_request(STRANGER), member_updates.left(WU)
    for update in (asked, wants, gone):
        group.brings(update, update)
    group.brings(gone, asked, wants, asked)
    assert len(group.server.texts(STRANGER)) == len(group.server.called("declineChatJoinRequest")) == 1
    assert len(group.desk.rows(AskedQuestion)) == 1 and len(group.desk.rows(Ticket)) == 1
    assert sum("孙老师" in text for text in group.server.texts(GROUP)) == 1
    numbers = [row.external_id for row in group.desk.rows(InboxMessage)]
    assert len(numbers) == len(set(numbers)) and group.members()["吴敏"].startswith("left")


def test_taken_off_the_roll_and_registered_again(group: Course) -> None:
    """By the trainer's click: she may stay away or come back, but only while she is on the roll."""
    group.brings(member_updates.left(WU))
    for state, decided in (("cancelled", "declined"), ("attended", "approved")):
        with group.house.database.session() as session:
            session.scalars(select(Enrolment).where(Enrolment.name == "吴敏")).one().state = state
            session.commit()
        group.asks(WU)
        assert group.request(WU) == decided
    assert len([row for row in group.desk.rows(GroupMember) if row.name == "吴敏"]) == 1
    group.brings(member_updates.joined(WU))
    assert group.members()["吴敏"].startswith("joined")


@pytest.mark.parametrize(
    "words", ["😀😀😀", "\u202e؟كيف يعمل هذا\u202c", "\u200b\u200d\u2060", "…？！", "怎" * 4000]
)
def test_strange_words_in_the_group_break_nothing(group: Course, words: str) -> None:
    before = len(group.desk.rows(InboxMessage))
    group.brings(mentions(words))
    (heard,) = group.desk.rows(InboxMessage)[before:]
    assert heard.status == "done" and heard.outcome
    assert len(group.server.texts(GROUP)) <= 2 and not group.server.violations
    group.brings(mentions(QUESTION))
    assert "孙老师" in group.said(GROUP)
