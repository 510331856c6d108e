"""The answer in the same breath: free, at most once this way, never lost, and never at the cost of the acknowledgement."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from xml.etree import ElementTree

import pytest
from sqlalchemy import update

from bot.wechat.passive import SEATS, Seats, reply
from core.house import House
from core.messaging.allowance import Allowance
from core.messaging.carried import carried, claim_answer
from core.messaging.inbox import InboxMessage
from core.messaging.lease import claim
from core.messaging.moment import database_clock
from core.messaging.outbox import OutboxMessage, say
from tests.channels.desk import Desk, at_once, running, until
from tests.channels.wechat.conftest import PLENTY
from tests.engines import Cluster
from tests.pictured import pictured
from tests.providers.wechat import payloads
from tests.providers.wechat.sender import WeChatSender
from tests.providers.wechat.server import WeChatServer

WANG = payloads.WANG
HOUR = 3600.0  # seconds


def hows(wechat: WeChatServer) -> list[str]:
    return [shown.how for shown in wechat.shown]


@contextmanager
def slow_model(desk: Desk, seconds: float) -> Iterator[threading.Event]:
    """Turns take so long, or until the event."""
    real, go = desk.front.nlu.parse, threading.Event()

    def parse(text: str):  # type: ignore[no-untyped-def]
        go.wait(seconds)
        return real(text)

    with patch.object(desk.front.nlu, "parse", parse):
        yield go
        go.set()


@pytest.fixture
def unpictured(desk: Desk) -> None:
    """Self-help steps have no picture here, which would follow by itself (test_step_pictures.py)."""
    pictured(desk.front.house)


@pytest.mark.usefixtures("unpictured")
def test_a_ready_answer_is_carried_back_and_costs_nothing(
    desk: Desk, sender: WeChatSender, wechat: WeChatServer
) -> None:
    delivered = sender.send(payloads.text("我家美的空调不制冷了"))
    assert "第 1 步" in delivered.text and delivered.text.endswith("1 解决了\n2 还是不行\n0 转人工")
    desk.quiet()
    (row,) = desk.rows(OutboxMessage)
    assert (row.status, row.attempt, row.receipt) == ("done", 1, f"passive:{row.id}")
    assert [a.left for a in desk.rows(Allowance)] == [5]
    assert hows(wechat) == ["passive"] and wechat.called("message/custom/send") == []


def test_without_the_bell_it_is_found_by_looking(
    desk: Desk, sender: WeChatSender, wechat: WeChatServer
) -> None:
    with patch.object(desk.front.answered, "ring", lambda _: None):
        assert "报修" in sender.send(payloads.text("你好")).text


@pytest.mark.usefixtures("hurried", "unpictured")
def test_a_late_answer_comes_as_a_message(desk: Desk, sender: WeChatSender, wechat: WeChatServer) -> None:
    with slow_model(desk, 3):
        delivered = sender.send(payloads.text("我家美的空调不制冷了"))
        assert delivered.reply is None and delivered.tries[0].body == "success"
        assert delivered.tries[0].seconds > 0.7
        desk.quiet()
    (row,) = desk.rows(OutboxMessage)
    assert hows(wechat) == ["service"] and row.receipt == f"service:out:{row.id}"
    assert [a.left for a in desk.rows(Allowance)] == [4]


def test_what_nobody_answers_is_not_waited_for(desk: Desk, sender: WeChatSender) -> None:
    for event in (payloads.view("https://example.cn"), payloads.position(), payloads.unsubscribe()):
        delivered = sender.send(event)
        assert delivered.tries[0].body == "success" and delivered.tries[0].seconds < PLENTY


def test_a_long_answer_is_left_to_the_channel(desk: Desk, sender: WeChatSender, wechat: WeChatServer) -> None:
    long = {"menu": "请问需要什么？" * 120}
    book = desk.front.house.book
    real = book.text
    with patch.object(book, "text", lambda key, *a, **v: long.get(key) or real(key, *a, **v)):
        assert sender.send(payloads.text("主菜单")).reply is None
        desk.quiet()
    assert set(hows(wechat)) == {"service"} and len(wechat.texts(WANG)) == 2
    assert "0 转人工" in wechat.texts(WANG)[-1] and "0 转人工" not in wechat.texts(WANG)[0]


@pytest.mark.usefixtures("hurried")
def test_an_answer_does_not_overtake_what_waits_before_it(
    desk: Desk, sender: WeChatSender, wechat: WeChatServer
) -> None:
    sender.send(payloads.text("你好"))
    desk.quiet()
    wechat.fail(-1, on="message/custom/send")
    with desk.front.house.database.session() as session:
        at = desk.front.house.clock.now()
        say(session, at=at, channel="wechat", account=wechat.app_id, recipient=WANG, text="先说的")
        session.commit()
    assert sender.send(payloads.text("在吗")).reply is None
    wechat.heal()
    desk.quiet()
    assert wechat.texts(WANG)[1] == "先说的" and len(wechat.texts(WANG)) == 3


@pytest.mark.usefixtures("unpictured")
def test_a_young_repetition_gets_success_and_an_old_one_the_same_answer(
    desk: Desk, sender: WeChatSender, wechat: WeChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.wechat.passive.REPEATED", HOUR)  # so long that a slow machine makes nothing old
    message = payloads.text("我家美的空调不制冷了")
    first = sender.send(message)
    assert sender.send(message).tries[0].body == "success"
    desk.quiet()
    with desk.front.house.database.session() as session:
        session.execute(update(OutboxMessage).values(ended_at=database_clock(-HOUR - 1)))
        session.commit()
    assert sender.send(message).text == first.text
    assert len(desk.rows(InboxMessage)) == len(desk.rows(OutboxMessage)) == 1
    assert desk.rows(InboxMessage)[0].attempt == 1


@pytest.mark.usefixtures("hurried")
def test_an_old_repetition_of_what_went_as_a_message_gets_success(desk: Desk, sender: WeChatSender) -> None:
    message = payloads.text("你好")
    with slow_model(desk, 3):
        sender.send(message)
        desk.quiet()
    with desk.front.house.database.session() as session:
        session.execute(update(OutboxMessage).values(ended_at=database_clock(-4.0)))
        session.commit()
    assert sender.send(message).tries[0].body == "success"


@pytest.mark.parametrize("slow", ["store", "turn"])
def test_who_has_hung_up_gets_a_message(
    desk: Desk, sender: WeChatSender, wechat: WeChatServer, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    """WeChat waits 0.3 s here, and the answer is ready when it is gone: it must not be told to a dead line."""
    sender.callback.patience, real = 0.3, desk.front.reception._store

    with slow_model(desk, 60 if slow == "turn" else 0) as go:

        def late(batch):  # type: ignore[no-untyped-def]
            go.wait(60)
            real(batch)

        monkeypatch.setattr(desk.front.reception, "_store", late if slow == "store" else real)
        assert [each.status for each in sender.send(payloads.text("你好"), tries=1).tries] == [0]
        assert desk.client.get("/healthz").is_success  # by then our side has seen that the line is dead
        go.set()
        until(lambda: desk.rows(OutboxMessage))
        desk.quiet()
    (row,) = desk.rows(OutboxMessage)
    assert "service" in hows(wechat) and str(row.receipt).startswith("service:")


def test_a_reply_that_cannot_be_made_goes_as_a_message(
    desk: Desk, sender: WeChatSender, wechat: WeChatServer
) -> None:
    with patch("bot.wechat.webhook.reply", side_effect=RuntimeError("cannot render")):
        assert sender.send(payloads.text("你好")).tries[0].body == "success"
        desk.quiet()
    assert hows(wechat) == ["service"]


def test_under_load_nobody_waits(desk: Desk, sender: WeChatSender) -> None:
    """Sixty at once and no turn that ends: a few may wait, all others are acknowledged at once."""
    with patch("bot.wechat.webhook.PATIENCE", 4.0), slow_model(desk, 60) as go:
        prepared = [sender.prepare(payloads.text("你好", openid=f"o{n:03}")) for n in range(60)]
        answers = at_once(*[lambda p=p: desk.client.post(p[0], content=p[1].encode()) for p in prepared])
        assert {answer.text for answer in answers} == {"success"}
        rows = desk.rows(InboxMessage)
        waited = [row for row in rows if row.answer_by - row.received_at > timedelta(seconds=2)]
        assert (
            len(rows) == 60 and 1 <= len(waited) <= 2 * SEATS
        )  # twice: a slow machine sends them one by one
        go.set()
        desk.quiet()
    assert len({row.recipient for row in desk.rows(OutboxMessage)}) == 60


def test_seats() -> None:
    now = 100.0
    seats = Seats(seats=2, busy=5, now=lambda: now)
    assert [seats.take() for _ in range(3)] == [True, True, False]
    seats.leave()
    assert seats.take()
    seats.leave()
    seats.leave()
    assert [seats.take() for _ in range(3)] == [True, False, False]  # five a second are many
    now = 102.0
    assert seats.take() and SEATS >= 8


def test_a_reply_is_safe_xml() -> None:
    words = "a]]></Content><MsgType>image</MsgType>\x08\x00 😡 ]]>"
    row = OutboxMessage(text=words, choices=[{"key": "1", "label": "]]>"}], extra={})
    xml = ElementTree.fromstring(reply(row, account="gh]]>", openid="o1", now=1795655851.9))
    fields = {child.tag: child.text for child in xml}
    assert fields["Content"] == words.replace("\x08", "").replace("\x00", "") + "\n1 ]]>"
    assert (fields["MsgType"], fields["FromUserName"], fields["CreateTime"]) == (
        "text",
        "gh]]>",
        "1795655851",
    )
    assert len(xml) == 5


# --- by the rules of the lease


def answer(house: House, n: int, wait: float) -> int:
    with house.database.session() as session:
        row = say(session, at=house.clock.now(), channel="wechat", recipient=f"o{n}", text="x", reply_to=n)
        assert row is not None
        session.flush()
        session.execute(
            update(OutboxMessage).where(OutboxMessage.id == row.id).values(due_at=database_clock(wait))
        )
        session.commit()
        return row.id


def take(house: House, row_id: int) -> OutboxMessage | None:
    with house.database.session() as session:
        row = claim_answer(session, row_id, owner="webhook")
        session.commit()
        return row


def pump(house: House) -> list[int]:
    with house.database.session() as session:
        rows = claim(session, OutboxMessage, owner="pump", limit=100, seconds=30)
        session.commit()
        return [row.id for row in rows]


def test_a_kept_answer_is_the_webhooks_and_then_the_pumps(house: House) -> None:
    kept, due = answer(house, 1, 30), answer(house, 2, -1)
    assert take(house, due) is None and pump(house) == [due]
    row = take(house, kept)
    assert row is not None and take(house, kept) is None and pump(house) == []
    with house.database.session() as session:
        assert carried(session, row, "passive:1") and not carried(session, row, "passive:1")
        session.commit()


def test_a_webhook_that_dies_leaves_a_lease_that_runs_out(house: House) -> None:
    row = take(house, answer(house, 1, 30))
    assert row is not None
    with house.database.session() as session:
        session.execute(update(OutboxMessage).values(due_at=datetime.now(UTC) - timedelta(seconds=1)))
        session.commit()
    assert pump(house) == [row.id]
    with house.database.session() as session:  # the dead come back: too late
        assert not carried(session, row, "passive:1")


def test_webhook_and_pump_at_the_same_moment(house: House) -> None:
    """Rows that fall due while both grab: each is had exactly once."""
    ids = [answer(house, n, 0.4) for n in range(40)]
    mine: list[int] = []
    theirs: list[int] = []

    def webhook() -> None:
        for row_id in ids:
            row = take(house, row_id)
            mine.extend([row.id] if row else [])

    def pumps() -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and len(mine) + len(theirs) < len(ids):
            theirs.extend(pump(house))

    at_once(webhook, webhook, pumps, pumps)
    until(lambda: theirs.extend(pump(house)) or len(mine) + len(theirs) >= len(ids))
    assert sorted(mine + theirs) == ids


@pytest.mark.parametrize("seconds", [0.0, 0.2])
def test_the_bell_wakes_once_and_is_forgotten(desk: Desk, sender: WeChatSender, seconds: float) -> None:
    with slow_model(desk, seconds):
        assert sender.send(payloads.text("你好")).text
    assert desk.front.answered._waiting == {}


def test_an_answer_made_in_another_process(
    wechat: WeChatServer, postgres_cluster: Cluster | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process receives, another works: no bell rings between them, and the answer is carried all the same."""
    if postgres_cluster is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    url = postgres_cluster.new_database()
    monkeypatch.setenv("FRONTDOOR_NO_SCHEDULER", "1")
    with running(url, **wechat.settings) as receiving:
        monkeypatch.delenv("FRONTDOOR_NO_SCHEDULER")
        with running(url, **wechat.settings) as working:
            assert receiving.front._running == [] and working.front._running
            sender = WeChatSender(wechat, f"{receiving.address}/webhooks/wechat")
            answers = [sender.send(payloads.text("你好", openid=f"o{n}")).text for n in range(5)]
            working.quiet()
    assert any(
        "报修" in answer for answer in answers
    )  # on a busy machine some may be late, and come as messages
    assert len(wechat.shown) == 5 and all("报修" in shown.text for shown in wechat.shown)
