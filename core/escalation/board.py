"""The escalation board: who is being called now, since when, on which way, and what comes next."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.escalation.model import RUNNING, AlertChain, AlertStep
from core.ticket.model import Ticket


@dataclass(frozen=True)
class Line:
    """One chain; ``now`` are its steps since it came to where it is, ``next`` who is told at ``chain.next_at``."""

    chain: AlertChain
    ticket: Ticket
    steps: list[AlertStep]
    next: str | None

    @property
    def now(self) -> list[AlertStep]:
        """The steps of this moment; where all have failed, the last one."""
        return [step for step in self.steps if step.triggered_at >= self.chain.since] or self.steps[-1:]


def board(session: Session, *, ended: bool = False, most: int = 100) -> list[Line]:
    """Running chains, the next due first; or those that have ended, newest first."""
    query = select(AlertChain, Ticket).join(Ticket, Ticket.id == AlertChain.ticket_id)
    if ended:
        query = query.where(AlertChain.state != RUNNING).order_by(AlertChain.id.desc())
    else:
        query = query.where(AlertChain.state == RUNNING).order_by(AlertChain.next_at, AlertChain.id)
    rows = session.execute(query.limit(most)).all()
    mine = select(AlertStep).where(AlertStep.chain_id.in_([chain.id for chain, _ in rows]))
    steps: dict[int, list[AlertStep]] = {}
    for step in session.scalars(mine.order_by(AlertStep.id)):
        steps.setdefault(step.chain_id, []).append(step)
    return [
        Line(chain, ticket, steps.get(chain.id, []), _next(chain, steps.get(chain.id, [])))
        for chain, ticket in rows
    ]


def _next(chain: AlertChain, told: list[AlertStep]) -> str | None:
    done = {step.position for step in told if step.round == chain.round}
    after = (n for n in range(chain.position + 1, len(chain.steps)) if n not in done)
    position = next(after, 0 if chain.round < chain.snapshot["rounds"] else None)
    return chain.steps[position]["person"] if position is not None else None


def ticket_number(session: Session, chain_id: int) -> str | None:
    """The number of the ticket that a chain is about."""
    query = select(Ticket.number).join(AlertChain, AlertChain.ticket_id == Ticket.id)
    return session.scalar(query.where(AlertChain.id == chain_id))
