"""What happens without words: somebody follows us, scans a code, blocks us, comes back."""

from core.dialogue.arrivals import scene
from core.dialogue.talk import Talk
from core.messaging.inbox import InboxMessage


def followed(talk: Talk, message: InboxMessage) -> str:
    """A new follower, perhaps by a code that says why."""
    return scene.opened(talk, message)


def scanned(talk: Talk, message: InboxMessage) -> str:
    """Somebody we know scans a code."""
    return scene.opened(talk, message)


def gone(talk: Talk, message: InboxMessage) -> str:
    """They cannot be written to here until they come back."""
    talk.conversation.identity.dead_at = talk.at
    return "blocked"


def back(talk: Talk, message: InboxMessage) -> str:
    """``conversation_of`` has made the identity live again."""
    return "unblocked"


def nothing(talk: Talk, message: InboxMessage) -> str:
    """Kept for the file; nobody expects an answer."""
    return "silent"
