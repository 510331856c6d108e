"""Calls out through jambonz: created once, looked up when nobody answered, and asked as any other call is."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.wiring import Frontdoor
from core.call.model import Call
from core.call.outbound import place_call
from core.customer.model import Customer
from core.house import House
from core.messaging.channel import Later, Never, Outgoing
from core.messaging.delivery import send_one
from core.messaging.lease import claim
from core.messaging.outbox import OutboxMessage
from core.ticket.actions import Order, act
from core.ticket.filing import Filing, file_ticket
from core.ticket.model import Ticket
from ivr.jambonz.placing import JambonzPlacer
from tests.ivr.jambonz.caller import JambonzCaller

WANG, SID = "+8613800138000", "4f6c3f0e-0000-4000-8000-000000000001"
ACCOUNT = "/v1/Accounts/acc"


class Told:
    """A ledger: what webhooks have told, by order."""

    def __init__(self, **orders: str) -> None:
        self._sids = {int(name.removeprefix("order_")): sid for name, sid in orders.items()}

    def told(self, order: int) -> str | None:
        return self._sids.get(order)

    def unclaimed(self, sids: list[str]) -> list[str]:
        return [sid for sid in sids if sid not in self._sids.values()]


class Api:
    """jambonz's REST interface: ``answers`` come one after the other, by verb and path."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers, self.asked = answers, list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer key"
        self.asked.append(request)
        name = "create" if request.method == "POST" else request.url.path.rsplit("/", 1)[1]
        answer = self.answers[name].pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def placer(self, **told: str) -> JambonzPlacer:
        http = httpx.Client(transport=httpx.MockTransport(self), headers={"Authorization": "Bearer key"})
        return JambonzPlacer(
            http,
            "https://jambonz.example/api",
            "acc",
            "+864008880000",
            "https://phone.example",
            Told(**told),  # type: ignore[arg-type]
        )


def order(attempt: int = 1, left: float = 15) -> Outgoing:
    since = (datetime.now(UTC) - timedelta(seconds=5)).isoformat(timespec="seconds")
    until = (datetime.now(UTC) + timedelta(minutes=left)).isoformat(timespec="seconds")
    call = {"order": 7, "since": since, "until": until}
    return Outgoing("order:x:1", WANG, "call", attempt=attempt, extra={"call": call})


def made(status: int = 201, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={"sid": SID, **more})


def test_a_call_is_created_with_our_webhooks() -> None:
    api = Api(create=[made()])
    assert api.placer().place(order()) == SID
    asked = json.loads(api.asked[0].content)
    assert asked["to"] == {"type": "phone", "number": WANG} and asked["timeout"] == 35
    assert asked["call_hook"]["url"] == "https://phone.example/webhooks/jambonz/outbound/7"
    assert asked["call_status_hook"]["url"] == "https://phone.example/webhooks/jambonz/outbound/7/status"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.ReadTimeout("slow"), Later),
        (httpx.Response(503), Later),
        (httpx.Response(429), Later),
        (httpx.Response(400, json={"msg": "no carrier"}), Never),
    ],
)
def test_what_is_not_created(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Api(create=[answer]).placer().place(order())


@pytest.mark.parametrize("at", ["ms", "iso"])
def test_none_is_made_while_a_listed_call_may_be_it(at: str) -> None:
    now = datetime.now(UTC)
    began = now.timestamp() * 1000 if at == "ms" else now.isoformat().replace("+00:00", "Z")
    running = {"call_sid": "running", "to": WANG[1:], "direction": "outbound"}
    past = {"call_sid": "past", "to": WANG, "attempted_at": began}
    nothing = [
        {"call_sid": "other", "to": "+8613900000000", "attempted_at": began},
        {"call_sid": "old", "to": WANG, "attempted_at": (now - timedelta(hours=1)).isoformat()},
        {"call_sid": "from them", "to": WANG, "attempted_at": began, "direction": "inbound"},
    ]

    def second(calls: list[Any], recent: list[Any], **told: str) -> str:
        lists = {"Calls": [httpx.Response(200, json=calls)]}
        lists |= {"RecentCalls": [httpx.Response(200, json={"data": recent})], "create": [made()]}
        return Api(**lists).placer(**told).place(order(attempt=2))

    for calls, recent in (([running], []), ([], [*nothing, past])):
        with pytest.raises(Later, match="whose"):
            second(calls, recent)
        assert second(calls, recent, order_8="running", order_9="past") == SID  # theirs: ours was never made
    assert second([{**running, "parent_call_sid": "a caller put through"}], nothing) == SID


def test_what_is_too_late_is_not_placed_but_what_has_told_is_known() -> None:
    api = Api(create=[made()])
    for attempt in (1, 2):
        with pytest.raises(Never, match="too late"):
            api.placer().place(order(attempt, left=-1))
    assert api.placer(order_7="told").place(order(attempt=2, left=-1)) == "told"
    assert api.asked == []


def test_without_a_look_nothing_is_created_again() -> None:
    api = Api(Calls=[httpx.ConnectError("away")], create=[made()])
    with pytest.raises(Later, match="look"):
        api.placer().place(order(attempt=2))
    assert [request.method for request in api.asked] == ["GET"]


def order_survey(house: House) -> None:
    """A repair is done, and its customer is to be called."""
    at = house.clock.now()
    with house.database.session() as session:
        customer = Customer(name="王女士", phone=WANG, phone_verified_at=at, created_at=at, language="zh")
        session.add(customer)
        session.flush()
        facts = {
            "name": "王女士",
            "phone": WANG,
            "category": "tv",
            "symptom": "no_sound",
            "address": "成都市武侯区",
        }
        number = file_ticket(
            session, house, Filing(customer, "repair", "normal", "voice", "王女士", at), facts
        ).number
        for verb in ("accept", "dispatch", "done"):
            act(session, house, Order(number, verb, by="赵经理", at=house.clock.now()))
        ticket = session.scalars(select(Ticket)).one()
        placed = place_call(
            session, house, purpose="survey", phone=WANG, at=at, key="survey:1", ticket=ticket
        )
        assert isinstance(placed, OutboxMessage)
        session.commit()


def test_a_survey_in_verbs(
    front: Frontdoor, client: Any, tickets: Callable[[], list[dict[str, Any]]]
) -> None:
    house = front.house
    front.channels["voice"].placer = Api(create=[made()]).placer()  # type: ignore[attr-defined]
    order_survey(house)
    with house.database.session() as session:
        rows = claim(session, OutboxMessage, owner="test", limit=20, seconds=60)
        session.commit()
    for row in rows:
        if row.channel == "voice":
            send_one(house, front.channels, row)
    caller = JambonzCaller(client, WANG)
    caller.sid = SID
    assert "请按1到5" in caller.rung("/webhooks/jambonz/outbound/1")
    assert "谢谢您的评价" in caller.press("5")
    caller.told_at("/webhooks/jambonz/outbound/1/status", "completed")
    with house.database.reading() as session:
        call = session.scalars(select(Call)).one()
        assert (call.outcome, call.sid, call.status) == ("rated", SID, "completed")
    assert tickets()[0]["rating"] == 5
