"""Whose tickets: those of a customer, the one of a number if it is theirs, the one that a fault told again belongs to."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.locks import alone
from core.ticket.lifecycle import OPEN
from core.ticket.model import Ticket

_FILES = 0x66696C65  # "file": the name space of the advisory locks of files_alone


def tickets_of(
    session: Session, customer: Customer, *, only_open: bool = True, limit: int = 5
) -> list[Ticket]:
    """A customer's tickets, newest first: their own, and those filed for a phone number proved to be theirs."""
    query = select(Ticket).where(_theirs(customer)).order_by(Ticket.id.desc()).limit(limit)
    if only_open:
        query = query.where(Ticket.state.in_(OPEN))
    return list(session.scalars(query))


def _theirs(customer: Customer) -> ColumnElement[bool]:
    mine = Ticket.customer_id == customer.id
    if customer.phone_verified_at and customer.phone:
        mine = or_(mine, Ticket.phone == customer.phone)
    return mine


def own_ticket(session: Session, customer: Customer, number: str) -> Ticket | None:
    """The ticket of that number if it is theirs; somebody else's and none at all are the same to them."""
    return session.scalars(select(Ticket).where(Ticket.number == number, _theirs(customer))).first()


def files_alone(session: Session, customer: Customer) -> None:
    """Until this transaction ends nobody else files for this customer: who looks for a ticket to join, finds the one that
    a chat or a second call files in the same moment. Taken before the look."""
    alone(session, _FILES, customer.id)


def same_fault(session: Session, customer: Customer, facts: dict[str, Any]) -> Ticket | None:
    """The open repair of the same device, if any (A11): same category, and nothing that tells two apart."""

    def same(ticket: Ticket) -> bool:
        told_apart = any(
            facts.get(name) and getattr(ticket, name) and facts[name] != getattr(ticket, name)
            for name in ("brand", "model")
        )
        return ticket.kind == "repair" and ticket.category == facts.get("category") and not told_apart

    return next((t for t in tickets_of(session, customer, limit=20) if same(t)), None)
