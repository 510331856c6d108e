"""Updates as Telegram sends them, one builder a kind; every field can be overridden by keyword."""

import time
import uuid
from typing import Any

from tests.providers.telegram.ids import next_message, next_update

Thing = dict[str, Any]
WANG = 700001  # 王女士, the customer of the stories
GROUP = -1001700000001


def user(user_id: int = WANG, first_name: str = "王女士", language: str = "zh-hans", **more: Any) -> Thing:
    return {"id": user_id, "is_bot": False, "first_name": first_name, "language_code": language} | more


def bot(user_id: int = 123456789, username: str = "frontdoor_bot") -> Thing:
    allowed = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }
    names = (
        "can_connect_to_business",
        "has_main_web_app",
        "has_topics_enabled",
        "allows_users_to_create_topics",
    )
    names += ("can_manage_bots", "supports_guest_queries")
    more = dict.fromkeys(names, False)
    return {"id": user_id, "is_bot": True, "first_name": "Frontdoor", "username": username} | allowed | more


def chat(chat_id: int = WANG, title: str = "售后群") -> Thing:
    """Positive: the private chat with that user. Negative: a group, from -100… a supergroup."""
    if chat_id > 0:
        return {"id": chat_id, "type": "private", "first_name": "王女士"}
    kind = "supergroup" if str(chat_id).startswith("-100") else "group"
    return {"id": chat_id, "type": kind, "title": title}


def update(kind: str, event: Thing) -> Thing:
    return {"update_id": next_update(), kind: event}


def message(
    chat_id: int | None = None, sender: Thing | None = None, kind: str = "message", **content: Any
) -> Thing:
    """A message of any content, in the sender's private chat unless told otherwise."""
    sender = user(chat_id if chat_id and chat_id > 0 else WANG) if sender is None else sender
    place = chat(chat_id if chat_id is not None else sender["id"])
    head = {"message_id": next_message(place["id"]), "from": sender, "chat": place, "date": int(time.time())}
    return update(kind, head | content)


def text(words: str, chat_id: int | None = None, **more: Any) -> Thing:
    return message(chat_id, text=words, **more)


def command(words: str, chat_id: int | None = None, **more: Any) -> Thing:
    """`/help`, `/status@frontdoor_bot 2611220001`: the command is marked as an entity."""
    mark = {"type": "bot_command", "offset": 0, "length": len(words.split()[0])}
    return message(chat_id, text=words, entities=[mark], **more)


def start(payload: str = "", chat_id: int | None = None, **more: Any) -> Thing:
    """Opening t.me/<bot>?start=<payload>."""
    return command(f"/start {payload}".strip(), chat_id, **more)


def callback(data: str, message: Thing, sender: Thing | None = None) -> Thing:
    """Pressing a button under a message of the bot."""
    place = message["chat"]["id"]
    sender = sender or user(place if place > 0 else WANG)
    event = {
        "id": uuid.uuid4().hex,
        "from": sender,
        "message": message,
        "chat_instance": str(place),
        "data": data,
    }
    return update("callback_query", event)


def edited(original: Thing, **content: Any) -> Thing:
    """The same message, changed: `edited(update, text="…")`."""
    before = next(original[kind] for kind in ("message", "edited_message") if kind in original)
    return update("edited_message", before | {"edit_date": before["date"] + 5} | content)


def channel_post(words: str, chat_id: int = -1001700000002) -> Thing:
    """Written by a channel: there is no sender."""
    place = {"id": chat_id, "type": "channel", "title": "公告"}
    head = {
        "message_id": next_message(chat_id),
        "chat": place,
        "sender_chat": place,
        "date": int(time.time()),
    }
    return update("channel_post", head | {"text": words})


def anonymous_admin(words: str, chat_id: int = GROUP) -> Thing:
    """An administrator who hides behind the group."""
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    return message(chat_id, hidden, text=words, sender_chat=chat(chat_id))
