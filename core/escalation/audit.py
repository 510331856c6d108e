"""What must hold of every chain: a step is sent, has failed or is in flight, and what runs has a next time."""

from typing import Any

from sqlalchemy import Text, case, cast, exists, select
from sqlalchemy.orm import Session

from core.escalation.model import ACKNOWLEDGED, RUNNING, AlertChain, AlertStep
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise

MOST = 20


def broken_chains(session: Session) -> list[dict[str, Any]]:
    """Violations of the escalation rules, as ``frontdoor audit`` lists them."""
    waiting = exists().where(OutboxMessage.id == AlertStep.outbox_id, OutboxMessage.status.in_(WAITING))
    sent, failed = AlertStep.sent_at.is_not(None), AlertStep.failed_at.is_not(None)
    # Who hangs up before the provider has answered us has ended a step whose row is still on its way.
    parts = _one(sent) + _one(failed) + _one(~sent & ~failed & waiting)
    waits = exists().where(
        Promise.ticket_id == AlertChain.ticket_id,
        Promise.key == "chain_step:" + cast(AlertChain.id, Text),
        Promise.status == "pending",
    )
    runs = AlertChain.state == RUNNING
    rules = {
        "triggered = sent + failed + in flight": (AlertStep.id, parts != 1, "step"),
        "a chain that runs has a next step": (
            AlertChain.id,
            runs & (AlertChain.next_at.is_(None) | ~waits),
            "chain",
        ),
        "a chain that has ended waits for nothing": (AlertChain.id, ~runs & waits, "chain"),
        "who took an alert is known": (
            AlertChain.id,
            (AlertChain.state == ACKNOWLEDGED) & AlertChain.ended_by.is_(None),
            "chain",
        ),
        "an ended chain, and only it, has an end": (
            AlertChain.id,
            runs != AlertChain.ended_at.is_(None),
            "chain",
        ),
    }
    return [
        {"rule": f"escalation: {rule}", what: found}
        for rule, (column, broken, what) in rules.items()
        for found in session.scalars(select(column).where(broken).limit(MOST))
    ]


def _one(holds: Any) -> Any:
    return case((holds, 1), else_=0)
