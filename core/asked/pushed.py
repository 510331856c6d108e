"""A question as the one who is to answer it is pushed with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.asked.model import AskedQuestion
from core.house import House
from core.staff.push import push
from core.ticket.model import Ticket


def push_question(
    session: Session,
    house: House,
    row: AskedQuestion,
    ticket: Ticket,
    wording: str,
    *,
    key: str,
    at: datetime,
    names: Sequence[str] | None,
    **values: Any,
) -> list[str]:
    """``names`` are told, else the desk: who asks what, where, and until when they were promised an answer."""
    return push(
        session,
        house,
        key=key,
        audience="desk",
        wording=wording,
        at=at,
        ticket=ticket,
        names=names,
        asker=row.customer.name or house.book.text("word.asker"),
        where=house.book.label("asked_where", "group" if row.group_id else "private"),
        due=f"{house.local(ticket.due_at):%m-%d %H:%M}" if ticket.due_at else "—",
        **values,
    )
