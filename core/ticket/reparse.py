"""Tickets that were filed while the model was away are understood again once it is back."""

from collections.abc import Callable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.dialogue.meaning import Meaning
from core.house import House
from core.ticket.lifecycle import ENDED, note
from core.ticket.model import Ticket

Understand = Callable[[str], Meaning]


def pending(session: Session, *, limit: int = 20) -> list[tuple[int, str]]:
    """(id, description) of tickets whose fault only keywords understood, oldest first."""
    query = (
        select(Ticket.id, Ticket.description).where(Ticket.nlu == "pending").order_by(Ticket.id).limit(limit)
    )
    return [(row, description or "") for row, description in session.execute(query)]


def reparse_pending(house: House, understand: Understand, *, limit: int = 20) -> int:
    """Understand again what keywords understood; how many are settled. Stops where the model is away again.

    The model is asked with no transaction open. What a person or the customer has said since is not overruled:
    only an empty or vague symptom is filled.
    """
    with house.database.reading() as session:
        waiting = pending(session, limit=limit)
    settled = 0
    for row, description in waiting:
        meaning = understand(description) if description else None
        if meaning is not None and meaning.source == "keywords":
            break
        with house.database.session() as session:
            settled += _settle(session, house, row, description, meaning)
            session.commit()
    return settled


def _settle(session: Session, house: House, row: int, description: str, meaning: Meaning | None) -> bool:
    ticket = session.scalars(select(Ticket).where(Ticket.id == row).with_for_update()).first()
    if ticket is None or ticket.nlu != "pending" or (ticket.description or "") != description:
        return False  # settled or retold meanwhile; the next round sees what there is then
    session.execute(update(Ticket).where(Ticket.id == row).values(nlu=None))
    open_and_vague = ticket.state not in ENDED and ticket.symptom in (None, "other")
    if meaning is None or meaning.symptom in (None, "other") or not open_and_vague:
        return True
    ticket.symptom, ticket.non_quality = meaning.symptom, meaning.non_quality
    said = house.book.label("symptom", meaning.symptom or "")
    note(
        session,
        ticket,
        verb="reparsed",
        at=house.clock.now(),
        actor="system",
        channel="staff",
        text=said,
        audience="staff",
    )
    return True
