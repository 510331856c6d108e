"""The one call that is due at once, before any work: it may travel in the answer to the webhook itself."""

from typing import Any

from core.messaging.inbox import Inbound

# Kinds whose answer may take a moment.
_ANSWERED = ("text", "command", "follow", "image", "video", "file", "voice", "location", "contact")


def call_at_once(inbound: Inbound, *, new: bool) -> dict[str, Any] | None:
    """A button stops spinning however often Telegram asks; "typing…" is shown once, and not in
    groups, where every call counts."""
    if inbound.kind == "press":
        return {"method": "answerCallbackQuery", "callback_query_id": inbound.payload["callback"]}
    if new and inbound.kind in _ANSWERED and not inbound.payload.get("group"):
        return {"method": "sendChatAction", "chat_id": inbound.payload["chat"], "action": "typing"}
    return None
