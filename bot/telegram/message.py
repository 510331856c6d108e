"""A message, new or changed → the fields of an Inbound. None: kept, but nobody expects an answer."""

import hashlib
import re
from typing import Any

from bot.telegram.commands import ALSO, PRIVATE, SHOWN, command_in, scene_of
from bot.telegram.content import Content, Thing, content_of
from bot.telegram.group import addressed, answers_us, group_code, mentions, without_mention
from bot.telegram.me import Me
from core.messaging.inbox import OVERHEARD

Said = dict[str, Any]
_NUMBER = re.compile(r"(?<!\d)\d{10,14}(?!\d)")


def read(message: Thing, me: Me) -> Said | None:
    """None also for what channels and other bots write."""
    moved = _moved(message)
    if moved is not None:
        return moved
    if not is_person(message):
        return None
    content = content_of(message)
    if content is None:
        return None
    private = message["chat"]["type"] == "private"
    if not private and (code := group_code(message)):
        title = {"code": code, "title": message["chat"].get("title")}
        return _said(message, "group_code", "", title)
    how = None if private else addressed(message, me)
    if not private and how is None:
        return _overheard(message, content, me)
    kind, text, payload = _command(content, me)
    if not private:
        text, payload = without_mention(text, me), payload | {"how": how}
    elif answers_us(message, me) and (ticket := _ticket(message["reply_to_message"])):
        payload = payload | {"replies": ticket}
    return _said(message, kind, text, payload)


def _overheard(message: Thing, content: Content, me: Me) -> Said | None:
    """Words to nobody in particular; commands and mentions are for somebody, if not for us."""
    for_others = content[1].lstrip().startswith("/") or mentions(message, content[1])
    return _said(message, OVERHEARD, content[1], {}) if content[0] == "text" and not for_others else None


def _ticket(ours: Thing) -> str | None:
    """The ticket that a message of ours is about: staff answer a push by replying to it."""
    found = _NUMBER.search(str(ours.get("text") or ""))
    return found[0] if found else None


def read_changed(message: Thing, me: Me) -> Said | None:
    """A changed text or caption. A live location is an edit every few seconds: silent, as changes in groups are."""
    if not is_person(message) or message["chat"]["type"] != "private":
        return None
    content = content_of(message)
    if content is None or content[0] in ("location", "contact", "unknown", "too_large"):
        return None
    said = _said(message, "edit", content[1], {})
    version = hashlib.sha256(content[1].encode("utf-8", "replace")).hexdigest()[:12]
    original = said["payload"]["same"]
    said["payload"] |= {"original": original, "same": f"e{original[1:]}:{message.get('edit_date')}:{version}"}
    return said


def is_person(message: Thing) -> bool:
    """Not a channel, an administrator who hides behind the group, or another bot."""
    sender = message.get("from")
    return isinstance(sender, dict) and not sender.get("is_bot") and "sender_chat" not in message


def _said(message: Thing, kind: str, text: str, payload: Thing) -> Said:
    chat, number = message["chat"], int(message["message_id"])
    same = {"same": f"m:{chat['id']}:{number}", "message": number}
    return said_by(message["from"], chat, kind=kind, text=text, payload=payload | same)


def said_by(sender: Thing, chat: Thing | None, *, kind: str, text: str, payload: Thing) -> Said:
    """The sender is the person; a group is only where it was said."""
    group = chat is not None and chat["type"] != "private"
    where = {"chat": int(chat["id"])} if chat else {}
    where |= {"group": True} if group else {}
    names = filter(None, (sender.get("first_name"), sender.get("last_name")))
    code = str(sender.get("language_code") or "zh").lower()
    return {
        "sender": str(int(sender["id"])),
        "conversation": f"{int(chat['id'])}/{int(sender['id'])}" if chat and group else "",
        "name": " ".join(names)[:128] or None,
        "kind": kind,
        "text": text,
        "payload": payload | where | {"language": "zh" if code.startswith("zh") else "en"},
    }


def _command(content: Content, me: Me) -> Content:
    """Words that begin with a command of ours; any other stays what was written."""
    kind, text, _ = content
    command = command_in(text) if kind == "text" else None
    if command is None or (command.to is not None and not me.is_called(command.to)):
        return content
    name = ALSO.get(command.name, command.name)
    if name == "start" and command.rest == PRIVATE:
        return "command", "", {"command": PRIVATE}
    if name == "start":
        scene = scene_of(command.rest)
        return "follow", "", {"scene": scene} if scene else {}
    return ("command", command.rest, {"command": name}) if name in SHOWN else content


def _moved(message: Thing) -> Said | None:
    """A group became a supergroup: one service message in each, both kept under the old number (core/customer/move.py)."""
    chat = int(message["chat"]["id"])
    old, new = message.get("migrate_from_chat_id", chat), message.get("migrate_to_chat_id", chat)
    if old == new:
        return None
    moved = {"moved": {"old": str(int(old)), "new": str(int(new))}}
    return {"sender": f"chat:{int(old)}", "kind": "moved", "payload": moved}
