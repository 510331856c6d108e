"""退订 (E4): no follow-up is made any more; answers and notices about a repair still are."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.care.tasks import call_off_for_customer
from core.customer.model import Customer
from core.promise.model import cancel_promises
from core.ticket.consequences import CARE_KINDS
from core.ticket.theirs import tickets_of


def opt_out(session: Session, customer: Customer, *, at: datetime) -> None:
    """From the first time on; what was promised, and what waits on a person's call list, is called off."""
    customer.opted_out_at = customer.opted_out_at or at
    for ticket in tickets_of(session, customer, limit=20):
        cancel_promises(session, ticket_id=ticket.id, kinds=CARE_KINDS, at=at, why="opted out")
    call_off_for_customer(session, customer.id, at=at, why="opted out")
