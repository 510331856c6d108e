"""Pushes to staff: who is told, each on their best chat, and one outbox row for each of them.

An alert (policy ``escalation``) does not stop there: it goes on until somebody takes it (core/escalation/).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.escalation.alert import raise_alert
from core.house import House
from core.messaging.outbox import OutboxMessage, say
from core.staff.audience import active_staff, called, on_duty_for, recipients
from core.staff.hop import ROBOT
from core.staff.model import Staff
from core.staff.said import Said
from core.staff.tell import facts as facts
from core.staff.tell import tell, words
from core.ticket.lifecycle import note
from core.ticket.model import Ticket


def push(
    session: Session,
    house: House,
    *,
    key: str,
    audience: str,
    wording: str,
    at: datetime,
    ticket: Ticket | None = None,
    names: Sequence[str] | None = None,
    **values: Any,
) -> list[str]:
    """Tell staff once per ``key``; returns the names told. It is written on the ticket's timeline for staff.

    ``names`` are told instead of the audience; the audience is then who is asked when they cannot be reached.
    """
    said = Said(key, audience, wording, at, ticket)
    if ticket is not None and wording in house.book.policy("escalation")["alerts"]:
        told = raise_alert(session, house, said, ticket, names=names, **values)
    else:
        told = _once(session, house, said, names, values)
    if ticket and told:
        _robot(session, house, said, ticket, told)
    return told


def _once(
    session: Session, house: House, said: Said, names: Sequence[str] | None, values: dict[str, Any]
) -> list[str]:
    """Everybody of the audience is told, and that is all."""
    people, rows = called(session, names or ()) or active_staff(session), []
    by_name = {person.name: person for person in people}
    names = [name for name in names or () if name in by_name]
    for name in names or _recipients(session, said, people):
        person = by_name.get(name)
        text = words(house, said, person.language if person else "zh", **values)
        rows += [row] if (row := tell(session, house, said, name, person, text)) else []
    if said.ticket and rows:
        _written(session, said, said.ticket, rows)
    return [row.extra["to"] for row in rows]


def _recipients(session: Session, said: Said, people: Sequence[Staff]) -> list[str]:
    on_duty = on_duty_for(session, people, (said.audience,), said.at)
    assignee = said.ticket.assignee if said.ticket else None
    return recipients(people, said.audience, assignee, on_duty=on_duty)


def _written(session: Session, said: Said, ticket: Ticket, rows: list[OutboxMessage]) -> None:
    channels = {row.channel for row in rows}
    note(
        session,
        ticket,
        verb="push",
        at=said.at,
        actor="frontdoor",
        channel=channels.pop() if len(channels) == 1 else "staff",
        text=f"{said.wording}: {', '.join(row.extra['to'] for row in rows)}",
        audience="staff",
    )


def _robot(session: Session, house: House, said: Said, ticket: Ticket, told: list[str]) -> None:
    """The staff's group hears of urgent matters too: one-way, so never instead of a person, and no personal data."""
    if ROBOT not in house.ways or ticket.severity != "urgent":
        return
    told_words = {**facts(house, ticket), "names": "、".join(told)}
    say(
        session,
        at=said.at,
        channel=ROBOT,
        recipient="group",
        text=house.book.text("push.robot", **told_words),
        audience="staff",
        key=f"{said.key}:robot",
        ticket_id=ticket.id,
        weight="notice",
        extra={"to": "robot", "push": said.key},
    )
