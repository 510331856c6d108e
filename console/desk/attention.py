"""The start page: what burns, how much is open, what came in today. Every look is bounded by an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, literal, select, text, union_all
from sqlalchemy.orm import Session

from console.desk.search import OPEN
from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.service.model import Outlet
from core.ticket.lifecycle import OPEN as OPEN_STATES
from core.ticket.model import Ticket, TicketCounter
from core.training.model import TrainingSession

MOST = 12
# Counting stops here: a bigger number tells nobody more, and costs time.
ENOUGH = 1000
OWN = 2000
SOON = timedelta(days=7)
SESSIONS = 5
_WORK_DONE = ("done", "followed_up")


@dataclass(frozen=True)
class Attention:
    """What the first page shows: the tickets that want somebody, and counts. ``own``: only those of who asks."""

    tickets: list[Ticket]
    states: dict[str, int]
    today: int
    overdue: int
    dead: int
    own: bool
    outlets: dict[int, str]


def attention(session: Session, house: House, now: datetime, own: str | None) -> Attention:
    """What needs somebody now; for a technician (``own``) only what is theirs."""
    tickets = _burning(session, now, own)
    return Attention(
        tickets=tickets,
        states=_by_state(session, own),
        today=_today(session, house, now),
        overdue=_up_to_enough(session, Ticket.due_at < now, OPEN, Ticket.state.not_in(_WORK_DONE), *_of(own)),
        dead=_dead(session),
        own=own is not None,
        outlets=_outlets(session, tickets),
    )


def lessons(session: Session, now: datetime, trainer_id: int | None) -> Sequence[TrainingSession]:
    """Sessions that are on or begin within a week, soonest first; with ``trainer_id`` only that person's."""
    query = select(TrainingSession).where(
        TrainingSession.state == "planned", TrainingSession.starts_at.between(now - SOON, now + SOON)
    )
    if trainer_id is not None:
        query = query.where(TrainingSession.trainer_id == trainer_id)
    return session.scalars(query.order_by(TrainingSession.starts_at).limit(SESSIONS)).all()


def _outlets(session: Session, tickets: list[Ticket]) -> dict[int, str]:
    wanted = {ticket.outlet_id for ticket in tickets if ticket.outlet_id}
    rows = (
        session.execute(select(Outlet.id, Outlet.name).where(Outlet.id.in_(wanted))).all() if wanted else []
    )
    return {row.id: row.name for row in rows}


def _of(own: str | None) -> list[Any]:
    """What ties a query to one assignee; their open work is among their newest tickets."""
    if own is None:
        return []
    newest = select(Ticket.id).where(Ticket.assignee == own).order_by(Ticket.id.desc()).limit(OWN).subquery()
    return [Ticket.id.in_(select(newest.c.id))]


def _burning(session: Session, now: datetime, own: str | None) -> list[Ticket]:
    running = (OPEN, Ticket.state.not_in(_WORK_DONE), *_of(own))
    soonest = select(Ticket).where(*running, Ticket.due_at.is_not(None)).order_by(Ticket.due_at).limit(MOST)
    urgent = select(Ticket).where(*running, Ticket.severity == "urgent").order_by(Ticket.due_at).limit(MOST)
    found = {ticket.id: ticket for query in (urgent, soonest) for ticket in session.scalars(query)}

    def order(ticket: Ticket) -> tuple[bool, datetime]:
        return (ticket.severity != "urgent", ticket.due_at or now)

    return sorted(found.values(), key=order)[:MOST]


def _by_state(session: Session, own: str | None) -> dict[str, int]:
    if own is not None:
        counted = select(Ticket.state, func.count()).where(OPEN, *_of(own)).group_by(Ticket.state)
        mine = {row[0]: row[1] for row in session.execute(counted)}
        return {state: mine.get(state, 0) for state in OPEN_STATES}

    def few(state: str) -> Any:
        inner = select(literal(1)).where(Ticket.state == state).limit(ENOUGH).subquery()
        return select(literal(state), select(func.count()).select_from(inner).scalar_subquery())

    return {row[0]: row[1] for row in session.execute(union_all(*map(few, OPEN_STATES)))}


def _up_to_enough(session: Session, *conditions: Any) -> int:
    few = select(literal(1)).select_from(Ticket).where(*conditions).limit(ENOUGH).subquery()
    return session.scalar(select(func.count()).select_from(few)) or 0


def _today(session: Session, house: House, now: datetime) -> int:
    day = house.local(now).strftime("%y%m%d")
    return session.scalar(select(TicketCounter.last).where(TicketCounter.day == day)) or 0


def _dead(session: Session) -> int:
    def few(model: Any) -> int:
        inner = select(model.id).where(text("status = 'dead'")).limit(ENOUGH).subquery()
        return session.scalar(select(func.count()).select_from(inner)) or 0

    return few(InboxMessage) + few(OutboxMessage)
