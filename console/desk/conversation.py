"""What was said with a customer, on every channel, in order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Conversation, Identity
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.staff import masking
from core.ticket.model import Ticket

MOST = 80


@dataclass(frozen=True)
class Bubble:
    """One message; ``mine`` when we said it. ``status`` and ``error`` tell whether it arrived."""

    mine: bool
    text: str
    at: datetime
    channel: str
    status: str
    error: str | None
    choices: tuple[str, ...] = ()
    kind: str = "text"
    files: int = 0
    picture: str | None = None  # of a self-help step


def conversation(session: Session, ticket: Ticket, *, masked: bool = True) -> list[Bubble]:
    """The last messages with a ticket's customer, oldest first; phones and streets masked."""
    mine = select(Conversation.id).join(Identity).where(Identity.customer_id == ticket.customer_id)
    ids = list(session.scalars(mine.order_by(Conversation.id.desc()).limit(20)))
    heard = _latest(session, InboxMessage, ids)
    said = [row for row in _latest(session, OutboxMessage, ids) if row.audience == "customer"]
    secrets = (ticket.address, ticket.customer.address) if masked else ()
    bubbles = [_bubble(row, masked, secrets) for row in (*heard, *said)]
    return sorted(bubbles, key=lambda bubble: bubble.at)[-MOST:]


def _latest(session: Session, model: Any, ids: list[int]) -> list[Any]:
    query = select(model).where(model.conversation_id.in_(ids)).order_by(model.id.desc()).limit(MOST)
    return list(session.scalars(query)) if ids else []


def _bubble(row: Any, masked: bool, secrets: tuple[str | None, ...]) -> Bubble:
    mine = isinstance(row, OutboxMessage)
    text = row.readable if mine else row.text
    text = masking.free_text(text, *secrets) if masked else text
    choices = tuple(f"{c['key']} {c['label']}" for c in row.choices) if mine else ()
    at, kind = (row.said_at, "text") if mine else (row.received_at, row.kind)
    files = 0 if mine else len(row.payload.get("media") or [])
    picture = (row.extra.get("picture") or {}).get("id") if mine else None
    return Bubble(mine, text, at, row.channel, row.status, row.error, choices, kind, files, picture)
