"""What arrives, by its kind: words go to the dialogue, everything else to who knows what it means."""

from collections.abc import Callable

from core.dialogue.arrivals import (
    command,
    contact,
    edit,
    events,
    files,
    group,
    place,
    press,
    recording,
)
from core.dialogue.arrivals.again import repeated
from core.dialogue.engine import respond
from core.dialogue.talk import Talk
from core.dialogue.topics import small
from core.messaging.inbox import InboxMessage

Hear = Callable[[Talk, InboxMessage], str]


def words(talk: Talk, message: InboxMessage) -> str:
    """Plain words, and whatever was turned into words on the way here."""
    respond(talk)
    return talk.outcome


def unknown(talk: Talk, message: InboxMessage) -> str:
    """A sticker, a card, something newer than we are: kept, and answered politely."""
    talk.say("arrival.unknown")
    return "unknown"


ARRIVALS: dict[str, Hear] = {
    "text": words,
    "press": press.pressed,
    "command": command.given,
    "edit": edit.changed,
    "contact": contact.shared,
    "image": files.sent,
    "video": files.sent,
    "file": files.sent,
    "too_large": files.too_large,
    "voice": files.spoken,
    "location": place.shared,
    "recording": recording.recorded,
    "alarm": recording.alarm,
    "follow": events.followed,
    "scan": events.scanned,
    "blocked": events.gone,
    "unblocked": events.back,
    "silent": events.nothing,
    "menu": events.chosen,
    "undelivered": events.undelivered,
}


# Kinds that nobody expects an answer to in the conversation.
QUIET = (
    "blocked",
    "unblocked",
    "silent",
    "undelivered",
)


def hear(talk: Talk, message: InboxMessage) -> None:
    """Answer one arrival; ``talk.outcome`` says what it was taken for."""
    if repeated(talk, message):
        talk.outcome = "duplicate"
        return
    if message.payload.get("group") and message.kind not in QUIET:
        talk.outcome = group.heard(talk, message)
        return
    if not talk.text and message.kind not in QUIET:  # words may be English, which ``respond`` finds out first
        small.introduce(talk)
    talk.outcome = ARRIVALS.get(message.kind, unknown)(talk, message)
