"""A button under one of our messages → a press of an outbox row; a made-up id presses nothing."""

from typing import Any

from bot.telegram.me import Me
from bot.telegram.message import Said, said_by

Thing = dict[str, Any]


def read(query: Thing, me: Me) -> Said | None:
    """A button pressed. Without ``outbox`` in its payload it is not one of ours, or its key is broken; None for bots."""
    if query["from"].get("is_bot"):
        return None
    chat = (query.get("message") or {}).get("chat")
    callback = str(query["id"])
    found = me.keys.read(query.get("data"))
    pressed = {"outbox": found[0], "key": found[1]} if found else {}
    payload = {"callback": callback, "same": f"q:{callback}"} | pressed
    return said_by(query["from"], chat, kind="press", text=found[1] if found else "", payload=payload)
