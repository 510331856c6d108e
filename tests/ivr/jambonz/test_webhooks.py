"""The edge: who is let in, what is read, and what is answered when nothing works."""

import json
import threading
import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.wiring import Frontdoor
from ivr.jambonz.payload import heard, parse
from ivr.jambonz.signature import FRESH, holds, sign
from tests.ivr.jambonz.caller import SECRET
from tests.ivr.jambonz.schema import validate
from tests.waiting import PATIENCE

BODY = json.dumps({"call_sid": "4a-1", "from": "+8613800138000", "to": "+864008880000"}).encode()
NOW = 1_764_000_000
PATHS = ("incoming", "step/1/gather", "status", "whisper/1", "whisper/1/answer")


def test_what_jambonz_signed_is_let_in() -> None:
    assert holds(SECRET, BODY, sign(SECRET, BODY, NOW), NOW)
    both = sign(SECRET, BODY, NOW) + ",v1=" + "0" * 64
    assert holds(SECRET, BODY, both, NOW)  # two secrets, while it changes over


WRONG = {
    "none": None,
    "empty": "",
    "nonsense": "nonsense",
    "no time": "v1=" + "0" * 64,
    "no signature": f"t={NOW}",
    "another secret": sign("x" * 32, BODY, NOW),
    "another body": sign(SECRET, BODY + b" ", NOW),
    "stale": sign(SECRET, BODY, NOW - FRESH - 1),
    "from the future": sign(SECRET, BODY, NOW + FRESH + 1),
    "two times": sign(SECRET, BODY, NOW) + f",t={NOW}",
    "a time that is no number": "t=²,v1=" + "0" * 64,
    "a huge time": "t=" + "9" * 400 + ",v1=" + "0" * 64,
    "not even ASCII": f"t={NOW},v1=签名",
}


@pytest.mark.parametrize("name", WRONG)
def test_anything_else_is_refused(name: str) -> None:
    assert not holds(SECRET, BODY, WRONG[name], NOW)
    assert not holds("", BODY, sign("", BODY, NOW), NOW)


@pytest.mark.parametrize("path", PATHS)
def test_the_edge_refuses_with_403(client: TestClient, path: str) -> None:
    stale = {"Jambonz-Signature": sign(SECRET, BODY, int(time.time()) - 301)}
    for headers in ({}, stale, {"Jambonz-Signature": "t=1,v1=x"}):
        assert client.post(f"/webhooks/jambonz/{path}", content=BODY, headers=headers).status_code == 403


def post(client: TestClient, path: str, body: bytes) -> Any:
    headers = {"Jambonz-Signature": sign(SECRET, body, int(time.time()))}
    return client.post(f"/webhooks/jambonz/{path}", content=body, headers=headers)


@pytest.mark.parametrize("body", [b"[]", b"null", b"\xff", b"{", b'"x"', b"[" * 100_000])
def test_signed_but_no_object(client: TestClient, body: bytes) -> None:
    assert post(client, "incoming", body).status_code == 403


def test_signed_but_no_call(client: TestClient) -> None:
    assert post(client, "incoming", b"{}").status_code == 400
    assert post(client, "incoming", b'{"call_sid": {"a": 1}}').status_code == 400
    assert post(client, "step/1/dance", BODY).status_code == 404


def test_what_is_read() -> None:
    speech = {"alternatives": [{"transcript": "冰箱不制冷", "confidence": 0.83}, {"transcript": "冰箱"}]}
    data = {"call_sid": "4a-1", "reason": "speechDetected", "speech": speech, "call_status": "in-progress"}
    found = heard(data, event="gather", step=3)
    assert (found.sid, found.step, found.speech, found.confidence) == ("4a-1", 3, "冰箱不制冷", 0.83)
    keys = heard({"call_sid": "4a-1", "digits": "12*3"}, event="gather", step=3)
    assert keys.keys == "12*3" and not keys.speech


ODD: list[dict[str, Any]] = [
    {"speech": None},
    {"speech": "冰箱"},
    {"speech": {"alternatives": []}},
    {"speech": {"alternatives": [None]}},
    {"speech": {"alternatives": [{"transcript": ["a"], "confidence": "NaN"}]}},
    {"digits": None},
    {"digits": ["1"]},
    {"digits": True},
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_values_are_silence(odd: dict[str, Any]) -> None:
    assert heard({"call_sid": "x", **odd}, event="gather", step=1).silent


def test_no_object_is_nothing() -> None:
    assert parse(b"[1]") is None and parse(b"") is None and parse(b"{}") == {}


def test_when_the_database_is_away(client: TestClient, front: Frontdoor, monkeypatch: Any) -> None:
    """A moment and the same step again; at last good-bye with what to do. Valid all the way."""

    def away(*_args: object, **_more: object) -> str:
        raise RuntimeError("away")

    monkeypatch.setattr("ivr.jambonz.webhooks.begin", away)
    path = "incoming"
    for _ in range(4):
        verbs = validate(post(client, path, BODY).json())
        assert verbs[-1]["verb"] == "redirect"
        path = verbs[-1]["actionHook"].removeprefix("/webhooks/jambonz/")
    last = validate(post(client, path, BODY).json())
    assert last[-1]["verb"] == "hangup" and "再打来" in last[0]["text"]


def test_a_slow_step_is_answered_in_time(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.jambonz.webhooks._Door.patience", 0.2)
    answered = threading.Event()
    monkeypatch.setattr("ivr.jambonz.webhooks.begin", lambda *_: answered.wait(PATIENCE) and "[]")
    verbs = validate(post(client, "incoming", BODY).json())
    answered.set()  # only now does the step end: it was not waited for
    assert verbs[-1]["verb"] == "redirect"


def test_sound_needs_its_own_key(client: TestClient) -> None:
    from base64 import b64encode

    from starlette.websockets import WebSocketDisconnect

    from ivr.jambonz.audio import key

    good = key(SECRET, "4a-1", 3, "voicemail")
    for pair in (
        "",
        "4a-1:",
        f"4a-2:{good}",
        f":{good}",
        "4a-1:" + "0" * 64,
        "../x:" + key(SECRET, "../x", 3, "voicemail"),
    ):
        headers = {"Authorization": "Basic " + b64encode(pair.encode()).decode()}
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("/webhooks/jambonz/audio/3/voicemail", headers=headers) as socket,
        ):
            socket.receive()
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(
            "/webhooks/jambonz/audio/4/voicemail",
            headers={"Authorization": "Basic " + b64encode(f"4a-1:{good}".encode()).decode()},
        ) as socket,
    ):
        socket.receive()
