"""A ticket by its number, for whoever is about to change it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ticket.model import Ticket


class UnknownTicket(Exception):
    """没有找到编号为 {number} 的工单。"""

    def __init__(self, number: str) -> None:
        super().__init__(f"no ticket {number}")
        self.number = number


def find(session: Session, number: str) -> Ticket:
    """The ticket, locked for the rest of the transaction; UnknownTicket when there is none."""
    ticket = session.scalars(select(Ticket).where(Ticket.number == number.strip()).with_for_update()).first()
    if ticket is None:
        raise UnknownTicket(number)
    return ticket
