"""The same webhook many times at once, and two messages in one breath, through the real app."""

import threading
import time
from collections.abc import Iterator

import pytest

from core.customer.model import Conversation, Customer
from core.messaging.channel import Outgoing
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.ticket.model import Ticket
from tests.channels.desk import Desk, at_once, running, until

VISITOR = "visitor-0001"


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with running(database_url) as opened:
        yield opened


def test_the_same_webhook_fifty_times_at_once_is_one_message(desk: Desk) -> None:
    answers = at_once(*[lambda: desk.post(VISITOR, "m1", "洗衣机漏电了")] * 50)
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["received"] for answer in answers}) == 1
    desk.quiet()
    (row,) = desk.rows(InboxMessage)
    assert row.status == "done" and row.attempt == 1
    assert len(desk.rows(OutboxMessage, OutboxMessage.reply_to == row.id)) == 1
    assert len(desk.rows(Ticket)) == 1


def test_two_messages_in_one_breath_make_one_customer_and_one_ticket(desk: Desk) -> None:
    def second() -> object:
        time.sleep(0.001)
        return desk.post(VISITOR, "m2", "冰箱漏电，13800138000")

    at_once(lambda: desk.post(VISITOR, "m1", "冰箱漏电了"), second)
    desk.quiet()
    assert len(desk.rows(Customer)) == len(desk.rows(Conversation)) == 1
    assert len(desk.rows(Ticket)) == 1
    first, then = desk.rows(InboxMessage)
    replies = [row.reply_to for row in desk.rows(OutboxMessage, OutboxMessage.reply_to.is_not(None))]
    assert replies == [first.id, then.id]


def test_many_at_once_from_one_stranger_are_answered_in_the_order_of_their_ids(desk: Desk) -> None:
    at_once(*[lambda n=n: desk.post(VISITOR, f"m{n}", f"你好 {n}") for n in range(12)])
    desk.quiet()
    assert len(desk.rows(Customer)) == len(desk.rows(Conversation)) == 1
    replies = [row.reply_to for row in desk.rows(OutboxMessage, OutboxMessage.reply_to.is_not(None))]
    assert replies == [row.id for row in desk.rows(InboxMessage)]


def test_one_stuck_customer_holds_up_nobody_else(desk: Desk) -> None:
    stuck, real = threading.Event(), desk.front.webchat.send

    def send(message: Outgoing) -> str:
        if message.recipient == VISITOR:
            assert stuck.wait(60)
        return real(message)

    desk.front.webchat.send = send  # type: ignore[method-assign]
    try:
        desk.post(VISITOR, "m1", "你好")
        desk.post(VISITOR, "m2", "在吗")
        others = [f"visitor-1{n:03}" for n in range(6)]
        for other in others:
            desk.post(other, "m1", "你好")
        served = OutboxMessage.status == "done"
        until(lambda: {row.recipient for row in desk.rows(OutboxMessage, served)} == set(others))
        mine = OutboxMessage.recipient == VISITOR
        until(lambda: [row.status for row in desk.rows(OutboxMessage, mine)] == ["leased", "pending"])
    finally:
        stuck.set()
    desk.quiet()
