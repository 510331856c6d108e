"""A ticket that ends without an answer takes its question with it: nobody waits for it any more."""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core.asked.model import WAITING, WITHDRAWN, AskedQuestion
from core.ticket.model import ANSWER, Ticket


def withdraw(session: Session, ticket: Ticket) -> None:
    """Whoever joined the question is withdrawn with it. The ticket is held."""
    if ticket.wants != ANSWER:
        return
    session.flush()
    first = select(AskedQuestion.id).where(AskedQuestion.ticket_id == ticket.id).scalar_subquery()
    same = or_(AskedQuestion.ticket_id == ticket.id, AskedQuestion.same_as_id == first)
    waiting = update(AskedQuestion).where(same, AskedQuestion.state == WAITING)
    session.execute(waiting.values(state=WITHDRAWN), execution_options={"synchronize_session": "fetch"})
