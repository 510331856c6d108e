"""Calls that jambonz places for us: asked for in its schema, told of by its webhooks, looked up when nobody knows."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from app.settings import Settings
from app.web import create_app
from core.call.model import Call
from core.messaging.outbox import OutboxMessage
from core.ticket.model import Ticket
from tests.conftest import MONDAY_MORNING
from tests.ivr.jambonz.caller import NUMBER, SECRET, JambonzCaller
from tests.ivr.jambonz.schema import one as validate_one
from tests.ivr.outgoing.conftest import WANG, Desk
from tests.play import FrozenClock
from tests.providers.http import Answer, HttpServer, Request

DONE = ("accept", "dispatch", "done")


class JambonzApi(HttpServer):
    """jambonz's REST interface, as far as placing calls goes; ``fails`` decides over each creation."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.listed = 0
        self.fails: list[Answer] = []
        super().__init__()

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != "Bearer key":
            return Answer({"msg": "unauthorized"}, 401)
        path = request.path.removeprefix("/api/v1/Accounts/acc")
        if request.verb == "GET":
            self.listed += 1
            return Answer(self.calls if path == "/Calls" else {"data": [], "total": 0})
        assert path == "/Calls"
        data = json.loads(request.body)
        validate_one("rest:dial", data, "rest:dial")
        failed = self.fails.pop(0) if self.fails else None
        if failed is not None and not failed.dropped:
            return failed
        sid = f"5e1d0000-0000-4000-8000-{len(self.calls):012d}"
        row = {"call_sid": sid, "from": data["from"], "to": data["to"]["number"], "direction": "outbound"}
        self.calls.append({**row, "asked": data})
        return failed or Answer({"sid": sid}, 201)


@pytest.fixture
def api() -> Iterator[JambonzApi]:
    with JambonzApi() as running:
        yield running


@pytest.fixture
def app(
    api: JambonzApi, database_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FastAPI]:
    monkeypatch.setattr("app.wiring.Clock", lambda *_args, **_more: FrozenClock(MONDAY_MORNING))
    settings = Settings(
        database_url=database_url,
        home=tmp_path / "home",
        public_url="https://phone.example",
        jambonz_api_url=f"{api.url}/api",
        jambonz_account_sid="acc",
        jambonz_api_key="key",
        jambonz_webhook_secret=SECRET,
        jambonz_number=NUMBER,
    )
    app = create_app(settings)
    yield app
    app.state.front.house.database.close()


@pytest.fixture
def desk(app: FastAPI, api: JambonzApi) -> Desk:
    return Desk(app, api)  # type: ignore[arg-type]


class Rung(JambonzCaller):
    """王女士, whose telephone rings."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.client, WANG)
        self.asked = desk.provider.calls[-1]
        self.sid = str(self.asked["call_sid"])

    def picks_up(self) -> str:
        path = self.asked["asked"]["call_hook"]["url"].removeprefix("https://phone.example")
        self._hook(path, direction="outbound", **{"from": NUMBER, "to": WANG})
        return self._run()

    def ends(self, status: str) -> None:
        path = self.asked["asked"]["call_status_hook"]["url"].removeprefix("https://phone.example")
        assert self._post(path, call_status=status, direction="outbound", duration=20).status_code == 204

    def hang_up(self) -> None:
        self.over = True
        self.ends("completed")


def test_a_survey_reaches_the_mainland(desk: Desk) -> None:
    """王女士 can be reached by telephone only, and her number is one that Twilio does not call."""
    desk.ticket(*DONE)
    desk.until(placed=1)
    rung = Rung(desk)
    assert "请按1到5" in rung.picks_up()
    assert "谢谢您的评价" in rung.press("5")
    if not rung.over:
        rung.hang_up()
    assert desk.rows(Ticket)[0].rating == 5
    (order,) = desk.rows(Call)
    assert (order.provider, order.outcome) == ("jambonz", "rated")


def test_busy_is_tried_again(desk: Desk) -> None:
    desk.ticket(*DONE)
    desk.until(placed=1)
    Rung(desk).ends("busy")
    desk.until(placed=2)


def test_a_second_call_of_one_order_is_hung_up(desk: Desk) -> None:
    desk.ticket(*DONE)
    desk.until(placed=1)
    Rung(desk).picks_up()
    other = Rung(desk)
    other.sid = "5e1d0000-0000-4000-8000-ffffffffffff"
    other.picks_up()
    assert other.doing == {} and other.heard == []


@pytest.mark.parametrize("lost", [lambda: Answer(dropped=True), lambda: Answer({"msg": "?"}, 503)])
def test_what_nobody_heard_of_is_looked_up_before_it_is_asked_for_again(
    desk: Desk, api: JambonzApi, lost: Callable[[], Answer]
) -> None:
    api.fails.append(lost())
    desk.ticket(*DONE)
    desk.until(placed=1)
    desk.due_now()
    desk.sends()
    assert api.listed == 2 and len(api.calls) == 1


def test_a_refusal_is_told(desk: Desk, api: JambonzApi) -> None:
    api.fails.append(Answer({"msg": "no carrier"}, 400))
    desk.ticket(*DONE)
    desk.until(placed=1)
    desk.passes(0.5)
    row = next(row for row in desk.rows(OutboxMessage) if "call" in (row.extra or {}))
    assert row.status == "dead" and "refused: 400" in (row.error or "")
    assert timedelta(0) < desk.house.clock.now() - MONDAY_MORNING
