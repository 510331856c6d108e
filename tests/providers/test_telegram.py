"""The local Bot API against python-telegram-bot, as the product uses it."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import telegram as ptb
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from tests.providers.house import UpdateHouse
from tests.providers.http import Answer, Request, until
from tests.providers.telegram import errors, media_updates, member_updates, schema, updates
from tests.providers.telegram.pace import Pace
from tests.providers.telegram.server import TelegramServer

WANG, GROUP = updates.WANG, updates.GROUP
ONE_BUTTON = ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("接单", callback_data="a1")]])
Step = Callable[[ptb.Bot], Awaitable[Any]]


def with_bot(server: TelegramServer, *steps: Step, token: str = "") -> list[Any]:
    """The result of each step, or the error it raised."""

    async def play() -> list[Any]:
        token_ = token or server.token
        bot = ptb.Bot(token_, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot")
        async with bot.request:
            return [await outcome(step(bot)) for step in steps]

    async def outcome(step: Awaitable[Any]) -> Any:
        try:
            return await step
        except ptb.error.TelegramError as error:
            return error

    return asyncio.run(play())


def test_what_a_channel_does(telegram: TelegramServer) -> None:
    telegram.meet(WANG)
    sent, photo = with_bot(
        telegram,
        lambda bot: bot.send_message(
            WANG, "<b>工单</b> 2611220001", parse_mode="HTML", reply_markup=ONE_BUTTON
        ),
        lambda bot: bot.send_photo(WANG, b"\xff\xd8\r\n--not a boundary", caption="铭牌"),
    )
    assert sent.text == "工单 2611220001" and telegram.state.files[photo.photo[-1].file_id].endswith(
        b"boundary"
    )
    telegram.queue(telegram.press(WANG, "接单"))
    ((pressed,),) = with_bot(telegram, lambda bot: bot.get_updates(timeout=5))
    assert pressed.callback_query.data == "a1"
    answered, edited, again, old = with_bot(
        telegram,
        lambda bot: bot.answer_callback_query(pressed.callback_query.id),
        lambda bot: bot.edit_message_text("已接单", WANG, sent.message_id),
        lambda bot: bot.edit_message_text("已接单", WANG, sent.message_id),
        lambda bot: bot.answer_callback_query("long ago"),
    )
    assert answered and edited.reply_markup is None and telegram.texts(WANG) == ["已接单", "铭牌"]
    assert "not modified" in str(again) and "too old" in str(old)


@pytest.mark.parametrize(
    "call",
    [
        lambda bot: bot.send_message(WANG, "好" * 4095 + "👍"),
        lambda bot: bot.send_message(WANG, "  "),
        lambda bot: bot.send_photo(WANG, "x", caption="长" * 1025),
        lambda bot: bot.send_message(WANG, "温度<16度", parse_mode="HTML"),
        lambda bot: bot.send_message(WANG, "v1.2", parse_mode="MarkdownV2"),
        lambda bot: bot.send_message(WANG, "snake_case", parse_mode="Markdown"),
        lambda bot: bot.send_message(WANG, "好", api_kwargs={"texts": "x"}),
        lambda bot: bot.send_message(
            WANG, "好", api_kwargs={"reply_markup": {"inline_keyboard": [[{"texxt": "a"}]]}}
        ),
        lambda bot: bot.send_message(WANG, "好", reply_markup=keyboard("数" * 22)),
        lambda bot: bot.send_message(GROUP, "好", reply_markup=contact_button()),
        lambda bot: bot.set_webhook("http://example.cn/hook"),
        lambda bot: bot.set_webhook("https://example.cn/hook", secret_token="with space"),
        lambda bot: bot.set_my_commands([ptb.BotCommand("Help", "大写")]),
        lambda bot: bot.create_chat_invite_link(GROUP, member_limit=5, creates_join_request=True),
        lambda bot: bot.send_message(WANG, None),
        lambda bot: bot.send_message(WANG, "好", protect_content="perhaps"),
    ],
)
def test_a_wrong_call_is_refused_and_recorded(call: Step) -> None:
    with TelegramServer() as server:
        server.meet(WANG, GROUP)
        (error,) = with_bot(server, call)
        assert isinstance(error, BadRequest), error
        assert len(server.violations) == 1 and not server.sent()


def keyboard(data: str) -> ptb.InlineKeyboardMarkup:
    return ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("选", callback_data=data)]])


def contact_button() -> ptb.ReplyKeyboardMarkup:
    return ptb.ReplyKeyboardMarkup([[ptb.KeyboardButton("我的电话", request_contact=True)]])


def test_what_goes_wrong_is_what_the_library_expects(telegram: TelegramServer) -> None:
    telegram.meet(WANG)
    planned = [
        errors.too_many(7),
        errors.blocked(),
        errors.migrated(-1009),
        errors.broken(),
        errors.dropped(),
    ]
    expected = [RetryAfter, Forbidden, ChatMigrated, NetworkError, NetworkError]
    for how, kind in zip(planned, expected, strict=True):
        telegram.fail(how, on="sendMessage", chat=WANG, times=1)
        (error,) = with_bot(telegram, lambda bot: bot.send_message(WANG, "好"))
        assert isinstance(error, kind)
    assert telegram.texts(WANG) == []
    telegram.fail(errors.slow(1), times=1)
    (error,) = with_bot(telegram, lambda bot: bot.send_message(WANG, "迟", read_timeout=0.1))
    assert isinstance(error, TimedOut) and until(lambda: telegram.texts(WANG) == ["迟"])
    (stranger,) = with_bot(telegram, lambda bot: bot.send_message(1, "好"))
    (nobody,) = with_bot(telegram, lambda bot: bot.get_me(), token="1:wrong")
    assert "not found" in str(stranger) and isinstance(nobody, InvalidToken)


def test_settings_files_and_groups(telegram: TelegramServer) -> None:
    telegram.queue(member_updates.join_request(WANG, GROUP))
    telegram.state.files["small"], telegram.state.files["big"] = b"bytes", bytes(21 * 1024 * 1024)
    scope = ptb.BotCommandScopeAllPrivateChats()
    me, _, zh, en, file, big, link, _, member, again, _, info, conflict = with_bot(
        telegram,
        lambda bot: bot.get_me(),
        lambda bot: bot.set_my_commands([ptb.BotCommand("help", "帮助")], scope, "zh"),
        lambda bot: bot.get_my_commands(scope, "zh"),
        lambda bot: bot.get_my_commands(scope, "en"),
        lambda bot: bot.get_file("small"),
        lambda bot: bot.get_file("big"),
        lambda bot: bot.create_chat_invite_link(GROUP, name="学习", creates_join_request=True),
        lambda bot: bot.approve_chat_join_request(GROUP, WANG),
        lambda bot: bot.get_chat_member(GROUP, WANG),
        lambda bot: bot.decline_chat_join_request(GROUP, WANG),
        lambda bot: bot.set_webhook(
            "https://example.cn/hook", secret_token="s-1", allowed_updates=["message"]
        ),
        lambda bot: bot.get_webhook_info(),
        lambda bot: bot.get_updates(),
    )
    assert me.is_bot and zh[0].description == "帮助" and en == ()
    assert file.file_path.endswith("/files/small") and "too big" in str(big)
    assert link.creates_join_request and member.status == "member" and isinstance(again, BadRequest)
    assert info.url == "https://example.cn/hook" and isinstance(conflict, Conflict)


def test_a_file_is_downloaded(telegram: TelegramServer) -> None:
    telegram.state.files["p1"] = b"\xff\xd8\x00"

    async def download(bot: ptb.Bot) -> bytes:
        return bytes(await (await bot.get_file("p1")).download_as_bytearray())

    assert with_bot(telegram, download) == [b"\xff\xd8\x00"]


def test_limits_taken_strictly() -> None:
    now = 100.0
    pace = Pace(clock=lambda: now)
    pace.take(1)
    with pytest.raises(errors.Refused):
        pace.take(1)
    for chat in range(2, 31):
        pace.take(chat)
    with pytest.raises(errors.Refused) as refused:
        pace.take(99)
    assert refused.value.parameters == {"retry_after": 1}
    for _ in range(20):
        now += 1
        pace.take(GROUP)
    now += 1
    with pytest.raises(errors.Refused) as refused:
        pace.take(GROUP)
    assert refused.value.parameters["retry_after"] == 40


def test_updates_are_delivered_like_telegram_does(telegram: TelegramServer) -> None:
    with_bot(telegram, lambda bot: bot.set_webhook("https://example.cn/h", secret_token="s-1"))
    with UpdateHouse(refusals=1) as house:
        assert telegram.deliver(updates.text("你好"), to=house.url) == [503, 200]
        assert telegram.deliver(member_updates.joined(WANG), to=house.url) == []  # nobody asked for this kind
        many = [updates.text(f"第{number}句") for number in range(20)]
        telegram.deliver_all(many, copies=3, shuffle=7, to=house.url)
        ids = [json.loads(body)["update_id"] for body in house.got[2:]]
        assert len(ids) == 60 and len(set(ids)) == 20 and ids != sorted(ids)
        assert house.secrets == {"s-1"}


def every_update() -> list[updates.Thing]:
    said = updates.text("你好")
    live = media_updates.location(live=900)
    plain = [
        said,
        updates.command("/status@frontdoor_bot"),
        updates.start("abc"),
        updates.edited(said, text="您好"),
    ]
    plain += [
        updates.callback("a1", said["message"]),
        updates.channel_post("公告"),
        updates.anonymous_admin("匿名"),
    ]
    media = [media_updates.contact(), media_updates.contact(owner=5), media_updates.contact(owner=0), live]
    media += [
        media_updates.moved(live, 30.1, 104.1),
        media_updates.photo(),
        *media_updates.album(["a", "b"], "铭牌"),
    ]
    media += [media_updates.voice(), media_updates.document(), media_updates.video(), media_updates.sticker()]
    people = [
        member_updates.blocked(),
        member_updates.unblocked(),
        member_updates.kicked(),
        member_updates.added(),
    ]
    people += [member_updates.joined(5), member_updates.left(5), member_updates.join_request()]
    return plain + media + people + member_updates.migrated()


def test_the_updates_are_of_the_published_shape_and_readable() -> None:
    for update in every_update():
        assert schema.problems(update, "Update") == []
        read = ptb.Update.de_json(update, None)
        assert read.update_id and not read.api_kwargs


def test_a_blocked_user_and_a_migrated_group(telegram: TelegramServer) -> None:
    telegram.queue(member_updates.blocked(WANG), *member_updates.migrated(-4242, GROUP))
    gone, moved, there = with_bot(
        telegram,
        lambda bot: bot.send_message(WANG, "好"),
        lambda bot: bot.send_message(-4242, "好"),
        lambda bot: bot.send_message(GROUP, "好"),
    )
    assert isinstance(gone, Forbidden) and moved.new_chat_id == GROUP and there.text == "好"
    telegram.queue(member_updates.unblocked(WANG))
    assert with_bot(telegram, lambda bot: bot.send_message(WANG, "好"))[0].text == "好"


def test_only_one_reader_polls(telegram: TelegramServer) -> None:
    def read(offset: int | None = None) -> Any:
        return with_bot(telegram, lambda bot: bot.get_updates(offset, timeout=5))[0]

    with ThreadPoolExecutor() as pool:
        first = pool.submit(read)
        assert until(lambda: telegram.called("getUpdates"))
        second = pool.submit(read)
        assert isinstance(first.result(), Conflict)
        telegram.queue(updates.text("你好"), updates.text("在吗"))
        got = second.result()
    assert [update.message.text for update in read(got[0].update_id + 1)] == ["在吗"]


def test_an_answer_to_a_webhook_may_be_a_call(telegram: TelegramServer) -> None:
    class Replying(UpdateHouse):
        def answer(self, request: Request) -> Answer:
            return Answer({"method": "sendMessage", "chat_id": WANG, "text": "收到"})

    with Replying() as house:
        telegram.deliver(updates.text("你好"), to=house.url, secret="s")
    assert telegram.texts(WANG) == ["收到"]


def test_half_a_call_of_a_process_that_died_is_no_wrong_call(telegram: TelegramServer) -> None:
    host, port = telegram.url.removeprefix("http://").split(":")
    head = f"POST /bot{telegram.token}/sendMessage HTTP/1.1\r\nHost: {host}\r\nContent-Length: 90\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nchat_id=1&te".encode())
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100) == b""
    assert telegram.calls == [] and telegram.violations == []
