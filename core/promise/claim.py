"""Claiming due promises: several workers share the rows, and none waits for another or for a customer's turn."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.among import among
from core.customer.model import Conversation, Identity
from core.promise.model import PENDING, Promise
from core.ticket.model import Ticket


@dataclass(frozen=True)
class Span:
    """Which due rows: due at ``until`` or before, and after ``after`` where that is given."""

    until: datetime
    after: datetime | None = None

    def rows(self) -> Select[Promise]:
        """Due in this span and pending, in due order."""
        due = select(Promise).where(PENDING, Promise.due_at <= self.until)
        if self.after is not None:
            due = due.where(Promise.due_at > self.after)
        return due.order_by(Promise.due_at, Promise.id)


def claim(session: Session, span: Span, *, limit: int) -> list[Promise]:
    """The next due rows in due order, locked until the transaction ends; rows that others hold are left to them."""
    rows = span.rows().limit(limit).with_for_update(skip_locked=True)
    return list(session.scalars(rows))


@dataclass(frozen=True)
class Batch:
    """What one transaction keeps. ``tickets`` are in hand, so that no handler asks the database for its own again."""

    rows: list[Promise]
    tickets: list[Ticket]


def together(session: Session, rows: list[Promise]) -> Batch:
    """The head of ``rows`` that one transaction may keep: all it touches is ours without waiting.

    A turn locks conversation, ticket, promise. We hold promises already, so we must not wait for the other two: where
    somebody has them, or where a handler finds its conversation by itself, the promise is kept alone, in that order.
    """
    wanted = {row.ticket_id for row in rows if row.ticket_id is not None}
    free = _free_tickets(session, wanted) if wanted else []
    known = {ticket.id for ticket in free}
    return Batch(list(takewhile(lambda row: row.ticket_id in known, rows)), free)


def _free_tickets(session: Session, wanted: Collection[int]) -> list[Ticket]:
    mine = among(Ticket.id, wanted)
    if _on_sqlite(session):
        return list(session.scalars(select(Ticket).where(mine)))
    # Not FOR UPDATE: that would also wait for whoever writes on the ticket's timeline.
    held = session.scalars(select(Ticket).where(mine).with_for_update(skip_locked=True, key_share=True)).all()
    busy = _busy(session, {ticket.customer_id for ticket in held})
    return [ticket for ticket in held if ticket.customer_id not in busy]


def _busy(session: Session, customers: Collection[int]) -> set[int]:
    chats = select(Conversation.id, Identity.customer_id).join(
        Identity, Conversation.identity_id == Identity.id
    )
    chats = chats.where(among(Identity.customer_id, customers))
    held = {chat for chat, _ in session.execute(chats.with_for_update(of=Conversation, skip_locked=True))}
    return {customer for chat, customer in session.execute(chats) if chat not in held}


def _on_sqlite(session: Session) -> bool:
    # BEGIN IMMEDIATE has locked everything: there is nobody to wait for.
    return session.get_bind().dialect.name == "sqlite"
