"""Who is calling, and what they sealed: WeChat's signature and AES envelope, checked the hard way.

wechatpy compares signatures with ``!=`` and looks at no clock; only its cipher is used here.
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Message_encryption_and_decryption_instructions.html
"""

import base64
import hmac
import secrets
import struct
from collections.abc import Callable, Sequence
from hashlib import sha1
from time import time
from typing import Protocol

from wechatpy.crypto.cryptography import WeChatCipher

from bot.wechat.xml import Unreadable, cdata, fields_of

FRESH = 300.0  # seconds a signature is good for, by the real clock
BLOCK = 32


class Query(Protocol):
    """The query string, with every repetition of a name."""

    def getlist(self, key: str) -> Sequence[str]: ...


class Refused(Exception):
    """A request that is not WeChat's; ``status`` is the HTTP answer."""

    def __init__(self, why: str, status: int = 403) -> None:
        super().__init__(why)
        self.status = status


class Envelope:
    """Opens what WeChat sends to one account and seals what goes back."""

    def __init__(
        self, token: str, aes_key: str, app_id: str, *, plain: bool = False, now: Callable[[], float] = time
    ) -> None:
        if not token or not (aes_key or plain):
            raise ValueError("an empty token is signed by anybody; without a key only plain mode is possible")
        self._token, self._app_id, self._now = token, app_id, now
        self._key = base64.b64decode(aes_key + "=") if aes_key else None

    def check(self, query: Query) -> None:
        """Signature and freshness of any call, GET or POST. Refused."""
        signature, timestamp, nonce = (_one(query, name) for name in ("signature", "timestamp", "nonce"))
        _same(signature, self._sign(timestamp, nonce))
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            raise Refused("timestamp is no number")
        if abs(self._now() - int(timestamp)) > FRESH:
            raise Refused("timestamp is more than 300 s away from our clock")

    def open(self, query: Query, body: bytes) -> bytes:
        """The message inside; in compat mode the open part is not even looked at. Refused (403 or 400)."""
        self.check(query)
        if self._key is None:
            if query.getlist("msg_signature") or "aes" in query.getlist("encrypt_type"):
                raise Refused("encrypted, but FRONTDOOR_WECHAT_AES_KEY is not set")
            return body
        if list(query.getlist("encrypt_type")) != ["aes"]:
            raise Refused("not encrypted")
        proof, timestamp, nonce = (_one(query, name) for name in ("msg_signature", "timestamp", "nonce"))
        try:
            cipher = fields_of(body).get("Encrypt", "")
        except Unreadable as unreadable:
            raise Refused(str(unreadable), 400) from None
        if not cipher:
            raise Refused("no Encrypt", 400)
        _same(proof, self._sign(timestamp, nonce, cipher))
        return self._opened(cipher)

    def seal(self, xml: str) -> str:
        """A passive reply; in plain mode the reply itself."""
        if self._key is None:
            return xml
        content = xml.encode()
        packed = secrets.token_bytes(16) + struct.pack(">I", len(content)) + content + self._app_id.encode()
        padding = BLOCK - len(packed) % BLOCK
        sealed = WeChatCipher(self._key).encrypt(packed + bytes([padding]) * padding)
        cipher, timestamp, nonce = (
            base64.b64encode(sealed).decode(),
            str(int(self._now())),
            secrets.token_hex(8),
        )
        return (
            f"<xml><Encrypt>{cdata(cipher)}</Encrypt>"
            f"<MsgSignature>{cdata(self._sign(timestamp, nonce, cipher))}</MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
        )

    def _opened(self, cipher: str) -> bytes:
        """16 random bytes, length, content, app id; bytes, because the content may be in any encoding."""
        assert self._key is not None
        try:
            packed = WeChatCipher(self._key).decrypt(base64.b64decode(cipher, validate=True))
            packed = packed[16 : len(packed) - _padding(packed)]
            (length,) = struct.unpack(">I", packed[:4])
            content, owner = packed[4 : 4 + length], packed[4 + length :].decode()
        except Exception:  # signed rightly and still no envelope: theirs to send again, not ours to crash on
            raise Refused("cannot be decrypted", 400) from None
        if len(content) != length:
            raise Refused("cannot be decrypted", 400)
        _same(owner, self._app_id)
        return content

    def _sign(self, *parts: str) -> str:
        return sha1("".join(sorted((self._token, *parts))).encode("utf-8", "replace")).hexdigest()


def _one(query: Query, name: str) -> str:
    given = query.getlist(name)
    if len(given) != 1 or not given[0]:
        raise Refused(f"{name} must be given once")
    return given[0]


def _same(given: str, right: str) -> None:
    if not hmac.compare_digest(given.encode("utf-8", "replace"), right.encode("utf-8", "replace")):
        raise Refused("signature or app id is wrong")


def _padding(packed: bytes) -> int:
    size = packed[-1]
    if not 1 <= size <= BLOCK:
        raise ValueError("padding")
    return size
