"""How a chain ends before its end: somebody takes the alert, hands it on, or the matter is over. Or it waits a while."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.escalation.chain import due_again
from core.escalation.model import ACKNOWLEDGED, CALLED_OFF, RUNNING, AlertChain, AlertStep
from core.house import House
from core.promise.model import end_promise
from core.staff.people import named, way_to
from core.staff.said import Said
from core.staff.tell import queue, words
from core.ticket.model import Ticket

# On these a card shows by itself who has it, or there is nothing that a word more would change.
SHOWN = ("wecom", "telegram", "console")


def running(session: Session, ticket: Ticket) -> list[AlertChain]:
    """The chains about a ticket that still look for somebody, held; the ticket is held by the caller."""
    session.flush()
    mine = select(AlertChain).where(AlertChain.ticket_id == ticket.id, AlertChain.state == RUNNING)
    return list(session.scalars(mine.order_by(AlertChain.id).with_for_update()))


def told_of(session: Session, ticket: Ticket, name: str) -> list[AlertChain]:
    """The running chains that have come to this person."""
    return [
        chain for chain in running(session, ticket) if any(s.person == name for s in _steps(session, chain))
    ]


def acknowledge(session: Session, house: House, ticket: Ticket, *, by: str, at: datetime) -> int:
    """``by`` has it: the ticket's chains stop, and those who cannot see that on a card are told. Returns how many."""
    chains = running(session, ticket)
    for chain in chains:
        steps = _steps(session, chain)
        mine = next((step for step in reversed(steps) if step.person == by), None)
        if mine is not None:
            mine.acknowledged_at = at
        _end(session, chain, ACKNOWLEDGED, at=at, why=ACKNOWLEDGED, by=by)
        _say_who_has_it(session, house, chain, ticket, steps, by=by, at=at)
    return len(chains)


def call_off(
    session: Session, ticket: Ticket, *, why: str, at: datetime, chains: Iterable[AlertChain] | None = None
) -> None:
    """Nobody need be told any more; ``why`` is kept."""
    for chain in running(session, ticket) if chains is None else chains:
        _end(session, chain, CALLED_OFF, at=at, why=why)


def snooze(session: Session, ticket: Ticket, *, name: str, until: datetime) -> None:
    """Somebody has seen it and wants half an hour: so long nobody else is told, but not for ever."""
    for chain in told_of(session, ticket, name):
        if chain.snoozes >= chain.snapshot["snoozes"]:
            continue
        wait = chain.steps[chain.position]["wait"] if chain.position >= 0 else 0
        later = until + timedelta(minutes=wait)  # they are asked again then, and have their time
        chain.snoozes += 1
        chain.next_at = max(chain.next_at or later, later)
        due_again(session, chain)


def _steps(session: Session, chain: AlertChain) -> list[AlertStep]:
    mine = select(AlertStep).where(AlertStep.chain_id == chain.id).order_by(AlertStep.id)
    return list(session.scalars(mine))


def _end(
    session: Session, chain: AlertChain, state: str, *, at: datetime, why: str, by: str | None = None
) -> None:
    chain.state, chain.ended_at, chain.next_at, chain.ended_by = state, at, None, by
    chain.reason = why if state == CALLED_OFF else None
    end_promise(session, chain.promise_key, at=at, why=why)


def _say_who_has_it(
    session: Session,
    house: House,
    chain: AlertChain,
    ticket: Ticket,
    steps: list[AlertStep],
    *,
    by: str,
    at: datetime,
) -> None:
    said = Said(f"{chain.key}:taken", chain.audience, "push.chain_taken", at, ticket)
    on_cards = {step.person for step in steps if step.channel in SHOWN and step.channel != "console"}
    others = {s.person for s in steps if s.channel not in SHOWN and s.failed_at is None} - on_cards - {by}
    for name in sorted(others):
        person = named(session, name)
        way = way_to(session, house, person)
        if person is None or way is None:  # a second call for this would only wake them again
            continue
        text = words(house, said, person.language, by=by)
        queue(session, house, said, name, person, way, text, key=f"{said.key}:{name}")
