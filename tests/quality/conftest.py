"""A house with weeks of quiet behind it, where many customers suddenly report one fault."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.customer.model import Conversation, Customer, Identity
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.quality.history import hour_of
from core.quality.model import FaultHour, FaultWatch, Incident
from core.staff.model import Staff
from core.ticket.filing import Filing, file_ticket
from core.ticket.model import Ticket

WUHOU = "成都市武侯区天府大道{n}号"


class Town:
    """Customers who report, and what staff and customers were told."""

    def __init__(self, house: House) -> None:
        self.house, self._people = house, 0
        now = house.clock.now()
        with house.database.session() as session:
            session.add(Staff(name="赵经理", role="manager", created_at=now))
            start = hour_of(now) - timedelta(weeks=9)
            session.add(FaultWatch(id=1, first_at=start, counted_to=hour_of(now) - timedelta(hours=1)))
            # Five tickets of the house each day at noon, none of the faults to come.
            session.add_all(FaultHour(key="*", hour=start + timedelta(days=n), count=5) for n in range(62))
            session.commit()

    def customer(self, *, chat: bool = True, opted_out: bool = False) -> int:
        self._people += 1
        at, who = self.house.clock.now(), f"客户{self._people}"
        with self.house.database.session() as session:
            customer = Customer(name=who, phone=f"+86139{self._people:08}", created_at=at, language="zh")
            customer.opted_out_at = at if opted_out else None
            session.add(customer)
            if chat:
                identity = Identity(channel="webchat", external_id=who, created_at=at, customer=customer)
                session.add(Conversation(lane=f"webchat::{who}", identity=identity, created_at=at, state={}))
            session.commit()
            return customer.id

    def reports(self, customer: int | None = None, **facts: str) -> str:
        """One ticket; its number."""
        customer = customer or self.customer()
        known = {"category": "air_conditioner", "brand": "美的", "model": "KFR-35GW", "symptom": "no_cooling",
                 "address": WUHOU.format(n=customer)} | facts  # fmt: skip
        with self.house.database.session() as session:
            person = session.get_one(Customer, customer)
            filing = Filing(person, "repair", "normal", "webchat", person.name or "", self.house.clock.now())
            ticket = file_ticket(session, self.house, filing, known)
            session.commit()
            return ticket.number

    def incidents(self) -> list[Incident]:
        with self.house.database.reading() as session:
            return session.query(Incident).order_by(Incident.id).all()

    def told(self, wording: str = "同样遇到") -> list[str]:
        """Who was told, once for each message."""
        return [row.recipient for row in self._said("customer") if wording in row.text]

    def alerts(self) -> list[str]:
        return [row.text for row in self._said("staff") if "群发故障" in row.text]

    def _said(self, audience: str) -> list[OutboxMessage]:
        with self.house.database.reading() as session:
            rows = session.query(OutboxMessage).filter(OutboxMessage.audience == audience)
            return rows.order_by(OutboxMessage.id).all()

    def ticket(self, number: str) -> Ticket:
        with self.house.database.reading() as session:
            ticket = session.query(Ticket).filter(Ticket.number == number).one()
            assert ticket.timeline is not None
            return ticket


@pytest.fixture
def town(house: House) -> Town:
    return Town(house)


Reports = Callable[..., str]
