"""A real ``frontdoor serve`` on SQLite whose power fails at a named point (core/messaging/faults.py)."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from core.clock import Clock
from core.database import Database
from core.house import House
from core.knowledge.book import Book
from core.ticket.actions import Order, act
from tests.engines import new_sqlite
from tests.ports import free_port
from tests.waiting import PATIENCE, until


class Power:
    """One server after another on the same home; ``house`` looks into their database from outside."""

    def __init__(self, home: Path) -> None:
        home.mkdir(exist_ok=True)
        database = Database(new_sqlite(home))
        self.home, self.house = (
            home,
            House(database, Clock(database, demo=True), Book(database), ZoneInfo("Asia/Shanghai")),
        )
        self._process: subprocess.Popen[bytes] | None = None

    def on(self, kill_at: str = "") -> None:
        port = free_port()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--port", str(port)],
            env=self._environment(FRONTDOOR_TEST_KILL_AT=kill_at),
            stderr=(self.home / "log").open("ab"),
        )
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, trust_env=False)
        until(lambda: self.died() or self._ready(), 3 * PATIENCE)

    def off(self) -> None:
        """Pull the plug, whatever is going on."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def died(self) -> bool:
        assert self._process is not None
        code = self._process.poll()
        assert code in (None, -signal.SIGKILL), (self.home / "log").read_text()
        return code is not None

    def post(self, visitor: str, key: str, text: str) -> bool:
        """One webhook of a provider; False when it was not acknowledged, and will be sent again."""
        message = {"visitor": visitor, "id": key, "text": text}
        return self._try("/webchat/messages", message) == 202

    def advance(self, span: str) -> bool:
        return self._try("/try/clock", {"advance": span}) == 200

    def staff(self, verb: str, number: str) -> None:
        with self.house.database.session() as session:
            at = self.house.clock.now()
            act(session, self.house, Order(number, verb, by="李工", at=at))
            session.commit()

    def audit(self) -> int:
        """The exit code of the command, as an operator would run it."""
        command = [sys.executable, "-m", "app.cli", "audit"]
        return subprocess.run(command, env=self._environment(), stdout=subprocess.DEVNULL).returncode

    def _ready(self) -> bool:
        try:
            return self.http.get("/readyz").status_code == 200
        except httpx.HTTPError:
            return False

    def _try(self, path: str, body: dict[str, Any]) -> int | None:
        try:
            return self.http.post(path, json=body).status_code
        except httpx.HTTPError:
            return None

    def _environment(self, **more: str) -> dict[str, str]:
        settings = {"FRONTDOOR_HOME": str(self.home), "FRONTDOOR_NLU_URL": "off", "FRONTDOOR_DEMO": "1"}
        ours = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDOOR_")}
        return {**ours, **settings, **more}
