"""Who may talk to whom: a user blocks the bot or takes it back; who asks to join a group, comes and goes."""

from typing import Any

from bot.telegram.me import Me
from bot.telegram.message import Said, said_by

Thing = dict[str, Any]
GONE = ("kicked", "left")


def read_own(event: Thing, _me: Me) -> Said | None:
    """``my_chat_member``: of the bot. A group that throws it out says nothing about the person who did it."""
    if event["chat"]["type"] != "private":
        return _in_group(event)
    before, after = event["old_chat_member"]["status"], event["new_chat_member"]["status"]
    if (before in GONE) == (after in GONE):
        return None
    kind = "blocked" if after in GONE else "unblocked"
    return said_by(event["from"], event["chat"], kind=kind, text="", payload={})


def _in_group(event: Thing) -> Said | None:
    """Somebody put the bot in a group, gave or took its rights, or threw it out."""
    if event["from"].get("is_bot") or event["chat"]["type"] == "channel":
        return None
    payload = {"status": _standing(event["new_chat_member"]), "title": _title(event["chat"])}
    return said_by(event["from"], event["chat"], kind="bot_member", text="", payload=payload)


def _standing(member: Thing) -> str:
    if not _inside(member):
        return "out"
    return "admin" if member["status"] == "administrator" and member.get("can_invite_users") else "in"


def read_other(event: Thing, me: Me) -> Said | None:
    """``chat_member``: of somebody else. The sender is who came or went, not who let them in or put them out."""
    before, after = event["old_chat_member"], event["new_chat_member"]
    person = after["user"]
    if person.get("is_bot") or event["chat"]["type"] == "channel" or _inside(before) == _inside(after):
        return None
    staff = after["status"] in ("creator", "administrator")
    payload = {"inside": _inside(after), "staff": staff, "by": str(int(event["from"]["id"]))}
    return said_by(person, event["chat"], kind="member", text="", payload=payload)


def read_request(event: Thing, me: Me) -> Said | None:
    """``chat_join_request``: for five minutes the bot may write to ``user_chat_id``."""
    if event["from"].get("is_bot") or event["chat"]["type"] == "channel":
        return None
    payload = {"private": int(event["user_chat_id"])}
    return said_by(event["from"], event["chat"], kind="join_request", text="", payload=payload)


def _inside(member: Thing) -> bool:
    return member["status"] not in GONE and (
        member["status"] != "restricted" or bool(member.get("is_member"))
    )


def _title(chat: Thing) -> str | None:
    return str(chat["title"])[:200] if chat.get("title") else None
