"""What came of a visit: recorded once; a finding can become a ticket, which goes its own way from there."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.house import House
from core.rounds.choose import BadRound
from core.rounds.model import VERDICTS, RoundVisit
from core.rounds.plan import end_when_done
from core.ticket.filing import Filing, file_ticket
from core.ticket.model import Ticket

_LONGEST = 2000


def record_visit(
    session: Session, visit: RoundVisit, *, verdict: str, findings: str, by: str, at: datetime
) -> None:
    """Good, or what was found; corrected by recording again. The last visit ends its round. BadRound."""
    if visit.state == "cancelled" or visit.round.state == "cancelled":
        raise BadRound("over")
    if verdict not in VERDICTS:
        raise BadRound("verdict")
    if verdict == "finding" and not findings.strip():
        raise BadRound("findings")
    visit.state, visit.verdict, visit.findings = "visited", verdict, findings.strip()[:_LONGEST] or None
    visit.recorded_at, visit.recorded_by = at, by
    end_when_done(session, visit.round, at=at)


def file_finding(session: Session, house: House, visit: RoundVisit, *, by: str, at: datetime) -> Ticket:
    """A repair for what was found there; the same finding is filed once. BadRound."""
    if visit.verdict != "finding":
        raise BadRound("findings")
    if visit.ticket is not None:
        return visit.ticket
    customer, device = _customer(session, visit, at), visit.device
    facts = {
        "name": visit.name,
        "phone": visit.phone,
        "address": visit.address,
        "description": visit.findings,
    }
    facts["category"] = device.category if device else visit.round.category
    if device is not None:
        facts |= {"brand": device.brand, "model": device.model}
        facts["purchase_date"] = device.purchase_date.isoformat() if device.purchase_date else None
        facts["purchase_precision"] = device.purchase_precision
    ticket = file_ticket(session, house, Filing(customer, "repair", "normal", "staff", by, at), facts)
    ticket.device_id = device.id if device else None
    visit.ticket = ticket
    session.flush()
    return ticket


def _customer(session: Session, visit: RoundVisit, at: datetime) -> Customer:
    """Whose file the ticket is in; a school from a typed list gets one now."""
    if visit.customer is None:
        visit.customer = Customer(name=visit.name, phone=visit.phone, address=visit.address, created_at=at)
        session.add(visit.customer)
        session.flush()
    customer = visit.customer
    while customer.merged_into is not None:
        customer = session.get_one(Customer, customer.merged_into)
    return customer
