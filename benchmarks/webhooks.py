"""Acknowledging webhooks: stored and answered, at 200 a second for a minute, beside a route that stores nothing."""

import json
import os
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import httpx
from sqlalchemy import func, select

from benchmarks.result import Row, absolute, beside, plain
from core.database import Database
from core.messaging.inbox import InboxMessage
from tests.engines import Cluster, postgres_binaries
from tests.ports import free_port
from tests.providers.telegram.updates import text
from tests.providers.wechat.payloads import text as wechat_text
from tests.providers.wechat.sender import WeChatSender
from tests.providers.wechat.server import WeChatServer

RATE, SECONDS = 200, 60
CONNECTIONS = 40  # what Telegram opens by default
WARM_UP = 400
REPEATED = 10  # every tenth webhook is delivered twice


@dataclass(frozen=True)
class Measured:
    """One minute of load on one server: latencies, CPU seconds of the server, answers."""

    milliseconds: list[float]
    cpu: float
    answers: dict[str, int]

    def percentile(self, share: float) -> float:
        return sorted(self.milliseconds)[int(share * (len(self.milliseconds) - 1))]

    @property
    def each(self) -> float:
        """CPU milliseconds a webhook."""
        return 1000 * self.cpu / len(self.milliseconds)


class Telegram:
    """A text message in a private chat, as Telegram delivers it."""

    name = "Telegram"
    secret = "bench-secret-0123456789"
    settings: ClassVar = {
        "FRONTDOOR_TELEGRAM_TOKEN": "123456789:bench",
        "FRONTDOOR_TELEGRAM_SECRET": secret,
        "FRONTDOOR_TELEGRAM_API_URL": "http://127.0.0.1:9",  # nothing is sent: this process only receives
    }

    def shot(self, number: int) -> dict[str, Any]:
        update = text("我家空调不制冷了", 10_000 + number % 500) | {"update_id": 5_000_000 + number}
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": self.secret}
        return _shot("/webhooks/telegram", headers, json.dumps(update).encode())


class WeChat:
    """A text message in safe mode: signed and encrypted."""

    name = "WeChat"

    def __init__(self) -> None:
        self._server = WeChatServer()
        self._sender = WeChatSender(self._server, "http://bench/webhooks/wechat")
        self.settings = {f"FRONTDOOR_{name.upper()}": value for name, value in self._server.settings.items()}

    def shot(self, number: int) -> dict[str, Any]:
        openid, told = f"o-bench-{number % 500:04}", wechat_text("我家空调不制冷了")
        url, body = self._sender.prepare({**told, "FromUserName": openid, "MsgId": str(7_000_000 + number)})
        path = url.removeprefix("http://bench")
        return _shot(path, {"Content-Type": "text/xml"}, body if isinstance(body, bytes) else body.encode())


def _shot(path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    return {"path": path, "headers": headers, "body": b64encode(body).decode()}


def run() -> list[Row]:
    binaries = postgres_binaries()
    if binaries is None:
        return []
    running = Cluster(binaries, durable=True)
    try:
        telegram, wechat = Telegram(), WeChat()
        bare = _bare_load(telegram)
        rows = _measure(running, telegram, SECONDS, bare)
        # Encrypted callbacks of the other provider, for a shorter time.
        return rows + _measure(running, wechat, SECONDS // 4, _bare_load(wechat))
    finally:
        running.remove()


def _bare_load(channel: Telegram | WeChat) -> Measured:
    with _bare() as (pid, address):
        _load(pid, address, [channel.shot(-n) for n in range(1, WARM_UP + 1)])
        return _load(pid, address, [channel.shot(n) for n in range(RATE * SECONDS // 4)])


def _measure(running: Cluster, channel: Telegram | WeChat, seconds: int, bare: Measured) -> list[Row]:
    count, url = RATE * seconds, running.new_database()
    with tempfile.TemporaryDirectory() as home, _frontdoor(home, url, **channel.settings) as (pid, address):
        _load(pid, address, [channel.shot(-n) for n in range(1, WARM_UP + 1)])
        shots = [channel.shot(n) for n in range(count)]
        # Every tenth twice at the same moment, as providers do.
        shots = [one for n, s in enumerate(shots) for one in ([s, s] if n % REPEATED == 0 else [s])]
        ours = _load(pid, address, shots)
    lost_or_doubled = abs(_stored(url) - WARM_UP - count)
    refused = sum(many for status, many in ours.answers.items() if status[0] != "2")
    name = f"{channel.name}, {RATE}/s for {seconds} s"
    return [
        absolute(f"webhook acknowledged, 99th of 100, {name}", ours.percentile(0.99), "ms", most=100),
        plain(f"webhook acknowledged, median, {name}", ours.percentile(0.5), "ms"),
        absolute(f"webhooks not answered with 2xx, {name}", refused, "", most=0),
        absolute(f"webhooks lost or doubled, {name}", lost_or_doubled, "", most=0),
        beside(
            f"CPU per acknowledged webhook, {name}", ours.each, "ms", "bare FastAPI route", bare.each, most=3
        ),
    ]


def _stored(url: str) -> int:
    database = Database(url)
    with database.reading() as session:
        count = session.scalar(select(func.count()).select_from(InboxMessage)) or 0
    database.close()
    return count


def _load(pid: int, address: str, shots: list[dict[str, Any]]) -> Measured:
    before = _cpu(pid)
    lines = "\n".join(json.dumps(s) for s in shots)
    command = [sys.executable, "-m", "benchmarks.load", address, str(RATE), str(CONNECTIONS)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return Measured(found["milliseconds"], _cpu(pid) - before, found["answers"])


def _cpu(pid: int) -> float:
    """CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _frontdoor(home: str, url: str, **settings: str) -> Iterator[tuple[int, str]]:
    """A web process that only receives: workers and clock are other processes in a house with such a load."""
    environment = os.environ | {
        "FRONTDOOR_HOME": home,
        "FRONTDOOR_DATABASE_URL": url,
        "FRONTDOOR_NLU_URL": "off",
    }
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("frontdoor")),
        "serve",
        "--port",
        str(port),
        "--no-scheduler",
    ]
    with _process(command, environment | settings, port, "/readyz") as pid:
        yield pid, f"http://127.0.0.1:{port}"


@contextmanager
def _bare() -> Iterator[tuple[int, str]]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "benchmarks.bare:app",
        "--port",
        str(port),
        "--log-level",
        "warning",
        "--no-access-log",
    ]
    with _process(command, dict(os.environ), port, "/") as pid:
        yield pid, f"http://127.0.0.1:{port}"


@contextmanager
def _process(command: list[str], environment: dict[str, str], port: int, path: str) -> Iterator[int]:
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False)
                break
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        yield child.pid
    finally:
        child.terminate()
        child.wait(20)
