"""Questions in a Telegram Q&A group through the real app: asked by a mention, answered by a reply, kept by a button."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.asked.model import AskedQuestion
from core.ticket.model import Ticket
from tests.channels.desk import Desk
from tests.channels.telegram.test_qa_group import SUN, WU, Course
from tests.channels.telegram.test_story import conserved
from tests.providers.telegram import member_updates, updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP

NAME = "@frontdoor_bot"
QUESTION, ANSWER = "教学屏的班牌模块怎么切到考勤模式", "长按右下角三秒，点“考勤”。"


@pytest.fixture
def group(desk: Desk, telegram: TelegramServer) -> Iterator[Course]:
    """孙老师's open group with 吴敏 in it."""
    course = Course(desk, telegram)
    course.opens()
    course.asks(WU)
    course.brings(member_updates.joined(WU))
    yield course
    conserved(desk)


def mentions(words: str, account: int = WU) -> dict[str, Any]:
    """Somebody in the group speaks to the bot."""
    mark = {"type": "mention", "offset": 0, "length": len(NAME)}
    return updates.message(GROUP, updates.user(account, "吴敏"), text=f"{NAME} {words}", entities=[mark])


def replies(course: Course, words: str) -> dict[str, Any]:
    """孙老师 swipes the push and writes."""
    push = next(m for m in reversed(course.server.sent(SUN)) if "提问待答" in m["text"])
    return updates.message(SUN, updates.user(SUN, "孙老师"), text=words, reply_to_message=push)


def test_asked_by_a_mention_answered_by_a_reply_kept_by_a_button(group: Course) -> None:
    asked = mentions(QUESTION)
    group.brings(asked)
    assert "孙老师" in group.said(GROUP) and "在群里回复" in group.said(GROUP)
    number = str(group.desk.rows(Ticket, Ticket.wants == "answer")[-1].number)
    group.brings(replies(group, ANSWER))
    assert f"问：“{QUESTION}”" in group.said(GROUP) and ANSWER in group.said(GROUP)
    shown = group.server.called("sendMessage")
    answer = next(call for call in shown if call["chat_id"] == GROUP and ANSWER in call["text"])
    assert answer["reply_parameters"]["message_id"] == asked["message"]["message_id"]
    assert number not in "".join(group.server.texts(GROUP))
    group.brings(group.server.press(SUN, "确认收录", sender=updates.user(SUN, "孙老师")))
    assert "已收录" in "".join(group.server.texts(SUN))
    group.brings(mentions("班牌怎么切换到考勤模式呢"))
    assert ANSWER in group.said(GROUP) and "出处：孙老师" in group.said(GROUP)
    assert [row.state for row in group.desk.rows(AskedQuestion)] == ["confirmed", "answered_by_article"]


def test_a_fault_told_in_the_group_goes_on_in_private(group: Course) -> None:
    group.brings(mentions("教学屏黑屏了，不显示"))
    assert "私聊" in group.said(GROUP) and "第 1 步" not in "".join(group.server.texts(GROUP))
    assert "答疑群里说的故障" in group.said(WU)
