"""Handing a ticket to a member of staff, who is told."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.asked.hand_over import hand_over
from core.asked.reply import waits_for_answer
from core.escalation.settle import acknowledge
from core.house import House
from core.staff.card import close_cards
from core.staff.model import Staff
from core.staff.push import push
from core.staff.refusal import UnknownStaff
from core.ticket.find import find
from core.ticket.lifecycle import note
from core.ticket.model import ANSWER, Ticket


def assign(
    session: Session, house: House, *, number: str, to: str, by: str, at: datetime, channel: str = "staff"
) -> Ticket:
    """``to`` sees the ticket as theirs from now on. UnknownTicket, UnknownStaff; of a question as hand_over()."""
    ticket = find(session, number)
    if ticket.wants == ANSWER and waits_for_answer(session, ticket.number):
        hand_over(session, house, number=ticket.number, to=to, by=by, at=at, channel=channel)
        return ticket
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
