"""One ticket with everything that belongs to it: outlet, timeline, customer, devices, what was said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.devices import devices_of
from core.customer.model import Customer, Device, Identity
from core.house import House
from core.service.model import Outlet
from core.service.warranty import Warranty, decide
from core.staff.model import Staff
from core.ticket.model import Ticket, TimelineEntry

MOST = 200


@dataclass(frozen=True)
class Dossier:
    """A ticket with everything about its customer; ``others`` are their other tickets."""

    ticket: Ticket
    customer: Customer
    identities: list[Identity]
    devices: list[Device]
    others: list[Ticket]
    timeline: list[TimelineEntry]
    outlet: Outlet | None
    outlets: list[Outlet]
    staff: list[str]
    parent: str | None
    merged: list[str]

    @property
    def reachable(self) -> bool:
        """Whether some chat may still be written to; the use case decides again when it happens."""
        return any(i.dead_at is None and i.channel not in ("voice", "staff") for i in self.identities)


def dossier(session: Session, number: str, own: str | None) -> Dossier | None:
    """A ticket's file; None when there is none, or when it is not ``own``'s."""
    ticket = session.scalars(select(Ticket).where(Ticket.number == number)).first()
    if ticket is None or (own is not None and ticket.assignee != own):
        return None
    customer = session.get_one(Customer, ticket.customer_id)
    identities = select(Identity).where(Identity.customer_id == customer.id).order_by(Identity.id).limit(20)
    timeline = select(TimelineEntry).where(TimelineEntry.ticket_id == ticket.id)
    return Dossier(
        ticket=ticket,
        customer=customer,
        identities=list(session.scalars(identities)),
        devices=devices_of(session, customer),
        others=_others(session, ticket, own),
        timeline=list(session.scalars(timeline.order_by(TimelineEntry.id.desc()).limit(MOST))),
        outlet=session.get(Outlet, ticket.outlet_id) if ticket.outlet_id else None,
        outlets=outlets_for(session, ticket),
        staff=list(session.scalars(select(Staff.name).where(Staff.active).order_by(Staff.name))),
        parent=session.scalar(select(Ticket.number).where(Ticket.id == ticket.parent_id)),
        merged=list(session.scalars(select(Ticket.number).where(Ticket.parent_id == ticket.id).limit(20))),
    )


def _others(session: Session, ticket: Ticket, own: str | None) -> list[Ticket]:
    query = select(Ticket).where(Ticket.customer_id == ticket.customer_id, Ticket.id != ticket.id)
    if own is not None:
        query = query.where(Ticket.assignee == own)
    return list(session.scalars(query.order_by(Ticket.id.desc()).limit(10)))


def outlets_for(session: Session, ticket: Ticket) -> list[Outlet]:
    """The outlets to choose from: the recommended one, then the same city, the same province, the rest."""
    region = ticket.region or "------"

    def order(outlet: Outlet) -> tuple[bool, bool, bool, int]:
        code = outlet.region or ""
        return (outlet.id != ticket.outlet_id, code[:4] != region[:4], code[:2] != region[:2], outlet.id)

    return sorted(session.scalars(select(Outlet).where(Outlet.active)), key=order)


def warranties(house: House, file: Dossier, now: datetime) -> dict[int, Warranty]:
    """Device id → whether a repair would be free today, going by the date alone."""
    return {
        device.id: decide(
            category=device.category,
            purchase_date=device.purchase_date,
            precision=device.purchase_precision,
            description="",
            today=house.local(now).date(),
            months=house.book.policy("warranty_months"),
            exclusions={},
        )
        for device in file.devices
    }
