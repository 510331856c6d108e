"""The case of one follow-up: begun when a service ends, asked once, answered once; every figure is counted from it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.care.model import Contact, FollowUp
from core.ticket.model import Ticket

COMPLETED = "completed_service"


def key_of(ticket: Ticket) -> str:
    """Each round of a ticket is asked about once."""
    return f"{ticket.number}:{ticket.round}"


def begin(session: Session, ticket: Ticket, *, at: datetime, due_at: datetime) -> None:
    """A finished service is to be asked about by ``due_at``."""
    key = key_of(ticket)
    if session.scalar(select(FollowUp.id).where(FollowUp.key == key)) is None:
        session.add(
            FollowUp(
                key=key,
                plan=COMPLETED,
                customer_id=ticket.customer_id,
                ticket_id=ticket.id,
                assignee=ticket.assignee,
                category=ticket.category,
                started_at=at,
                due_at=due_at,
            )
        )


def asked(session: Session, case: str, *, customer_id: int, channel: str, at: datetime, key: str) -> None:
    """The customer was asked: the first time counts for the case, every time for the weekly cap."""
    first = update(FollowUp).where(FollowUp.key == case, FollowUp.asked_at.is_(None))
    session.execute(first.values(asked_at=at, asked_via=channel))
    session.add(Contact(customer_id=customer_id, at=at, channel=channel, key=key))


def answered(session: Session, case: str, *, at: datetime, outcome: str, **answer: Any) -> None:
    """What came of it; ``answer`` is score, comment or tries. An answer is an answer even to what was not asked."""
    row = session.scalars(select(FollowUp).where(FollowUp.key == case).with_for_update()).first()
    if row is None:  # a service that ended before cases were kept
        return
    row.asked_at = row.asked_at or at
    row.answered_at, row.outcome = row.answered_at or at, outcome
    for name, value in answer.items():
        if value is not None:
            setattr(row, name, value)
    # What was asked in the same contact is answered by the same words; its score and its comment count once.
    along = update(FollowUp).where(FollowUp.asked_with == case, FollowUp.outcome.is_(None))
    session.execute(along.values(outcome=outcome, answered_at=at))


def last_answer(session: Session, ticket: Ticket) -> FollowUp | None:
    """The case that the ticket's rating belongs to; a bad one has begun a new round since."""
    mine = select(FollowUp).where(FollowUp.ticket_id == ticket.id, FollowUp.answered_at.is_not(None))
    return session.scalars(mine.order_by(FollowUp.id.desc()).limit(1)).first()


def may_change(session: Session, ticket: Ticket, *, at: datetime, hours: float) -> bool:
    """Whether a rating given may still be changed: ``hours`` from the first answer."""
    case = last_answer(session, ticket)
    since = case.answered_at if case is not None else ticket.closed_at
    return since is not None and at - since <= timedelta(hours=hours)


def remark(session: Session, ticket: Ticket, text: str) -> None:
    """The customer's words beside the rating; a second sentence is added to the first."""
    case = last_answer(session, ticket)
    if case is not None:
        case.comment = f"{case.comment}\n{text}" if case.comment else text
