"""What leaves: text that cannot be wrong, pieces that fit, buttons, and what each refusal means."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.telegram.channel import TelegramChannel
from bot.telegram.connection import Connection
from bot.telegram.keyboard import Keys
from bot.telegram.me import Me
from core.knowledge.book import Book
from core.messaging.channel import Later, Never, Outgoing
from core.messaging.split import utf16_units
from tests.providers.http import Answer
from tests.providers.record import Trouble
from tests.providers.telegram import errors
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP, WANG

IN_GROUP = f"{GROUP}/{WANG}"
LI = 700002
KEYS = Keys("secret")
moves: list[tuple[str, str]] = []


@pytest.fixture
def channel(telegram: TelegramServer) -> Iterator[TelegramChannel]:
    telegram.meet(WANG, LI, GROUP)
    moves.clear()
    me = Me("123456789", KEYS)
    connection = Connection(telegram.token, telegram.url)
    opened = TelegramChannel(connection, me, Book(), lambda *m: moves.append(m), {}.__getitem__)
    yield opened
    opened.close()


def out(text: str = "好的", to: str = str(WANG), **more: Any) -> Outgoing:
    return Outgoing(key="k", recipient=to, text=text, **({"id": 7} | more))


def refused(channel: TelegramChannel, message: Outgoing) -> Never | Later:
    with pytest.raises((Never, Later)) as caught:
        channel.send(message)
    return caught.value


STRANGE = [
    "温度<16度 & *粗* _x_ [a](b) `c` ~ > # + - = | { } . !",
    "\u202e倒着\u202c \u200b零宽\u200d 𠮷👍🏽 é́́ 👨‍👩‍👧",
    "/start @frontdoor_bot #标签 https://x.cn",
    "  前后有空格  ",
]


@pytest.mark.parametrize("text", STRANGE)
def test_whatever_people_write_can_be_sent_as_it_is(
    channel: TelegramChannel, telegram: TelegramServer, text: str
) -> None:
    channel.send(out(text))
    assert telegram.texts(WANG) == [text.strip()]
    assert "parse_mode" not in telegram.called("sendMessage")[0]


def test_a_long_text_is_split_at_sentence_ends_with_the_buttons_below_the_last(
    channel: TelegramChannel, telegram: TelegramServer
) -> None:
    text = "请先关闭电源👍，再检查滤网。" * 400
    receipt = channel.send(out(text, choices=(("1", "解决了"),)))
    pieces = telegram.texts(WANG)
    assert "".join(pieces) == text and len(pieces) > 1
    assert all(utf16_units(piece) <= 4096 and piece.endswith("。") for piece in pieces)
    marked = [message.get("reply_markup") for message in telegram.sent(WANG)]
    assert marked[:-1] == [None] * (len(pieces) - 1) and marked[-1]
    assert receipt == str(telegram.sent(WANG)[-1]["message_id"])


def test_pieces_that_left_are_not_sent_again(channel: TelegramChannel, telegram: TelegramServer) -> None:
    text = "请先关闭电源。" * 700
    real, calls = channel._one, []

    def second_fails(*args: Any, **how: Any) -> str:
        calls.append(1)
        if len(calls) == 2:
            raise Later("away")
        return real(*args, **how)

    channel._one = second_fails  # type: ignore[method-assign]
    assert isinstance(refused(channel, out(text)), Later)
    channel.send(out(text))
    assert "".join(telegram.texts(WANG)) == text


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_no_message(channel: TelegramChannel, telegram: TelegramServer, text: str) -> None:
    why = refused(channel, out(text))
    assert isinstance(why, Never) and not why.lost and not telegram.calls


def test_buttons_carry_ids_that_nobody_can_make_up(
    channel: TelegramChannel, telegram: TelegramServer
) -> None:
    channel.send(out(choices=(("1", "解决了"), ("2", "还是不行"), ("0", "转人工"))))
    (message,) = telegram.sent(WANG)
    buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
    assert [KEYS.read(button["callback_data"]) for button in buttons] == [(7, "1"), (7, "2"), (7, "0")]
    assert [button["text"] for button in buttons] == ["解决了", "还是不行", "转人工"]


def test_a_key_too_long_for_a_button_is_given_up(channel: TelegramChannel) -> None:
    why = refused(channel, out(choices=(("k" * 60, "长"),)))
    assert isinstance(why, Never) and not why.lost


@pytest.mark.parametrize(("ask", "flag"), [("contact", "request_contact"), ("location", "request_location")])
def test_a_button_that_shares_number_or_place(
    channel: TelegramChannel, telegram: TelegramServer, ask: str, flag: str
) -> None:
    channel.send(out(extra={"ask": ask, "label": "分享"}))
    channel.send(out(to=IN_GROUP, extra={"ask": ask, "label": "分享"}))  # Telegram allows none in groups
    channel.send(out(to=str(LI), extra={"ask": ask}))
    first, second, third = telegram.called("sendMessage")
    assert third["reply_markup"]["keyboard"][0][0]["text"] in ("分享我的手机号", "发送我的位置")
    assert first["reply_markup"]["keyboard"] == [[{"text": "分享", flag: True}]]
    assert "reply_markup" not in second


def test_in_a_group_the_answer_hangs_on_the_question_and_leads_into_private(
    channel: TelegramChannel, telegram: TelegramServer
) -> None:
    channel.send(out(to=IN_GROUP, extra={"reply": 41, "link": {"label": "私聊", "start": "private"}}))
    (params,) = telegram.called("sendMessage")
    assert params["chat_id"] == GROUP
    assert params["reply_parameters"] == {"message_id": 41, "allow_sending_without_reply": True}
    button = params["reply_markup"]["inline_keyboard"][0][0]
    assert button == {"text": "私聊", "url": "https://t.me/frontdoor_bot?start=private"}


def test_an_edit_takes_the_buttons_away_and_may_come_twice_or_too_late(
    channel: TelegramChannel, telegram: TelegramServer
) -> None:
    receipt = channel.send(out(choices=(("1", "解决了"),)))
    change = out("好的\n\n✔ 解决了", extra={"edit": receipt})
    assert channel.send(change) == channel.send(change) == receipt
    (message,) = telegram.sent(WANG)
    assert message["text"] == "好的\n\n✔ 解决了" and "reply_markup" not in message
    assert channel.send(out("x", extra={"edit": "99999"})) == "99999"
    telegram.fail(errors.Refused("message can't be edited"), on="editMessageText")
    assert channel.send(out("y", extra={"edit": receipt})) == receipt
    long = out("很长。" * 3000 + "完。", extra={"edit": receipt})
    telegram.heal()
    channel.send(long)
    assert telegram.texts(WANG)[-1].endswith("完。")


REFUSALS: list[tuple[Any, str, type[Exception], Any]] = [
    (errors.too_many(7), str(WANG), Later, 7.1),
    (errors.broken(), str(WANG), Later, None),
    (errors.dropped(), str(WANG), Later, None),
    (errors.blocked(), str(WANG), Never, True),
    (errors.Refused("user is deactivated", 403), str(WANG), Never, True),
    (errors.Refused("bot can't initiate conversation with a user", 403), str(WANG), Never, True),
    (errors.Refused("chat not found"), str(WANG), Never, True),
    (errors.Refused("not enough rights to send text messages to the chat"), IN_GROUP, Never, False),
    (errors.kicked(), IN_GROUP, Never, False),  # it says nothing of the person
    (errors.Refused("", 401), str(WANG), Later, 60),
    (Trouble(answer=b"<html>proxy</html>", status=502), str(WANG), Later, None),
]


@pytest.mark.parametrize(("how", "to", "kind", "expected"), REFUSALS)
def test_what_a_refusal_means(
    channel: TelegramChannel,
    telegram: TelegramServer,
    how: Any,
    to: str,
    kind: type[Exception],
    expected: Any,
) -> None:
    telegram.fail(how, on="sendMessage", times=1)
    why = refused(channel, out(to=to))
    assert type(why) is kind
    assert (why.delay if isinstance(why, Later) else why.lost) == expected
    assert telegram.token not in str(why)


def test_a_refused_message_does_not_make_the_next_one_wait(
    channel: TelegramChannel, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.limits.PER_CHAT", (1, 60.0))  # so long that a slow machine is no matter
    telegram.fail(errors.Refused("not enough rights"), on="sendMessage", times=1)
    assert isinstance(refused(channel, out()), Never)
    channel.send(out("好"))
    assert isinstance(refused(channel, out("快")), Later)  # that one was sent


def test_a_group_with_a_new_number_is_told_to_the_house_and_tried_again(
    channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.meet(-4242)
    telegram.migrate(-4242, GROUP)
    why = refused(channel, out(to=f"-4242/{WANG}"))
    assert isinstance(why, Later) and why.delay is not None and why.delay < 1
    assert moves == [("-4242", str(GROUP))]


def test_nobody_at_the_other_end(telegram: TelegramServer) -> None:
    connection = Connection(telegram.token, "http://127.0.0.1:9")
    channel = TelegramChannel(connection, Me("1", KEYS), Book(), lambda *_: None, {}.__getitem__)
    assert isinstance(refused(channel, out()), Later)
    channel.close()
    assert isinstance(refused(channel, out()), Later)


@pytest.mark.parametrize("recipient", ["", "role:dispatcher", "12x", "abc/7"])
def test_a_recipient_that_is_no_chat(channel: TelegramChannel, recipient: str) -> None:
    assert isinstance(refused(channel, out(to=recipient)), Never)


def test_who_knows_another_bot_is_not_reached_by_this_one(
    channel: TelegramChannel, telegram: TelegramServer
) -> None:
    why = refused(channel, out(account="987654321"))
    assert isinstance(why, Never) and why.lost and not telegram.calls


def test_files_come_from_telegram_only_and_never_too_large(
    channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.state.files |= {"small": b"\xff\xd8\xff\xe0picture", "big": bytes(21 * 1024 * 1024)}
    assert channel.fetch("small", 20_000_000).content == b"\xff\xd8\xff\xe0picture"
    for file_id, most in (("big", 20_000_000), ("gone", 1000), ("small", 5)):
        with pytest.raises(Never) as caught:
            channel.fetch(file_id, most)
        assert not caught.value.lost
    telegram.fail(errors.broken(), on="getFile", times=1)
    with pytest.raises(Later):
        channel.fetch("small", 1000)


@pytest.mark.parametrize("path", ["/etc/hostname", "../../bot1/getMe", "", None])
def test_a_file_somewhere_else_is_not_touched(
    channel: TelegramChannel, telegram: TelegramServer, path: str | None
) -> None:
    file = {"file_id": "x", "file_unique_id": "x"} | ({"file_path": path} if path is not None else {})
    telegram.fail(Trouble(answer={"ok": True, "result": file}), on="getFile")
    with pytest.raises(Never):
        channel.fetch("x", 1000)


def test_a_file_server_that_lies_about_the_size_is_cut_off(
    channel: TelegramChannel, telegram: TelegramServer
) -> None:
    file = {"file_id": "x", "file_unique_id": "x", "file_size": 10, "file_path": "files/x"}
    telegram.fail(Trouble(answer={"ok": True, "result": file}), on="getFile")
    telegram.download = lambda path: Answer(bytes(5000), content_type="image/jpeg")  # type: ignore[method-assign]
    with pytest.raises(Never, match="larger than"):
        channel.fetch("x", 1000)
