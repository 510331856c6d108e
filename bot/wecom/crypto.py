"""WeCom's envelope: every callback is signed and encrypted (developer.work.weixin.qq.com/document/path/90968).

wechatpy does the AES; it compares signatures with ``!=`` and checks no freshness, so we do both.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable

from wechatpy.enterprise.crypto import PrpCrypto
from wechatpy.enterprise.exceptions import InvalidCorpIdException

FRESH = 300  # seconds a signature may be old, or ahead of us


class Forged(Exception):
    """Not from WeCom, not for us, or not from now."""


class Unreadable(Exception):
    """Rightly signed, but not what WeCom encrypts."""


class Envelope:
    def __init__(
        self, token: str, aes_key: str, corp_id: str, *, now: Callable[[], float] = time.time
    ) -> None:
        if not token or len(aes_key) != 43:
            raise ValueError("WeCom needs a token and a 43-character EncodingAESKey")
        self._token, self._corp_id, self._now = token, corp_id, now
        self._cipher = PrpCrypto(base64.b64decode(aes_key + "="))

    def opened(self, signature: str, timestamp: str, nonce: str, sealed: str) -> str:
        """The text inside. Raises Forged or Unreadable."""
        self._check(signature, timestamp, nonce, sealed)
        try:
            return str(self._cipher.decrypt(sealed, self._corp_id))
        except InvalidCorpIdException:
            raise Forged("for another company") from None
        except Exception as error:  # struct, base64, padding, UTF-8: wechatpy lets all of them through
            raise Unreadable(type(error).__name__) from None

    def _check(self, signature: str, timestamp: str, nonce: str, sealed: str) -> None:
        parts = "".join(sorted((self._token, timestamp, nonce, sealed)))
        right = hashlib.sha1(parts.encode("utf-8", "surrogatepass")).hexdigest()
        if not hmac.compare_digest(right.encode(), signature.encode("utf-8", "surrogatepass")):
            raise Forged("signature")
        # Isascii: int() also reads other scripts' digits, and sorts nothing out.
        fresh = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
        if not fresh or abs(self._now() - int(timestamp)) > FRESH:
            raise Forged("stale")
