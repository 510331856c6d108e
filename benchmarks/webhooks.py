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
from typing import Any

import httpx
from sqlalchemy import func, select

from benchmarks.result import Row, absolute, beside, plain
from core.database import Database
from core.messaging.inbox import InboxMessage
from tests.engines import Cluster, postgres_binaries
from tests.server import free_port

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


def webchat(number: int) -> dict[str, Any]:
    body = {"visitor": f"visitor-{number % 500:04}", "id": f"m{number}", "text": "我家空调不制冷了"}
    return _shot("/webchat/messages", {"Content-Type": "application/json"}, json.dumps(body).encode())


def _shot(path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    return {"path": path, "headers": headers, "body": b64encode(body).decode()}


def run() -> list[Row]:
    binaries = postgres_binaries()
    if binaries is None:
        return []
    running = Cluster(binaries, durable=True)
    try:
        return _measure(running)
    finally:
        running.remove()


def _measure(running: Cluster) -> list[Row]:
    rows: list[Row] = []
    count = RATE * SECONDS
    with tempfile.TemporaryDirectory() as home:
        url = running.new_database()
        with _frontdoor(home, url) as (pid, address):
            _load(pid, address, [webchat(-n) for n in range(1, WARM_UP + 1)])
            shots = [webchat(n) for n in range(count)]
            shots += [webchat(n) for n in range(0, count, REPEATED)]
            ours = _load(pid, address, shots)
        stored = _stored(url) - WARM_UP
        with _bare() as (pid, address):
            _load(pid, address, [webchat(-n) for n in range(1, WARM_UP + 1)])
            bare = _load(pid, address, [webchat(n) for n in range(count)])
    rows.append(absolute("webhook acknowledged, 99th of 100", ours.percentile(0.99), "ms", most=100))
    rows.append(plain("webhook acknowledged, median", ours.percentile(0.5), "ms"))
    rows.append(
        absolute(
            "webhooks not answered with 2xx",
            sum(v for k, v in ours.answers.items() if k[0] != "2"),
            "",
            most=0,
        )
    )
    rows.append(absolute("webhooks lost or doubled", abs(stored - count), "", most=0))
    rows.append(
        beside("CPU per acknowledged webhook", ours.each, "ms", "bare FastAPI route", bare.each, most=3)
    )
    return rows


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
