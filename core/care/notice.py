"""Telling a customer something that they did not just ask: in the chat where they last spoke."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.customer.model import Conversation, Identity
from core.dialogue.state import Question, State
from core.house import House
from core.messaging.outbox import OutboxMessage, say
from core.ticket.model import Ticket

# These cannot be written to: a voice caller has hung up, a walk-in has left.
UNREACHABLE = ("voice", "staff")


def reachable(session: Session, customer_id: int, *, but: Collection[int] = ()) -> Conversation | None:
    """The live private chat where the customer was last heard; locked, because a question may be set on it.

    ``but`` are identities that refused just now.
    """
    return session.scalars(_chats(customer_id, but).limit(1)).first()


def live_chats(session: Session, customer_id: int) -> list[Conversation]:
    """All of them, the one where they were last heard first; locked."""
    return list(session.scalars(_chats(customer_id)))


def _chats(customer_id: int, but: Collection[int] = ()) -> Select[Conversation]:
    return (
        select(Conversation)
        .join(Identity)
        .where(
            Identity.customer_id == customer_id,
            Identity.dead_at.is_(None),
            Identity.channel.not_in(UNREACHABLE),
            # Never a group: others read there.
            Conversation.lane == Identity.channel + ":" + Identity.account + ":" + Identity.external_id,
            *((Identity.id.not_in(but),) if but else ()),
        )
        .order_by(Conversation.last_heard_at.desc(), Conversation.id.desc())
        .with_for_update(of=Conversation)
    )


def write(
    session: Session, chat: Conversation, text: str, *, at: datetime, **more: Any
) -> OutboxMessage | None:
    """Say a text in somebody's chat; ``more`` as ``say()`` takes it. None when it was said already."""
    identity = chat.identity
    return say(
        session,
        at=at,
        channel=identity.channel,
        account=identity.account,
        recipient=identity.external_id,
        text=text,
        conversation_id=chat.id,
        **more,
    )


def tell(
    session: Session,
    house: House,
    ticket: Ticket,
    *,
    wording: str,
    at: datetime,
    key: str | None = None,
    question: str | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    weight: str = "notice",
    to: Conversation | None = None,
    also: str = "",
    **values: Any,
) -> OutboxMessage | None:
    """Write to a ticket's customer, with a question if need be; None when no chat reaches them or it was said.

    ``to`` is the chat, where somebody chose it already; ``also`` is said below the words of the house.
    """
    conversation = to or reachable(session, ticket.customer_id)
    if conversation is None:
        return None
    book, language = house.book, conversation.identity.customer.language
    text = book.text(wording, language, **{**ticket_words(house, ticket, language), **values})
    more: dict[str, Any] = {"weight": weight}
    asked = None
    if question:
        asked = Question(question, None, [list(c) for c in choices], ticket.number, at.isoformat())
        more = {"weight": "result", "question": asdict(asked)}
    more["choices"] = [{"key": k, "label": book.label("choice", value, language)} for k, value in choices]
    text = f"{text}\n{also}" if also else text
    message = write(session, conversation, text, at=at, ticket_id=ticket.id, key=key, **more)
    if message is not None and asked:
        set_question(conversation, asked)
    return message


def set_question(chat: Conversation, question: Question) -> None:
    """What is said next in this chat answers ``question``; the lock that ``reachable()`` took holds."""
    state = State.load(chat.state)
    state.question = question
    state.last_ticket = question.ticket or state.last_ticket
    chat.state = state.dump()


def ticket_words(house: House, ticket: Ticket, language: str) -> dict[str, Any]:
    """What a customer message may say of a ticket."""
    book = house.book
    return {
        "number": ticket.number,
        "name": ticket.name or book.text("word.customer", language),
        "device": device_words(house, ticket.category, ticket.brand, language)
        if ticket.category
        else book.label("kind", ticket.kind, language),
        "state": book.label("state", ticket.state, language),
        "symptom": book.label("symptom", ticket.symptom, language),
        "appointment": moment(house, ticket.appointment_at),
    }


def device_words(house: House, category: str | None, brand: str | None, language: str) -> str:
    """美的空调; in English Midea is left as the house spells it."""
    word = (
        house.book.label("category", category, language)
        if category
        else house.book.text("word.device", language)
    )
    gap = " " if language == "en" and brand else ""
    return f"{brand or ''}{gap}{word}"


def moment(house: House, at: datetime | None) -> str:
    """A date and time on the business's wall clock."""
    return "—" if at is None else house.local(at).strftime("%m-%d %H:%M")
