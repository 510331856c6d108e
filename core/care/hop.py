"""A message that one way refuses goes the next way; the last way is a person. Each hop is written down with its reason."""

from typing import Any

from sqlalchemy.orm import Session

from core.call.ended import call_refused
from core.care.case import key_of
from core.care.notice import reachable, set_question, write
from core.care.tasks import put_on_list
from core.customer.model import Conversation
from core.dialogue.state import Question
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.staff.hop import hop_staff
from core.staff.push import push
from core.ticket.lifecycle import note
from core.ticket.model import Ticket


def hop(
    session: Session, house: House, message: OutboxMessage, reason: str, *, still_there: bool = False
) -> None:
    """Queue the same words on the customer's next live chat, or a call for the desk where there is none.

    ``still_there``: they wait in that conversation, so that a mere answer is worth a hop too.
    """
    if "call" in message.extra:
        call_refused(session, house, message.extra["call"]["order"], reason, at=house.clock.now())
        return
    if message.audience == "staff":
        hop_staff(session, house, message, reason)
        return
    if message.audience != "customer" or not message.conversation_id or message.extra.get("edit"):
        return
    if message.weight == "answer" and not still_there:
        return  # an answer belongs to its conversation; they have left that
    # Conversation first, then ticket: the order in which turns lock them.
    refused = session.get_one(Conversation, message.conversation_id)
    tried = [*message.extra.get("tried", []), refused.identity_id]
    following = reachable(session, refused.identity.customer_id, but=tried)
    if following is not None:
        _again(session, message, following, tried)
    elif message.weight != "answer" or refused.identity.customer.phone:
        _call(session, house, message, refused, reason)
    target = following.identity.channel if following else "call"
    written(session, message, f"{message.channel} → {target}: {reason}")


def _again(session: Session, message: OutboxMessage, following: Conversation, tried: list[int]) -> None:
    sent = write(
        session,
        following,
        message.text,
        at=message.said_at,
        choices=message.choices,
        ticket_id=message.ticket_id,
        key=f"hop:{message.id}",
        weight=message.weight,
        question=message.question,
        extra={**message.extra, "tried": tried},
    )
    if sent is not None and message.question:
        set_question(following, Question.load(message.question))


def _call(session: Session, house: House, message: OutboxMessage, refused: Conversation, reason: str) -> None:
    ticket = session.get(Ticket, message.ticket_id) if message.ticket_id else None
    customer = refused.identity.customer
    name = customer.name or refused.identity.display_name or "—"
    who: dict[str, Any] = {"number": "—", "name": name, "phone": customer.phone or "—"}
    values = who if ticket is None else {}
    asks_rating = (message.question or {}).get("kind") in ("rating", "signed")
    words = house.book.text("proof.hidden") if message.extra.get("secret") else message.text[:300]
    put_on_list(
        session,
        key=f"hop:{message.id}:call",
        customer_id=customer.id,
        ticket_id=message.ticket_id,
        phone=(ticket.phone if ticket else None) or customer.phone,
        purpose="survey" if asks_rating else "message",
        follow_up=key_of(ticket) if ticket and asks_rating else None,
        text=words,
        why=reason,
        at=message.said_at,
    )
    push(
        session,
        house,
        key=f"hop:{message.id}:call",
        audience="desk",
        wording="push.call_customer",
        at=message.said_at,
        ticket=ticket,
        text=words,
        reason=reason[:200],
        **values,
    )


def written(session: Session, message: OutboxMessage, text: str) -> None:
    """The hop on the timeline of its ticket, for staff."""
    if message.ticket_id:
        ticket = session.get_one(Ticket, message.ticket_id)
        note(session, ticket, verb="hop", at=message.said_at, actor="frontdoor", channel=message.channel,
             text=text[:500], audience="staff")  # fmt: skip
