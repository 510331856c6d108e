"""Telling one member of staff: the outbox row of a push, on their best chat, with what they may answer."""

from typing import Any

from sqlalchemy.orm import Session

from core.house import House
from core.messaging.outbox import OutboxMessage, say
from core.staff.card import choices_for
from core.staff.model import Staff
from core.staff.people import Way, way_to
from core.staff.ring import ring
from core.staff.said import Said
from core.ticket.model import Ticket


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
    **more: Any,
) -> OutboxMessage | None:
    """The row itself; None when ``key`` was said before. ``more`` is kept with it."""
    answers = choices_for(house, person, said.ticket, said.wording) if way and person else []
    extra = {"to": name, "push": said.key, "audience": said.audience, "wording": said.wording, **more}
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


def words(house: House, said: Said, language: str, **values: Any) -> str:
    """What a push says to who reads ``language``."""
    return house.book.text(said.wording, language, **{**facts(house, said.ticket, language), **values})


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
