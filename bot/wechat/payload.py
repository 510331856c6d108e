"""WeChat messages and events: reading one is a pure function."""

import math
from hashlib import sha256

from bot.wechat.events import read_event
from bot.wechat.grants import HOUR
from bot.wechat.messages import Fields, read_message
from core.messaging.inbox import Inbound

LONGEST_OPENID = 128  # characters; WeChat's have 28


def to_inbound(fields: Fields, *, account: str, now: float) -> Inbound | None:
    """``account`` is the app id, ``now`` real time in epoch seconds; None when it says not who sent it."""
    sender = fields.get("FromUserName", "").strip()
    if not sender or len(sender) > LONGEST_OPENID:
        return None
    is_event = fields.get("MsgType", "").strip().lower() == "event"
    kind, text, payload = read_event(fields) if is_event else read_message(fields)
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
