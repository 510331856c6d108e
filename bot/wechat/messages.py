"""What users say, by WeChat's type: one function a type, one table."""

import re
from collections.abc import Callable
from typing import Any

import structlog

from bot.wechat.grants import MESSAGE, TOUCH

Fields = dict[str, str]
Read = tuple[str, str, dict[str, Any]]  # kind, text, payload

# What WeChat writes instead of a sticker or whatever else it does not hand on.
UNSUPPORTED = "【收到不支持的消息类型"
# The line of a menu message of ours (channel.py): outbox row and key.
PRESSED = re.compile(r"(\d{1,18}):(\d)")
_log = structlog.get_logger()


def read_message(fields: Fields) -> Read:
    """(kind, text, payload) of a message, with what it allows us to send from now on."""
    name = fields.get("MsgType", "").strip().lower()
    read = MESSAGES.get(name)
    if read is None:
        _log.warning("unknown WeChat message", name=name[:40])
    kind, text, payload = read(fields) if read else ("unknown", "", {})
    # A tap on a line of a menu message is worth as much as a click, says WeChat, not as much as words.
    return kind, text, {**payload, "grants": TOUCH if fields.get("bizmsgmenuid") else MESSAGE}


def _text(fields: Fields) -> Read:
    words = fields.get("Content", "")
    pressed = PRESSED.fullmatch(fields.get("bizmsgmenuid", "").strip())
    if pressed:
        return "press", pressed[2], {"outbox": int(pressed[1]), "key": pressed[2]}
    if words.startswith(UNSUPPORTED):
        return "unknown", "", {}
    return "text", words, {}


def _file(kind: str) -> Callable[[Fields], Read]:
    def read(fields: Fields) -> Read:
        media_id = fields.get("MediaId", "").strip()
        if not media_id:  # nothing that could be fetched: the sender should know that we have not got it
            return "unknown", "", {}
        hint = fields.get("Recognition", "").strip() if kind == "voice" else ""
        return kind, hint, {"media": [{"id": media_id, "kind": kind}]}

    return read


def _location(fields: Fields) -> Read:
    """X is the latitude; Chinese maps, so GCJ-02."""
    latitude, longitude = _degrees(fields.get("Location_X"), 90), _degrees(fields.get("Location_Y"), 180)
    if latitude is None or longitude is None:
        return "unknown", "", {}
    place = {"latitude": latitude, "longitude": longitude, "datum": "gcj02"}
    return "location", "", {**place, "label": fields.get("Label", "").strip()}


def _link(fields: Fields) -> Read:
    return "link", "", {"link": {"title": fields.get("Title", ""), "url": fields.get("Url", "")}}


MESSAGES: dict[str, Callable[[Fields], Read]] = {
    "text": _text,
    "image": _file("image"),
    "voice": _file("voice"),
    "video": _file("video"),
    "shortvideo": _file("video"),
    "file": _file("file"),
    "location": _location,
    "link": _link,
}


def _degrees(value: str | None, most: float) -> float | None:
    try:
        degrees = float(value or "")
    except ValueError:
        return None
    return degrees if abs(degrees) <= most else None  # NaN is not
