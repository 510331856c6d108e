"""The address at WeChat's console, and what a webhook answers to every kind of caller, through the real app."""

import socket
import time
from typing import Any

import pytest

from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from tests.channels.desk import Desk, running
from tests.providers import envelope
from tests.providers.wechat import payloads
from tests.providers.wechat.sender import WeChatSender
from tests.providers.wechat.server import WeChatServer

WANG = payloads.WANG


def status(desk: Desk, sender: WeChatSender, message: Any, **forged: Any) -> int:
    url, body = sender.prepare(message, **forged)
    return desk.client.post(url, content=body.encode("utf-8", "surrogatepass")).status_code


def test_the_console_verifies_the_address(sender: WeChatSender) -> None:
    assert (answer := sender.verify("5231412345")).ok and answer.body == "5231412345"
    assert [sender.verify("1", signature=bad).status for bad in ("0" * 40, "", "空")] == [403, 403, 403]
    assert sender.verify("1", timestamp="1").status == 403
    assert sender.verify("").status == 400
    assert sender.verify("<script>alert(1)</script>").body.startswith("<script>")  # as text/plain, never run


def test_an_echo_is_never_a_page(desk: Desk, sender: WeChatSender) -> None:
    answer = desk.client.get("/webhooks/wechat", params=sender.query() | {"echostr": "<b>"})
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_who_is_not_wechat_is_turned_away_and_nothing_is_stored(desk: Desk, sender: WeChatSender) -> None:
    hello = payloads.text("你好")
    old = str(int(time.time()) - 400)
    assert status(desk, sender, hello, msg_signature="0" * 40) == 403
    assert status(desk, sender, hello, signature="0" * 40) == 403
    assert status(desk, sender, hello, timestamp=old) == 403
    assert status(desk, sender, hello, owner="wx-somebody-else") == 403
    assert status(desk, sender, hello, cipher="Z2FyYmFnZQ==") == 400
    assert desk.client.post("/webhooks/wechat", content=b"x").status_code == 403
    sender.mode = "plain"
    assert status(desk, sender, hello) == 403
    assert desk.rows(InboxMessage) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><xml><FromUserName>&a;</FromUserName></xml>", 400),
        ("<a>" * 9_000, 400),
        ("hello", 400),
        ("<xml><MsgType>text</MsgType></xml>", 400),
        ("<xml>" + "x" * 70_000 + "</xml>", 413),
    ],
)
def test_signed_nonsense_is_refused(desk: Desk, sender: WeChatSender, body: str, expected: int) -> None:
    assert status(desk, sender, body) == expected
    assert desk.rows(InboxMessage) == []


def test_of_a_compat_body_the_cipher_counts(desk: Desk, sender: WeChatSender) -> None:
    sender.mode = "compat"
    sender.send(payloads.text("你好"), plain=payloads.text("转人工"))
    desk.quiet()
    assert [row.text for row in desk.rows(InboxMessage)] == ["你好"]


def test_plain_mode_for_a_test_account(wechat: WeChatServer, sqlite_url: str) -> None:
    settings = wechat.settings | {"wechat_aes_key": "", "wechat_plain": True}
    with running(sqlite_url, **settings) as desk:
        sender = WeChatSender(wechat, f"{desk.address}/webhooks/wechat", mode="plain")
        assert "报修" in sender.send(payloads.text("你好")).text
        sender.mode = "safe"
        assert sender.send(payloads.text("你好"), tries=1).tries[0].status == 403


def test_without_its_settings_the_channel_is_off(sqlite_url: str) -> None:
    with running(sqlite_url) as desk:
        assert desk.client.get("/webhooks/wechat").status_code == 404
        assert "wechat" not in desk.front.channels


def test_the_exact_request_again_has_no_second_effect(desk: Desk, sender: WeChatSender) -> None:
    url, body = sender.prepare(payloads.text("空调漏电了"))
    first = desk.client.post(url, content=body.encode())
    again = [desk.client.post(url, content=body.encode()) for _ in range(3)]
    assert first.status_code == 200 and [(a.status_code, a.text) for a in again] == [(200, "success")] * 3
    desk.quiet()
    (row,) = desk.rows(InboxMessage)
    assert len(desk.rows(OutboxMessage, OutboxMessage.reply_to == row.id)) == 1


def test_three_at_once_are_one(desk: Desk, sender: WeChatSender, wechat: WeChatServer) -> None:
    delivered = sender.send(payloads.text("空调漏电了"), at_once=True)
    assert [each.status for each in delivered.tries] == [200] * 3 and not delivered.broken
    assert sum(each.body != "success" for each in delivered.tries) <= 1
    desk.quiet()
    assert len(desk.rows(InboxMessage)) == 1 and len(wechat.texts(WANG)) == 1


def test_two_events_of_one_second_are_both_taken(desk: Desk, sender: WeChatSender) -> None:
    click = payloads.click("progress")
    sender.send(click)
    sender.send(click | {"EventKey": "fees"})
    sender.send(click)
    desk.quiet()
    assert [row.payload["topic"] for row in desk.rows(InboxMessage)] == ["progress", "fees"]


def test_without_a_database_wechat_is_asked_to_come_again(desk: Desk, sender: WeChatSender) -> None:
    def away(*_: object, **__: object) -> None:
        from sqlalchemy.exc import OperationalError

        raise OperationalError("INSERT", {}, Exception("away"))

    real, desk.front.reception._database.session = desk.front.reception._database.session, away  # type: ignore
    try:
        assert status(desk, sender, payloads.text("你好")) == 503
    finally:
        desk.front.reception._database.session = real  # type: ignore[method-assign]
    assert sender.send(payloads.text("你好")).ok


def test_odd_words_arrive_and_are_answered(desk: Desk, sender: WeChatSender, wechat: WeChatServer) -> None:
    odd = ["a ]]> b", "0", "", "   ", "😡👨‍👩‍👧", "\u202e反\u200b", "长" * 5000]
    for words in odd:
        delivered = sender.send(payloads.text(words))
        assert delivered.ok, words
        desk.quiet()
    assert len(desk.rows(InboxMessage)) == len(odd)
    assert {row.status for row in desk.rows(OutboxMessage)} == {"done"}


def test_gbk_is_read(desk: Desk, sender: WeChatSender) -> None:
    inner = envelope.to_xml(payloads.text("冰箱不制冷"))
    real, envelope.encrypt = envelope.encrypt, _gbk  # type: ignore[assignment]
    try:
        assert sender.send(inner).ok
    finally:
        envelope.encrypt = real  # type: ignore[assignment]
    desk.quiet()
    assert desk.rows(InboxMessage)[0].text == "冰箱不制冷"


def _gbk(text: str, aes_key: str, owner: str) -> str:
    import base64
    import os
    import struct

    from wechatpy.crypto.cryptography import WeChatCipher

    content = text.encode("gbk")
    packed = os.urandom(16) + struct.pack(">I", len(content)) + content + owner.encode()
    padding = 32 - len(packed) % 32
    cipher = WeChatCipher(base64.b64decode(aes_key + "="))
    return base64.b64encode(cipher.encrypt(packed + bytes([padding]) * padding)).decode()


def test_unknown_types_are_stored_and_answered_politely(
    desk: Desk, sender: WeChatSender, wechat: WeChatServer
) -> None:
    for message in (payloads.message("hologram"), payloads.link(), payloads.unsupported()):
        assert "看不懂" in sender.send(message).text
    sender.send(payloads.event("something_new"))
    desk.quiet()
    assert [row.outcome for row in desk.rows(InboxMessage)] == ["unknown", "unknown", "unknown", "silent"]
    assert len(wechat.texts(WANG)) == 3


def test_a_body_that_never_ends_holds_up_nobody(desk: Desk, sender: WeChatSender) -> None:
    host, port = desk.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as slow:
        slow.sendall(b"POST /webhooks/wechat HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<xml>")
        assert sender.send(payloads.text("你好")).ok
    assert sender.send(payloads.text("在吗")).ok
    desk.quiet()
    assert len(desk.rows(InboxMessage)) == 2
