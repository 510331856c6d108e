"""The web process: how soon it is ready, and how much memory it takes after a day's talk."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import httpx

from benchmarks.desk import CONVERSATION
from benchmarks.result import Row, absolute

CUSTOMERS = 40


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        _serve_once(home, port)  # the schema is made at the first start; ready means with a database there
        started = time.perf_counter()
        server = _start(home, port)
        try:
            _await_ready(port)
            ready = time.perf_counter() - started
            _talk(port)
            memory = _resident(server.pid)
        finally:
            server.terminate()
            server.wait(20)
    return [
        absolute("web process ready, model still loading", ready, "s", most=3),
        absolute("memory of the web process", memory, "MB", most=250),
    ]


def _start(home: str, port: int) -> subprocess.Popen[bytes]:
    frontdoor = Path(sys.executable).with_name("frontdoor")
    environment = os.environ | {"FRONTDOOR_HOME": home, "FRONTDOOR_DEMO": "1"}
    return subprocess.Popen(
        [frontdoor, "serve", "--port", str(port)],
        env=environment,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def _serve_once(home: str, port: int) -> None:
    server = _start(home, port)
    _await_ready(port)
    server.terminate()
    server.wait(20)


def _await_ready(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    raise RuntimeError("the server did not become ready")


def _talk(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as http:
        for _ in range(CUSTOMERS):
            visitor, received = uuid.uuid4().hex, 0
            for text, _, _ in CONVERSATION:
                body = {"visitor": visitor, "id": uuid.uuid4().hex, "text": text}
                received = http.post("/webchat/messages", json=body).json()["received"]
            query = {"visitor": visitor, "after": 0, "seen": 0, "wait": 5}
            deadline = time.monotonic() + 60
            while http.get("/webchat/messages", params=query).json()["processed"] < received:
                if time.monotonic() > deadline:
                    raise RuntimeError("the server does not keep up")
                time.sleep(0.05)


def _resident(pid: int) -> float:
    """Resident memory in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
