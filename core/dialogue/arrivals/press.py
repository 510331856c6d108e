"""A button under one of our messages: pressed once, by the one it was shown to, as long as its question stands."""

from typing import Any

from core.dialogue.engine import respond
from core.dialogue.state import Question
from core.dialogue.talk import Talk
from core.dialogue.topics import flow, nearest
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage, say
from core.ticket.theirs import own_ticket

# Asked by us out of the blue: answered days later they still count, whatever was said in between.
LASTING = ("rating", "signed", "fee", "cancel", "plan")


def pressed(talk: Talk, message: InboxMessage) -> str:
    """``payload``: outbox (the row whose button it is) and key; ``talk.digit`` is the key."""
    row = _row(talk, message)
    label = _label(row, message.payload.get("key"))
    if row is None or label is None or row.lane != message.lane:
        talk.say("press.not_yours")
        return "press_refused"
    if row.pressed_at is not None:
        talk.say("press.already", label=_label(row, row.pressed_key) or "")
        return "press_again"
    row.pressed_at, row.pressed_key = talk.at, message.payload["key"]
    _mark(talk, row, label)
    if outcome := nearest.pressed(talk, row.question):
        return outcome
    if not _restore(talk, row):
        talk.say("press.old")
        if talk.state.question is not None:
            flow.ask_again(talk)
        return "press_old"
    respond(talk)
    return talk.outcome


def _row(talk: Talk, message: InboxMessage) -> OutboxMessage | None:
    number = message.payload.get("outbox")
    if not isinstance(number, int) or not 0 < number < 2**31:  # as large as ids are
        return None
    row = talk.session.get(OutboxMessage, number, with_for_update=True)
    return row if row is not None and row.audience == "customer" else None


def _label(row: OutboxMessage | None, key: Any) -> str | None:
    return next((c["label"] for c in row.choices if c["key"] == key), None) if row else None


def _mark(talk: Talk, row: OutboxMessage, label: str) -> None:
    """Take the buttons away and show what was chosen, where the channel can change what it sent."""
    if row.receipt:
        say(
            talk.session,
            at=talk.at,
            channel=row.channel,
            account=row.account,
            recipient=row.recipient,
            text=f"{row.text}\n\n✔ {label}",
            conversation_id=row.conversation_id,
            key=f"pressed:{row.id}",
            extra={"edit": row.receipt},
        )


def _restore(talk: Talk, row: OutboxMessage) -> bool:
    """Whether the question is still the one that waits, or one that may be answered late."""
    if row.question is None:
        return False
    asked, waiting = Question.load(row.question), talk.state.question
    if asked.ticket and own_ticket(talk.session, talk.customer, asked.ticket) is None:
        return False  # the button was theirs; since they unlinked, the ticket is not
    if waiting is not None and waiting.asked_at == asked.asked_at and waiting.kind == asked.kind:
        return True
    if asked.kind in LASTING:
        talk.state.question = asked
        return True
    return False
