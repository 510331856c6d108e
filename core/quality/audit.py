"""Nothing lost in an incident: every ticket of it was told, was not for a reason, or has a promise (audit)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.promise.model import Promise
from core.quality.model import Incident, IncidentTicket
from core.ticket.model import Ticket

RULE = "an incident's customers are told, or not for a reason"


def forgotten(session: Session, *, limit: int) -> list[dict[str, Any]]:
    """Tickets of incidents whose customers are being told, without outcome and without a pending promise."""
    other = select(Ticket.customer_id).join(Promise, Promise.ticket_id == Ticket.id)
    waits = other.where(Promise.kind == "incident_tell", Promise.status == "pending")
    query = (
        select(IncidentTicket.incident_id, Ticket.number)
        .join(Ticket, Ticket.id == IncidentTicket.ticket_id)
        .join(Incident, Incident.id == IncidentTicket.incident_id)
        .where(
            Incident.told_at.is_not(None),
            IncidentTicket.outcome.is_(None),
            Ticket.customer_id.not_in(waits),
        )
    )
    return [
        {"rule": RULE, "incident": incident, "ticket": number}
        for incident, number in session.execute(query.limit(limit))
    ]
