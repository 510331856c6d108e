"""The phone: a step by key beside a route that returns fixed TwiML, fifty calls at once, and a spoken step beside a parse."""

import json
import statistics
import subprocess
import sys
import tempfile
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from benchmarks.model_server import TOKEN as NLU_TOKEN
from benchmarks.model_server import model_server
from benchmarks.rasa_server import rasa_server
from benchmarks.result import Row, absolute, beside, plain
from benchmarks.webhooks import _bare, _cpu, _frontdoor
from nlu.environment import child_variables
from nlu.training import ensure_model
from tests.engines import Cluster, postgres_binaries

TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://bench.example"
SETTINGS = {
    "FRONTDOOR_PUBLIC_URL": PUBLIC,
    "FRONTDOOR_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "FRONTDOOR_TWILIO_AUTH_TOKEN": TOKEN,
    "FRONTDOOR_TWILIO_FROM": "+864008888888",
}
AT_ONCE = 50
LISTENS = 1.0  # seconds before the next key: a caller in a hurry
KEYS = ("4", "*", "3", "*", "5", "*", "4", "1", "*", "*")  # steps in the menu
CALLS, ROUNDS = 100, 3
SPOKEN = 60
WORDS = "我家空调不制冷了"


def run() -> list[Row]:
    binaries = postgres_binaries()
    if binaries is None:
        return []
    running = Cluster(binaries, durable=True)
    try:
        return _keys(running) + _speech(running)
    finally:
        running.remove()


def call(number: int, steps: list[dict[str, str]], tag: str) -> list[dict[str, Any]]:
    """One call: the greeting, then its steps; only those are measured."""
    sid = f"CA{tag}{number:030x}"[:34]
    shots = [_shot("/webhooks/voice/incoming", sid, number, {"CallStatus": "ringing"}, measured=False)]
    for place, step in enumerate(steps, start=1):
        shots.append(_shot(f"/webhooks/voice/step/{place}/gather", sid, number, step, measured=True))
    return shots


def _shot(path: str, sid: str, number: int, more: dict[str, str], *, measured: bool) -> dict[str, Any]:
    caller = f"+86138{number % 100_000_000:08}"
    params = {
        "CallSid": sid,
        "AccountSid": "AC" + "0" * 32,
        "From": caller,
        "To": "+864008888888",
        "CallStatus": "in-progress",
        "Direction": "inbound",
        **more,
    }
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, params)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    return {
        "path": path,
        "headers": headers,
        "body": b64encode(urlencode(params).encode()).decode(),
        "measured": measured,
    }


def _talk(
    address: str, callers: int, calls: list[list[dict[str, Any]]], pause: float = 0.0
) -> tuple[list[float], dict[str, int]]:
    command = [sys.executable, "-m", "benchmarks.callers", address, str(callers), str(pause)]
    lines = "\n".join(json.dumps(one) for one in calls)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return found["milliseconds"], found["answers"]


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


def _each(seconds: float, steps: list[float]) -> float:
    """CPU milliseconds a step: the guide on a machine where the clock on the wall also counts the neighbours."""
    return 1000 * seconds / len(steps)


def _keys(running: Cluster) -> list[Row]:
    steps = [{"Digits": key} for key in KEYS]
    ours: list[float] = []
    bare: list[float] = []
    with (
        tempfile.TemporaryDirectory() as home,
        _frontdoor(home, running.new_database(), **SETTINGS) as (pid, address),
    ):
        with _bare() as (bare_pid, beside_it):
            for server in (address, beside_it):
                _talk(server, 4, [call(n, steps, "0") for n in range(20)])
            used, bare_used = _cpu(pid), _cpu(bare_pid)
            for turn in range(ROUNDS):  # in turns, so that a busy machine is busy for both
                calls = [call(1000 * turn + n, steps, "1") for n in range(CALLS // 5)]
                ours += _talk(address, 1, calls)[0]
                bare += _talk(beside_it, 1, calls)[0]
            used, bare_used = _cpu(pid) - used, _cpu(bare_pid) - bare_used
        many, answers = _talk(address, AT_ONCE, [call(n, steps, "2") for n in range(AT_ONCE)], LISTENS)
        flood, more = _talk(address, AT_ONCE, [call(n, steps, "5") for n in range(CALLS)])
    answers = {status: answers.get(status, 0) + more.get(status, 0) for status in {*answers, *more}}
    wrong = sum(count for status, count in answers.items() if status != "200")
    return [
        beside(
            "call step by key, median",
            statistics.median(ours),
            "ms",
            "bare FastAPI route",
            statistics.median(bare),
            most=3,
        ),
        plain("CPU of the web process per call step by key, greetings shared out", _each(used, ours), "ms"),
        plain("the same, bare FastAPI route", _each(bare_used, bare), "ms"),
        absolute(
            f"call step by key, 99th of 100, {AT_ONCE} calls at once", _percentile(many, 0.99), "ms", most=150
        ),
        plain(f"the same, {AT_ONCE} callers who never listen, median", statistics.median(flood), "ms"),
        absolute("call steps not answered with 200", wrong, "", most=0),
    ]


def _speech(running: Cluster) -> list[Row]:
    """A spoken sentence in a call of its own: recognised, understood, answered. Beside the parse alone."""
    steps = [{"SpeechResult": WORDS, "Confidence": "0.93"}]
    ours: list[float] = []
    parses: list[float] = []
    with model_server(ensure_model(), child_variables()) as model, tempfile.TemporaryDirectory() as home:
        settings = SETTINGS | {"FRONTDOOR_NLU_URL": model.url, "FRONTDOOR_NLU_TOKEN": NLU_TOKEN}
        with _frontdoor(home, running.new_database(), **settings) as (_, address):
            _talk(address, 1, [call(n, steps, "3") for n in range(10)])
            for turn in range(ROUNDS):
                ours += _talk(address, 1, [call(1000 * turn + n, steps, "4") for n in range(SPOKEN)])[0]
                parses += _parses(f"{model.url}/model/parse")
    with rasa_server(ensure_model(), child_variables()) as address:
        stock = [taken for _ in range(ROUNDS) for taken in _parses(address)]
    return [
        beside(
            "call step by speech, median",
            statistics.median(ours),
            "ms",
            "bare /model/parse",
            statistics.median(parses),
            most=1.5,
        ),
        plain("the parse alone by Rasa's own server with the same model", statistics.median(stock), "ms"),
    ]


def _parses(address: str) -> list[float]:
    """The same words by the same light client: an httpx of its own would flatter us."""
    url = urlsplit(address)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {NLU_TOKEN}"}
    body = b64encode(json.dumps({"text": WORDS}).encode()).decode()
    shot = {"path": f"{url.path}?{url.query}", "headers": headers, "body": body, "measured": True}
    return _talk(f"{url.scheme}://{url.netloc}", 1, [[shot] * SPOKEN])[0]
