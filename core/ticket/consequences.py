"""What follows when a verb has moved a ticket: whom to tell, what to promise, and what is no longer due."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.asked.end import withdraw
from core.care.notice import tell
from core.care.plan import plan_care
from core.house import House
from core.promise.appointment import remind_before
from core.promise.merge import take_over
from core.promise.model import cancel_promises, promise
from core.promise.watch import call_off_round, watch_deadlines
from core.service.model import Outlet
from core.ticket.find import find
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from core.ticket.order import Order

CARE_KINDS = ("follow_up", "survey", "survey_unanswered", "plan")
APPOINTMENT_KINDS = ("appointment_reminder",)


def tell_only(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    """The customer is told, where the house has words for this verb."""
    key = f"notice.{order.verb}"
    if house.book.has(key) and not order.quietly:
        tell(session, house, ticket, wording=key, at=order.at, note=order.note or "")


def _accept(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    ticket.assignee = ticket.assignee or order.by
    tell_only(session, house, ticket, order)


def _dispatch(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    if order.outlet is not None:
        ticket.outlet_id = order.outlet
        ticket.outlet_reason = {"tier": "chosen", "by": order.by}
    outlet = session.get(Outlet, ticket.outlet_id) if ticket.outlet_id else None
    name = outlet.name if outlet else house.book.text("word.our_outlet")
    tell(session, house, ticket, wording="notice.dispatch", at=order.at, outlet=name)


def _appoint(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    ticket.appointment_at = order.when
    cancel_promises(session, ticket_id=ticket.id, kinds=APPOINTMENT_KINDS, at=order.at, why="new appointment")
    promise_rows = remind_before(house, ticket, at=order.at)
    if promise_rows:
        promise(session, *promise_rows)
    tell(session, house, ticket, wording="notice.appoint", at=order.at)


def _done(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    cancel_promises(session, ticket_id=ticket.id, kinds=APPOINTMENT_KINDS, at=order.at, why="done")
    ticket.rating = None  # of an earlier round; the timeline keeps it
    plan_care(session, house, ticket, at=order.at)
    choices = (("1", "fixed"), ("2", "not_fixed"), ("0", "person"))
    tell(session, house, ticket, wording="notice.done", at=order.at, question="signed", choices=choices)


def _revisit(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    if ticket.done_at is not None:
        reopened(session, house, ticket, at=order.at)  # else the second completion would never be called back
    tell_only(session, house, ticket, order)


def _ended(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    kinds = (*APPOINTMENT_KINDS, *CARE_KINDS)
    cancel_promises(session, ticket_id=ticket.id, kinds=kinds, at=order.at, why=order.verb)
    withdraw(session, ticket)
    tell_only(session, house, ticket, order)


def _reopen(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    reopened(session, house, ticket, at=order.at)
    tell_only(session, house, ticket, order)


def _merge(session: Session, house: House, ticket: Ticket, order: Order) -> None:
    target = find(session, order.into or "")
    ticket.parent_id = target.id
    kinds = (*APPOINTMENT_KINDS, *CARE_KINDS)
    cancel_promises(session, ticket_id=ticket.id, kinds=kinds, at=order.at, why="merged")
    text = f"{ticket.number}: {ticket.description or ''}"
    note(session, target, verb="merged_in", at=order.at, actor=order.by, channel=order.channel, text=text)
    take_over(session, house, ticket, target, at=order.at, actor=order.by, channel=order.channel)
    tell(session, house, ticket, wording="notice.merge", at=order.at, into=target.number)


def reopened(session: Session, house: House, ticket: Ticket, *, at: datetime) -> None:
    """A ticket back at the start: a new round of deadlines, and no survey about the old one."""
    call_off_round(session, house, ticket, at=at)
    ticket.round += 1
    ticket.done_at = ticket.signed_at = ticket.appointment_at = None
    cancel_promises(session, ticket_id=ticket.id, kinds=CARE_KINDS, at=at, why="reopened")
    watch_deadlines(session, house, ticket, at=at)


# Verb → what follows; verbs that are not here are only told.
CONSEQUENCES = {
    "accept": _accept,
    "dispatch": _dispatch,
    "appoint": _appoint,
    "revisit": _revisit,
    "done": _done,
    "close": _ended,
    "cancel": _ended,
    "reopen": _reopen,
    "merge": _merge,
}
