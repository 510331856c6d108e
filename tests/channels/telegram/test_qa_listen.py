"""What a Telegram Q&A group listens to: only what is addressed, what asks, or all; chatter is neither answered nor kept."""

import pytest

from core.asked.model import AskedQuestion
from core.groups.listen import choose
from core.groups.model import QaGroup
from core.messaging.inbox import InboxMessage
from core.nlu_review.model import NluReview
from tests.channels.desk import Desk
from tests.channels.telegram.test_qa_group import STRANGER, SUN, WU, Course
from tests.channels.telegram.test_qa_questions import mentions
from tests.channels.telegram.test_story import conserved
from tests.providers.telegram import member_updates, updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP, Thing

KNOWN, UNKNOWN = "一体机怎么无线投屏？", "教学屏的班牌模块怎么切到考勤模式"
CHATTER = "今天下课一起吃饭吧"


@pytest.fixture
def course(desk: Desk, telegram: TelegramServer) -> Course:
    """孙老师's open group with 吴敏 in it."""
    course = Course(desk, telegram)
    course.opens()
    course.asks(WU)
    course.brings(member_updates.joined(WU))
    return course


def listens(course: Course, *how: str) -> None:
    with course.house.database.session() as session:
        at = course.house.clock.now()
        choose(session, session.get_one(QaGroup, course.group.id), how, by="孙老师", at=at)
        session.commit()


def says(words: str, account: int = WU, chat: int = GROUP) -> Thing:
    """To everybody in the group."""
    return updates.message(chat, updates.user(account, "吴敏"), text=words)


def last(course: Course) -> InboxMessage:
    return course.desk.rows(InboxMessage)[-1]


def test_all_is_listened_to_and_only_what_is_known_or_asks_is_answered(course: Course) -> None:
    listens(course, "all")
    asked = says(KNOWN)
    course.brings(asked)
    assert "出处" in course.said(GROUP) and last(course).outcome == "group_answered"
    shown = course.server.called("sendMessage")[-1]
    assert shown["reply_parameters"]["message_id"] == asked["message"]["message_id"]
    said = len(course.server.texts(GROUP))
    course.brings(says(CHATTER), says("谢谢老师"), says("好的"))
    assert len(course.server.texts(GROUP)) == said
    heard = course.desk.rows(InboxMessage)[-3:]
    assert [(row.outcome, row.text) for row in heard] == [("group_unasked", "")] * 3
    assert CHATTER not in str([row.text for row in course.desk.rows(NluReview)])
    course.brings(says(UNKNOWN))
    assert "孙老师" in course.said(GROUP) and last(course).outcome == "group_asked"
    assert [row.trainer for row in course.desk.rows(AskedQuestion)] == ["孙老师", "孙老师"]
    conserved(course.desk)


def test_a_question_form_is_listened_to_without_a_mention(course: Course) -> None:
    listens(course, "question")
    said = len(course.server.texts(GROUP))
    course.brings(says("教学屏连不上无线网"))  # it tells, and asks nothing
    assert len(course.server.texts(GROUP)) == said
    course.brings(says(KNOWN))
    assert "出处" in course.said(GROUP)


@pytest.mark.parametrize("how", [("mention", "reply", "form"), ("form",), ()])
def test_without_it_nothing_that_people_say_to_each_other_is_kept(
    course: Course, how: tuple[str, ...]
) -> None:
    listens(course, *how)
    said = len(course.server.texts(GROUP))
    course.brings(says(KNOWN))
    assert len(course.server.texts(GROUP)) == said
    assert (last(course).kind, last(course).text, last(course).name) == ("silent", "", None)
    course.brings(mentions(KNOWN))
    assert last(course).outcome == ("group_answered" if "mention" in how else "group_unasked")
    conserved(course.desk)


def test_the_trainer_other_groups_commands_and_mentions_of_others_are_not_overheard(course: Course) -> None:
    listens(course, "all")
    said, elsewhere = len(course.server.texts(GROUP)), -1001700000077
    mark = {"type": "mention", "offset": 0, "length": 6}
    course.brings(
        says(KNOWN, SUN),
        says(KNOWN, STRANGER, elsewhere),
        says("/weather@other_bot 怎么样", WU),
        updates.message(
            GROUP, updates.user(WU, "吴敏"), text=f"@ligong {KNOWN}", entities=[mark | {"length": 7}]
        ),
    )
    assert len(course.server.texts(GROUP)) == said and not course.server.texts(elsewhere)
    assert KNOWN not in str([(row.text, row.payload) for row in course.desk.rows(InboxMessage)])
    assert not course.desk.rows(AskedQuestion)
    conserved(course.desk)


def test_two_who_say_the_same_at_once_are_one_question(course: Course) -> None:
    listens(course, "all")
    course.enrols((STRANGER, "何兰", "attended"))
    course.server.deliver_all([says(UNKNOWN), says(UNKNOWN, STRANGER)], copies=2, shuffle=3)
    course.desk.quiet()
    first, second = course.desk.rows(AskedQuestion)
    assert {first.same_as_id, second.same_as_id} == {None, min(first.id, second.id)}
    conserved(course.desk)


def test_danger_and_faults_are_heard_and_the_fault_goes_on_in_private(course: Course) -> None:
    listens(course, "all")
    course.brings(says("教学屏后面冒烟了"))
    assert last(course).outcome == "emergency" and "电源" in "".join(course.server.texts(GROUP))
    said = len(course.server.texts(GROUP))
    course.brings(says("教学屏黑屏了，怎么办"))
    assert len(course.server.texts(GROUP)) == said + 1
    conserved(course.desk)
