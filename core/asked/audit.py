"""No question is forgotten: what waits has an open ticket with its clock, or waits for another that has one (audit)."""

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from core.asked.model import WAITING, AskedQuestion
from core.ticket.model import Ticket

RULE = "a question that waits is promised an answer"
_OVER = ("closed", "cancelled")


def unpromised(session: Session, *, limit: int) -> list[dict[str, Any]]:
    """Waiting questions whose ticket has ended or is missing, and those that joined one that waits no more."""
    first = aliased(AskedQuestion)
    alone = and_(
        AskedQuestion.same_as_id.is_(None),
        or_(AskedQuestion.ticket_id.is_(None), Ticket.state.in_(_OVER)),
    )
    joined = and_(AskedQuestion.same_as_id.is_not(None), first.state != WAITING)
    query = (
        select(AskedQuestion.id)
        .outerjoin(Ticket, Ticket.id == AskedQuestion.ticket_id)
        .outerjoin(first, first.id == AskedQuestion.same_as_id)
        .where(AskedQuestion.state == WAITING, or_(alone, joined))
    )
    return [{"rule": RULE, "question": number} for number in session.scalars(query.limit(limit))]
