"""Tickets whose clocks are watched by hand, and the slow second way to count: minute by minute."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.house import House
from core.promise.clock import SlaClock
from core.promise.sweep import sweep
from core.promise.watch import clocks_of
from core.ticket.actions import Order, act
from core.ticket.filing import Filing, file_ticket
from core.ticket.model import Ticket, TimelineEntry
from scheduler.handlers import HANDLERS

MINUTE = timedelta(minutes=1)


class Clockwork:
    """One ticket in an open session; time moves only where a test moves it."""

    def __init__(self, house: House, at: datetime) -> None:
        self.house, self.at, self.number = house, at, ""

    def file(self, *, kind: str = "repair", severity: str = "normal", contract: str | None = None) -> None:
        with self.house.database.session() as session:
            person = Customer(created_at=self.at, contract=contract)
            session.add(person)
            session.flush()
            filing = Filing(person, kind, severity, "webchat", "王女士", self.at)
            facts = {"category": "tv", "description": "没有图像"}
            self.number = file_ticket(session, self.house, filing, facts).number
            session.commit()

    def later(self, **span: float) -> None:
        """Time passes, and the clock of the house keeps what has come due."""
        self.at += timedelta(**span)
        while sweep(self.house, HANDLERS, now=self.at):
            pass

    def does(self, verb: str, **order: Any) -> None:
        with self.house.database.session() as session:
            act(session, self.house, Order(self.number, verb, by="李工", at=self.at, **order))
            session.commit()

    def look(self, found: Callable[[Session, Ticket], Any]) -> Any:
        with self.house.database.session() as session:
            mine = select(Ticket).where(Ticket.number == self.number)
            return found(session, session.scalars(mine).one())

    def clocks(self) -> dict[str, SlaClock]:
        return self.look(lambda s, ticket: {c.clock: c for c in clocks_of(s, ticket)})

    def due(self) -> dict[str, datetime | None]:
        return {name: c.due_at for name, c in self.clocks().items() if c.outcome != "called_off"}

    def told(self, *verbs: str) -> list[tuple[str, str | None]]:
        """(verb, note) of the timeline, in order."""

        def entries(session: Session, ticket: Ticket) -> list[tuple[str, str | None]]:
            mine = select(TimelineEntry.verb, TimelineEntry.note).where(TimelineEntry.ticket_id == ticket.id)
            found = session.execute(mine.order_by(TimelineEntry.id)).all()
            return [(verb, note) for verb, note in found if verb in verbs]

        return self.look(entries)


def slow_due(
    start: datetime,
    minutes: float,
    counts: Callable[[datetime], bool],
    pauses: Sequence[tuple[datetime, datetime]],
) -> datetime:
    """The due time found by looking at every minute: it counts when it is the clock's and nobody waited."""
    at, used = start, 0
    while used < minutes:
        if counts(at) and not any(begins <= at < ends for begins, ends in pauses):
            used += 1
        at += MINUTE
    return at
