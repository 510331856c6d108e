"""A contact card: the sender's own phone number is as good as typed; somebody else's is none of our business."""

from core.dialogue.engine import respond
from core.dialogue.talk import Talk
from core.dialogue.topics import flow
from core.messaging.inbox import InboxMessage


def shared(talk: Talk, message: InboxMessage) -> str:
    """``payload``: phone (E.164), own; the text of an own card is its number."""
    if message.payload.get("own") and talk.text:
        respond(talk)
        return "contact"
    talk.say("contact.not_own")
    if talk.state.question is not None:
        flow.ask_again(talk)
    return "contact_refused"
