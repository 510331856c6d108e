"""A real `frontdoor serve` for tests that need the whole product in a process of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.ports import free_port
from tests.waiting import PATIENCE

FRONTDOOR = Path(sys.executable).with_name("frontdoor")


def await_ready(
    url: str, process: "subprocess.Popen[str] | None" = None, seconds: float = 3 * PATIENCE
) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}")
        try:
            if httpx.get(f"{url}/readyz", trust_env=False, timeout=PATIENCE).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"{url} did not become ready")


class Server:
    """Started, stopped or killed at will; the home outlives it."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "FRONTDOOR_HOME": str(home),
            "FRONTDOOR_DEMO": "1",
            "FRONTDOOR_NLU_URL": "off",
            **settings,
        }
        self.process: subprocess.Popen[str] | None = None

    def run(self, *command: str, stdin: str | None = None) -> "subprocess.CompletedProcess[str]":
        """One frontdoor command on the same home."""
        return subprocess.run(
            [FRONTDOOR, *command],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=5 * PATIENCE,
        )

    def start(self) -> "Server":
        log = (self.home / "serve.log").open("a")
        command = [str(FRONTDOOR), "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, text=True)
        await_ready(self.url, self.process)
        return self

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(PATIENCE)
