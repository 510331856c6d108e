"""A console on an empty house, the people who work there, and one ticket of 王女士."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from console import Outside, mount
from core.customer.model import Conversation, Customer, Identity
from core.house import House
from core.staff import accounts
from core.staff.accounts import add_staff
from core.staff.model import ROLES
from core.ticket.filing import Filing, file_ticket
from core.ticket.model import Ticket
from tests.conftest import house_on

PASSWORD = "stand-by-me-7"
PHONE, ADDRESS = "+8613812348000", "成都市武侯区普吉东二街88号"
CSRF = "starlette_admin_csrftoken"


class Desk:
    """A browser at the console."""

    def __init__(self, house: House, outside: Outside | None = None) -> None:
        app = FastAPI()
        mount(app, house, "a-secret-for-tests", outside)
        self.house, self.client = house, TestClient(app)

    def get(self, path: str = "/") -> Response:
        return self.client.get("/console" + path)

    def post(self, path: str, **form: Any) -> Response:
        return self.client.post(
            "/console" + path, data={**form, "csrftoken": self.client.cookies.get(CSRF, "")}
        )

    def enter(self, name: str, password: str = PASSWORD) -> Response:
        self.client.cookies.clear()
        self.get("/login")
        return self.post("/login", username=name, password=password)

    def do(self, number: str, verb: str, **form: Any) -> Response:
        return self.post(f"/tickets/{number}/do", verb=verb, **form)

    def row(self, model: Any, *conditions: Any) -> Any:
        """The newest row of a table."""
        with self.house.database.reading() as session:
            return session.query(model).filter(*conditions).order_by(model.id.desc()).first()


@pytest.fixture(autouse=True)
def light_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2, but not at the price that guessers pay: every test opens eight accounts."""
    light = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", light)
    monkeypatch.setattr(accounts, "_NOBODY", light.hash("nobody"))


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    opened = house_on(sqlite_url)
    with opened.database.session() as session:
        for role in ROLES:
            add_staff(session, name=role, role=role, password=PASSWORD, at=datetime.now(UTC))
        session.commit()
    yield opened
    opened.database.close()


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


@pytest.fixture
def file(house: House) -> Callable[..., Ticket]:
    """Files a ticket for 王女士, who wrote by web chat."""

    def filed(**facts: Any) -> Ticket:
        at = house.clock.now()
        with house.database.session() as session:
            customer = Customer(name="王女士", phone=PHONE, address=ADDRESS, created_at=at)
            visitor = f"visitor-{at.timestamp()}"
            identity = Identity(channel="webchat", external_id=visitor, created_at=at, customer=customer)
            lane = f"webchat::{visitor}"
            session.add(Conversation(lane=lane, identity=identity, created_at=at, state={}, last_heard_at=at))
            session.flush()
            filing = Filing(customer, "repair", facts.pop("severity", "normal"), "webchat", "王女士", at)
            known = {"name": "王女士", "phone": PHONE, "address": ADDRESS, "category": "air_conditioner"}
            known |= {"brand": "美的", "symptom": "no_cooling", "purchase_date": "2025-05-01"}
            known |= {"description": f"不制冷，电话13812348000，在{ADDRESS}"}
            ticket = file_ticket(session, house, filing, known | facts)
            session.commit()
            return ticket

    return filed
