"""Long polling: one asks, what is not stored is asked for again, and somebody's webhook is left alone."""

import threading
import time
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.telegram.polling import WAIT
from core.messaging.inbox import InboxMessage
from tests.channels.desk import Desk, running, until
from tests.channels.telegram.test_payload import update
from tests.providers.telegram import errors, updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import WANG


def token(telegram: TelegramServer, **more: str) -> dict[str, Any]:
    return {"telegram_token": telegram.token, "telegram_api_url": telegram.url, **more}


def answered(desk: Desk, telegram: TelegramServer, count: int) -> None:
    until(lambda: len(telegram.texts(WANG)) == count)
    desk.quiet()


def test_a_token_alone_is_enough(sqlite_url: str, telegram: TelegramServer) -> None:
    telegram.queue(updates.text("你好"))  # it waited at Telegram before we were started
    with running(sqlite_url, **token(telegram)) as desk:
        answered(desk, telegram, 1)
        telegram.queue(updates.text("空调不制冷"))
        answered(desk, telegram, 2)
        telegram.queue(telegram.press(WANG, "还是不行"))
        until(lambda: "第 2 步" in telegram.texts(WANG)[-1])
        desk.quiet()
        # Nobody waits for these two, so they may come after the answer.
        until(lambda: len(telegram.called("answerCallbackQuery")) == 1)
        until(lambda: {"chat_id": WANG, "action": "typing"} in telegram.called("sendChatAction"))
        until(lambda: not telegram.state.pending)


def test_poison_in_the_middle_stops_nothing(sqlite_url: str, telegram: TelegramServer) -> None:
    poison = [update(f"poison_{name}") for name in ("message_is_list", "text_is_number", "callback_is_null")]
    telegram.state.pending += [updates.text("你好"), *poison, updates.text("空调不制冷")]
    telegram.meet(WANG)
    with running(sqlite_url, **token(telegram)) as desk:
        answered(desk, telegram, 2)
        assert len(desk.rows(InboxMessage)) == 5


def test_what_is_not_stored_is_asked_for_again(
    sqlite_url: str, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(sqlite_url, **token(telegram)) as desk:
        real, failures = desk.front.reception._store, []

        def away(batch: Any) -> None:
            failures.append(batch)
            for _, future in batch:
                future.set_exception(OperationalError("INSERT", {}, RuntimeError("away")))

        monkeypatch.setattr(desk.front.reception, "_store", away)
        telegram.queue(updates.text("你好"))
        until(lambda: len(failures) > 1)
        assert telegram.state.pending  # Telegram still has it
        monkeypatch.setattr(desk.front.reception, "_store", real)
        answered(desk, telegram, 1)
        assert len(desk.rows(InboxMessage)) == 1


def test_two_processes_ask_as_one(database_url: str, telegram: TelegramServer) -> None:
    with running(database_url, **token(telegram)) as one, running(database_url, **token(telegram)):
        for n in range(5):
            telegram.queue(updates.text(f"你好 {n}"))
        answered(one, telegram, 5)
        time.sleep(2.5)  # time enough for the other to try
        polls = [call for call in telegram.calls if call.method == "getUpdates"]
        assert all(call.ok for call in polls if call.answer is not None)


def test_a_webhook_in_the_way_is_deleted_when_a_token_is_all_there_is(
    sqlite_url: str, telegram: TelegramServer
) -> None:
    telegram.state.webhook = {"url": "https://old.example/hook"}
    with running(sqlite_url, **token(telegram)) as desk:
        until(lambda: telegram.called("deleteWebhook"))
        telegram.queue(updates.text("你好"))
        answered(desk, telegram, 1)


def test_a_webhook_is_left_alone_where_a_secret_says_that_it_is_meant(
    sqlite_url: str, telegram: TelegramServer
) -> None:
    telegram.state.webhook = {"url": "https://front.example/webhooks/telegram"}
    with running(sqlite_url, **telegram.settings):
        until(lambda: telegram.called("getUpdates"))
        time.sleep(2)
        assert len(telegram.called("getUpdates")) == 1 and not telegram.called("deleteWebhook")
        assert telegram.state.webhook["url"]


@pytest.mark.parametrize(
    "how", [errors.broken(), errors.dropped(), errors.too_many(1), errors.Refused("x", 409)]
)
def test_trouble_with_telegram_passes(sqlite_url: str, telegram: TelegramServer, how: Any) -> None:
    telegram.fail(how, on="getUpdates", times=2)
    with running(sqlite_url, **token(telegram)) as desk:
        telegram.queue(updates.text("你好"))
        answered(desk, telegram, 1)


def test_it_ends_at_once_although_telegram_keeps_the_question_open(
    sqlite_url: str, telegram: TelegramServer
) -> None:
    of_other_tests = threading.enumerate()
    with running(sqlite_url, **token(telegram)):
        until(lambda: telegram.called("getUpdates"))
        ours = [thread for thread in threading.enumerate() if thread not in of_other_tests]
        (asking,) = [thread for thread in ours if thread.name == "telegram-polling"]
    until(lambda: not asking.is_alive(), WAIT - 10)
