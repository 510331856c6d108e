"""Which of a customer's devices a ticket is about; a new one is remembered."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.customer.model import Customer, Device
from core.ticket.model import Ticket


def devices_of(session: Session, customer: Customer) -> list[Device]:
    """The newest 20, newest first."""
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


def remember_scanned(session: Session, customer: Customer, facts: dict[str, Any], *, at: datetime) -> Device:
    """The device whose code was scanned (category, brand, model, serial, purchase_date): on file once."""
    names = ("category", "brand", "model", "serial", "invoice_no")
    told = {name: facts.get(name) or None for name in names}
    bought, precision = _day(facts.get("purchase_date"))
    for device in devices_of(session, customer):
        if device.category == told["category"] and not any(
            told[name] and (known := getattr(device, name)) and known != told[name] for name in names
        ):
            for name in names:
                setattr(device, name, getattr(device, name) or told[name])
            if device.purchase_date is None:
                device.purchase_date, device.purchase_precision = bought, precision
            return device
    device = Device(**told, purchase_date=bought, purchase_precision=precision, created_at=at)
    device.customer_id = customer.id
    session.add(device)
    session.flush()
    return device


def _day(written: Any) -> tuple[date | None, str | None]:
    """2025-05-01, 2025-05 or 2025, with what it is precise to."""
    parts = str(written or "").split("-")
    try:
        whole = [int(part) for part in parts] + [1, 1]
        return date(*whole[:3]), ("year", "month", "day")[len(parts) - 1]
    except (ValueError, IndexError, TypeError):
        return None, None


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
        twin.sold_on, twin.delivered_on = (
            twin.sold_on or device.sold_on,
            twin.delivered_on or device.delivered_on,
        )
        session.delete(device)
    session.flush()


def _marks(device: Device) -> tuple[str | None, ...]:
    return device.category, device.brand, device.model, device.serial
