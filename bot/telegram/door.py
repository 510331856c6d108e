"""Orders for a group's door (core/groups/order.py) as calls of the Bot API, in one table."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from telegram import Bot, ChatPermissions, error

from core.groups.order import Shut
from core.messaging.channel import Never, Outgoing

# The descriptions of Bad Request and Forbidden: https://core.telegram.org/api/errors, and what the Bot API makes of them.
_DONE = ("user_already_participant", "hide_requester_missing", "user_not_participant", "participant_id_invalid",
         "invite_hash_expired", "chat_not_modified")  # fmt: skip
_NO_RIGHTS = ("not enough rights", "chat_admin_required", "need administrator rights", "have no rights")
_REMOVED = ("bot was kicked", "bot is not a member", "channel_private")
_DELETED = ("chat not found", "group chat was deleted", "group is deactivated", "chat_id_invalid")
DONE = "done"
Call = Callable[[Bot, int, Outgoing], Awaitable[str]]


async def _link(bot: Bot, chat: int, message: Outgoing) -> str:
    made = await bot.create_chat_invite_link(
        chat,
        name=message.extra["name"][:32],
        expire_date=datetime.fromisoformat(message.extra["expires"]),
        creates_join_request=True,
    )
    return made.invite_link


async def _unlink(bot: Bot, chat: int, message: Outgoing) -> str:
    await bot.revoke_chat_invite_link(chat, message.extra["link"])
    return DONE


async def _admit(bot: Bot, chat: int, message: Outgoing) -> str:
    await bot.approve_chat_join_request(chat, int(message.extra["person"]))
    return DONE


async def _refuse(bot: Bot, chat: int, message: Outgoing) -> str:
    await bot.decline_chat_join_request(chat, int(message.extra["person"]))
    return DONE


async def _remove(bot: Bot, chat: int, message: Outgoing) -> str:
    """Put out, but not for ever: once they are known they may ask."""
    person = int(message.extra["person"])
    await bot.ban_chat_member(chat, person)
    await bot.unban_chat_member(chat, person, only_if_banned=True)
    return DONE


async def _silence(bot: Bot, chat: int, message: Outgoing) -> str:
    await bot.set_chat_permissions(chat, ChatPermissions.no_permissions())
    return DONE


async def _leave(bot: Bot, chat: int, message: Outgoing) -> str:
    await bot.leave_chat(chat)
    return DONE


CALLS: dict[str, Call] = {
    "link": _link,
    "unlink": _unlink,
    "admit": _admit,
    "refuse": _refuse,
    "remove": _remove,
    "silence": _silence,
    "leave": _leave,
}


async def carry_out(bot: Bot, chat: int, message: Outgoing) -> str:
    """The receipt: of a link, the link itself. What was done already, or has become pointless, is done."""
    try:
        return await CALLS[message.extra["do"]](bot, chat, message)
    except error.BadRequest as refused:
        if not isinstance(refused, error.ChatMigrated) and _has(refused, _DONE):
            return DONE
        raise


def shut(refused: error.TelegramError, reason: str) -> Never | None:
    """The refusals that say that the bot can do nothing in this group any more."""
    if not isinstance(refused, error.BadRequest | error.Forbidden):
        return None
    for words, why in ((_NO_RIGHTS, "no_rights"), (_REMOVED, "removed"), (_DELETED, "deleted")):
        if _has(refused, words):
            return Shut(reason, why)
    return None


def _has(refused: Any, words: tuple[str, ...]) -> bool:
    return any(word in str(refused).lower() for word in words)
