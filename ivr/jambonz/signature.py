"""Whether a webhook is jambonz's: ``Jambonz-Signature: t=SECONDS,v1=HEX``, HMAC-SHA256 of ``SECONDS.body``.

Source: docs.jambonz.org, "Verifying a signed request", and verifyJambonzSignature in jambonz's own node client.
"""

import hashlib
import hmac

FRESH = 300  # seconds; the node client's own tolerance


def sign(secret: str, body: bytes, seconds: int) -> str:
    """The header as jambonz makes it."""
    return f"t={seconds},v1={_digest(secret, str(seconds), body)}"


def holds(secret: str, body: bytes, header: str | None, now: float) -> bool:
    """``now``: seconds of the real clock, never the business's. Anything odd is a no."""
    pairs = [part.strip().partition("=") for part in (header or "").split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    given = [value for name, _, value in pairs if name == "v1"]
    if not secret or len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit()):
        return False
    if len(stamps[0]) > 12 or abs(now - int(stamps[0])) > FRESH:
        return False
    expected = _digest(secret, stamps[0], body).encode()
    return any(hmac.compare_digest(expected, one.encode("utf-8", "replace")) for one in given)


def _digest(secret: str, seconds: str, body: bytes) -> str:
    return hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
