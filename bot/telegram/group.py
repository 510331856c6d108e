"""In a group the bot reacts only to who speaks to it: a command, a mention, an answer to one of its messages."""

import re
from typing import Any

from bot.telegram.commands import command_in
from bot.telegram.me import Me

Thing = dict[str, Any]
_CODE = re.compile(r"(?:/start(?:@\w+)?\s+)?(QA[2-9A-HJKMNP-Z]{10})", re.IGNORECASE)
_NAME = re.compile(r"@([A-Za-z0-9_]{3,64})\s?")  # no space is needed before Chinese: @our_bot空调不制冷


def addressed(message: Thing, me: Me) -> str | None:
    """How somebody speaks to us: command, reply or mention; None when they do not."""
    text = message.get("text") or message.get("caption") or ""
    command = command_in(text) if "text" in message else None
    if command is not None:
        return "command" if command.to is None or me.is_called(command.to) else None
    if answers_us(message, me):
        return "reply"
    return "mention" if _mentions_us(message, text, me) else None


def group_code(message: Thing) -> str | None:
    """The code that makes a group ours (core/groups/find.py), typed alone or sent by t.me/<bot>?startgroup=<code>."""
    found = _CODE.fullmatch(message["text"].strip()) if "text" in message else None
    return found[1].upper() if found else None


def answers_us(message: Thing, me: Me) -> bool:
    """Whether it is a reply to a message of ours."""
    original = message.get("reply_to_message") or {}
    return str((original.get("from") or {}).get("id")) == me.account


def _mentions_us(message: Thing, text: str, me: Me) -> bool:
    return any(me.is_called(name) for name in mentions(message, text))


def mentions(message: Thing, text: str) -> list[str]:
    """The @names in a text; offsets count UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")
    marks = message.get("entities") or message.get("caption_entities") or []
    spans = [(m["offset"], m["offset"] + m["length"]) for m in marks if m["type"] == "mention"]
    return [units[2 * start : 2 * end].decode("utf-16-le", "replace") for start, end in spans]


def without_mention(text: str, me: Me) -> str:
    """The words without the @name that was needed to reach us."""
    return _NAME.sub(lambda found: "" if me.is_called(found[1]) else found[0], text).strip()
