"""One customer, many channels: a proved phone number joins what belongs to one person (A1)."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.customer.model import Customer, Device, Identity
from core.ticket.lifecycle import ENDED, note
from core.ticket.model import Ticket


def verify_phone(
    session: Session, customer: Customer, phone: str, *, at: datetime, actor: str, channel: str
) -> Customer:
    """Record that ``phone`` (E.164) is this person's; joins them with whoever proved it before.

    Returns the customer who stays: the one who proved the number first. A number that was merely told joins
    nobody, or a prankster who files for a victim's number would be shown the victim's tickets.
    """
    owner = session.scalars(
        select(Customer)
        .where(
            Customer.phone == phone, Customer.phone_verified_at.is_not(None), Customer.merged_into.is_(None)
        )
        .order_by(Customer.id)
        .with_for_update()
    ).first()
    if owner is None or owner.id == customer.id:
        customer.phone, customer.phone_verified_at = phone, customer.phone_verified_at or at
        return customer
    _join(session, customer, owner, at=at, actor=actor, channel=channel)
    return owner


def _join(
    session: Session, newcomer: Customer, owner: Customer, *, at: datetime, actor: str, channel: str
) -> None:
    moved = session.scalars(
        select(Ticket).where(Ticket.customer_id == newcomer.id, Ticket.state.not_in(ENDED))
    ).all()
    for ticket in moved:
        text = f"customer {newcomer.id} → {owner.id}"
        note(session, ticket, verb="linked", at=at, actor=actor, channel=channel, text=text, audience="staff")
    session.flush()
    for table in (Identity, Device, Ticket):
        session.execute(update(table).where(table.customer_id == newcomer.id).values(customer_id=owner.id))
    owner.name = owner.name or newcomer.name
    owner.address = owner.address or newcomer.address
    if newcomer.opted_out_at and not owner.opted_out_at:
        owner.opted_out_at = newcomer.opted_out_at
    newcomer.merged_into = owner.id
    session.flush()
    session.expire_all()
