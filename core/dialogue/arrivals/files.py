"""Photos, videos, files and voice: kept for the ticket they belong to, and the conversation goes on."""

from core.dialogue.engine import respond
from core.dialogue.state import SOFT
from core.dialogue.talk import Talk
from core.dialogue.topics import flow
from core.media.keep import keep_media
from core.messaging.inbox import InboxMessage
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from core.ticket.theirs import tickets_of


def sent(talk: Talk, message: InboxMessage) -> str:
    """An album of ten is answered once; a caption is read like any message."""
    album = message.payload.get("album")
    first = album is None or talk.state.album != album
    talk.state.album = album
    ticket = _keep(talk, message)
    if talk.text:
        _told(talk, ticket)
        respond(talk)
    elif first:
        _told(talk, ticket)
        _go_on(talk)
    return message.kind


def too_large(talk: Talk, message: InboxMessage) -> str:
    """The provider will not hand it over; what was written below it counts."""
    talk.say("arrival.too_large", most=message.payload.get("most", 20))
    if talk.text:
        respond(talk)
    else:
        _go_on(talk)
    return "too_large"


def spoken(talk: Talk, message: InboxMessage) -> str:
    """The provider's recognition is a hint: what we took it for is shown, and the recording is kept."""
    ticket = _keep(talk, message)
    if talk.text:
        talk.say("arrival.voice_heard", text=talk.text[:200])
        respond(talk)
    else:
        talk.say("arrival.voice")
        if ticket is not None:
            talk.say("arrival.file_added", number=ticket.number)
        _go_on(talk)
    return "voice"


def _keep(talk: Talk, message: InboxMessage) -> Ticket | None:
    """The files wait for the form's ticket, or go to the one that is open."""
    ticket = _ticket(talk)
    rows = keep_media(
        talk.session,
        message,
        conversation_id=talk.conversation.id,
        ticket_id=ticket.id if ticket else None,
        at=talk.at,
    )
    if ticket is not None and rows:
        text = f"{message.kind} × {len(rows)}"
        note(
            talk.session,
            ticket,
            verb="file_added",
            at=talk.at,
            actor=talk.actor,
            channel=talk.channel,
            text=text,
        )
    return ticket


def _ticket(talk: Talk) -> Ticket | None:
    if talk.state.form is not None and talk.state.ticket is None:
        return None
    tickets = tickets_of(talk.session, talk.customer)
    named = talk.state.ticket or talk.state.last_ticket
    return next((t for t in tickets if t.number == named), tickets[0] if len(tickets) == 1 else None)


def _told(talk: Talk, ticket: Ticket | None) -> None:
    if ticket is not None:
        talk.say("arrival.file_added", number=ticket.number)
    else:
        talk.say("arrival.file_kept")


def _go_on(talk: Talk) -> None:
    """The question that waits is asked again; without one, we ask what the picture is about."""
    if talk.state.question is not None and talk.state.question.kind not in SOFT:
        flow.ask_again(talk)
    elif _ticket(talk) is None:
        talk.say("arrival.file_about")
