"""The clocks of a ticket follow it: begun when it is filed, stopped by what staff do, counted again when terms change."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.promise.clock import CLOCKS, SlaClock
from core.promise.due import ticket_due
from core.promise.model import cancel_promises
from core.promise.pause import pause, resume
from core.promise.plan import count, own_time
from core.promise.sla import Level, level_for
from core.promise.terms import left_of, may_change, opened, past, put, start
from core.promise.waiting import PAUSING, waiting_for
from core.ticket.lifecycle import note
from core.ticket.model import ANSWER, Ticket

SLA_KINDS = tuple(f"sla_{clock}" for clock in CLOCKS)
# What stops a clock, and how; whatever else still runs when a ticket ends is called off.
STOPS: dict[str, dict[str, str]] = {
    "accept": {"reply": "met"},
    "dispatch": {"reply": "met"},
    "arrive": {"reply": "met", "on_site": "met"},
    "done": {"reply": "met", "on_site": "not_needed", "solved": "met"},
    "close": {"reply": "met", "on_site": "not_needed", "solved": "met", "verify": "met"},
    "cancel": dict.fromkeys(CLOCKS, "called_off"),
    "merge": dict.fromkeys(CLOCKS, "called_off"),
}


def level_of(house: House, ticket: Ticket) -> Level:
    """The service level that the house's present policy gives a ticket."""
    return level_for(
        house.book.policy("sla"),
        contract=ticket.contract,
        kind="question" if ticket.wants == ANSWER else ticket.kind,
        severity=ticket.severity,
        at_once=house.book.policy("sla_at_once_minutes"),
    )


def clocks_of(session: Session, ticket: Ticket, *, lock: bool = False) -> list[SlaClock]:
    """The clocks of the present round, in the order of CLOCKS; locked they are as the database has them now."""
    query = select(SlaClock).where(SlaClock.ticket_id == ticket.id, SlaClock.round == ticket.round)
    query = query.order_by(SlaClock.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return sorted(session.scalars(query), key=lambda clock: CLOCKS.index(clock.clock))


def watch_deadlines(session: Session, house: House, ticket: Ticket, *, at: datetime) -> None:
    """Put a ticket's service level on its clocks: when it is filed or reopened, and when severity or contract change.

    Time already used counts on; what has ended, or was broken, stays as it is.
    """
    found = {clock.clock: clock for clock in clocks_of(session, ticket, lock=True)}
    level = level_of(house, ticket)
    given = {terms.clock: terms for terms in level.terms}
    since = min((clock.opened_at for clock in found.values()), default=at)
    for name, terms_of_it in given.items():
        if name not in found and not past(ticket, terms_of_it):
            found[name] = opened(ticket, terms_of_it, since=since)
            session.add(found[name])
    open_to_change = [clock for clock in found.values() if may_change(clock)]
    for clock in open_to_change:
        if terms := given.get(clock.clock):
            left = left_of(clock, own_time(house, clock), at=at)
            put(clock, ticket, terms, level, parts_cap=_parts_cap(house, terms.mode))
            start(clock, ticket, own_time(house, clock), left=left, at=at)
        elif clock.stopped_at is None:
            stop(clock, "called_off", house, at=at)
    count(session, house, ticket, *open_to_change, at=at, why="new deadlines")
    _settle(session, house, ticket, list(found.values()), at=at)


def _parts_cap(house: House, mode: str) -> float:
    return float(house.book.policy("sla_parts_pause_minutes")[mode]) * 60


def follow(session: Session, house: House, ticket: Ticket, verb: str, *, at: datetime) -> None:
    """What ``verb`` did to a ticket, done to its clocks: some stop, some begin, some wait or go on."""
    clocks = clocks_of(session, ticket, lock=True)
    changed = [clock for clock in clocks if clock.stopped_at is None and _follow(clock, verb, house, at)]
    count(session, house, ticket, *changed, at=at, why=verb)
    _settle(session, house, ticket, clocks, at=at)


def _follow(clock: SlaClock, verb: str, house: House, at: datetime) -> bool:
    outcome = STOPS.get(verb, {}).get(clock.clock) or ("met" if clock.policy["met_by"] == verb else None)
    if outcome is not None:
        stop(clock, outcome, house, at=at)
    elif clock.policy["starts"] == verb and clock.started_at is None:
        clock.started_at = at
    else:
        return False
    return True


def stop(clock: SlaClock, outcome: str, house: House, *, at: datetime) -> None:
    """The clock ends: ``met``, ``not_needed`` or ``called_off``."""
    resume(clock, own_time(house, clock), at=at)
    clock.stopped_at, clock.outcome = at, outcome


def confirmed(session: Session, ticket: Ticket, *, at: datetime) -> None:
    """The customer was heard about the finished work: the last clock is met."""
    for clock in clocks_of(session, ticket, lock=True):
        if clock.clock == "verify" and clock.stopped_at is None:
            clock.stopped_at, clock.outcome = at, "met"
            cancel_promises(session, ticket_id=ticket.id, kinds=("sla_verify",), at=at, why="confirmed")


def call_off_round(session: Session, house: House, ticket: Ticket, *, at: datetime) -> None:
    """Before a new round: what still runs of the old one ends without having been met."""
    left = [clock for clock in clocks_of(session, ticket, lock=True) if clock.stopped_at is None]
    for clock in left:
        stop(clock, "called_off", house, at=at)
    count(session, house, ticket, *left, at=at, why="reopened")


def settle(session: Session, house: House, ticket: Ticket, *, at: datetime) -> None:
    """After something changed whom a ticket waits for (``waiting_for``): clocks stand still, or go on."""
    _settle(session, house, ticket, clocks_of(session, ticket, lock=True), at=at)


def _settle(session: Session, house: House, ticket: Ticket, clocks: list[SlaClock], *, at: datetime) -> None:
    reason = waiting_for(ticket)
    work = [clock for clock in clocks if clock.clock in PAUSING and clock.stopped_at is None]
    went_on = [c for c in work if c.pause_reason != reason and resume(c, own_time(house, c), at=at)]
    count(session, house, ticket, *went_on, at=at, why="goes on")
    stood = [c for c in work if reason and c.paused_at is None and pause(c, reason, at=at)]
    count(session, house, ticket, *stood, at=at, why=f"waiting: {reason}")
    if stood or went_on:
        _entry(session, ticket, "sla_paused" if stood else "sla_resumed", reason if stood else None, at)
    tell_due(session, house, ticket, clocks, at=at)


def tell_due(session: Session, house: House, ticket: Ticket, clocks: list[SlaClock], *, at: datetime) -> None:
    """The ticket is due when its work is; staff read on the timeline what moved."""
    before, after = ticket.due_at, ticket_due(house, clocks) or ticket.due_at
    ticket.due_at = after
    if before is None or after is None:
        return
    shown = [f"{house.local(moment):%Y-%m-%d %H:%M}" for moment in (before, after)]
    if shown[0] != shown[1]:
        _entry(session, ticket, "sla_recomputed", " → ".join(shown), at)


def _entry(session: Session, ticket: Ticket, verb: str, text: str | None, at: datetime) -> None:
    note(session, ticket, verb=verb, at=at, actor="frontdoor", channel="staff", text=text, audience="staff")
