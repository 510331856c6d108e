"""The follow-up figures (E5), counted from the cases themselves: how many were asked in time, how many are satisfied."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from core.care.model import FollowUp
from core.promise.model import Promise
from core.ticket.model import Ticket

SATISFIED = 4  # this and above
_IN_TIME = FollowUp.asked_at.is_not(None) & (FollowUp.asked_at <= FollowUp.due_at)


@dataclass(frozen=True)
class Share:
    """``good`` of ``whole``; no share of nothing."""

    good: int = 0
    whole: int = 0

    @property
    def share(self) -> float | None:
        """0 to 1; None where there was nothing."""
        return self.good / self.whole if self.whole else None


def follow_up_rate(session: Session, *, since: datetime, until: datetime, now: datetime) -> Share:
    """Cases begun in [since, until) that were asked by their time, of those whose time has come or who were asked.

    A ticket opened again before it was to be asked about is no case: its next round is. Nor is what a plan's stop
    condition spoke against.
    """
    due = _begun(since, until) & ((FollowUp.due_at <= now) | FollowUp.asked_at.is_not(None))
    gone = FollowUp.asked_at.is_(None) & FollowUp.ticket_id.is_not(None)
    gone &= func.coalesce(Ticket.done_at, now) > FollowUp.started_at
    called_off = exists().where(Promise.key == FollowUp.key, Promise.status == "cancelled")
    gone |= FollowUp.asked_at.is_(None) & (called_off | (func.coalesce(FollowUp.outcome, "") == "stopped"))
    query = select(_count(_IN_TIME), func.count()).outerjoin(Ticket, Ticket.id == FollowUp.ticket_id)
    return Share(*session.execute(query.where(due, ~gone)).one())


def satisfied_share(session: Session, *, since: datetime, until: datetime) -> Share:
    """Ratings of 4 and 5, of all ratings given for cases begun in [since, until)."""
    given = _begun(since, until) & FollowUp.score.is_not(None)
    return Share(
        *session.execute(select(_count(FollowUp.score >= SATISFIED), func.count()).where(given)).one()
    )


def satisfied_by(session: Session, what: str, *, since: datetime, until: datetime) -> dict[str | None, Share]:
    """The satisfied share by ``assignee`` or ``category``, most ratings first."""
    column = {"assignee": FollowUp.assignee, "category": FollowUp.category}[what]
    given = _begun(since, until) & FollowUp.score.is_not(None)
    query = select(column, _count(FollowUp.score >= SATISFIED), func.count()).where(given).group_by(column)
    rows = session.execute(query.order_by(func.count().desc(), column))
    return {name: Share(good, whole) for name, good, whole in rows}


def outcomes_of(session: Session, *, since: datetime, until: datetime) -> dict[str | None, int]:
    """How many cases ended how; None is not answered yet."""
    query = select(FollowUp.outcome, func.count()).where(_begun(since, until)).group_by(FollowUp.outcome)
    return {row.outcome: row[1] for row in session.execute(query)}


def _begun(since: datetime, until: datetime) -> ColumnElement[bool]:
    return (FollowUp.started_at >= since) & (FollowUp.started_at < until)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
