"""The same message under another number of the provider: it has no second effect."""

from core.dialogue.talk import Talk
from core.messaging.inbox import InboxMessage

REMEMBERED = 20


def repeated(talk: Talk, message: InboxMessage) -> bool:
    """``payload["same"]`` names the message itself (chat and message, or a press), where the provider can say it."""
    key = message.payload.get("same")
    if key is None:
        return False
    if key in talk.state.heard:
        return True
    talk.state.heard = [*talk.state.heard, key][-REMEMBERED:]
    return False
