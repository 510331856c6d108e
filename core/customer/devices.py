"""Which of a customer's devices a ticket is about; a new one is remembered."""

from datetime import datetime

from sqlalchemy import select, update
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


def join_devices(session: Session, newcomer: Customer, owner: Customer) -> None:
    """Hand over what a newcomer owns; the same thing told on two channels becomes one device."""
    both = select(Device).where(Device.customer_id.in_((newcomer.id, owner.id))).order_by(Device.id)
    devices = session.scalars(both).all()
    known = {_marks(device): device for device in devices if device.customer_id == owner.id}
    for device in (device for device in devices if device.customer_id == newcomer.id):
        twin = known.get(_marks(device))
        if twin is None:
            device.customer_id = owner.id
            continue
        about = update(Ticket).where(Ticket.device_id == device.id)
        session.execute(about.values(device_id=twin.id))
        twin.purchase_date = twin.purchase_date or device.purchase_date
        twin.purchase_precision = twin.purchase_precision or device.purchase_precision
        twin.invoice_no = twin.invoice_no or device.invoice_no
        session.delete(device)
    session.flush()


def _marks(device: Device) -> tuple[str | None, ...]:
    return device.category, device.brand, device.model, device.serial
