"""Alert chains: an alert goes from way to way and from person to person, up the ladder, until somebody takes it (C2, C3).

Locks: ticket, chain, promise, outbox row, in this order. Nobody holds a chain without its ticket.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.escalation.model import EXHAUSTED, AlertChain, AlertStep
from core.escalation.step import trigger
from core.escalation.written import failed_note, tell_bosses, told_note
from core.house import House
from core.promise.model import Promise, end_promise
from core.ticket.lifecycle import note
from core.ticket.model import Ticket


def advance(session: Session, house: House, chain: AlertChain, ticket: Ticket, *, at: datetime) -> list[str]:
    """Trigger the next step, and with it all that come at the same moment; returns who was told.

    However late it is, one step follows the other at its distance: an outage makes no storm.
    """
    chain.since, told, channels = at, list[str](), list[str]()
    while (position := _next_position(session, chain)) is not None:
        chain.position = position
        step = trigger(session, house, chain, ticket, position, at=at)
        if step.failed_at is None:
            told.append(step.person)
            channels.append(step.channel)
        else:
            failed_note(session, ticket, step, at=at)
        if step.failed_at is None and (wait := chain.steps[position]["wait"]):
            chain.next_at = at + timedelta(minutes=wait)
            break
    else:
        _round_over(session, house, chain, ticket, at=at)
    told_note(session, chain, ticket, told, channels, at=at)
    return told


def _next_position(session: Session, chain: AlertChain) -> int | None:
    """The first one after the present that was not brought forward in this round."""
    done = set(triggered(session, chain))
    return next((n for n in range(chain.position + 1, len(chain.steps)) if n not in done), None)


def triggered(session: Session, chain: AlertChain) -> Sequence[int]:
    """Positions of this round that were told already."""
    here = select(AlertStep.position).where(AlertStep.chain_id == chain.id, AlertStep.round == chain.round)
    return session.scalars(here).all()


def _round_over(session: Session, house: House, chain: AlertChain, ticket: Ticket, *, at: datetime) -> None:
    if chain.round < chain.snapshot["rounds"]:
        chain.round, chain.position = chain.round + 1, -1
        chain.next_at = at + timedelta(minutes=chain.snapshot["pause"])
        return
    chain.state, chain.ended_at, chain.next_at = EXHAUSTED, at, None
    end_promise(session, chain.promise_key, at=at, why=EXHAUSTED)
    note(session, ticket, verb="chain_exhausted", at=at, actor="frontdoor", channel="staff",
         text=chain.wording, audience="staff")  # fmt: skip
    tell_bosses(session, house, ticket, key=f"{chain.key}:exhausted", wording="push.chain_exhausted", at=at)


def locked(session: Session, chain_id: int) -> AlertChain:
    """The chain, held; its ticket is held by the caller."""
    return session.scalars(
        select(AlertChain)
        .where(AlertChain.id == chain_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def due_again(session: Session, chain: AlertChain) -> None:
    """The promise of a chain follows its next step."""
    if chain.next_at is None:
        return
    session.flush()
    pending = update(Promise).where(Promise.key == chain.promise_key, Promise.status == "pending")
    session.execute(pending.values(due_at=chain.next_at))
