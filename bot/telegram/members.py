"""Who may talk to whom: a user blocks the bot or takes it back; what happens in groups is kept."""

from typing import Any

from bot.telegram.me import Me
from bot.telegram.message import Said, said_by

Thing = dict[str, Any]
GONE = ("kicked", "left")


def read_own(event: Thing, _me: Me) -> Said | None:
    """``my_chat_member``. A group that throws the bot out says nothing about the person who did it."""
    if event["chat"]["type"] != "private":
        return None
    before, after = event["old_chat_member"]["status"], event["new_chat_member"]["status"]
    if (before in GONE) == (after in GONE):
        return None
    kind = "blocked" if after in GONE else "unblocked"
    return said_by(event["from"], event["chat"], kind=kind, text="", payload={})
