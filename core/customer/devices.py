"""Which of a customer's devices a ticket is about; a new one is remembered."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Customer, Device
from core.ticket.model import Ticket


def devices_of(session: Session, customer: Customer) -> list[Device]:
    query = select(Device).where(Device.customer_id == customer.id).order_by(Device.id.desc()).limit(20)
    return list(session.scalars(query))


def remember_device(session: Session, customer: Customer, ticket: Ticket, *, at: datetime) -> int:
    """The id of the ticket's device: the one on file when nothing tells them apart, else a new one."""
    for device in devices_of(session, customer):
        if device.category == ticket.category and not _differ(device, ticket):
            _complete(device, ticket)
            return device.id
    device = Device(customer_id=customer.id, category=ticket.category, created_at=at)
    _complete(device, ticket)
    session.add(device)
    session.flush()
    return device.id


def _differ(device: Device, ticket: Ticket) -> bool:
    pairs = ((device.brand, ticket.brand), (device.model, ticket.model))
    return any(ours and theirs and ours != theirs for ours, theirs in pairs)


def _complete(device: Device, ticket: Ticket) -> None:
    device.brand = ticket.brand or device.brand
    device.model = ticket.model or device.model
    device.invoice_no = ticket.invoice_no or device.invoice_no
    if ticket.purchase_date:
        device.purchase_date, device.purchase_precision = ticket.purchase_date, ticket.purchase_precision
