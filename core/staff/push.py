"""Pushes to staff: who is told, each on their best chat, and one outbox row for each of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.messaging.outbox import OutboxMessage, say
from core.staff.card import choices_for
from core.staff.model import Staff
from core.staff.people import Way, way_to
from core.staff.ring import ring
from core.staff.said import Said
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

# Who answers for what, most fitting role first; an empty house still gets its push, addressed to the role.
AUDIENCES = {
    "on_duty": ("agent", "dispatcher", "technician", "manager", "admin"),
    "desk": ("dispatcher", "agent", "admin"),
    "head": ("manager",),
    "general_manager": ("admin",),
}
ROBOT = "wecom_robot"


def active_staff(session: Session) -> list[Staff]:
    return list(session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)))


def _called(session: Session, names: Sequence[str]) -> list[Staff]:
    """Those of ``names`` who are there: who means one person need not read the whole staff."""
    found = select(Staff).where(Staff.name.in_(names), Staff.active).order_by(Staff.id)
    return list(session.scalars(found)) if names else []


def recipients(people: Sequence[Staff], audience: str, assignee: str | None = None) -> list[str]:
    """Names to push to: for ``on_duty`` everybody on duty, else the active staff of the first role that has any."""
    if audience == "assignee":
        here = any(person.name == assignee for person in people)
        # Whoever has left is not told alone.
        return ([assignee] if assignee else []) + ([] if here else recipients(people, "desk"))
    on_duty = [p.name for p in people if p.on_duty]
    if audience == "on_duty" and on_duty:
        return on_duty
    for role in AUDIENCES[audience]:
        names = [p.name for p in people if p.role == role]
        if names:
            return names
    return [f"role:{AUDIENCES[audience][0]}"]


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
    people = _called(session, names or ()) or active_staff(session)
    by_name = {person.name: person for person in people}
    names = [name for name in names or () if name in by_name]
    names = names or recipients(people, audience, ticket.assignee if ticket else None)
    said, rows = Said(key, audience, wording, at, ticket), []
    for name in names:
        person = by_name.get(name)
        language = person.language if person else "zh"
        text = house.book.text(wording, language, **{**facts(house, ticket, language), **values})
        rows += [row] if (row := tell(session, house, said, name, person, text)) else []
    told = [row.extra["to"] for row in rows]
    if ticket and told:
        _written(session, said, ticket, rows)
        _robot(session, house, said, ticket, told)
    return told


def tell(
    session: Session, house: House, said: Said, name: str, person: Staff | None, text: str
) -> OutboxMessage | None:
    """One person's row of a push: on their best chat with what they may answer, else a call and the console."""
    way = way_to(session, house, person)
    if way is None:
        ring(session, house, said, person, text, ())
    return queue(session, house, said, name, person, way, text, key=f"{said.key}:{name}")


def queue(
    session: Session,
    house: House,
    said: Said,
    name: str,
    person: Staff | None,
    way: Way | None,
    text: str,
    *,
    key: str,
    tried: tuple[str, ...] = (),
) -> OutboxMessage | None:
    """The row itself; None when ``key`` was said before."""
    answers = choices_for(house, person, said.ticket, said.wording) if way and person else []
    extra = {"to": name, "push": said.key, "audience": said.audience, "wording": said.wording}
    extra["language"] = person.language if person else "zh"
    return say(
        session,
        at=said.at,
        channel=way.channel if way else "console",
        account=way.account if way else "",
        recipient=way.recipient if way else name,
        text=text,
        choices=answers,
        audience="staff",
        key=key,
        ticket_id=said.ticket.id if said.ticket else None,
        weight="notice",
        extra={**extra, "clock": f"{house.local(said.at):%m-%d %H:%M}", "tried": list(tried)},
    )


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
    words = {**facts(house, ticket), "names": "、".join(told)}
    say(
        session,
        at=said.at,
        channel=ROBOT,
        recipient="group",
        text=house.book.text("push.robot", **words),
        audience="staff",
        key=f"{said.key}:robot",
        ticket_id=ticket.id,
        weight="notice",
        extra={"to": "robot", "push": said.key},
    )


def facts(house: House, ticket: Ticket | None, language: str = "zh") -> dict[str, Any]:
    """What a staff message may say of a ticket."""
    if ticket is None:
        return {}
    label = house.book.label
    return {
        "number": ticket.number,
        "kind": label("kind", ticket.kind, language),
        "severity": label("severity", ticket.severity, language),
        "category": label("category", ticket.category, language),
        "symptom": label("symptom", ticket.symptom, language),
        "description": (ticket.description or "—")[:120],
        "name": ticket.name or "—",
        "phone": ticket.phone or "—",
        "address": ticket.address or "—",
        "state": label("state", ticket.state, language),
    }
