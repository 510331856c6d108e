"""What came of a step: a provider has taken it, or refused it, or nobody picked up the telephone."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.escalation.chain import advance, due_again, locked, triggered
from core.escalation.ladder import CONSOLE
from core.escalation.model import RUNNING, AlertChain, AlertStep
from core.escalation.step import trigger
from core.escalation.written import failed_note
from core.house import House
from core.ticket.model import Ticket


def step_sent(session: Session, step_id: int, *, at: datetime) -> None:
    """Only the step's own row is touched: other deliveries of the same alert are not waited for."""
    mine = update(AlertStep).where(AlertStep.id == step_id, AlertStep.failed_at.is_(None))
    session.execute(mine.values(sent_at=at))


def step_failed(session: Session, house: House, step_id: int, reason: str, *, at: datetime) -> str:
    """The same person's next way at once; who has none left makes room for the next person. Returns where it went.

    The ticket is held by the caller.
    """
    step = session.get_one(AlertStep, step_id)
    chain = locked(session, step.chain_id)
    session.refresh(step)
    if step.failed_at is not None:
        return "—"
    step.sent_at, step.failed_at, step.reason = None, at, reason[:300]
    if chain.state != RUNNING:
        return chain.state
    ticket = session.get_one(Ticket, chain.ticket_id)
    went = _own_next_way(session, house, chain, ticket, step, at=at)
    if not _somebody_has_it(session, chain):
        went += list(dict.fromkeys(advance(session, house, chain, ticket, at=at)))
    due_again(session, chain)
    return ", ".join(went) or "—"


def _own_next_way(
    session: Session, house: House, chain: AlertChain, ticket: Ticket, failed: AlertStep, *, at: datetime
) -> list[str]:
    done = set(triggered(session, chain)) if failed.round == chain.round else set(range(len(chain.steps)))
    for position, planned in enumerate(chain.steps):
        if position in done or planned["person"] != failed.person:
            continue
        step = trigger(session, house, chain, ticket, position, at=at)
        if step.failed_at is not None:
            failed_note(session, ticket, step, at=at)
            continue
        wait = at + timedelta(minutes=planned["wait"])
        chain.next_at = max(chain.next_at or wait, wait)
        return [step.channel]
    return []


def _somebody_has_it(session: Session, chain: AlertChain) -> bool:
    """Whether somebody was told since the chain came to where it is, on more than a page they may look at."""
    told = select(AlertStep.id).where(
        AlertStep.chain_id == chain.id,
        AlertStep.triggered_at >= chain.since,
        AlertStep.failed_at.is_(None),
        AlertStep.channel != CONSOLE,
    )
    return session.scalar(told.limit(1)) is not None
