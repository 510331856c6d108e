"""What the page of one incident shows: its tickets, who was told, which outlets could go, and the evidence by hour."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.house import House
from core.quality.history import HOUR, hour_of
from core.quality.model import Incident, IncidentTicket
from core.quality.outlets import propose
from core.service.dispatch import Choice
from core.ticket.model import Ticket

MOST = 200  # tickets shown
_BARS = 36


@dataclass(frozen=True)
class Bar:
    """One hour: tickets opened in it; ``height`` in percent of the highest."""

    at: datetime
    count: int
    height: float


@dataclass(frozen=True)
class View:
    """One incident as its page shows it; ``outcomes`` counts what became of telling each customer."""

    incident: Incident
    rows: list[tuple[IncidentTicket, Ticket]]
    outcomes: Counter[str]
    outlets: list[Choice]
    bars: list[Bar]
    usual: float | None  # tickets expected in an hour
    usual_height: float


def newest(session: Session, *, closed: bool, limit: int) -> list[tuple[Incident, int]]:
    """Incidents, newest first, with how many tickets each has."""
    count = func.count(IncidentTicket.ticket_id)
    query = select(Incident, count).outerjoin(
        IncidentTicket,
        (IncidentTicket.incident_id == Incident.id) & IncidentTicket.removed_at.is_(None),
    )
    query = query.where(Incident.state == "closed" if closed else Incident.state != "closed")
    rows = session.execute(query.group_by(Incident.id).order_by(Incident.id.desc()).limit(limit))
    return [(incident, number) for incident, number in rows]


def view(session: Session, house: House, number: int) -> View | None:
    """None where there is no such incident."""
    incident = session.get(Incident, number)
    if incident is None:
        return None
    query = select(IncidentTicket, Ticket).join(Ticket, Ticket.id == IncidentTicket.ticket_id)
    query = query.where(IncidentTicket.incident_id == number, IncidentTicket.removed_at.is_(None))
    rows = [(link, ticket) for link, ticket in session.execute(query.order_by(Ticket.id.desc()))]
    tickets = [ticket for _, ticket in rows]
    outcomes = Counter(link.outcome or "waiting" for link, _ in rows)
    usual = incident.expected / incident.window_hours if incident.expected and incident.window_hours else None
    bars = _bars(incident, tickets)
    highest = max([1, *(bar.count for bar in bars)])
    outlets = propose(session, house, tickets) if incident.state != "closed" else []
    return View(incident, rows[:MOST], outcomes, outlets, bars, usual, 100 * (usual or 0) / highest)


def _bars(incident: Incident, tickets: list[Ticket]) -> list[Bar]:
    """By the hour from a while before it began; of a long one its newest hours."""
    if not tickets:
        return []
    counts = Counter(hour_of(ticket.opened_at) for ticket in tickets)
    last = max(counts)
    first = max(hour_of(incident.since) - 6 * HOUR, last - timedelta(hours=_BARS - 1))
    hours = [first + n * HOUR for n in range(int((last - first) / HOUR) + 1)]
    highest = max(counts.values())
    return [Bar(hour, counts[hour], 100 * counts[hour] / highest) for hour in hours]
