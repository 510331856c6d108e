"""A step's picture on Telegram: before its words, uploaded once, and never a reason not to send the words."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.telegram.channel import TelegramChannel
from bot.telegram.connection import Connection
from bot.telegram.keyboard import Keys
from bot.telegram.me import Me
from core.knowledge.book import Book
from core.messaging.channel import Later, Never, Outgoing
from tests.providers.telegram import errors
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import WANG
from tests.training.pictures import photo
from tests.waiting import until

CONTENT = {"a" * 64: (photo(kind="PNG"), "image/png")}
PICTURE = {"id": "a" * 64, "mime": "image/png", "width": 480, "height": 640}
CHOICES = (("1", "解决了"), ("2", "还是不行"))


@pytest.fixture
def channel(telegram: TelegramServer) -> Iterator[TelegramChannel]:
    telegram.meet(WANG)
    connection = Connection(telegram.token, telegram.url)
    opened = TelegramChannel(
        connection, Me("123456789", Keys("k")), Book(), lambda *_: None, CONTENT.__getitem__
    )
    yield opened
    opened.close()


def step(text: str = "第 1 步：看遥控器", **more: Any) -> Outgoing:
    given: dict[str, Any] = {"id": 7, "choices": CHOICES, "extra": {"picture": PICTURE}} | more
    return Outgoing(key="k", recipient=str(WANG), text=text, **given)


def sent(channel: TelegramChannel) -> bool:
    """One more try."""
    try:
        return bool(channel.send(step()))
    except Later:
        return False


def shown(telegram: TelegramServer) -> list[str]:
    return ["photo" if "photo" in message else message["text"] for message in telegram.sent(WANG)]


def test_before_the_words_which_have_the_buttons(channel: TelegramChannel, telegram: TelegramServer) -> None:
    receipt = channel.send(step())
    assert shown(telegram) == ["photo", "第 1 步：看遥控器"]
    picture, words = telegram.sent(WANG)
    assert "reply_markup" not in picture and words["reply_markup"]
    assert receipt == str(words["message_id"])  # what a press changes later
    assert telegram.state.files[picture["photo"][0]["file_id"]] == CONTENT["a" * 64][0]


def test_uploaded_once(channel: TelegramChannel, telegram: TelegramServer) -> None:
    for number in (7, 8, 9):
        channel.send(step(id=number))
    uploads = [call for call in telegram.called("sendPhoto") if call["photo"].startswith("attach://")]
    assert len(uploads) == 1 and shown(telegram).count("photo") == 3


def test_what_telegram_has_forgotten_is_uploaded_again(
    channel: TelegramChannel, telegram: TelegramServer
) -> None:
    channel.send(step())
    telegram.state.files.clear()
    channel.send(step(id=8))
    assert shown(telegram) == ["photo", "第 1 步：看遥控器"] * 2


def test_a_picture_that_is_not_taken_leaves_the_words(
    channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.fail(errors.Refused("PHOTO_INVALID_DIMENSIONS"), on="sendPhoto", times=1)
    channel.send(step())
    channel.send(step(id=8, extra={"picture": PICTURE | {"id": "b" * 64}}))  # nobody has that one
    assert shown(telegram) == ["第 1 步：看遥控器"] * 2


def test_blocked_is_blocked(channel: TelegramChannel, telegram: TelegramServer) -> None:
    telegram.fail(errors.blocked(), on="sendPhoto", times=1)
    with pytest.raises(Never) as caught:
        channel.send(step())
    assert caught.value.lost and not telegram.sent(WANG)


def test_shown_once_although_the_words_had_to_wait(
    channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.fail(errors.too_many(1), on="sendMessage", times=1)
    with pytest.raises(Later):
        channel.send(step())
    until(lambda: sent(channel))
    assert shown(telegram) == ["photo", "第 1 步：看遥控器"]
