"""Alert chains: an alert goes from way to way and from person to person, up the ladder, until somebody takes it (C2, C3).

Locks: ticket, chain, promise, outbox row, in this order. Nobody holds a chain without its ticket.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.escalation.ladder import ladder
from core.escalation.model import EXHAUSTED, RUNNING, AlertChain, AlertStep
from core.escalation.reach import levels_now, nobody
from core.escalation.step import trigger
from core.house import House
from core.promise.model import Promise, end_promise, promise
from core.staff.audience import active_staff, recipients
from core.staff.people import named
from core.staff.said import Said
from core.staff.tell import tell, words
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

SOON = timedelta(seconds=1)
MAJOR = "push.major"


def raise_alert(
    session: Session,
    house: House,
    said: Said,
    ticket: Ticket,
    *,
    names: Sequence[str] | None = None,
    **facts: Any,
) -> list[str]:
    """Start the chain of an alert, once per key; returns who is told at this moment.

    The ladder is worked out here and kept: later edits to policy, roster or accounts do not change it.
    """
    if session.scalar(select(AlertChain.id).where(AlertChain.key == said.key)):
        return []
    chain = AlertChain(
        key=said.key,
        ticket_id=ticket.id,
        audience=said.audience,
        wording=said.wording,
        facts=facts,
        snapshot=_snapshot(session, house, said, ticket, names),
        state=RUNNING,
        round=1,
        position=-1,
        started_at=said.at,
        since=said.at,
        snoozes=0,
    )
    ticket.flagged = ticket.flagged or said.wording == MAJOR  # 专案
    session.add(chain)
    session.flush()
    told = advance(session, house, chain, ticket, at=said.at)
    if chain.next_at is not None:
        row = {
            "key": chain.promise_key,
            "kind": "chain_step",
            "due_at": chain.next_at,
            "ticket_id": ticket.id,
        }
        promise(session, {**row, "payload": {"chain": chain.id}})
    return list(dict.fromkeys(told))


def _snapshot(
    session: Session, house: House, said: Said, ticket: Ticket, names: Sequence[str] | None
) -> dict[str, Any]:
    policy = house.book.policy("escalation")

    def steps(levels: Any) -> list[dict[str, Any]]:
        return ladder(policy, wording=said.wording, audience=said.audience, levels=levels)

    return {
        "steps": steps(levels_now(session, house, said, ticket, names)) or steps(nobody(said)),
        "rounds": policy["rounds"],
        "pause": policy["pause_minutes"],
        "snoozes": policy["snoozes"],
    }


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
    _written(session, chain, ticket, told, channels, at=at)
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


def tell_bosses(
    session: Session, house: House, ticket: Ticket, *, key: str, wording: str, at: datetime
) -> None:
    """A plain push to the general manager about a chain itself; not an alert, or it would never end."""
    said = Said(key, "general_manager", wording, at, ticket)
    for name in recipients(active_staff(session), said.audience):
        person = named(session, name)
        text = words(house, said, person.language if person else "zh")
        tell(session, house, said, name, person, text)


def _written(
    session: Session,
    chain: AlertChain,
    ticket: Ticket,
    told: list[str],
    channels: list[str],
    *,
    at: datetime,
) -> None:
    if not told:
        return
    channel = channels[0] if len(set(channels)) == 1 else "staff"
    text = f"{chain.wording}: {', '.join(dict.fromkeys(told))}"
    note(session, ticket, verb="push", at=at, actor="frontdoor", channel=channel, text=text, audience="staff")


def failed_note(session: Session, ticket: Ticket, step: AlertStep, *, at: datetime) -> None:
    text = f"{step.person}: {step.channel}: {step.reason}"[:500]
    note(session, ticket, verb="push_failed", at=at, actor="frontdoor", channel=step.channel, text=text,
         audience="staff")  # fmt: skip


def keep_chain_step(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """The time of a step is over and nobody has taken the alert: the next one. Returns when that one is over."""
    mine = select(Ticket).where(Ticket.id == row.ticket_id)
    # We hold the promise already: whoever has the ticket now may be about to end the chain, and is not waited for.
    ticket = session.scalars(mine.with_for_update(skip_locked=True, key_share=True)).first()
    if ticket is None:
        return now + SOON
    chain = locked(session, row.payload["chain"])
    if chain.state != RUNNING:
        row.status, row.ended_at, row.reason = "cancelled", now, chain.state
        return None
    if chain.next_at is not None and chain.next_at > now:  # snoozed meanwhile
        return chain.next_at
    advance(session, house, chain, ticket, at=now)
    return chain.next_at


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
