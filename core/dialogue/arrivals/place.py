"""A shared location: where the nearest outlet is, or where the technician should come."""

from core.dialogue.talk import Talk
from core.messaging.inbox import InboxMessage


def shared(talk: Talk, message: InboxMessage) -> str:
    """``payload``: latitude, longitude (degrees), datum (gcj02 | wgs84), label."""
    talk.say("arrival.unknown")
    return "location"
