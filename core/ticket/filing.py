"""Filing a ticket: one transaction decides warranty, price, outlet and deadlines, and says why on the ticket."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from core.customer.devices import remember_device
from core.customer.model import Customer
from core.house import House
from core.promise.calendar import OfficeHours
from core.promise.watch import watch_deadlines
from core.service.dispatch import choose
from core.service.model import Outlet
from core.service.regions import locate
from core.service.routing import route_complaint
from core.service.warranty import decide, reason
from core.ticket.lifecycle import ENDED, OPEN, note
from core.ticket.model import Ticket, TimelineEntry
from core.ticket.number import next_number

_FILES = 0x66696C65  # "file": the name space of the advisory locks of files_alone
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


def assign_outlet(session: Session, house: House, ticket: Ticket) -> None:
    """Choose the outlet and keep the reason; the dispatcher may still choose another."""
    region = locate(ticket.address or "")
    ticket.region = region.code if region else None
    outlets = list(session.scalars(select(Outlet).where(Outlet.active)))
    in_province = [o.id for o in outlets if region and (o.region or "")[:2] == region.code[:2]]
    work = select(Ticket.outlet_id, func.count()).where(
        Ticket.outlet_id.in_(in_province), Ticket.state.not_in(ENDED)
    )
    rows = (
        session.execute(work.where(Ticket.id != ticket.id).group_by(Ticket.outlet_id)).all()
        if in_province
        else []
    )
    choice = choose(
        region=region,
        outlets=outlets,
        category=ticket.category,
        urgent=ticket.severity == "urgent",
        open_work={outlet: count for outlet, count in rows if outlet is not None},
        max_open=house.book.policy("dispatch")["max_open_per_outlet"],
    )
    ticket.outlet_id = choice.outlet.id if choice.outlet else None
    ticket.outlet_reason = choice.reason()


def files_alone(session: Session, customer: Customer) -> None:
    """Until this transaction ends nobody else files for this customer: who looks for a ticket to join, finds the one that
    a chat or a second call files in the same moment. Taken before the look."""
    if session.get_bind().dialect.name != "sqlite":  # which has one writer
        session.execute(select(func.pg_advisory_xact_lock(_FILES, customer.id)))


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


def same_fault(session: Session, customer: Customer, facts: dict[str, Any]) -> Ticket | None:
    """The open repair of the same device, if any (A11): same category, and nothing that tells two apart."""

    def same(ticket: Ticket) -> bool:
        told_apart = any(
            facts.get(name) and getattr(ticket, name) and facts[name] != getattr(ticket, name)
            for name in ("brand", "model")
        )
        return ticket.kind == "repair" and ticket.category == facts.get("category") and not told_apart

    return next((t for t in tickets_of(session, customer, limit=20) if same(t)), None)


def office_hours(house: House) -> OfficeHours:
    return OfficeHours.of(house.book.policy("office_hours"), house.zone)
