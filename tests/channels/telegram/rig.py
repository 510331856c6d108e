"""Telegram for the contract of every channel (tests/channels/test_contract.py)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from bot.telegram.channel import MOST_TEXT, TelegramChannel
from bot.telegram.connection import Connection
from bot.telegram.keyboard import Keys
from bot.telegram.me import Me
from core.house import House
from core.knowledge.pictures import Pictures
from core.messaging.split import utf16_units
from tests.channels.rigs import Arrived, Rig
from tests.providers.telegram import errors
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import WANG


@contextmanager
def telegram(house: House, folder: Path) -> Iterator[Rig]:
    # One message a second would be most of the contract's time, and is no part of it.
    with patch("bot.telegram.limits.PER_CHAT", (1000, 1.0)), TelegramServer() as server:
        server.meet(WANG)

        def arrived() -> list[Arrived]:
            return [Arrived(message["text"], _labels(message)) for message in server.sent(WANG)]

        fails = {
            "later": lambda: server.fail(errors.too_many(1), on="sendMessage", times=1),
            "never": lambda: server.fail(errors.Refused("not enough rights"), on="sendMessage", times=1),
            "lost": lambda: server.fail(errors.blocked(), on="sendMessage", times=1),
        }
        connection = Connection(server.token, server.url)
        channel = TelegramChannel(
            connection,
            Me("123456789", Keys("secret")),
            house.book,
            lambda *_: None,
            Pictures(house.database).content,
        )
        try:
            yield Rig(channel, str(WANG), arrived, MOST_TEXT, utf16_units, fails)
        finally:
            channel.close()
        assert server.violations == []


def _labels(message: dict[str, object]) -> tuple[str, ...]:
    keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])  # type: ignore[attr-defined]
    return tuple(button["text"] for row in keyboard for button in row)
