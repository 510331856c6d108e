"""A push that one way refuses goes the next way, and in the end to the console and to the next person.

Every step is on the ticket's timeline: push (triggered), push_sent, push_failed.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.call.model import Call
from core.escalation.came import step_failed, step_sent
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.staff.audience import AUDIENCES, active_staff, on_duty_for
from core.staff.model import Staff
from core.staff.people import EMAIL, named, way_to
from core.staff.ring import ring
from core.staff.said import Said
from core.staff.tell import queue, tell
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

ROBOT = "wecom_robot"
# A push there is no push on somebody's phone.
SEEN_LATER = ("console", ROBOT)
# Who is asked when everybody of an audience is told already.
BEYOND = {"assignee": "desk", "desk": "head", "on_duty": "head", "head": "general_manager"}


def hold(session: Session, message: OutboxMessage, *, alone: bool = False) -> None:
    """Ticket before outbox row, as who presses a button locks them, or the two block each other.

    ``alone``: one refusal after the other. Two at once would each take the other for somebody who was told.
    """
    if message.audience != "staff":
        return
    if "call" in message.extra and alone:  # the call before its ticket, as its webhooks lock them
        order = select(Call.id).where(Call.id == message.extra["call"]["order"])
        session.execute(order.with_for_update())
    if message.ticket_id:
        ticket = select(Ticket.id).where(Ticket.id == message.ticket_id)
        session.execute(ticket.with_for_update(read=not alone, key_share=not alone))
    elif alone and is_push(message):
        same = OutboxMessage.key.startswith(f"{message.extra['push']}:", autoescape=True)
        session.execute(select(OutboxMessage.id).where(same).order_by(OutboxMessage.id).with_for_update())


def sent(session: Session, house: House, message: OutboxMessage) -> None:
    """A chat has taken a push: written down. (The console has no news of its own: it is where all are seen.)"""
    if "chain_step" in message.extra:
        step_sent(session, message.extra["chain_step"], at=house.clock.now())
    if is_push(message) and message.channel != "console":
        _written(session, house, message, "push_sent", message.extra["to"])


def is_push(message: OutboxMessage) -> bool:
    """A message to staff that may go another way; the change of a card is none."""
    return message.audience == "staff" and "push" in message.extra and "edit" not in message.extra


def hop_staff(session: Session, house: House, message: OutboxMessage, reason: str) -> None:
    """Queue a refused push on the person's next chat; without one on the console, and for the next person."""
    if not is_push(message):
        return
    name, tried = message.extra["to"], (*message.extra.get("tried", ()), message.channel)
    if "chain_step" in message.extra:
        to = step_failed(session, house, message.extra["chain_step"], reason, at=house.clock.now())
        _written(session, house, message, "push_failed", f"{name}: {message.channel} → {to}: {reason}")
        return
    if message.channel in SEEN_LATER:  # the robot only repeats what persons were told
        _written(session, house, message, "push_failed", f"{name}: {reason}")
        return
    said, person = _said(session, message), named(session, name)
    to = _further(session, house, said, name, person, message.text, f"hop:{message.id}", tried)
    _written(session, house, message, "push_failed", f"{name}: {message.channel} → {to}: {reason}")


def _further(
    session: Session,
    house: House,
    said: Said,
    name: str,
    person: Staff | None,
    text: str,
    key: str,
    tried: tuple[str, ...],
) -> str:
    """The person's next chat, else their telephone, else the console and the next person; returns which."""
    way = way_to(session, house, person, but=tried)
    if (way is None or way.channel == EMAIL) and ring(session, house, said, person, text, tried):
        return "voice"
    queue(session, house, said, name, person, way, text, key=key, tried=tried)
    return way.channel if way else f"console{_next_person(session, house, said, name, text)}"


def pass_on(
    session: Session,
    house: House,
    facts: dict[str, Any],
    person: Staff | None,
    name: str,
    ticket: Ticket | None,
    reason: str,
    *,
    at: datetime,
) -> None:
    """An alert that nobody took on the telephone goes on as if a chat had refused it. ``facts``: see ring()."""
    if "chain_step" in facts:
        if ticket is not None:  # before its chain
            session.execute(select(Ticket.id).where(Ticket.id == ticket.id).with_for_update(key_share=True))
        to = step_failed(session, house, facts["chain_step"], reason, at=at)
        _passed_on(session, ticket, f"{name}: {to}: {reason}", at=at)
        return
    said = Said(facts["push"], facts["audience"], facts["wording"], at, ticket)
    tried = (*facts["tried"], "voice")
    key = f"hop:{facts['push']}:{name}:voice"
    to = _further(session, house, said, name, person, facts["text"], key, tried)
    _passed_on(session, ticket, f"{name}: {to}: {reason}", at=at)


def _passed_on(session: Session, ticket: Ticket | None, text: str, *, at: datetime) -> None:
    if ticket is not None:
        note(session, ticket, verb="push_failed", at=at, actor="frontdoor", channel="voice", text=text[:500],
             audience="staff")  # fmt: skip


def _said(session: Session, message: OutboxMessage) -> Said:
    extra = message.extra
    ticket = session.get(Ticket, message.ticket_id) if message.ticket_id else None
    return Said(
        extra["push"], extra.get("audience", "desk"), extra.get("wording", ""), message.said_at, ticket
    )


def _next_person(session: Session, house: House, said: Said, name: str, text: str) -> str:
    """Tell the first of the audience who was not told yet, unless somebody else has it on their phone already."""
    rows = _told(session, said)
    on_phones = {
        row.extra.get("to") for row in rows if row.status != "dead" and row.channel not in SEEN_LATER
    }
    if on_phones - {name}:
        return ""
    known = {row.extra.get("to") for row in rows}
    person = next((one for one in _queue_of(session, house, said.audience) if one.name not in known), None)
    if person is None or tell(session, house, said, person.name, person, text) is None:
        return ""
    return f", {person.name}"


def _told(session: Session, said: Said) -> list[OutboxMessage]:
    """Everybody's rows of the same push."""
    same = OutboxMessage.key.startswith(f"{said.key}:", autoescape=True)
    if said.ticket is None:
        return list(session.scalars(select(OutboxMessage).where(same)))
    mine = select(OutboxMessage).where(
        OutboxMessage.ticket_id == said.ticket.id, OutboxMessage.audience == "staff"
    )
    return [row for row in session.scalars(mine) if row.extra.get("push") == said.key]


def _queue_of(session: Session, house: House, audience: str) -> list[Staff]:
    """Who comes next, in order; people whom a chat reaches before those who would only see it on the console."""
    people, ordered, audiences = active_staff(session), list[Staff](), [audience]
    while audiences[-1] in BEYOND:
        audiences.append(BEYOND[audiences[-1]])
    on_duty = on_duty_for(session, people, (audience,), house.clock.now())
    ordered += [person for person in people if person.name in on_duty]
    for each in audiences:
        for role in AUDIENCES.get(each, ()):
            ordered += [person for person in people if person.role == role and person not in ordered]
    return sorted(ordered, key=lambda person: way_to(session, house, person) is None)


def _written(session: Session, house: House, message: OutboxMessage, verb: str, text: str) -> None:
    if message.ticket_id:
        ticket = session.get_one(Ticket, message.ticket_id)
        note(session, ticket, verb=verb, at=house.clock.now(), actor="frontdoor", channel=message.channel,
             text=text[:500], audience="staff")  # fmt: skip
