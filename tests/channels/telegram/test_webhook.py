"""The door: who may come in, what is stored before 200, and that nothing which arrives can block Telegram's queue."""

import asyncio
import json
import logging
import threading
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from bot.telegram import setup
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.ticket.model import Ticket
from tests.channels.desk import Desk, running, until
from tests.channels.telegram.test_payload import EXPECTED, update
from tests.providers.telegram import errors, updates
from tests.providers.telegram.server import SECRET, TelegramServer
from tests.providers.telegram.updates import WANG
from tests.waiting import PATIENCE

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def post(desk: Desk, content: bytes | str, **headers: str) -> httpx.Response:
    given = {HEADER: SECRET, "Content-Type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    given = {name: value for name, value in given.items() if value}
    return desk.client.post("/webhooks/telegram", content=content, headers=given)


def body(text: str = "你好", **more: Any) -> str:
    return json.dumps(updates.text(text) | more)


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1], "密"])
def test_without_the_right_secret_nobody_is_heard(lone_desk: Desk, secret: str) -> None:
    given = {HEADER: secret.encode()} if secret else {}
    answer = lone_desk.client.post(
        "/webhooks/telegram", content=body(), headers={"Content-Type": "application/json", **given}
    )
    assert answer.status_code == 403
    assert not lone_desk.rows(InboxMessage)


def test_without_a_secret_of_ours_the_door_is_shut(sqlite_url: str, telegram: TelegramServer) -> None:
    with running(sqlite_url, telegram_token=telegram.token, telegram_api_url=telegram.url) as desk:
        for secret in ("", "anything"):
            headers = {HEADER: secret, "Content-Type": "application/json"}
            assert desk.client.post("/webhooks/telegram", content=body(), headers=headers).status_code == 403
        assert not desk.rows(InboxMessage)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (body(), "text/plain", 415),
        (body(), "application/x-www-form-urlencoded", 415),
        ("{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        ("", "application/json", 400),
        ("[]", "application/json", 400),
        ('"text"', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        (json.dumps({"update_id": 1, "x": "好" * 400_000}), "application/json", 413),
    ],
)
def test_what_is_no_update_is_refused_and_not_stored(
    lone_desk: Desk, content: bytes | str, kind: str, status: int
) -> None:
    assert post(lone_desk, content, Content_Type=kind).status_code == status
    assert not lone_desk.rows(InboxMessage)


def test_every_update_there_is_gets_200_and_is_stored_once(desk: Desk, telegram: TelegramServer) -> None:
    """Poison included: Telegram would bring it again and again, and everything else behind it."""
    telegram.meet(WANG, updates.GROUP)
    for name in EXPECTED:
        for _ in range(2):
            assert post(desk, json.dumps(update(name))).status_code == 200, name
    desk.quiet()
    rows = desk.rows(InboxMessage)
    assert len(rows) == len(EXPECTED)
    assert {row.status for row in rows} == {"done"}


def test_it_is_stored_before_it_is_answered(lone_desk: Desk, telegram: TelegramServer) -> None:
    """No 200 while the database refuses: Telegram keeps the update and comes again."""
    real = lone_desk.front.reception._store
    lone_desk.front.reception._store = lambda batch: [f.set_exception(_away()) for _, f in batch]  # type: ignore[method-assign]
    assert telegram.deliver(updates.text("洗衣机漏电"), tries=1) == [503]
    lone_desk.front.reception._store = real  # type: ignore[method-assign]
    assert telegram.deliver(updates.text("洗衣机漏电")) == [200]
    assert len(lone_desk.rows(InboxMessage)) == 1


def _away() -> Exception:
    return OperationalError("INSERT", {}, RuntimeError("away"))


def test_numbers_in_any_order_with_gaps_and_a_jump_after_an_idle_week(
    desk: Desk, telegram: TelegramServer
) -> None:
    for number in (900, 100, 5_000_000_000, 101, 899, 100, 3):
        assert telegram.deliver(updates.text("你好") | {"update_id": number}) == [200]
    desk.quiet()
    assert [row.external_id for row in desk.rows(InboxMessage)] == [
        "900",
        "100",
        "5000000000",
        "101",
        "899",
        "3",
    ]
    assert {row.outcome for row in desk.rows(InboxMessage)} == {"greet"}


def test_the_same_message_under_two_numbers_has_one_effect(desk: Desk, telegram: TelegramServer) -> None:
    first = updates.text("洗衣机漏电了")
    for number in (1, 2):
        assert telegram.deliver(first | {"update_id": number}) == [200]
    desk.quiet()
    assert [row.outcome for row in desk.rows(InboxMessage)] == ["emergency", "duplicate"]
    assert len(desk.rows(Ticket)) == 1 and len(telegram.texts(WANG)) == 1


def test_three_at_once_of_two_hundred_in_any_order_are_two_hundred_effects(
    desk: Desk, telegram: TelegramServer
) -> None:
    people = [updates.text("洗衣机漏电了", 710_000 + n) for n in range(200)]
    answers = telegram.deliver_all(people, copies=3, shuffle=7, workers=6)
    assert {tuple(statuses) for statuses in answers} == {(200,)}
    desk.quiet()
    assert len(desk.rows(InboxMessage)) == len(desk.rows(Ticket)) == 200
    replies = desk.rows(OutboxMessage, OutboxMessage.reply_to.is_not(None))
    assert len({row.reply_to for row in replies}) == len(replies) == 200
    told = [len(telegram.texts(update["message"]["chat"]["id"])) for update in people]
    assert told == [1] * 200


def test_the_answer_carries_the_call_that_is_due_at_once(lone_desk: Desk, telegram: TelegramServer) -> None:
    telegram.deliver(updates.text("空调不制冷"))
    assert telegram.called("sendChatAction") == [{"chat_id": WANG, "action": "typing"}]
    lone_desk.quiet()
    pressed = telegram.press(WANG, "还是不行")
    telegram.state.query_seconds = -1  # too old: Telegram refuses, and nobody minds
    telegram.deliver(pressed)
    lone_desk.quiet()
    assert len(telegram.called("answerCallbackQuery")) == 1
    assert "第 2 步" in telegram.texts(WANG)[-1]


def test_a_web_process_without_workers_learns_the_name_of_the_bot_too(
    sqlite_url: str, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_NO_SCHEDULER", "1")
    telegram.meet(updates.GROUP)
    heard, real = threading.Event(), setup._learn_name

    async def learned_later(*asked: Any) -> None:
        await asyncio.to_thread(heard.wait, PATIENCE)
        await real(*asked)

    monkeypatch.setattr(setup, "_learn_name", learned_later)
    with running(sqlite_url, public_url="https://front.example", **telegram.settings) as desk:
        for _ in range(2):
            post(
                desk,
                json.dumps(update("group_mention_of_another") | {"update_id": updates.text("")["update_id"]}),
            )
            heard.set()
            until(lambda: desk.front.channels["telegram"]._me.username)  # type: ignore[attr-defined]
        kinds = [row.kind for row in desk.rows(InboxMessage)]
        assert kinds == ["text", "silent"]  # …bot may have been ours until we knew
        assert not telegram.called("setWebhook") and len(telegram.called("getMe")) == 1


def test_the_secret_and_the_token_are_in_no_log(
    sqlite_url: str,
    telegram: TelegramServer,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)  # httpx would write every URL, and ours hold the token
    telegram.fail(errors.dropped(), on="sendMessage", times=2)
    with running(sqlite_url, public_url="https://front.example", **telegram.settings) as desk:
        to = f"{desk.address}/webhooks/telegram"
        telegram.deliver(updates.text("你好"), to=to, secret=SECRET)
        telegram.deliver(updates.text("你好"), to=to, secret="wrong", tries=1)
        desk.quiet()
        kept = [row.error or "" for row in desk.rows(OutboxMessage)]
    said = "".join([*capfd.readouterr(), caplog.text, *kept])
    assert "asyncio" in caplog.text and "NetworkError" in said  # it was listened to
    assert telegram.token.split(":")[1] not in said and SECRET not in said
