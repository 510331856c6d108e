"""The client against a real server on the loopback that behaves well or badly."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from nlu.breaker import Breaker
from nlu.client import NluClient
from tests.waiting import PATIENCE

GOOD = {
    "text": "我家空调不冷",
    "truncated": False,
    "intent": {"name": "report_fault", "confidence": 0.93},
    "intent_ranking": [],
    "entities": [{"entity": "product", "value": "空调", "start": 2, "end": 4}],
    "symptom": "no_cooling",
    "non_quality": False,
}


class Neighbour:
    """A server whose answer (bytes) and delay (seconds) a test sets; counts what it was asked."""

    def __init__(self) -> None:
        self.body, self.status, self.delay, self.asked = json.dumps(GOOD).encode(), 200, 0.0, 0
        self.heads: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked += 1
                outer.heads.append(self.headers["Authorization"])
                time.sleep(outer.delay)
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(outer.body)))
                self.end_headers()
                self.wfile.write(outer.body)

            def do_GET(self) -> None:
                self.headers["Content-Length"] = "0"
                self.do_POST()

            def log_message(self, *_: object) -> None:
                pass

        ThreadingHTTPServer.request_queue_size = 64
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    running = Neighbour()
    yield running
    running.server.shutdown()
    running.server.server_close()


def patient(neighbour: Neighbour, token: str = "") -> NluClient:
    """On a busy machine an answer takes longer than a customer should wait; here its kind is looked at, not its time."""
    return NluClient(neighbour.url, token, timeout=PATIENCE)


def test_a_good_answer_is_the_models(neighbour: Neighbour) -> None:
    client = patient(neighbour, "secret")
    meaning = client.parse("我家空调不冷")
    assert (meaning.source, meaning.intent, meaning.symptom, meaning.first("product")) == (
        "rasa",
        "report_fault",
        "no_cooling",
        "空调",
    )
    assert neighbour.heads == ["Bearer secret"]
    assert client.state()["state"] == "rasa"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"5",
        b"<html>",
        b'{"intent": null}',
        b"\xff\xfe",
        json.dumps(GOOD | {"intent": {"name": "other", "confidence": 1}}).encode(),
        json.dumps(GOOD | {"intent": {"name": "greet", "confidence": float("nan")}}).encode(),
        json.dumps(GOOD | {"symptom": "cold"}).encode(),
        json.dumps(GOOD | {"entities": [{"entity": "product", "start": 3, "end": 99}]}).encode(),
    ],
)
def test_a_bad_answer_falls_back(neighbour: Neighbour, body: bytes) -> None:
    neighbour.body = body
    client = patient(neighbour)
    meaning = client.parse("我家空调不冷")
    assert (meaning.source, meaning.intent, meaning.symptom) == ("keywords", "report_fault", "no_cooling")
    assert client.state()["state"] == "keywords" and client.state()["reason"]


def test_an_error_status_falls_back(neighbour: Neighbour) -> None:
    neighbour.status = 500
    assert patient(neighbour).parse("我家空调不冷").source == "keywords"


def test_a_slow_answer_is_not_waited_for(neighbour: Neighbour) -> None:
    neighbour.delay = PATIENCE
    started = time.monotonic()
    assert NluClient(neighbour.url, timeout=0.2).parse("我家空调不冷").source == "keywords"
    assert time.monotonic() - started < PATIENCE / 2


@pytest.mark.parametrize("sense", ["", "空", "AAAA", 5, None, ["x"]])
def test_a_sense_that_is_none_costs_nothing_else(neighbour: Neighbour, sense: object) -> None:
    neighbour.body = json.dumps(GOOD | {"sense": sense}).encode()
    meaning = patient(neighbour).parse("我家空调不冷")
    assert meaning.source == "rasa" and meaning.sense == b""


def test_senses_are_all_or_none(neighbour: Neighbour) -> None:
    client, told = patient(neighbour), base64.b64encode(b"\0" * 1024).decode()
    for senses, said in (
        ([told, told], [b"\0" * 1024] * 2),
        ([told], None),
        ([told, "AA"], None),
        (None, None),
    ):
        neighbour.body = json.dumps({"senses": senses}).encode()
        assert client.encode(["一", "二"]) == said
    neighbour.status = 404  # a model server of an earlier release
    assert client.encode(["一"]) is None
    assert client.state()["state"] == "rasa"
    assert NluClient(None).encode(["一"]) is None and NluClient("http://127.0.0.1:9").encode(["一"]) is None


def test_nobody_listening_falls_back() -> None:
    assert NluClient("http://127.0.0.1:9").parse("我家空调不冷").source == "keywords"


def test_no_server_configured_is_keywords() -> None:
    client = NluClient(None)
    assert client.parse("我家空调不冷").source == "keywords"
    assert client.state() == {"state": "keywords", "reason": "no model server is configured"}


def test_emergency_comes_first_and_keeps_entities(neighbour: Neighbour) -> None:
    meaning = patient(neighbour).parse("我家空调漏电了")
    assert (meaning.intent, meaning.symptom, meaning.source, meaning.non_quality) == (
        "emergency",
        "electric_shock",
        "rules",
        False,
    )
    assert meaning.first("product") == "空调"
    assert NluClient(None).parse("冰箱冒烟").first("product") == "冰箱"


def test_a_danger_taken_back_is_the_fault_it_would_have_been(neighbour: Neighbour) -> None:
    ranking = [{"name": "emergency", "confidence": 0.6}, {"name": "report_fault", "confidence": 0.3}]
    heard = {"intent": ranking[0], "intent_ranking": ranking, "symptom": "electric_shock"}
    neighbour.body = json.dumps({**GOOD, **heard, "as_fault": ["no_heating", True]}).encode()
    meaning = patient(neighbour).parse("热水器不漏电，就是不热")
    assert (meaning.intent, meaning.symptom, meaning.non_quality) == ("report_fault", "no_heating", True)


def test_the_breaker_opens_probes_and_closes(neighbour: Neighbour) -> None:
    now = [0.0]
    breaker = Breaker(limit=3, pause=10, clock=lambda: now[0])
    client = NluClient(neighbour.url, timeout=PATIENCE, breaker=breaker)
    neighbour.status = 500
    for _ in range(5):
        client.parse("空调坏了")
    assert neighbour.asked == 3
    now[0] = 10.0
    client.parse("空调坏了")
    client.parse("空调坏了")
    assert neighbour.asked == 4
    neighbour.status, now[0] = 200, 20.0
    assert client.parse("我家空调不冷").source == "rasa"
    assert client.parse("我家空调不冷").source == "rasa"
    assert client.state() == {"state": "rasa", "reason": ""}


def test_many_threads_share_one_client(neighbour: Neighbour) -> None:
    client = patient(neighbour)
    with ThreadPoolExecutor(8) as pool:
        sources = list(pool.map(lambda _: client.parse("我家空调不冷").source, range(64)))
    assert sources == ["rasa"] * 64


HOSTILE = [
    "",
    " \n",
    "😀",
    "\ud800",
    "空" * 10_000,
    "\x00\x01",
    "1" * 600,
    "hello",
    "مرحبا 空调 שלום",
    '{"text": "x"}',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_never_raises(neighbour: Neighbour, text: str) -> None:
    neighbour.body = json.dumps(GOOD | {"entities": []}).encode()
    assert patient(neighbour).parse(text).text == text


@pytest.mark.parametrize(
    ("body", "said"), [(b'{"model": "0a1b"}', "0a1b"), (b"{}", ""), (b"[]", ""), (b"<html>", "")]
)
def test_which_model_encodes_is_asked_and_may_stay_unknown(
    neighbour: Neighbour, body: bytes, said: str
) -> None:
    neighbour.body = body
    client = patient(neighbour)
    assert client.encoder() == said
    neighbour.status = 404  # a model server of an earlier release
    assert client.encoder() == "" and client.state()["state"] == "rasa"
    assert NluClient(None).encoder() == "" and NluClient("http://127.0.0.1:9").encoder() == ""
