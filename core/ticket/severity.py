"""How bad it is: a new severity is written down and puts other service levels on the ticket."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.promise.watch import watch_deadlines
from core.ticket.lifecycle import note
from core.ticket.model import SEVERITIES, Ticket


def change_severity(
    session: Session, house: House, ticket: Ticket, severity: str, *, at: datetime, actor: str, channel: str
) -> bool:
    """False when the ticket has that severity already."""
    if ticket.severity == severity:
        return False
    before, ticket.severity = ticket.severity, severity
    text = f"{before} → {severity}"
    note(session, ticket, verb="severity", at=at, actor=actor, channel=channel, text=text)
    watch_deadlines(session, house, ticket, at=at)
    return True


def worse(one: str, other: str) -> str:
    """The graver of two severities."""
    return max(one, other, key=SEVERITIES.index)
