"""Terms put on a clock: how a new severity, contract or an older twin changes what a row has already run."""

from datetime import datetime

from core.promise.clock import SlaClock, used_at
from core.promise.own_time import OwnTime
from core.promise.pause import add_up
from core.promise.sla import Level, Terms
from core.ticket.model import Ticket

_BEFORE_SENT = ("filed", "accepted")
_BEFORE_ARRIVAL = (*_BEFORE_SENT, "dispatched", "appointed")


def opened(ticket: Ticket, terms: Terms, *, since: datetime) -> SlaClock:
    """A clock of the present round, which began at ``since``; its terms come with ``put``."""
    return SlaClock(
        ticket_id=ticket.id,
        round=ticket.round,
        clock=terms.clock,
        opened_at=since,
        plan=0,
        pauses=[],
        paused_seconds=0.0,
        parts_seconds=0.0,
        warned={},
    )


def past(ticket: Ticket, terms: Terms) -> bool:
    """Whether what the clock waits for has already happened, so that it need not begin."""
    if terms.clock == "reply":
        return ticket.state != "filed"
    if terms.clock == "on_site":
        return ticket.state not in (_BEFORE_SENT if terms.met_by == "dispatch" else _BEFORE_ARRIVAL)
    return terms.clock == "solved" and ticket.done_at is not None


def may_change(clock: SlaClock) -> bool:
    """What was met stays met, and what was broken stays broken."""
    return clock.breached_at is None and clock.outcome not in ("met", "not_needed")


def put(clock: SlaClock, ticket: Ticket, terms: Terms, level: Level, *, parts_cap: float) -> None:
    """Write the terms on the row; ``parts_cap`` is in seconds of the clock's own time."""
    clock.minutes, clock.mode = terms.minutes, terms.mode
    clock.policy = {
        "line": level.line,
        "contract": ticket.contract,
        "severity": ticket.severity,
        "starts": terms.starts,
        "met_by": terms.met_by,
        "parts_cap_seconds": parts_cap,
    }
    clock.stopped_at = clock.outcome = None


def left_of(clock: SlaClock, time: OwnTime, *, at: datetime) -> float | None:
    """Own seconds left under the present terms; None where none run."""
    return (
        None
        if clock.due_at is None or clock.stopped_at is not None
        else clock.minutes * 60 - used_at(clock, at, time)
    )


def start(clock: SlaClock, ticket: Ticket, time: OwnTime, *, left: float | None, at: datetime) -> None:
    """When the clock began under its terms. Time already used counts; where it has used them up, they begin now,

    but give no more than was ``left`` before (own seconds): a graver ticket is never due later.
    """
    clock.started_at = _began(clock, ticket, at)
    if clock.started_at is not None and used_at(clock, at, time) >= clock.minutes * 60:
        clock.started_at, clock.warned = max(at, clock.started_at), {}
        clock.minutes = min(clock.minutes, max(left, 0) / 60) if left is not None else clock.minutes
    add_up(clock, time)


def _began(clock: SlaClock, ticket: Ticket, at: datetime) -> datetime | None:
    if clock.policy["starts"] == "file":
        return clock.opened_at
    if clock.policy["starts"] == "done":
        return ticket.done_at
    if ticket.state in _BEFORE_ARRIVAL:
        return None
    # Somebody is there already: since when this clock knows, or from now on.
    return at if clock.started_at in (None, clock.opened_at) else clock.started_at
