"""Pushes to staff: who is told, and one outbox row for each of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.messaging.outbox import say
from core.staff.model import Staff
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

# Who answers for what, most fitting role first; an empty house still gets its push, addressed to the role.
AUDIENCES = {
    "on_duty": ("agent", "dispatcher", "technician", "manager", "admin"),
    "desk": ("dispatcher", "agent", "admin"),
    "head": ("manager",),
    "general_manager": ("admin",),
}


def recipients(session: Session, audience: str, assignee: str | None = None) -> list[str]:
    """Names to push to: for ``on_duty`` everybody on duty, else the active staff of the first role that has any."""
    if audience == "assignee":
        return [assignee] if assignee else recipients(session, "desk")
    active = select(Staff).where(Staff.active).order_by(Staff.id)
    people = list(session.scalars(active))
    on_duty = [p.name for p in people if p.on_duty]
    if audience == "on_duty" and on_duty:
        return on_duty
    for role in AUDIENCES[audience]:
        names = [p.name for p in people if p.role == role]
        if names:
            return names
    return [f"role:{AUDIENCES[audience][0]}"]


def push(
    session: Session,
    house: House,
    *,
    key: str,
    audience: str,
    wording: str,
    at: datetime,
    ticket: Ticket | None = None,
    channel: str = "console",
    **values: Any,
) -> list[str]:
    """Tell staff once per ``key``; returns the names told. It is written on the ticket's timeline for staff."""
    names = recipients(session, audience, ticket.assignee if ticket else None)
    told = []
    for name in names:
        text = house.book.text(wording, **{**facts(house, ticket), **values})
        row = say(
            session,
            at=at,
            channel=channel,
            recipient=name,
            text=text,
            audience="staff",
            key=f"{key}:{name}",
            ticket_id=ticket.id if ticket else None,
        )
        told += [name] if row else []
    if ticket and told:
        text = f"{wording}: {', '.join(told)}"
        note(
            session,
            ticket,
            verb="push",
            at=at,
            actor="frontdoor",
            channel=channel,
            text=text,
            audience="staff",
        )
    return told


def facts(house: House, ticket: Ticket | None) -> dict[str, Any]:
    """What a staff message may say of a ticket."""
    if ticket is None:
        return {}
    return {
        "number": ticket.number,
        "kind": house.book.label("kind", ticket.kind),
        "severity": house.book.label("severity", ticket.severity),
        "category": house.book.label("category", ticket.category),
        "symptom": house.book.label("symptom", ticket.symptom),
        "description": (ticket.description or "—")[:120],
        "name": ticket.name or "—",
        "phone": ticket.phone or "—",
        "address": ticket.address or "—",
        "state": house.book.label("state", ticket.state),
    }
