"""The questions asked of people, for the console: who waits, since when, who is late, and what can be kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.asked.model import ANSWERED, WAITING, AskedQuestion

# What a page shows, and the states it takes.
SHOWN = {"waiting": (WAITING,), "answered": (ANSWERED,), "all": None}


@dataclass(frozen=True)
class Line:
    """One question with those who asked the same (``askers`` of them) and the time it is promised for."""

    row: AskedQuestion
    askers: int
    late: bool

    @property
    def due_at(self) -> datetime | None:
        return self.row.ticket.due_at if self.row.ticket else None


def board(
    session: Session, *, show: str, now: datetime, trainer: str | None = None, most: int = 100
) -> list[Line]:
    """Waiting ones as they fall due, else the newest first; ``trainer``: only what is put to that person."""
    query = select(AskedQuestion).options(
        joinedload(AskedQuestion.ticket), joinedload(AskedQuestion.customer)
    )
    query = query.where(AskedQuestion.same_as_id.is_(None))
    if states := SHOWN[show]:
        query = query.where(AskedQuestion.state.in_(states))
    if show == "answered":  # whose wording nobody has decided on
        query = query.where(AskedQuestion.keep.is_(None))
    if trainer is not None:
        query = query.where(AskedQuestion.trainer == trainer)
    order = AskedQuestion.id if show == "waiting" else AskedQuestion.id.desc()
    rows = session.scalars(query.order_by(order).limit(most)).all()
    joined = _joined(session, [row.id for row in rows])
    return [Line(row, 1 + joined.get(row.id, 0), _late(row, now)) for row in rows]


def counts(session: Session) -> dict[str, int]:
    """How many wait for an answer, and how many for their wording; who joined another's is counted with it."""
    first, todo = AskedQuestion.same_as_id.is_(None), AskedQuestion.state.in_((WAITING, ANSWERED))
    query = select(AskedQuestion.state, func.count()).where(first, todo, AskedQuestion.keep.is_(None))
    return {str(state): count for state, count in session.execute(query.group_by(AskedQuestion.state))}


def _joined(session: Session, ids: Sequence[int]) -> dict[int, int]:
    query = select(AskedQuestion.same_as_id, func.count()).where(AskedQuestion.same_as_id.in_(ids))
    found = session.execute(query.group_by(AskedQuestion.same_as_id))
    return {first: count for first, count in found if first is not None}


def _late(row: AskedQuestion, now: datetime) -> bool:
    due_at = row.ticket.due_at if row.ticket else None
    return row.state == WAITING and due_at is not None and due_at < now
