"""Claiming due promises: several workers share the rows, and none waits for another or for a customer's turn."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.customer.model import Conversation, Identity
from core.promise.model import PENDING, Promise
from core.ticket.model import Ticket


@dataclass(frozen=True)
class Span:
    """Which due rows: due at ``until`` or before, and after ``after`` where that is given."""

    until: datetime
    after: datetime | None = None

    def rows(self) -> Select[Promise]:
        due = select(Promise).where(PENDING, Promise.due_at <= self.until)
        if self.after is not None:
            due = due.where(Promise.due_at > self.after)
        return due.order_by(Promise.due_at, Promise.id)


def claim(session: Session, span: Span, *, limit: int) -> list[Promise]:
    """The next due rows in due order, locked until the transaction ends; rows that others hold are left to them."""
    rows = span.rows().limit(limit).with_for_update(skip_locked=True)
    return list(session.scalars(rows))


def together(session: Session, rows: list[Promise]) -> list[Promise]:
    """The head of ``rows`` that one transaction may keep: all it touches is ours without waiting.

    A turn locks conversation, ticket, promise. We hold promises already, so we must not wait for the other two: where
    somebody has them, or where a handler finds its conversation by itself, the promise is kept alone, in that order.
    """
    if _on_sqlite(session):
        return list(takewhile(lambda row: row.ticket_id is not None, rows))
    free = _free_tickets(session, {row.ticket_id for row in rows if row.ticket_id is not None})
    return list(takewhile(lambda row: row.ticket_id in free, rows))


def _free_tickets(session: Session, tickets: Collection[int]) -> set[int]:
    if not tickets:
        return set()
    mine = select(Ticket.id, Ticket.customer_id).where(Ticket.id.in_(tickets))
    # Not FOR UPDATE: that would also wait for whoever writes on the ticket's timeline.
    held = session.execute(mine.with_for_update(skip_locked=True, key_share=True)).all()
    busy = _busy(session, {customer for _, customer in held})
    return {ticket for ticket, customer in held if customer not in busy}


def _busy(session: Session, customers: Collection[int]) -> set[int]:
    chats = select(Conversation.id, Identity.customer_id).join(
        Identity, Conversation.identity_id == Identity.id
    )
    chats = chats.where(Identity.customer_id.in_(customers))
    held = {chat for chat, _ in session.execute(chats.with_for_update(of=Conversation, skip_locked=True))}
    return {customer for chat, customer in session.execute(chats) if chat not in held}


def _on_sqlite(session: Session) -> bool:
    # BEGIN IMMEDIATE has locked everything: there is nobody to wait for.
    return session.get_bind().dialect.name == "sqlite"
