"""From a clock's row to its promises: one for each warning, and one for the end of a pause that has a cap."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.house import House
from core.promise.clock import SlaClock, moment_of, runs_on_at
from core.promise.model import cancel_promises, promise
from core.promise.opening import office_hours
from core.promise.own_time import OwnTime
from core.ticket.lifecycle import note
from core.ticket.model import Ticket


def own_time(house: House, clock: SlaClock) -> OwnTime:
    """How this clock counts: around the clock, or in office hours only."""
    hours = office_hours(house)
    return OwnTime(clock.mode == "working", hours)


def count(session: Session, house: House, ticket: Ticket, *clocks: SlaClock, at: datetime, why: str) -> None:
    """Count these clocks again: due times, and the promises of what staff have not yet heard."""
    rows: list[dict[str, Any]] = []
    unknown: set[int] = set()
    for clock in clocks:
        if clock.plan:
            cancel_promises(session, ticket_id=ticket.id, kinds=(f"sla_{clock.clock}",), at=at, why=why)
        clock.plan += 1
        if clock.stopped_at is None and clock.breached_at is None:
            unknown |= _without_holidays(house, clock)
            rows += _planned(house, ticket, clock)
    for year in sorted(unknown):
        _tell_of_the_year(session, ticket, year, at)
    promise(session, *rows)


def _without_holidays(house: House, clock: SlaClock) -> set[int]:
    """The year that is not known, if any: the clock counts calendar time then, for a promise needs a date."""
    needed = clock.minutes * 60 + clock.paused_seconds
    start = clock.started_at
    year = None if start is None else own_time(house, clock).unknown_year(start, needed)
    if year is None:
        return set()
    clock.mode = "calendar"
    return {year}


def _planned(house: House, ticket: Ticket, clock: SlaClock) -> list[dict[str, Any]]:
    if clock.started_at is None:
        clock.due_at = None
        return []
    time = own_time(house, clock)
    clock.due_at = moment_of(clock, 100, time)
    if clock.paused_at is not None:
        end = runs_on_at(clock, time)
        return [] if end is None else [_row(ticket, clock, end, "cap", {"pause": "over"})]
    percents = [p for p in house.book.policy("escalation_percent") if not clock.marked(p)]
    return [_row(ticket, clock, moment_of(clock, p, time), p, {"percent": p}) for p in percents]


def _row(
    ticket: Ticket, clock: SlaClock, due: datetime, what: object, payload: dict[str, Any]
) -> dict[str, Any]:
    key = f"sla_{clock.clock}:{ticket.number}:{clock.round}:{ticket.severity}:{clock.plan}:{what}"
    payload = {**payload, "round": clock.round}
    kind = f"sla_{clock.clock}"
    return {"key": key, "kind": kind, "due_at": due, "ticket_id": ticket.id, "payload": payload}


def _tell_of_the_year(session: Session, ticket: Ticket, year: int, at: datetime) -> None:
    step = {"actor": "frontdoor", "channel": "staff", "audience": "staff"}
    note(session, ticket, verb="sla_no_holidays", at=at, text=str(year), **step)
