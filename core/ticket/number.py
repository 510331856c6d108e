"""Ticket numbers: yymmdd and a 4-digit sequence of that day, so that they can be keyed on a phone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from core.ticket.model import TicketCounter


def next_number(session: Session, *, at: datetime, zone: ZoneInfo) -> str:
    """The next number of the day; longer than ten digits only past 9,999 a day."""
    day = at.astimezone(zone).strftime("%y%m%d")
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    statement = insert(TicketCounter).values(day=day, last=1)
    statement = statement.on_conflict_do_update(index_elements=["day"], set_={"last": TicketCounter.last + 1})
    sequence = session.scalar(statement.returning(TicketCounter.last))
    return f"{day}{sequence:04d}"
