"""A recording made on the phone: kept for the file, and made into what it was recorded for."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from core.call.model import Call
from core.dialogue.engine import respond
from core.dialogue.talk import Talk
from core.dialogue.topics import emergency
from core.dialogue.topics.filed import open_ticket, words
from core.media.keep import keep_media
from core.media.model import Media
from core.messaging.inbox import InboxMessage
from core.staff.push import push
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from core.ticket.theirs import files_alone, tickets_of
from core.training import review_call


def recorded(talk: Talk, message: InboxMessage) -> str:
    """``payload``: purpose, about (a complaint's kind in words) and media."""
    purpose = str(message.payload.get("purpose"))
    PURPOSES.get(purpose, _voicemail)(talk, message)
    return f"recording_{purpose}" if purpose in PURPOSES else "recording"


def alarm(talk: Talk, message: InboxMessage) -> str:
    """0 pressed twice: no words, but danger (A6)."""
    emergency.alarm(talk)
    return "emergency"


def _keep(talk: Talk, message: InboxMessage, ticket: Ticket | None) -> list[Media]:
    return keep_media(
        talk.session,
        message,
        conversation_id=talk.conversation.id,
        ticket_id=ticket.id if ticket else None,
        at=talk.at,
    )


def _voicemail(talk: Talk, message: InboxMessage) -> None:
    """On the ticket that waits for a person, or a new one; a person listens and calls back."""
    files_alone(talk.session, talk.customer)
    waiting = next((t for t in tickets_of(talk.session, talk.customer) if t.wants == "person"), None)
    ticket = waiting or _file(talk, message, "consultation", {"wants": "person"})
    if waiting is not None:
        note(talk.session, ticket, verb="voicemail", at=talk.at, actor=talk.actor, channel=talk.channel)
    _keep(talk, message, ticket)
    push(
        talk.session,
        talk.house,
        key=f"voicemail:{message.id}",
        audience="desk",
        wording="push.voicemail",
        at=talk.at,
        ticket=ticket,
    )
    talk.say("recording.voicemail", number=ticket.number)


def _complaint(talk: Talk, message: InboxMessage) -> None:
    ticket = _file(talk, message, "complaint", {})
    _keep(talk, message, ticket)
    talk.say("complaint.filed", **words(talk, ticket))


def _suggestion(talk: Talk, message: InboxMessage) -> None:
    ticket = _file(talk, message, "suggestion", {})
    _keep(talk, message, ticket)
    talk.say("suggestion.filed", number=ticket.number)


def _training(talk: Talk, message: InboxMessage) -> None:
    ticket = _file(talk, message, "training", {})
    _keep(talk, message, ticket)
    talk.say("training.person", **words(talk, ticket))


def _address(talk: Talk, message: InboxMessage) -> None:
    """The county is the answer to the question for the address; the rest waits for the form's ticket."""
    _keep(talk, message, None)
    respond(talk)


def _talk(talk: Talk, message: InboxMessage) -> None:
    """What a person and the caller said to each other: kept with the ticket, and nothing is said about it."""
    tickets = tickets_of(talk.session, talk.customer, limit=1)
    _keep(talk, message, tickets[0] if tickets else None)


def _training_review(talk: Talk, message: InboxMessage) -> None:
    """Free words of a questionnaire: heard from the session's page. The call itself says thanks (ivr/after.py)."""
    kept = next(iter(_keep(talk, message, None)), None)
    call = talk.session.scalars(select(Call).where(Call.conversation_id == talk.conversation.id)).first()
    if kept is not None and call is not None and call.purpose == review_call.PURPOSE:
        talk.session.flush()
        review_call.review_of_call(talk.session, call, lock=True).recording_id = kept.id


def _file(talk: Talk, message: InboxMessage, kind: str, facts: dict[str, Any]) -> Ticket:
    """A ticket of its own with what the file knows of the caller; an open form is not touched."""
    about = str(message.payload.get("about") or "")
    description = talk.house.book.text("recording.description", about=about).strip()
    customer, kept = talk.customer, talk.state.slots
    talk.state.slots = {}
    known = {
        "name": customer.name,
        "phone": customer.phone,
        "address": customer.address,
        "description": description,
    }
    ticket = open_ticket(talk, kind=kind, facts={**known, **facts})
    talk.state.slots = kept
    return ticket


PURPOSES: dict[str, Callable[[Talk, InboxMessage], None]] = {
    "voicemail": _voicemail,
    "complaint": _complaint,
    "suggestion": _suggestion,
    "training": _training,
    "address": _address,
    "talk": _talk,
    "review": _training_review,
}
