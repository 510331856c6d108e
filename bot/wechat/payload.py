"""WeChat messages and events: reading one is a pure function."""

import math
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import structlog

from core.messaging.inbox import Inbound

Fields = dict[str, str]
Read = tuple[str, str, dict[str, Any]]  # kind, text, payload

HOUR = 3600
# The rule of 2023-06-12: how many customer-service messages what the user did is worth, and for how long.
MESSAGE = {"kind": "message", "left": 5, "seconds": 48 * HOUR}
TOUCH = {"kind": "touch", "left": 3, "seconds": 60}
LONGEST_OPENID = 128  # characters; WeChat's have 28
# What WeChat writes instead of a sticker or whatever else it does not hand on.
UNSUPPORTED = "【收到不支持的消息类型"
# The line of a menu message of ours (channel.py): outbox row and key.
PRESSED = re.compile(r"(\d{1,18}):(\d)")
_log = structlog.get_logger()


def to_inbound(fields: Fields, *, account: str, now: float) -> Inbound | None:
    """``account`` is the app id, ``now`` real time in epoch seconds; None when it says not who sent it."""
    sender = fields.get("FromUserName", "").strip()
    if not sender or len(sender) > LONGEST_OPENID:
        return None
    is_event = fields.get("MsgType", "").strip().lower() == "event"
    kind, text, payload = _event(fields) if is_event else _message(fields)
    grants = payload.pop("grants", None)
    if grants:
        payload["grants"] = {**grants, "at": _moment(fields, now)}
    return Inbound(
        channel="wechat",
        account=account,
        external_id=_event_id(fields, sender) if is_event else _message_id(fields, sender),
        sender=sender,
        text=text,
        kind=kind,
        payload={**payload, "raw": fields},
    )


def _message(fields: Fields) -> Read:
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


def _event(fields: Fields) -> Read:
    name = fields.get("Event", "").strip().lower()
    read = EVENTS.get(name)
    if read is None:
        # Kept, but not answered: people do not know of most events, and these give no right to write to them.
        _log.warning("unknown WeChat event", name=name[:40])
        return "silent", "", {}
    return read(fields)


def _scene(kind: str) -> Callable[[Fields], Read]:
    def read(fields: Fields) -> Read:
        scene = fields.get("EventKey", "").strip().removeprefix("qrscene_")
        return kind, "", {"grants": TOUCH, **({"scene": scene} if scene else {})}

    return read


def _click(fields: Fields) -> Read:
    return "menu", "", {"topic": fields.get("EventKey", "").strip(), "grants": TOUCH}


def _from_menu(_fields: Fields) -> Read:
    """Scanned or photographed from a menu button that we do not offer: somebody waits for an answer."""
    return "unknown", "", {"grants": TOUCH}


def _template(fields: Fields) -> Read:
    status = fields.get("Status", "").strip()
    if status == "success":
        return "silent", "", {}
    return "undelivered", "", {"receipt": f"template:{fields.get('MsgID', '').strip()}", "reason": status}


def _silent(_fields: Fields) -> Read:
    return "silent", "", {}


def _gone(_fields: Fields) -> Read:
    return "blocked", "", {}


EVENTS: dict[str, Callable[[Fields], Read]] = {
    "subscribe": _scene("follow"),
    "scan": _scene("scan"),
    "unsubscribe": _gone,
    "click": _click,
    "scancode_push": _from_menu,
    "scancode_waitmsg": _from_menu,
    "pic_sysphoto": _silent,  # the photo itself follows as a message
    "pic_photo_or_album": _silent,
    "pic_weixin": _silent,
    "location_select": _silent,  # so does the place
    "view": _silent,
    "view_miniprogram": _silent,
    "location": _silent,  # reported by the app by itself
    "templatesendjobfinish": _template,
    "masssendjobfinish": _silent,
    "subscribe_msg_popup_event": _silent,
    "subscribe_msg_change_event": _silent,
    "subscribe_msg_sent_event": _silent,
}


def _message_id(fields: Fields, sender: str) -> str:
    number = fields.get("MsgId", "").strip()
    return f"msg:{number}" if number and len(number) <= 64 else f"msg:{_digest(fields, sender)}"


def _event_id(fields: Fields, sender: str) -> str:
    """Two events in one second do happen, so what happened is part of the key."""
    what = [fields.get(name, "") for name in ("CreateTime", "Event", "EventKey", "MsgID")]
    key = ":".join(("event", sender, *what))
    return key if len(key) <= 300 else f"event:{_digest(fields, sender)}"


def _digest(fields: Fields, sender: str) -> str:
    told = "\x1f".join(f"{name}\x1e{fields[name]}" for name in sorted(fields))
    return f"{sender[:64]}:{sha256(told.encode('utf-8', 'replace')).hexdigest()[:32]}"


def _moment(fields: Fields, now: float) -> float:
    """When it happened, for WeChat counts from then; never in the future, and not absurdly long ago."""
    try:
        at = float(fields.get("CreateTime", ""))
    except ValueError:
        return now
    return min(max(at, now - 72 * HOUR), now) if math.isfinite(at) else now


def _degrees(value: str | None, most: float) -> float | None:
    try:
        degrees = float(value or "")
    except ValueError:
        return None
    return degrees if abs(degrees) <= most else None  # NaN is not
