"""Filing a ticket: one transaction decides warranty, price, outlet and deadlines, and says why on the ticket."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from core.customer.devices import remember_device
from core.customer.model import Customer
from core.house import House
from core.promise.watch import watch_deadlines
from core.service.routing import route_complaint
from core.service.warranty import decide, reason
from core.ticket.lifecycle import note
from core.ticket.model import Ticket, TimelineEntry
from core.ticket.number import next_number
from core.ticket.outlet import assign_outlet

# What a customer may tell; everything else on a ticket is decided by us.
FACTS = [
    "name",
    "phone",
    "address",
    "category",
    "brand",
    "model",
    "symptom",
    "error_code",
    "non_quality",
    "description",
    "wants",
    "invoice_no",
    "purchase_precision",
    "article",
    "nlu",
]


@dataclass(frozen=True)
class Filing:
    """Who files what, how and when."""

    customer: Customer
    kind: str
    severity: str
    channel: str
    actor: str
    at: datetime


def file_ticket(session: Session, house: House, filing: Filing, facts: dict[str, Any]) -> Ticket:
    """Open a ticket with what is known; missing facts can be added later with ``add_facts``."""
    ticket = Ticket(
        number=next_number(session, at=filing.at, zone=house.zone),
        kind=filing.kind,
        severity=filing.severity,
        customer_id=filing.customer.id,
        contract=filing.customer.contract,
        opened_via=filing.channel,
        opened_at=filing.at,
        state="filed",
    )
    session.add(ticket)
    _take(ticket, facts)
    session.flush()
    session.add(
        TimelineEntry(
            ticket_id=ticket.id,
            at=filing.at,
            actor=filing.actor,
            verb="file",
            channel=filing.channel,
            note=ticket.description,
            to_state="filed",
        )
    )
    _decide(session, house, ticket, filing.customer, filing.at)
    watch_deadlines(session, house, ticket, at=filing.at)
    return ticket


def add_facts(
    session: Session,
    house: House,
    ticket: Ticket,
    facts: dict[str, Any],
    *,
    at: datetime,
    actor: str,
    channel: str,
) -> None:
    """Put later answers on an open ticket and decide again what depends on them."""
    changed = _take(ticket, facts)
    if changed:
        note(session, ticket, verb="update", at=at, actor=actor, channel=channel, text=", ".join(changed))
        customer = session.get_one(Customer, ticket.customer_id)
        _decide(session, house, ticket, customer, at)


def _take(ticket: Ticket, facts: dict[str, Any]) -> list[str]:
    values = {name: facts[name] for name in FACTS if facts.get(name) is not None}
    if facts.get("purchase_date"):
        values["purchase_date"] = date.fromisoformat(facts["purchase_date"])
    changed = [name for name, value in values.items() if getattr(ticket, name) != value]
    for name in changed:
        setattr(ticket, name, values[name])
    return changed


def _decide(session: Session, house: House, ticket: Ticket, customer: Customer, at: datetime) -> None:
    policy = house.book.policy
    if ticket.kind == "complaint":
        _, ticket.department = route_complaint(ticket.description or "", policy("complaint_routes"))
    _remember_customer(customer, ticket)
    if ticket.kind == "repair" and ticket.category:
        ticket.device_id = remember_device(session, customer, ticket, at=at)
        warranty = decide(
            category=ticket.category,
            purchase_date=ticket.purchase_date,
            precision=ticket.purchase_precision,
            description=ticket.description or "",
            today=house.local(at).date(),
            months=policy("warranty_months"),
            exclusions=policy("warranty_exclusions"),
        )
        ticket.warranty, ticket.warranty_reason = warranty.state, reason(warranty)
    if ticket.kind in ("repair", "installation") and ticket.address and ticket.state == "filed":
        assign_outlet(session, house, ticket)


def _remember_customer(customer: Customer, ticket: Ticket) -> None:
    customer.name = ticket.name or customer.name
    customer.address = ticket.address or customer.address
    if customer.phone_verified_at is None:
        customer.phone = ticket.phone or customer.phone
