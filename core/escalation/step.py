"""One step of an alert chain: a person is told on one way, by an outbox row that remembers whose step it is."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.call.limits import NoCall
from core.call.outbound import place_call
from core.escalation.model import AlertChain, AlertStep
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.staff.people import Way, named
from core.staff.said import Said
from core.staff.tell import queue, words
from core.ticket.model import Ticket

NO_LONGER_HERE = "no longer works here"


def trigger(
    session: Session, house: House, chain: AlertChain, ticket: Ticket, position: int, *, at: datetime
) -> AlertStep:
    """Tell the person of this position. A step that cannot even be queued has failed, with the reason."""
    planned = chain.steps[position]
    step = AlertStep(
        chain_id=chain.id,
        round=chain.round,
        position=position,
        person=planned["person"],
        channel=planned["channel"],
        triggered_at=at,
    )
    session.add(step)
    session.flush()
    person = named(session, step.person)
    if person is not None and not person.active:  # whoever has left is told nothing of customers
        made: OutboxMessage | str = NO_LONGER_HERE
    else:
        said = Said(chain.key, chain.audience, chain.wording, at, ticket)
        made = _made(session, house, chain, step, said, person, planned)
    if isinstance(made, str):
        step.failed_at, step.reason = at, made
    else:
        session.flush()
        step.outbox_id = made.id
    return step


def _made(
    session: Session,
    house: House,
    chain: AlertChain,
    step: AlertStep,
    said: Said,
    person: Staff | None,
    planned: dict[str, Any],
) -> OutboxMessage | str:
    """The outbox row, or why there is none."""
    text = words(house, said, person.language if person else "zh", **chain.facts)
    key = f"{chain.key}:{step.person}:{step.round}.{step.position}"
    if step.channel == "voice":
        return _call(session, house, step, said, person, planned["recipient"], text, key)
    way = Way(step.channel, planned["recipient"], planned["account"]) if step.channel != "console" else None
    made = queue(session, house, said, step.person, person, way, text, key=key, chain_step=step.id)
    return made or "it was said before"


def _call(
    session: Session,
    house: House,
    step: AlertStep,
    said: Said,
    person: Staff | None,
    phone: str,
    text: str,
    key: str,
) -> OutboxMessage | str:
    facts: dict[str, Any] = {
        "push": said.key,
        "audience": said.audience,
        "wording": said.wording,
        "text": text,
        "tried": [],
    }
    placed = place_call(
        session,
        house,
        purpose="staff_alert",
        phone=phone,
        at=said.at,
        key=key,
        ticket=said.ticket,
        staff=person,
        chain_step=step.id,
        **facts,
    )
    if isinstance(placed, NoCall):
        return placed.why
    # Seen among the pushes, and by whoever asks whether this person was told.
    placed.text = text
    placed.extra = {**placed.extra, "to": step.person, "chain_step": step.id, "wording": said.wording}
    return placed
