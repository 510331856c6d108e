"""An alert begins: its ladder is worked out and kept, and the first person is told."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.escalation.chain import advance
from core.escalation.ladder import ladder
from core.escalation.model import RUNNING, AlertChain
from core.escalation.reach import levels_now, nobody
from core.house import House
from core.promise.model import promise
from core.staff.said import Said
from core.ticket.model import Ticket

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
    chain = _begun(said, ticket, facts, _snapshot(session, house, said, ticket, names))
    ticket.flagged = ticket.flagged or said.wording == MAJOR  # 专案
    session.add(chain)
    session.flush()
    told = advance(session, house, chain, ticket, at=said.at)
    _promise_next(session, chain)
    return list(dict.fromkeys(told))


def _begun(said: Said, ticket: Ticket, facts: dict[str, Any], snapshot: dict[str, Any]) -> AlertChain:
    return AlertChain(
        key=said.key,
        ticket_id=ticket.id,
        audience=said.audience,
        wording=said.wording,
        facts=facts,
        snapshot=snapshot,
        state=RUNNING,
        round=1,
        position=-1,
        started_at=said.at,
        since=said.at,
        snoozes=0,
    )


def _promise_next(session: Session, chain: AlertChain) -> None:
    if chain.next_at is not None:
        row = {
            "key": chain.promise_key,
            "kind": "chain_step",
            "due_at": chain.next_at,
            "ticket_id": chain.ticket_id,
        }
        promise(session, {**row, "payload": {"chain": chain.id}})


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
