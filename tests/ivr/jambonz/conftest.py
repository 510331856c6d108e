"""The whole app with a jambonz set up, on both engines; the rest is as for the other provider."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from app.settings import Settings
from app.web import create_app
from tests.conftest import MONDAY_MORNING
from tests.ivr.incoming.conftest import client, conserved, front, house, pushes, staff, tickets
from tests.ivr.jambonz.caller import NUMBER, SECRET, JambonzCaller
from tests.play import FrozenClock
from tests.waiting import PATIENCE

__all__ = ["client", "conserved", "front", "house", "pushes", "staff", "tickets"]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for the other provider: what is tested is what is said."""
    monkeypatch.setattr("ivr.jambonz.webhooks._Door.patience", PATIENCE)
    monkeypatch.setattr("ivr.turn_awaited.MOST_WAIT", PATIENCE / 2)


@pytest.fixture
def app(database_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    monkeypatch.setattr("app.wiring.Clock", lambda *_args, **_more: FrozenClock(MONDAY_MORNING))
    settings = Settings(
        database_url=database_url,
        home=tmp_path / "home",
        public_url="https://phone.example",
        jambonz_api_url="https://jambonz.example/api",
        jambonz_account_sid="bed525b4-af09-40d2-9fe7-cdf6ae577c69",
        jambonz_api_key="key",
        jambonz_webhook_secret=SECRET,
        jambonz_number=NUMBER,
    )
    app = create_app(settings)
    yield app
    app.state.front.house.database.close()


@pytest.fixture
def call(client: Any) -> Callable[..., JambonzCaller]:
    """``call("+86138…")`` dials and returns the caller."""

    def begin(number: str = "+8613800138000") -> JambonzCaller:
        caller = JambonzCaller(client, number)
        caller.call()
        return caller

    return begin
