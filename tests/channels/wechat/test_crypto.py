"""Who may call: signatures, freshness, envelopes. Everything that is not WeChat's is 403 or 400."""

import base64
import os
import struct
from collections.abc import Callable
from typing import Any

import pytest
from starlette.datastructures import QueryParams
from wechatpy.crypto import WeChatCrypto
from wechatpy.crypto.cryptography import WeChatCipher

from bot.wechat.crypto import Envelope, Refused
from tests.providers.envelope import AES_KEY, TOKEN, encrypt, sign, to_xml

APP, NOW = "wx0123456789abcdef", 1795655851.0
INNER = to_xml({"FromUserName": "o1", "MsgType": "text", "Content": "空调 🎉"})


def envelope(**more: Any) -> Envelope:
    return Envelope(TOKEN, AES_KEY, APP, **{"now": lambda: NOW, **more})


def sealed(
    inner: str = INNER, *, cipher: str | None = None, owner: str = APP, at: float = NOW, **query: str
) -> tuple[QueryParams, bytes]:
    timestamp, nonce = str(int(at)), "4567"
    cipher = encrypt(inner, AES_KEY, owner) if cipher is None else cipher
    given = {"timestamp": timestamp, "nonce": nonce, "signature": sign(TOKEN, timestamp, nonce)}
    given |= {"encrypt_type": "aes", "msg_signature": sign(TOKEN, timestamp, nonce, cipher)}
    return QueryParams(given | query), to_xml({"ToUserName": "gh", "Encrypt": cipher}).encode()


def refusal(call: Callable[[], object]) -> int:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.status


def test_a_right_envelope_opens() -> None:
    assert envelope().open(*sealed()).decode() == INNER


def test_a_reply_opens_with_wechatpy() -> None:
    xml = envelope().seal("<xml>空调 ]]&gt; 🎉</xml>")
    crypto = WeChatCrypto(TOKEN, AES_KEY, APP)
    from tests.providers.envelope import from_xml

    outer = from_xml(xml)
    opened = crypto.decrypt_message(xml, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
    assert opened == "<xml>空调 ]]&gt; 🎉</xml>" and outer["TimeStamp"] == str(int(NOW))


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce", "msg_signature"])
def test_every_parameter_once_and_right(name: str) -> None:
    query, body = sealed()
    without = QueryParams([(k, v) for k, v in query.multi_items() if k != name])
    empty = QueryParams([(k, "" if k == name else v) for k, v in query.multi_items()])
    wrong = QueryParams([(k, "空0" if k == name else v) for k, v in query.multi_items()])
    twice = QueryParams([*query.multi_items(), (name, query[name])])
    for bad in (without, empty, wrong, twice):
        assert refusal(lambda bad=bad: envelope().open(bad, body)) == 403


@pytest.mark.parametrize("shift", [-301, -86400, 301, 10**9])
def test_stale_and_future_are_refused(shift: int) -> None:
    assert refusal(lambda: envelope().open(*sealed(at=NOW + shift))) == 403


@pytest.mark.parametrize("shift", [-300, 0, 300])
def test_five_minutes_are_fresh(shift: int) -> None:
    envelope().open(*sealed(at=NOW + shift))


@pytest.mark.parametrize("timestamp", ["abc", "1e9", "-5", "１７９５６５５８５１", "9" * 5000])
def test_a_timestamp_is_a_number(timestamp: str) -> None:
    nonce = "4567"
    query = {"timestamp": timestamp, "nonce": nonce, "signature": sign(TOKEN, timestamp, nonce)}
    assert refusal(lambda: envelope().check(QueryParams(query))) == 403


def test_another_boundary_between_timestamp_and_nonce_is_not_fresh() -> None:
    """The signature has no separators: 17956558514 and 567 sign like 1795655851 and 4567."""
    query, body = sealed()
    moved = dict(query) | {"timestamp": query["timestamp"] + "4", "nonce": "567"}
    assert refusal(lambda: envelope().open(QueryParams(moved), body)) == 403


def test_plain_is_refused_where_a_key_is_set() -> None:
    query, _ = sealed()
    plain = QueryParams([(k, query[k]) for k in ("signature", "timestamp", "nonce")])
    for one in (envelope(), envelope(plain=True)):
        assert refusal(lambda one=one: one.open(plain, INNER.encode())) == 403
        raw = QueryParams([*plain.multi_items(), ("encrypt_type", "raw")])
        assert refusal(lambda one=one, raw=raw: one.open(raw, INNER.encode())) == 403


def test_plain_mode_takes_plain_only() -> None:
    open_account = Envelope(TOKEN, "", APP, plain=True, now=lambda: NOW)
    query, body = sealed()
    plain = QueryParams([(k, query[k]) for k in ("signature", "timestamp", "nonce")])
    assert open_account.open(plain, INNER.encode()) == INNER.encode()
    assert refusal(lambda: open_account.open(query, body)) == 403
    assert open_account.seal("<xml/>") == "<xml/>"
    with pytest.raises(ValueError):
        Envelope(TOKEN, "", APP)
    with pytest.raises(ValueError):
        Envelope("", AES_KEY, APP)


def test_another_app_id_is_refused() -> None:
    assert refusal(lambda: envelope().open(*sealed(owner="wx-somebody-else"))) == 403
    assert refusal(lambda: envelope().open(*sealed(owner=""))) == 403


def box(packed: bytes) -> str:
    return base64.b64encode(WeChatCipher(base64.b64decode(AES_KEY + "=")).encrypt(packed)).decode()


def packed(length: int, content: bytes, padding: int) -> bytes:
    body = os.urandom(16) + struct.pack(">I", length) + content
    return body + bytes([padding]) * (-len(body) % 32 or 32)


@pytest.mark.parametrize(
    "cipher",
    [
        "Z2FyYmFnZQ==",
        "not base64 at all!",
        "空调",
        base64.b64encode(os.urandom(64)).decode(),
        box(bytes(16)),
        box(bytes(32)),
        box(packed(2**31, b"x", 16)),
        box(packed(2**32 - 1, b"<xml/>", 5)),
        box(packed(3, b"xml", 0)),
        box(packed(3, b"xml\xff\xfe", 12)),
        box(packed(3, b"xml", 255)),
    ],
    ids=range(11),  # part of them is random, and every worker must know a test by the same name
)
def test_garbage_with_a_right_signature_is_no_crash(cipher: str) -> None:
    assert refusal(lambda: envelope().open(*sealed(cipher=cipher))) in (400, 403)


@pytest.mark.parametrize(
    "body", [b"", b"garbage", b"<xml></xml>", b"<a>" * 9000, b"<xml><Encrypt/></xml>", b"\xff"]
)
def test_a_body_without_an_envelope(body: bytes) -> None:
    query, _ = sealed()
    assert refusal(lambda: envelope().open(query, body)) == 400


def test_of_a_compat_body_only_the_cipher_is_read() -> None:
    query, body = sealed()
    lie = body.replace(
        b"<ToUserName>", b"<Content>transfer</Content><FromUserName>x</FromUserName><ToUserName>"
    )
    assert envelope().open(query, lie).decode() == INNER
