"""The whole app on both engines, called in this process."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.settings import Settings
from app.web import create_app
from app.wiring import Frontdoor
from core.house import House
from tests.conftest import MONDAY_MORNING
from tests.ivr.line import Caller
from tests.play import FrozenClock


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
