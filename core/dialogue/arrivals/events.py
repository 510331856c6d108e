"""What happens without words: somebody follows us, scans a code, blocks us, comes back."""

from sqlalchemy import select

from core.care.hop import hop
from core.dialogue.arrivals import scene
from core.dialogue.talk import Talk
from core.dialogue.topics import flow, small
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage

# Items of the menu that begin a form, and its name.
_FORMS = {"repair": "repair", "complain": "complaint", "training": "training"}
# Items that are answered in passing.
_ASIDES = ("progress", "fees")
_PATIENT = 3  # attempts: the provider's report may overtake our own note of having sent


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


def chosen(talk: Talk, message: InboxMessage) -> str:
    """A button of the account's own menu (``payload["topic"]``); it never throws away what is being told."""
    topic, asked = str(message.payload.get("topic")), talk.state.question
    if asked is not None and talk.state.form is not None and _FORMS.get(topic) == talk.state.form:
        flow.ask_again(talk)
        return "menu"
    if not small.pick(talk, topic):  # a button of an older menu, which telephones keep for a day
        small.greet(talk)
    elif topic in _ASIDES and talk.state.question is None and asked is not None and asked.kind != "menu":
        talk.state.question = asked
        flow.ask_again(talk)
    return "menu"


def undelivered(talk: Talk, message: InboxMessage) -> str:
    """A provider took a message of ours and could not deliver it after all: it goes the next way."""
    mine = OutboxMessage.lane == message.lane, OutboxMessage.receipt == message.payload["receipt"]
    row = talk.session.scalars(select(OutboxMessage).where(*mine).with_for_update()).first()
    if row is None and message.attempt < _PATIENT:
        raise LookupError("no message has this receipt yet")
    if row is not None and row.status == "done":
        reason = str(message.payload.get("reason") or "not delivered")
        row.status, row.error = "dead", reason
        hop(talk.session, talk.house, row, reason)
    return "undelivered"
