"""Each customer of an incident is told once, and once more when it is over: promises, so that quiet hours hold."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.care.notice import reachable, tell
from core.house import House
from core.promise.calendar import QuietHours
from core.promise.model import Promise, promise
from core.quality.model import Incident, IncidentTicket
from core.staff.push import push
from core.ticket.lifecycle import ENDED, note
from core.ticket.model import Ticket

KINDS = ("incident_tell", "incident_over")


def tell_customers(
    session: Session, house: House, incident: Incident, *, by: str, at: datetime, telling: str = ""
) -> int:
    """Promise a message to each customer; who joins later gets it too. Returns how many. Twice is once."""
    if incident.told_at is None:
        incident.state, incident.told_at, incident.told_by = "told", at, by
        incident.telling = telling.strip()[:300] or None
    return promise_telling(session, house, incident, at=at)


def promise_telling(session: Session, house: House, incident: Incident, *, at: datetime) -> int:
    """A promise for each customer who is not yet told or refused."""
    waiting = (IncidentTicket.outcome.is_(None), IncidentTicket.removed_at.is_(None))
    return _promise(session, house, incident, "incident_tell", *waiting, at=at)


def close_incident(
    session: Session, house: House, incident: Incident, *, by: str, at: datetime, cause: str
) -> int:
    """It is over: who was told and still waits hears the cause. Returns how many. Their tickets go on."""
    incident.state, incident.closed_at, incident.closed_by = "closed", at, by
    incident.cause = cause.strip()[:300]
    for link in session.scalars(_links(incident).where(IncidentTicket.outcome.is_(None))):
        if incident.told_at is not None:
            link.outcome, link.decided_at = "closed", at
    still = (
        IncidentTicket.outcome == "told",
        IncidentTicket.removed_at.is_(None),
        Ticket.state.not_in(ENDED),
    )
    for ticket in session.scalars(select(Ticket).join(IncidentTicket).where(
            IncidentTicket.incident_id == incident.id, IncidentTicket.removed_at.is_(None))):  # fmt: skip
        _write(session, ticket, "incident_over", incident, at, f"{by}: {incident.cause}")
    return _promise(session, house, incident, "incident_over", *still, at=at)


def keep_incident_tell(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Tells one customer of the incident, or notes on their tickets why not; a time when it must wait."""
    incident = session.get_one(Incident, row.payload["incident"])
    ticket = session.get_one(Ticket, row.ticket_id)
    mine = _customers_links(session, incident, ticket)
    if incident.state == "closed":
        return _decided(session, incident, mine, row, now, "closed")
    if any(link.outcome == "told" for link, _ in mine):
        return _decided(session, incident, mine, row, now, "same_customer")
    waiting = [(link, t) for link, t in mine if link.outcome is None and link.removed_at is None]
    alive = [(link, t) for link, t in waiting if t.state not in ENDED]
    if not alive:
        return _decided(session, incident, waiting, row, now, "ended")
    if ticket.customer.opted_out_at is not None:
        return _decided(session, incident, waiting, row, now, "opted_out")
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    if quiet.covers(now):
        row.reason = "quiet hours"
        return quiet.after(now)
    if reachable(session, ticket.customer_id) is None:
        _call_them(session, house, incident, now)
        return _decided(session, incident, waiting, row, now, "no_chat")
    about = alive[0][1]
    extra = incident.telling or ""
    tell(session, house, about, wording="notice.incident", at=now, key=row.key, telling=extra)
    _decide(session, incident, waiting, now, "same_customer")
    alive[0][0].outcome = "told"
    _write(session, about, "incident_told", incident, now)
    return None


def keep_incident_over(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Tells one customer that it is over; a time when it must wait."""
    incident = session.get_one(Incident, row.payload["incident"])
    ticket = session.get_one(Ticket, row.ticket_id)
    if ticket.state in ENDED or ticket.customer.opted_out_at is not None:
        row.status, row.ended_at = "cancelled", now
        row.reason = f"ticket is {ticket.state}" if ticket.state in ENDED else "the customer opted out"
        return None
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    if quiet.covers(now):
        row.reason = "quiet hours"
        return quiet.after(now)
    tell(
        session,
        house,
        ticket,
        wording="notice.incident_over",
        at=now,
        key=row.key,
        cause=incident.cause or "",
    )
    return None


def _promise(session: Session, house: House, incident: Incident, kind: str, *which: Any, at: datetime) -> int:
    query = select(Ticket.id, Ticket.customer_id).join(IncidentTicket)
    rows = session.execute(query.where(IncidentTicket.incident_id == incident.id, *which).order_by(Ticket.id))
    first: dict[int, int] = {}
    for ticket_id, customer_id in rows:
        first.setdefault(customer_id, ticket_id)
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    due = quiet.after(at) if quiet.covers(at) else at
    promise(
        session,
        *(
            {
                "key": f"{kind}:{incident.id}:{ticket_id}",
                "kind": kind,
                "due_at": due,
                "ticket_id": ticket_id,
                "payload": {"incident": incident.id},
            }
            for ticket_id in first.values()
        ),
    )
    return len(first)


def _links(incident: Incident) -> Select[IncidentTicket]:
    return select(IncidentTicket).where(IncidentTicket.incident_id == incident.id)


def _customers_links(
    session: Session, incident: Incident, ticket: Ticket
) -> list[tuple[IncidentTicket, Ticket]]:
    """All that this customer has in the incident, oldest ticket first; two files may have become one meanwhile."""
    query = select(IncidentTicket, Ticket).join(Ticket, Ticket.id == IncidentTicket.ticket_id)
    query = query.where(
        IncidentTicket.incident_id == incident.id, Ticket.customer_id == ticket.customer_id
    ).order_by(Ticket.id)
    return [(link, mine) for link, mine in session.execute(query)]


def _decide(
    session: Session,
    incident: Incident,
    links: list[tuple[IncidentTicket, Ticket]],
    now: datetime,
    outcome: str,
) -> None:
    for link, ticket in links:
        if link.outcome is None:
            link.outcome, link.decided_at = outcome, now
            if outcome not in ("same_customer", "told"):
                _write(session, ticket, "incident_not_told", incident, now, outcome)


def _decided(
    session: Session,
    incident: Incident,
    links: list[tuple[IncidentTicket, Ticket]],
    row: Promise,
    now: datetime,
    outcome: str,
) -> datetime | None:
    """Not told, and why: on the link, on the timeline and on the promise."""
    _decide(session, incident, links, now, outcome)
    row.status, row.ended_at, row.reason = "cancelled", now, outcome
    return None


def _call_them(session: Session, house: House, incident: Incident, now: datetime) -> None:
    """One word to the desk for all whom no chat reaches: their numbers are on the incident's page."""
    key = f"incident:{incident.id}:call"
    push(
        session, house, key=key, audience="desk", wording="push.incident_calls", at=now, incident=incident.id
    )


def _write(
    session: Session, ticket: Ticket, verb: str, incident: Incident, at: datetime, text: str = ""
) -> None:
    words = " · ".join(part for part in (f"#{incident.id}", text) if part)
    note(session, ticket, verb=verb, at=at, actor="frontdoor", channel="staff", text=words, audience="staff")
