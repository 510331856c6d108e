"""Keeping the promises of service levels: the right person hears of a deadline, once per clock and percentage."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.promise.model import Promise
from core.staff.push import push
from core.ticket.lifecycle import ENDED, note
from core.ticket.model import Ticket

# C2: who hears of it at which part of the time.
LADDER = {50: "assignee", 80: "head", 100: "general_manager"}


def keep_reply(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    ticket = session.get_one(Ticket, row.ticket_id)
    return _warn(session, house, ticket, row, now, met=ticket.state != "filed")


def keep_solved(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    ticket = session.get_one(Ticket, row.ticket_id)
    met = ticket.state in (*ENDED, "done", "followed_up")
    return _warn(session, house, ticket, row, now, met=met)


def _warn(
    session: Session, house: House, ticket: Ticket, row: Promise, now: datetime, *, met: bool
) -> datetime | None:
    if met:
        row.status, row.ended_at, row.reason = "cancelled", now, f"ticket is {ticket.state}"
        return None
    percent = int(row.payload["percent"])
    verb = "sla_breach" if percent >= 100 else "sla_warning"
    note(
        session,
        ticket,
        verb=verb,
        at=now,
        actor="frontdoor",
        channel="staff",
        text=row.kind,
        audience="staff",
    )
    clock = house.book.label("sla", row.kind)
    push(
        session,
        house,
        key=row.key,
        audience=LADDER.get(percent, "head"),
        wording=f"push.{verb}",
        at=now,
        ticket=ticket,
        percent=percent,
        clock=clock,
    )
    return None
