"""What staff do to a ticket: check, move, and what follows (consequences.py)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.notice import reachable, tell
from core.escalation.settle import acknowledge, call_off
from core.house import House
from core.promise.watch import confirmed, follow, settle
from core.service.fees import yuan
from core.service.model import Outlet
from core.staff.card import close_cards
from core.ticket.beside import BESIDE, beside, do_beside
from core.ticket.consequences import CONSEQUENCES, tell_only
from core.ticket.find import UnknownTicket as UnknownTicket
from core.ticket.find import find as find
from core.ticket.lifecycle import ENDED, VERBS, IllegalMove, allowed_verbs, move, note
from core.ticket.model import Ticket
from core.ticket.order import BadRequest as BadRequest  # callers import them along with act
from core.ticket.order import Order as Order

# Verbs beside the life cycle: they record something and move nothing.
EXTRA_VERBS = ("quote", "sign", *BESIDE)


class ConsentNeeded(Exception):
    """工单 {number} 已过保,客户还没有同意费用,不能派工。"""

    def __init__(self, number: str) -> None:
        super().__init__(f"{number}: out of warranty, and the customer has not agreed to the price")
        self.number = number


def allowed(ticket: Ticket) -> list[str]:
    """The verbs that make sense now, for buttons."""
    verbs = [v for v in allowed_verbs(ticket.state) if v != "follow_up"]
    extra = ["quote"] if "cancel" in verbs and ticket.kind == "repair" else []
    extra += ["sign"] if ticket.state == "done" and not ticket.signed_at else []
    return verbs + extra + beside(ticket)


def act(session: Session, house: House, order: Order) -> Ticket:
    """Carry out one order. Raises IllegalMove, ConsentNeeded, UnknownTicket or BadRequest; nothing is half done."""
    _lock_conversation(session, order.number)
    ticket = find(session, order.number)
    if order.verb == "quote":
        _quote(session, house, ticket, order)
    elif order.verb == "sign":
        sign(session, ticket, at=order.at, actor=order.by, channel=order.channel)
    elif order.verb in BESIDE:
        do_beside(session, house, ticket, order)
    elif order.verb in VERBS:
        _check(session, ticket, order)
        move(
            session,
            ticket,
            order.verb,
            at=order.at,
            actor=order.by,
            channel=order.channel,
            text=_reason(order),
        )
        ticket.waits_for = None  # whatever was waited for, the work goes on
        follow(session, house, ticket, order.verb, at=order.at)
        CONSEQUENCES.get(order.verb, tell_only)(session, house, ticket, order)
        _settle_cards(session, house, ticket, order)
    else:
        raise BadRequest(f"no such verb: {order.verb}")
    return ticket


def _settle_cards(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    """What still asks staff on their phones who will see to it is answered, wherever it was answered."""
    if order.verb == "done" or ticket.state in ENDED:
        call_off(session, ticket, why=f"ticket is {ticket.state}", at=order.at)
    elif order.verb in ("accept", "dispatch"):
        acknowledge(session, house, ticket, by=order.by, at=order.at)
    if order.verb == "accept":
        name = ticket.assignee or order.by
        close_cards(session, house, ticket, "staff.card.take", at=order.at, name=name)
    elif order.verb in ("dispatch", "done") or ticket.state in ENDED:
        state = house.book.label("state", ticket.state)
        but = ticket.assignee if order.verb == "dispatch" else None  # the work itself is still before them
        close_cards(
            session, house, ticket, "staff.card.moved", at=order.at, but=but, by=order.by, state=state
        )


def _lock_conversation(session: Session, number: str) -> None:
    """Before the ticket, as a turn does: two who lock in the other's order block each other."""
    customer_id = session.scalar(select(Ticket.customer_id).where(Ticket.number == number.strip()))
    if customer_id is not None:
        reachable(session, customer_id)


def _reason(order: Order) -> str | None:
    when = order.when.isoformat(timespec="minutes") if order.when else None
    parts = [order.note, when, f"outlet {order.outlet}" if order.outlet else None, order.into]
    return " · ".join(part for part in parts if part) or None


def _check(session: Session, ticket: Ticket, order: Order) -> None:
    if ticket.state not in VERBS[order.verb].sources:
        raise IllegalMove(number=ticket.number, state=ticket.state, verb=order.verb)
    if order.verb == "dispatch":
        if ticket.warranty == "out" and ticket.fee_consent != "given":
            raise ConsentNeeded(ticket.number)
        if order.outlet is not None and session.get(Outlet, order.outlet) is None:
            raise BadRequest(f"no outlet {order.outlet}")
    if order.verb == "appoint" and order.when is None:
        raise BadRequest("appoint needs a time (--at)")
    if order.verb == "merge":
        if not order.into or order.into == ticket.number:
            raise BadRequest("merge needs another ticket to merge into")
        if find(session, order.into).state in ENDED:
            raise BadRequest(f"{order.into} has ended; nobody would look after what is merged into it")


def sign(session: Session, ticket: Ticket, *, at: datetime, actor: str, channel: str) -> None:
    """Record that the customer accepts the work (B7)."""
    if ticket.state not in ("done", "followed_up"):
        raise IllegalMove(number=ticket.number, state=ticket.state, verb="sign")
    if ticket.signed_at is None:
        ticket.signed_at = at
        confirmed(session, ticket, at=at)
        note(session, ticket, verb="sign", at=at, actor=actor, channel=channel)


def _quote(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    if order.fee is None or not 0 <= order.fee <= 1_000_000:
        raise BadRequest("quote needs a fee between 0 and 1,000,000 yuan")
    if "cancel" not in allowed_verbs(ticket.state):
        raise IllegalMove(number=ticket.number, state=ticket.state, verb="quote")
    ticket.fee, ticket.fee_consent, ticket.fee_consent_at = round(order.fee, 2), "asked", None
    note(
        session,
        ticket,
        verb="quote",
        at=order.at,
        actor=order.by,
        channel=order.channel,
        text=yuan(order.fee),
    )
    settle(session, house, ticket, at=order.at)
    choices = (("1", "agree"), ("2", "disagree"), ("0", "person"))
    tell(
        session,
        house,
        ticket,
        wording="notice.quote",
        at=order.at,
        question="fee",
        choices=choices,
        fee=yuan(order.fee),
        note=order.note or "",
    )
