"""A house that may call out: its provider is a local server, its workers are turned by hand."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.export import ticket_record
from app.settings import Settings
from app.web import create_app
from core.call.model import Call
from core.customer.model import Customer
from core.knowledge.book import Book
from core.messaging.audit import audit
from core.messaging.delivery import send_one
from core.messaging.lease import claim
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.ticket.actions import Order, act
from core.ticket.filing import Filing, file_ticket
from core.ticket.model import Ticket
from scheduler.clock import sweep_due
from tests.conftest import MONDAY_MORNING
from tests.edited import edit_policy
from tests.ivr.incoming.line import Caller
from tests.ivr.outgoing.provider import NUMBER, TwilioServer
from tests.play import FrozenClock

WANG = "+8613800138000"


class Desk:
    """The house, its provider, and what time and workers do."""

    def __init__(self, app: Any, provider: TwilioServer) -> None:
        self.front, self.provider = app.state.front, provider
        self.house = self.front.house
        self.client = TestClient(app)

    def hire(self) -> None:
        with self.house.database.session() as session:
            for name, role, phone in (
                ("周客服", "agent", "+8613911112222"),
                ("赵经理", "manager", "+8613933334444"),
            ):
                duty = role == "agent"
                session.add(Staff(name=name, role=role, on_duty=duty, phone=phone, created_at=MONDAY_MORNING))
            session.commit()

    def settled(self) -> None:
        """Nothing was lost or doubled."""
        with self.house.database.reading() as session:
            report = audit(session, now=self.house.clock.now())
        assert report["ok"], report["violations"]
        self.house.database.close()

    def policy(self, **changes: Any) -> None:
        """Change ``voice_out`` as the console does."""
        edit_policy(self.house, "voice_out", **changes)

    def ticket(self, *verbs: str) -> str:
        """王女士 reported by telephone, so no chat reaches her; then what staff did."""
        at = self.house.clock.now()
        with self.house.database.session() as session:
            customer = Customer(name="王女士", phone=WANG, phone_verified_at=at, created_at=at, language="zh")
            session.add(customer)
            session.flush()
            filing = Filing(customer, "repair", "normal", "staff", "王女士", at)
            facts = {"name": "王女士", "phone": WANG, "category": "air_conditioner", "symptom": "no_cooling"}
            number = file_ticket(
                session, self.house, filing, {**facts, "address": "成都市武侯区人民南路1号"}
            ).number
            session.commit()
        for verb in verbs:
            self.staff(verb, number)
        return number

    def staff(self, verb: str, number: str, **more: Any) -> None:
        with self.house.database.session() as session:
            act(
                session,
                self.house,
                Order(number, verb, by="赵经理", at=self.house.clock.now(), channel="staff", **more),
            )
            session.commit()

    def passes(self, hours: float) -> None:
        """Time, hour by hour, with the clock and the workers at work."""
        end = self.house.clock.now() + timedelta(hours=hours)
        while self.house.clock.now() < end:
            self.house.clock.move_to(min(end, self.house.clock.now() + timedelta(minutes=15)))
            self.works()

    def until(self, placed: int, hours: float = 200) -> None:
        """Time, until so many calls have been asked for."""
        end = self.house.clock.now() + timedelta(hours=hours)
        while len(self.orders()) < placed and self.house.clock.now() < end:
            self.passes(0.25)
        assert len(self.orders()) == placed

    def works(self) -> None:
        sweep_due(self.house)
        self.sends()

    def sends(self) -> None:
        """Everything that waits in the outbox, until nothing is due at once."""
        while rows := self._claimed():
            for row in rows:
                send_one(self.house, self.front.channels, row)

    def _claimed(self) -> list[OutboxMessage]:
        with self.house.database.session() as session:
            rows = claim(session, OutboxMessage, owner="test", limit=20, seconds=60)
            session.commit()
            return rows

    def due_now(self) -> None:
        """What waits for another try need not wait in a test."""
        with self.house.database.session() as session:
            for row in session.scalars(select(OutboxMessage).where(OutboxMessage.status == "pending")):
                row.due_at = self.house.clock.now() - timedelta(days=365)
            session.commit()

    def rows(self, model: Any, *conditions: Any) -> list[Any]:
        with self.house.database.reading() as session:
            return list(session.scalars(select(model).where(*conditions).order_by(model.id)))

    def orders(self) -> list[Call]:
        return self.rows(Call, Call.direction == "outbound")

    def timeline(self, number: str) -> list[tuple[str, str | None]]:
        with self.house.database.reading() as session:
            ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
            return [(e["verb"], e["note"]) for e in ticket_record(session, self.house, ticket)["timeline"]]

    def tasks(self) -> list[str]:
        """What persons were asked to do by telephone."""
        rows = self.rows(OutboxMessage, OutboxMessage.audience == "staff")
        return [row.text for row in rows if "请打电话" in row.text]


class Rung(Caller):
    """Somebody whose telephone rings: the provider's webhooks of one call that the house has placed."""

    def __init__(self, desk: Desk, place: int = -1) -> None:
        made = desk.provider.calls[place]
        super().__init__(desk.client, desk.front, made["to"], sid=made["sid"])
        self.made = made

    def raw(self, path: str, **values: str) -> Any:
        ends = {"From": NUMBER, "To": self.number, "Direction": "outbound-api"}
        return super().raw(path.removeprefix("https://house.example"), **{**ends, **values})

    def picks_up(self, by: str = "human") -> str:
        return self.post(self.made["asked_Url"].removeprefix("https://house.example"), AnsweredBy=by)

    def tells(self, status: str, **more: str) -> None:
        path = self.made["asked_StatusCallback"].removeprefix("https://house.example")
        assert self.raw(path, CallStatus=status, **more).status_code == 204

    def hangs_up(self, **more: str) -> None:
        self.tells("completed", CallDuration="20", **more)


@pytest.fixture
def provider() -> Iterator[TwilioServer]:
    with TwilioServer() as server:
        yield server


@pytest.fixture
def desk(
    database_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, provider: TwilioServer
) -> Iterator[Desk]:
    monkeypatch.setattr("app.wiring.Clock", lambda *_args, **_more: FrozenClock(MONDAY_MORNING))
    settings = {"database_url": database_url, "demo": True, "home": tmp_path / "home", **provider.settings}
    app = create_app(Settings(**settings))
    desk = Desk(app, provider)
    desk.hire()
    assert isinstance(desk.house.book, Book)
    desk.policy(unreachable={})  # a provider that reaches +86, for most of these tests
    yield desk
    desk.settled()
