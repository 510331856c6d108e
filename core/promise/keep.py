"""Keeping the promises of service levels: the right person hears of a deadline, once per clock and percentage."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.promise.clock import SlaClock, moment_of
from core.promise.model import Promise
from core.promise.pause import resume
from core.promise.plan import count, own_time
from core.promise.watch import clocks_of, tell_due
from core.staff.push import push
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

# C2: who hears of it at which part of the time.
LADDER = {50: "assignee", 80: "head", 100: "general_manager"}
# Until a ticket is asked for again that somebody is changing just now.
_BUSY = timedelta(seconds=2)


def keep_clock(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """A warning, a breach or the end of a pause; the clock's row, locked, says whether it still holds."""
    ticket = _locked(session, row)
    if ticket is None:
        return now + _BUSY
    clock = _clock(session, row)
    if clock is None or clock.stopped_at is not None or clock.started_at is None:
        _not_now(row, now, f"ticket is {ticket.state}")
        return None
    if row.payload.get("pause"):
        _go_on(session, house, ticket, clock, row, now)
        return None
    percent = int(row.payload["percent"])
    if clock.paused_at is not None or clock.marked(percent):
        _not_now(row, now, "paused" if clock.paused_at else "said before")
        return None
    moment = moment_of(clock, percent, own_time(house, clock))
    if moment > now:
        return moment
    _warn(session, house, ticket, clock, row, percent, now)
    return None


def _locked(session: Session, row: Promise) -> Ticket | None:
    """None while somebody else has the ticket: we hold the promise, and must not wait for what comes before it."""
    held = select(Ticket).where(Ticket.id == row.ticket_id).with_for_update(skip_locked=True, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).first()


def _clock(session: Session, row: Promise) -> SlaClock | None:
    mine = select(SlaClock).where(
        SlaClock.ticket_id == row.ticket_id,
        SlaClock.round == row.payload.get("round"),
        SlaClock.clock == row.kind.removeprefix("sla_"),
    )
    return session.scalars(mine.with_for_update().execution_options(populate_existing=True)).first()


def _not_now(row: Promise, now: datetime, why: str) -> None:
    row.status, row.ended_at, row.reason = "cancelled", now, why


def _go_on(
    session: Session, house: House, ticket: Ticket, clock: SlaClock, row: Promise, now: datetime
) -> None:
    """The longest wait for parts is over: the clock runs on, and staff hear of it from the timeline."""
    reason = clock.pause_reason
    if not resume(clock, own_time(house, clock), at=now):
        _not_now(row, now, "not paused")
        return
    row.status, row.ended_at = "done", now
    count(session, house, ticket, clock, at=now, why="pause over")
    entry = {"actor": "frontdoor", "channel": "staff", "audience": "staff"}
    note(session, ticket, verb="sla_pause_over", at=now, text=reason, **entry)
    tell_due(session, house, ticket, clocks_of(session, ticket), at=now)


def _warn(
    session: Session, house: House, ticket: Ticket, clock: SlaClock, row: Promise, percent: int, now: datetime
) -> None:
    if percent >= 100:
        clock.breached_at = now
    else:
        clock.warned = {**clock.warned, str(percent): now.isoformat()}
    verb = "sla_breach" if percent >= 100 else "sla_warning"
    entry = {"actor": "frontdoor", "channel": "staff", "audience": "staff"}
    note(session, ticket, verb=verb, at=now, text=row.kind, **entry)
    push(
        session,
        house,
        key=row.key,
        audience=LADDER.get(percent, "head"),
        wording=f"push.{verb}",
        at=now,
        ticket=ticket,
        percent=percent,
        clock=house.book.label("sla", row.kind),
    )
