"""Two people ask the same at the same moment, and one more asks while the answer is on its way."""

import contextlib
import threading
from typing import Any
from unittest.mock import patch

from core.asked import put as putting
from core.asked import reply as replying
from core.dialogue.turn import take_turn
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
