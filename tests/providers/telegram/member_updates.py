"""Who may talk to whom: blocking, joining, leaving, asking to join, a group that becomes a supergroup."""

import time
from typing import Any

from tests.providers.telegram.groups import member
from tests.providers.telegram.updates import GROUP, WANG, Thing, bot, chat, message, update, user


def changed(kind: str, place: Thing, by: Thing, who: Thing, before: str, after: str) -> Thing:
    event = {"chat": place, "from": by, "date": int(time.time())}
    members = {"old_chat_member": member(who, before), "new_chat_member": member(who, after)}
    return update(kind, event | members)


def blocked(user_id: int = WANG) -> Thing:
    """The user stopped the bot."""
    return changed("my_chat_member", chat(user_id), user(user_id), bot(), "member", "kicked")


def unblocked(user_id: int = WANG) -> Thing:
    return changed("my_chat_member", chat(user_id), user(user_id), bot(), "kicked", "member")


def kicked(chat_id: int = GROUP, by: int = WANG) -> Thing:
    """The bot was thrown out of a group."""
    return changed("my_chat_member", chat(chat_id), user(by), bot(), "member", "kicked")


def added(chat_id: int = GROUP, by: int = WANG, status: str = "administrator") -> Thing:
    """The bot was put into a group."""
    return changed("my_chat_member", chat(chat_id), user(by), bot(), "left", status)


def joined(user_id: int, chat_id: int = GROUP) -> Thing:
    return changed("chat_member", chat(chat_id), user(user_id), user(user_id), "left", "member")


def left(user_id: int, chat_id: int = GROUP) -> Thing:
    return changed("chat_member", chat(chat_id), user(user_id), user(user_id), "member", "left")


def join_request(user_id: int = WANG, chat_id: int = GROUP, link: Thing | None = None, **more: Any) -> Thing:
    """Somebody asks to join; `link` is what createChatInviteLink returned."""
    event = {"chat": chat(chat_id), "from": user(user_id), "user_chat_id": user_id, "date": int(time.time())}
    return update("chat_join_request", event | ({"invite_link": link} if link else {}) | more)


def migrated(old: int = -4242, new: int = GROUP) -> list[Thing]:
    """A group becomes a supergroup: one service message in each."""
    return [message(old, migrate_to_chat_id=new), message(new, migrate_from_chat_id=old)]
