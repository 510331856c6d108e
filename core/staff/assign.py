"""Handing a ticket to a member of staff, who is told."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.escalation.settle import acknowledge
from core.house import House
from core.staff.card import close_cards
from core.staff.model import Staff
from core.staff.push import push
from core.staff.refusal import UnknownStaff
from core.ticket.actions import find
from core.ticket.lifecycle import note
from core.ticket.model import Ticket


def assign(
    session: Session, house: House, *, number: str, to: str, by: str, at: datetime, channel: str = "staff"
) -> Ticket:
    """``to`` sees the ticket as theirs from now on. UnknownTicket, UnknownStaff."""
    ticket = find(session, number)
    name = session.scalar(select(Staff.name).where(Staff.name == to.strip(), Staff.active))
    if name is None:
        raise UnknownStaff(to.strip()[:40])
    if ticket.assignee == name:
        return ticket
    ticket.assignee = name
    note(session, ticket, verb="assign", at=at, actor=by, channel=channel, text=name, audience="staff")
    close_cards(session, house, ticket, "staff.card.assigned", at=at, by=by, name=name)
    acknowledge(session, house, ticket, by=by, at=at)
    if name != by:
        push(
            session,
            house,
            key=f"assigned:{number}:{at.isoformat()}",
            audience="assignee",
            wording="push.assigned",
            at=at,
            ticket=ticket,
            names=[name],
            by=by,
        )
    return ticket
