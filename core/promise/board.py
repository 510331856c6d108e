"""Clocks that are not met yet, most pressing first: each list is read from the end of a partial index."""

from dataclasses import dataclass

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from core.promise.clock import SlaClock
from core.ticket.model import Ticket

MOST = 100
# Word for word the conditions of the partial indexes; bound parameters would hide them from the planner.
_RUNNING = text("sla_clocks.stopped_at IS NULL AND sla_clocks.paused_at IS NULL")
_PAUSED = text("sla_clocks.stopped_at IS NULL AND sla_clocks.paused_at IS NOT NULL")


@dataclass(frozen=True)
class Filter:
    """Which clocks: of one name, of one assignee's tickets; empty is all."""

    clock: str = ""
    assignee: str = ""


def open_clocks(session: Session, wanted: Filter) -> list[tuple[SlaClock, Ticket]]:
    """Running clocks by due time, so that overdue ones come first, then paused ones; at most MOST of each."""
    found: list[tuple[SlaClock, Ticket]] = []
    for condition in (_RUNNING, _PAUSED):
        rows = session.execute(_query(wanted).where(condition))
        found += [(clock, ticket) for clock, ticket in rows]
    return found


def _query(wanted: Filter) -> Select[SlaClock, Ticket]:
    query = select(SlaClock, Ticket).join(Ticket, Ticket.id == SlaClock.ticket_id)
    query = query.where(SlaClock.due_at.is_not(None)).order_by(SlaClock.due_at).limit(MOST)
    if wanted.clock:
        query = query.where(SlaClock.clock == wanted.clock)
    return query.where(Ticket.assignee == wanted.assignee) if wanted.assignee else query
