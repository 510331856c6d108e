"""The whole app on both engines, called in this process."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.call.dialling import FALLBACK, INCOMING, STATUS
from app.export import ticket_record
from app.settings import Settings
from app.telephone import account_sid, signing_token
from app.web import create_app
from app.wiring import Frontdoor
from core.house import House
from core.messaging.audit import audit
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.ticket.model import Ticket
from ivr.softphone import Caller as Phone
from tests.conftest import MONDAY_MORNING
from tests.ivr.incoming.line import Caller
from tests.play import FrozenClock
from tests.waiting import PATIENCE


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a step takes longer than a provider waits; what is tested is what is said."""
    monkeypatch.setattr("ivr.webhooks._Door.patience", PATIENCE)
    monkeypatch.setattr("ivr.turn_awaited.MOST_WAIT", PATIENCE / 2)


@pytest.fixture
def app(database_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    monkeypatch.setattr("app.wiring.Clock", lambda *_args, **_more: FrozenClock(MONDAY_MORNING))
    app = create_app(Settings(database_url=database_url, demo=True, home=tmp_path / "home"))
    yield app
    app.state.front.house.database.close()


@pytest.fixture
def front(app: FastAPI) -> Frontdoor:
    return app.state.front


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """Without its workers: what is not said on the phone stays where it is."""
    return TestClient(app)


@pytest.fixture
def house(front: Frontdoor) -> House:
    return front.house


@pytest.fixture
def call(client: TestClient, front: Frontdoor) -> Callable[..., Caller]:
    """``call("+86138…")`` dials and returns the caller."""

    def begin(number: str = "+8613800138000", **more: str) -> Caller:
        caller = Caller(client, front, number, **more)
        caller.dial()
        return caller

    return begin


@pytest.fixture
def phone(client: TestClient, front: Frontdoor) -> Callable[..., Phone]:
    """``phone("+86138…")``: a telephone that obeys TwiML as Twilio does, on our webhooks."""

    def on_the_line(number: str = "+8613800138000", **more: Any) -> Phone:
        settings, server = front.settings, "http://testserver"
        return Phone(
            server + INCOMING,
            token=signing_token(settings),
            account=account_sid(settings),
            http=client,
            caller=number,
            fallback=server + FALLBACK,
            status=server + STATUS,
            **more,
        )

    return on_the_line


@pytest.fixture
def staff(house: House) -> Callable[..., None]:
    """``staff(("周客服", "+86139…"))`` puts people on duty, in that order."""

    def on_duty(*people: tuple[str, str]) -> None:
        with house.database.session() as session:
            for name, number in people:
                row = Staff(name=name, role="agent", on_duty=True, phone=number, created_at=house.clock.now())
                session.add(row)
            session.commit()

    return on_duty


@pytest.fixture
def tickets(house: House) -> Callable[[], list[dict[str, Any]]]:
    def look() -> list[dict[str, Any]]:
        with house.database.reading() as session:
            rows = session.scalars(select(Ticket).order_by(Ticket.id.desc()))
            return [ticket_record(session, house, row) for row in rows]

    return look


@pytest.fixture
def pushes(house: House) -> Callable[[], list[str]]:
    def look() -> list[str]:
        with house.database.reading() as session:
            rows = session.scalars(select(OutboxMessage).where(OutboxMessage.audience == "staff"))
            return [f"{row.recipient} {row.text}" for row in rows]

    return look


@pytest.fixture(autouse=True)
def conserved(app: FastAPI) -> Iterator[None]:
    """However a call went, everything that came in is accounted for."""
    yield
    house = app.state.front.house
    with house.database.reading() as session:
        report = audit(session, now=house.clock.now())
    assert report["ok"], report["violations"]
