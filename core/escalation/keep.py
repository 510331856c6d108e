"""The promise of a chain falls due: the next step, unless somebody has taken the alert."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.escalation.chain import advance, locked
from core.escalation.model import RUNNING
from core.house import House
from core.promise.model import Promise
from core.ticket.model import Ticket

SOON = timedelta(seconds=1)


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
