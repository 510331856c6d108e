"""The envelope: WeCom's own sample, and everything that is not exactly so."""

import base64
import hashlib

import pytest

from bot.wecom.crypto import Envelope, Forged, Unreadable
from tests.providers import envelope
from tests.providers.envelope import AES_KEY, TOKEN

# The sample of WeCom's documentation (developer.work.weixin.qq.com/document/path/90968 and its sample code).
SAMPLE = Envelope(
    "QDG6eK",
    "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    "wx5823bf96d3bd56c7",
    now=lambda: 1409659813.0,
)
ECHO = (
    "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "1409659589",
    "263014780",
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
)
POST = (
    "477715d11cdb4164915debcba66cb864d751f3e6",
    "1409659813",
    "1372623149",
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==",
)
NOW = 1_764_000_000
OURS = "ww0123456789abcdef"


def test_the_official_samples() -> None:
    echo = Envelope(
        "QDG6eK",
        "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
        "wx5823bf96d3bd56c7",
        now=lambda: 1409659600.0,
    )
    assert echo.opened(*ECHO) == "1616140317555161061"
    assert "<Content><![CDATA[hello]]></Content>" in SAMPLE.opened(*POST)


def ours(now: float = NOW) -> Envelope:
    return Envelope(TOKEN, AES_KEY, OURS, now=lambda: now)


def sealed(
    text: str = "hello", owner: str = OURS, cipher: str | None = None, at: str = str(NOW)
) -> tuple[str, ...]:
    cipher = envelope.encrypt(text, AES_KEY, owner) if cipher is None else cipher
    return envelope.sign(TOKEN, at, "77", cipher), at, "77", cipher


def test_what_is_ours_is_opened() -> None:
    assert ours().opened(*sealed("你好😀]]>")) == "你好😀]]>"


@pytest.mark.parametrize("seconds", [-301, 301, -86400, 86400])
def test_stale_or_from_the_future(seconds: int) -> None:
    with pytest.raises(Forged, match="stale"):
        ours(NOW + seconds).opened(*sealed())


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_fresh_enough(seconds: int) -> None:
    assert ours(NOW + seconds).opened(*sealed()) == "hello"


@pytest.mark.parametrize(
    "at", ["", "now", "-1", "1e9", "１７６４", "99999999999999999999", " 1764000000", "\x00"]
)
def test_a_timestamp_that_is_none(at: str) -> None:
    with pytest.raises(Forged):
        ours().opened(*sealed(at=at))


def test_each_part_is_signed() -> None:
    good = list(sealed())
    for place, other in enumerate(("0" * 40, str(NOW + 1), "78", good[3][:-4] + "AAA=")):
        wrong = [*good[:place], other, *good[place + 1 :]]
        with pytest.raises(Forged):
            ours().opened(*wrong)
    for signature in ("", "é", "\ud800", good[0].upper(), good[0] + "0"):
        with pytest.raises(Forged):
            ours().opened(signature, *good[1:])


def test_for_another_company() -> None:
    with pytest.raises(Forged, match="company"):
        ours().opened(*sealed(owner="wwffffffffffffffff"))


@pytest.mark.parametrize(
    "cipher",
    [
        "",
        "AAAA",
        "not base64 at all!",
        "é",
        base64.b64encode(b"x" * 31).decode(),
        base64.b64encode(b"x" * 64).decode(),
    ],
)
def test_rightly_signed_garbage(cipher: str) -> None:
    with pytest.raises((Unreadable, Forged)):
        ours().opened(*sealed(cipher=cipher))


def test_an_empty_token_or_a_short_key_makes_no_envelope() -> None:
    for token, key in (("", AES_KEY), (TOKEN, AES_KEY[:-1]), (TOKEN, "")):
        with pytest.raises(ValueError, match="43"):
            Envelope(token, key, OURS)


def test_the_signature_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = hashlib.sha1

    def compare(one: bytes, other: bytes) -> bool:
        seen.append((one, other))
        return one == other

    monkeypatch.setattr("bot.wecom.crypto.hmac.compare_digest", compare)
    assert ours().opened(*sealed()) == "hello" and len(seen) == 1 and real
