"""Two people ask the same at the same moment, and one more asks while the answer is on its way."""

import contextlib
import threading
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest

from core.asked import ask as ask_module
from core.asked import put as putting
from core.asked import reply as replying
from core.asked.same import plain
from core.dialogue.turn import take_turn
from core.knowledge.terms import HouseWords
from core.messaging.inbox import InboxMessage
from core.messaging.lease import claim
from tests.asked.conftest import ANSWER, QUESTION, SUN, Asking


def at_once(asking: Asking, *work: Any) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def turns(asking: Asking) -> list[Any]:
    """One piece of work for each message that waits."""
    with asking.house.database.session() as session:
        rows = claim(session, InboxMessage, owner="test", limit=10, seconds=30)
        session.commit()
    return [lambda row=row: take_turn(asking.house, row, asking.understand) for row in rows]


def meet(function: Any, parties: int) -> Any:
    """``function``, after whose first result everybody waits for the others, as long as they can come so far at all."""
    barrier, real = threading.Barrier(parties), function

    def met(*args: Any, **values: Any) -> Any:
        found = real(*args, **values)
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1)  # on SQLite the other cannot come before we have committed
        return found

    return met


def after_both(function: Any) -> Any:
    """``function``, but not before two have come to it, as far as they can come at all."""
    barrier = threading.Barrier(2)

    def met(*args: Any, **values: Any) -> Any:
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1)
        return function(*args, **values)

    return met


def test_two_at_the_same_moment_are_one_question(asking: Asking) -> None:
    for who, phone in (("wu", "13800138001"), ("he", "13800138002")):
        asking.attended(who, who, phone)
    for who in ("wu", "he"):
        asking.arrive(who, QUESTION)
    with patch.object(putting, "_first", meet(putting._first, 2)):
        at_once(asking, *turns(asking))
    asking.work()
    first, second = asking.asked()
    assert (first.same_as_id, second.same_as_id) == (None, first.id) and second.ticket_id is None
    assert len(asking.cards("提问待答")) == 1
    assert "已发给 2 处" in asking.types(SUN, f"#{asking.number()} 回答 {ANSWER}")
    assert ANSWER in asking.heard("wu") and ANSWER in asking.heard("he")
    asking.conserved()


@pytest.mark.parametrize(
    "other", ["教学屏的班牌模块怎么切换到考勤模式", "教学屏上的班牌模块怎么切到考勤的模式"]
)
def test_two_who_say_it_differently_at_the_same_moment_are_one_question(asking: Asking, other: str) -> None:
    policy = asking.house.book.policy("search")
    words = HouseWords(policy["silent"], policy["same"])
    assert plain(QUESTION, words) != plain(other, words)
    for who, phone in (("wu", "13800138001"), ("he", "13800138002")):
        asking.attended(who, who, phone)
    asking.arrive("wu", QUESTION)
    asking.arrive("he", other)
    # Both have come as far as the question before either of them puts it.
    with patch.object(ask_module, "put", after_both(ask_module.put)):
        at_once(asking, *turns(asking))
    asking.work()
    first, second = asking.asked()
    assert second.same_as_id == first.id and len(asking.cards("提问待答")) == 1
    assert "已发给 2 处" in asking.types(SUN, f"#{asking.number()} 回答 {ANSWER}")
    assert ANSWER in asking.heard("wu") and ANSWER in asking.heard("he")
    asking.conserved()


def test_who_asks_while_the_answer_is_given_is_not_forgotten(asking: Asking) -> None:
    for who, phone in (("wu", "13800138001"), ("he", "13800138002")):
        asking.attended(who, who, phone)
    asking.says(QUESTION, who="wu")
    number = asking.number()
    asking.arrive("he", QUESTION)

    def answers() -> None:
        with asking.house.database.session() as session:
            at = asking.house.clock.now()
            replying.give_answer(session, asking.house, number=number, text=ANSWER, by="孙老师", at=at)
            session.commit()

    at_once(asking, *turns(asking), answers)
    asking.work()
    assert ANSWER in asking.heard("wu")
    heard = ANSWER in asking.heard("he")
    waiting = [row for row in asking.asked() if row.state == "waiting"]
    # Either they came in time and have it, or they are a question of their own that is promised an answer.
    assert heard != bool(waiting) and all(row.ticket_id for row in waiting)
    asking.conserved()


def test_who_joins_just_before_the_answer_has_it_in_the_chat(asking: Asking) -> None:
    """The answer has looked who asked, and waits for the question that a second asker is joining."""
    for who, phone in (("wu", "13800138001"), ("he", "13800138002")):
        asking.attended(who, who, phone)
    asking.says(QUESTION, who="wu")
    number, real = asking.number(), replying.chats_of

    def joined_meanwhile(*args: Any) -> Any:
        return {key: chat for key, chat in real(*args).items() if key == 1}

    asking.says(QUESTION, who="he")
    with patch.object(replying, "chats_of", joined_meanwhile):
        assert "已发给 2 处" in asking.types(SUN, f"#{number} 回答 {ANSWER}")
    assert ANSWER in asking.heard("he") and not asking.cards("请打电话", "ZhouKeFu")


def test_the_trainer_answers_by_two_channels_at_once(asking: Asking) -> None:
    """Both have looked at the question before either has answered: one is the answer, the other corrects it."""
    asking.attended("wu", "吴敏", "13800138001")
    asking.says(QUESTION, who="wu")
    number, words = asking.number(), (ANSWER, f"{ANSWER}贴卡前先息屏。")

    def answers(text: str, channel: str) -> None:
        with asking.house.database.session() as session:
            values = {"number": number, "text": text, "by": "孙老师", "at": asking.house.clock.now()}
            replying.give_answer(session, asking.house, **values, channel=channel)
            session.commit()

    with patch.object(replying, "first_of", meet(replying.first_of, 2)):
        at_once(
            asking,
            *(partial(answers, text, way) for text, way in zip(words, ("wecom", "staff"), strict=True)),
        )
    asking.work()
    (row,) = asking.asked()
    said = [m.text for m in asking.recorders["webchat"].sent if ANSWER in m.text]
    assert row.answers == 2 and ["更正" in text for text in said] == [False, True]
    assert str(row.answer) in said[1]
    asking.conserved()
