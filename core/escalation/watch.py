"""The auditor of alert chains: a step that should have come and did not is raised, once per chain."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.escalation.chain import locked
from core.escalation.model import RUNNING, AlertChain
from core.escalation.written import tell_bosses
from core.house import House
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

MOST = 50


def raise_late(house: House) -> int:
    """Tell the general manager of every chain whose next step is late (policy ``late_minutes``); returns how many."""
    now = house.clock.now()
    before = now - timedelta(minutes=house.book.policy("escalation")["late_minutes"])
    late = (AlertChain.state == RUNNING, AlertChain.next_at < before, AlertChain.late_told_at.is_(None))
    with house.database.reading() as session:
        found = session.execute(select(AlertChain.id, AlertChain.ticket_id).where(*late).limit(MOST)).all()
    raised = 0
    for chain_id, ticket_id in found:
        with house.database.session() as session:
            raised += _raise(session, house, chain_id, ticket_id)
            session.commit()
    return raised


def _raise(session: Session, house: House, chain_id: int, ticket_id: int) -> bool:
    """Ticket before chain; one that somebody is busy with is looked at again at the next round."""
    mine = select(Ticket).where(Ticket.id == ticket_id).with_for_update(skip_locked=True, key_share=True)
    ticket = session.scalars(mine).first()
    if ticket is None:
        return False
    chain, now = locked(session, chain_id), house.clock.now()
    if chain.state != RUNNING or chain.next_at is None or chain.next_at > now or chain.late_told_at:
        return False
    chain.late_told_at = now
    note(session, ticket, verb="chain_late", at=now, actor="frontdoor", channel="staff", text=chain.wording,
         audience="staff")  # fmt: skip
    tell_bosses(session, house, ticket, key=f"{chain.key}:late", wording="push.chain_late", at=now)
    return True
