"""What is told to Telegram at the start, and what ``frontdoor channels check`` finds."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from app.settings import Settings
from bot.telegram.check import check
from core.knowledge.book import LANGUAGES, shipped_wording
from core.messaging.finding import Finding
from tests.channels.desk import running, until
from tests.providers.telegram import errors
from tests.providers.telegram.server import SECRET, TelegramServer

PUBLIC = "https://front.example"
HOOK = f"{PUBLIC}/webhooks/telegram"


def test_webhook_and_menu_are_set_at_the_start(sqlite_url: str, telegram: TelegramServer) -> None:
    telegram.fail(errors.broken(), on="getMe", times=1)  # tried until Telegram answers
    with running(sqlite_url, public_url=PUBLIC, **telegram.settings) as desk:
        until(lambda: telegram.called("setWebhook"))
        (hook,) = telegram.called("setWebhook")
        assert hook["url"] == HOOK and hook["secret_token"] == SECRET
        wanted = "message edited_message callback_query my_chat_member chat_member chat_join_request"
        assert hook["allowed_updates"] == wanted.split()
        assert desk.front.routers
    menus = {call.get("language_code", ""): call["commands"] for call in telegram.called("setMyCommands")}
    assert menus.keys() == {"", "zh", "en"}
    names = [[command["command"] for command in menu] for menu in menus.values()]
    assert names[0] == names[1] == names[2]
    assert {"start", "repair", "status", "complain", "fees", "person", "language", "stop"} <= set(names[0])
    assert menus["zh"][1]["description"] == "报修" and menus["en"][1]["description"] == "Request a repair"
    assert not telegram.called("getUpdates")


def found(telegram: TelegramServer, **more: str) -> dict[str, Finding]:
    findings = check(Settings(**(telegram.settings | {"public_url": PUBLIC} | more)))
    for finding in findings:
        for language in LANGUAGES:
            shipped_wording()[language][finding.key].format(**finding.values)
        assert telegram.token not in str(finding)
    return {finding.key.removeprefix("check.telegram."): finding for finding in findings}


def good(telegram: TelegramServer) -> dict[str, Any]:
    allowed = [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
    ]
    telegram.state.allowed = allowed
    return {"url": HOOK, "allowed_updates": allowed}


def test_all_is_well(telegram: TelegramServer) -> None:
    telegram.state.webhook = good(telegram)
    findings = found(telegram)
    assert findings.keys() == {"token", "webhook", "clock", "privacy_on"}
    assert all(finding.ok for finding in findings.values())
    assert {call.method for call in telegram.calls} == {"getMe", "getWebhookInfo"}  # it changes nothing


def test_a_wrong_token(telegram: TelegramServer) -> None:
    assert found(telegram, telegram_token="1:wrong").keys() == {"token_wrong"}


def test_nobody_there(telegram: TelegramServer) -> None:
    findings = found(telegram, telegram_api_url="http://127.0.0.1:9")
    assert findings.keys() == {"unreachable"} and findings["unreachable"].values["host"] == "127.0.0.1:9"


@pytest.mark.parametrize(
    ("webhook", "public", "key"),
    [
        ("", PUBLIC, "webhook_missing"),
        ("https://other.example/hook", PUBLIC, "webhook_wrong"),
        ("", "", "polling"),
        ("https://other.example/hook", "", "polling_blocked"),
    ],
)
def test_where_telegram_calls(telegram: TelegramServer, webhook: str, public: str, key: str) -> None:
    telegram.state.webhook = {"url": webhook}
    findings = found(telegram, public_url=public)
    assert findings[key].ok is (key == "polling")


def test_what_waits_what_failed_and_what_was_not_asked_for(telegram: TelegramServer) -> None:
    telegram.state.webhook = good(telegram) | {
        "last_error_date": int(time.time()) - 60,
        "last_error_message": "SSL error",
    }
    telegram.state.allowed = ["message"]
    telegram.state.pending += [{"update_id": n} for n in range(150)]
    findings = found(telegram)
    assert findings["last_error"].ok is False and findings["last_error"].values["error"] == "SSL error"
    assert findings["pending"].ok is False and findings["pending"].values["count"] == 150
    assert "callback_query" in findings["kinds_missing"].values["kinds"]


def test_a_clock_that_is_wrong_and_privacy_that_is_off(
    telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram.state.webhook = good(telegram)
    telegram.state.bot["can_read_all_group_messages"] = True
    monkeypatch.setattr("bot.telegram.check.time", SimpleNamespace(time=lambda: time.time() + 120))
    findings = found(telegram)
    assert findings["clock_wrong"].ok is False and 115 <= findings["clock_wrong"].values["seconds"] <= 125
    assert findings["privacy_off"].ok is None
