"""Orders beside the life cycle that change a ticket's service levels: severity, contract, whom it waits for."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.house import House
from core.promise.sla import STANDARD, contracts
from core.promise.watch import settle, watch_deadlines
from core.ticket.lifecycle import ENDED, OPEN, IllegalMove, note
from core.ticket.model import SEVERITIES, Ticket
from core.ticket.order import BadRequest, Order
from core.ticket.severity import change_severity

_WORK_DONE = ("done", "followed_up", *ENDED)


def beside(ticket: Ticket) -> list[str]:
    """Which of these make sense now, for buttons."""
    if ticket.state in ENDED:
        return []
    wait = "go_on" if ticket.waits_for else "wait_customer"
    return ["severity", "contract", *([] if ticket.state in _WORK_DONE else [wait])]


def do_beside(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    """Raises BadRequest for an unknown value and IllegalMove where it makes no sense now."""
    if order.verb not in beside(ticket):
        raise IllegalMove(number=ticket.number, state=ticket.state, verb=order.verb)
    BESIDE[order.verb](session, house, ticket, order)


def _severity(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    severity = (order.value or "").strip()
    if severity not in SEVERITIES:
        raise BadRequest(f"severity is one of {', '.join(SEVERITIES)}")
    step = {"actor": order.by, "channel": order.channel}
    if change_severity(session, house, ticket, severity, at=order.at, **step) and order.note:
        note(session, ticket, verb="severity", at=order.at, text=order.note, audience="staff", **step)


def _contract(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    customer = session.get_one(Customer, ticket.customer_id)
    give_contract(
        session, house, customer, order.value or "", at=order.at, actor=order.by, channel=order.channel
    )


def give_contract(
    session: Session, house: House, customer: Customer, name: str, *, at: datetime, actor: str, channel: str
) -> None:
    """The contract of a customer and of all that is open for them. BadRequest for one that the policy has no line for."""
    known = contracts(house.book.policy("sla"))
    if (name := name.strip()) not in known:
        raise BadRequest(f"contract is one of {', '.join(known)}")
    customer.contract = None if name == STANDARD else name
    open_tickets = select(Ticket).where(Ticket.customer_id == customer.id, Ticket.state.in_(OPEN))
    for ticket in session.scalars(open_tickets.order_by(Ticket.id).with_for_update()):
        if ticket.contract == customer.contract:
            continue
        text = f"{ticket.contract or STANDARD} → {name}"
        ticket.contract = customer.contract
        note(
            session, ticket, verb="contract", at=at, actor=actor, channel=channel, text=text, audience="staff"
        )
        watch_deadlines(session, house, ticket, at=at)


def _wait_customer(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    """The next step is the customer's: the clocks of the work stand still until staff do something."""
    ticket.waits_for = "customer"
    _noted(session, ticket, order)
    settle(session, house, ticket, at=order.at)


def _go_on(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    ticket.waits_for = None
    _noted(session, ticket, order)
    settle(session, house, ticket, at=order.at)


def _noted(session: Session, ticket: Ticket, order: Order) -> None:
    step = {"actor": order.by, "channel": order.channel, "audience": "staff"}
    note(session, ticket, verb=order.verb, at=order.at, text=order.note, **step)


BESIDE: dict[str, Callable[[Session, House, Ticket, Order], None]] = {
    "severity": _severity,
    "contract": _contract,
    "wait_customer": _wait_customer,
    "go_on": _go_on,
}
