"""An update as Telegram sends it → an Inbound. Pure, and it never fails: what cannot be read is kept."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog

from bot.telegram import members, message, press
from bot.telegram.me import Me
from bot.telegram.message import Said
from core.messaging.inbox import Inbound

Update = dict[str, Any]
# What we ask Telegram for; chat_member is not sent unless it is asked for.
ALLOWED = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
)
READERS: dict[str, Callable[[dict[str, Any], Me], Said | None]] = {
    "message": message.read,
    "edited_message": message.read_changed,
    "callback_query": press.read,
    "my_chat_member": members.read_own,
    "chat_member": members.read_other,
    "chat_join_request": members.read_request,
}
_BROKEN = (KeyError, TypeError, ValueError, AttributeError, LookupError, OverflowError)
_MOST_RAW = 16_000  # characters of what we cannot read
_log = structlog.get_logger()


def to_inbound(update: Update, me: Me) -> Inbound:
    """A kind of update that we do not know, or one that is not what it should be, becomes ``silent``."""
    kind = next((name for name in update if name in READERS), None)
    try:
        said = READERS[kind](update[kind], me) if kind else None
    except _BROKEN as error:  # never the message itself: it is somebody's
        _log.warning("update cannot be read", kind=kind, problem=type(error).__name__)
        said = None
    else:
        if said is None and kind == "message" and _overheard(update["message"]):
            said = _lane_of_its_own(update)  # said in a group to others: its words are not even kept
    said = said or _lane_of_its_own(update) | {"payload": {"raw": _raw(update)[:_MOST_RAW]}}
    return Inbound("telegram", me.account, _number(update), **said)


def unheard(inbound: Inbound) -> Inbound:
    """Chatter of a group that does not listen to it: nothing of it is kept, nor who said it."""
    lane = f"update:{inbound.external_id}"
    return replace(inbound, kind="silent", sender=lane, conversation="", name=None, text="", payload={})


def _number(update: Update) -> str:
    """Telegram's own number of the update; what has none is known by what it says."""
    number = update.get("update_id")
    if isinstance(number, int) and not isinstance(number, bool):
        return str(number)
    return "?" + hashlib.sha256(_raw(update).encode()).hexdigest()[:32]


def _overheard(event: dict[str, Any]) -> bool:
    return message.is_person(event) and event["chat"]["type"] != "private"


def _lane_of_its_own(update: Update) -> Said:
    return {"sender": f"update:{_number(update)}", "kind": "silent"}


def _raw(update: Update) -> str:
    return json.dumps(update, sort_keys=True)
