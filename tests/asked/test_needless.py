"""不用答: a question that needs no answer ends with its reason; who asked is told where that helps, never in the group."""

import pytest
from sqlalchemy import update

from core.asked.needless import REASONS, needs_no_answer
from core.asked.reply import give_answer
from core.customer.model import Identity
from core.knowledge.book import shipped_wording
from core.messaging.outbox import OutboxMessage
from core.staff.refusal import Refused
from tests.asked.conftest import ANSWER, QUESTION, SUN, Asking
from tests.asked.test_group import group, in_group, posted
from tests.channels.desk import at_once
from tests.stories.chatting import ZHAO

__all__ = ["group"]
WU, HE = ("wu", "吴敏", "13800138001"), ("he", "何军", "13800138002")


@pytest.fixture
def waiting(asking: Asking) -> Asking:
    asking.attended(*WU)
    asking.says(QUESTION, who="wu")
    return asking


@pytest.mark.parametrize(
    ("label", "reason", "heard"),
    [
        ("只是道谢", "thanks", "孙老师收到了，不客气"),
        ("与培训无关", "off_topic", "不属于孙老师负责的培训内容"),
        ("已口头答复", "oral", "孙老师说已经当面或打电话答复您了"),
    ],
)
def test_by_two_buttons_and_the_asker_is_told(waiting: Asking, label: str, reason: str, heard: str) -> None:
    number = waiting.number()
    said = waiting.presses(SUN, "不用答")
    assert "为什么不用答" in said and "1 人在等" in said
    assert [label for _, label in waiting.card(SUN).choices] == ["只是道谢", "与培训无关", "已口头答复"]
    assert "已私下礼貌告知 1 位提问人" in waiting.presses(SUN, label)
    told = waiting.heard("wu")
    assert heard in told and QUESTION in told and "回复 0" in told and number not in told
    (row,) = waiting.asked()
    assert (row.state, row.needs_none, row.needs_none_by) == ("withdrawn", reason, "孙老师")
    assert waiting.tickets()[0]["state"] == "closed"
    assert waiting.written(number, "no_answer") == [f"no_answer 孙老师 {reason}"]
    assert waiting.changed(SUN) == ["孙老师：不用答", "孙老师：不用答"]
    waiting.passes("48h")
    assert waiting.cards("时限提醒") == waiting.cards("超时") == []
    waiting.conserved()


def test_by_words(waiting: Asking) -> None:
    number = waiting.number()
    assert "为什么不用答" in waiting.types(SUN, f"#{number} 不用答 心情不好")
    assert waiting.asked()[0].state == "waiting"
    assert "已标为不用答" in waiting.types(SUN, f"#{number} 不用答 已口头答复")
    assert waiting.asked()[0].needs_none == "oral"


def test_twice_after_an_answer_and_an_answer_after_it(waiting: Asking) -> None:
    number = waiting.number()
    waiting.presses(SUN, "不用答")
    picker = waiting.card(SUN)
    waiting.presses(SUN, "与培训无关", card=picker)
    heard = waiting.all_heard("wu")
    for again in (
        waiting.presses(SUN, "与培训无关", card=picker),
        waiting.types(ZHAO, f"#{number} 不用答 只是道谢"),
        waiting.types(SUN, f"#{number} 转交 周客服"),
        waiting.types(SUN, f"#{number} 回答 {ANSWER}"),
        waiting.types(SUN, f"#{number} 收录"),
    ):
        assert "孙老师 已标为不用答" in again
    assert waiting.all_heard("wu") == heard and waiting.asked()[0].needs_none == "off_topic"
    waiting.says("镁棒那玩意儿咋个整法子才好使唤", who="stranger")  # of whom the desk is asked
    other = waiting.number()
    assert other != number
    waiting.types(ZHAO, f"#{other} 回答 {ANSWER}")
    assert "赵经理 已经回答了" in waiting.types(ZHAO, f"#{other} 不用答 只是道谢")


def test_everybody_who_asked_the_same_is_told(waiting: Asking) -> None:
    waiting.attended(*HE)
    waiting.says(QUESTION, who="he")
    assert "2 人在等" in waiting.presses(SUN, "不用答")
    assert "告知 2 位提问人" in waiting.presses(SUN, "已口头答复")
    assert "已经当面" in waiting.heard("wu") and "已经当面" in waiting.heard("he")
    assert {row.state for row in waiting.asked()} == {"withdrawn"}
    waiting.conserved()


def test_an_answer_at_the_same_moment(waiting: Asking) -> None:
    number, house, said = waiting.number(), waiting.house, []

    def ends() -> None:
        with house.database.session() as session:
            at = house.clock.now()
            try:
                needs_no_answer(
                    session, house, number=number, reason="oral", by="赵经理", at=at, holder="孙老师"
                )
                session.commit()
            except Refused as refused:
                said.append(refused.key)

    def answers() -> None:
        with house.database.session() as session:
            try:
                give_answer(session, house, number=number, text=ANSWER, by="孙老师", at=house.clock.now())
                session.commit()
            except Refused as refused:
                said.append(refused.key)

    at_once(ends, answers)
    waiting.work()
    answered = waiting.asked()[0].state == "answered"
    assert said == (["asked.answered"] if answered else ["asked.needs_none"])
    assert (ANSWER in waiting.all_heard("wu")) == answered
    assert ("当面" in waiting.all_heard("wu")) != answered
    waiting.conserved()


@pytest.mark.parametrize("reason", REASONS)
def test_in_a_group_nothing_is_said(group: Asking, reason: str) -> None:
    """Who has a private chat with us is told there, unless they only thanked."""
    group.says("你好", who="501", channel="telegram")
    in_group(group, "501", QUESTION)
    in_group(group, "502", f"请问{QUESTION}")  # never wrote to us in private
    before = len(group.rows(OutboxMessage.lane.contains("-100777")))
    label = shipped_wording()["zh"][f"asked_reason.{reason}"]
    said = group.types(SUN, f"#{group.number()} 不用答 {label}")
    assert ("告知 1 位" if REASONS[reason] else "没有另外告知") in said
    assert len(group.rows(OutboxMessage.lane.contains("-100777"))) == before and posted(group) == []
    told = "您在答疑群问的" in group.heard("501", "telegram")
    assert told == REASONS[reason]
    group.conserved()


def test_whom_no_chat_reaches_is_not_told(waiting: Asking) -> None:
    with waiting.house.database.session() as session:
        gone = update(Identity).where(Identity.external_id == "wu")
        session.execute(gone.values(dead_at=waiting.house.clock.now()))
        session.commit()
    before = len(waiting.recorders["webchat"].sent)
    assert "没有另外告知提问人" in waiting.types(SUN, f"#{waiting.number()} 不用答 已口头答复")
    assert len(waiting.recorders["webchat"].sent) == before
