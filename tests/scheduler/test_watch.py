"""Who watches the clock: a chain that hangs is raised once, and an outside monitor hears each minute."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from core.escalation.watch import raise_late
from core.house import House
from scheduler.clock import ClockWork
from scheduler.heartbeat import beat
from tests.channels.desk import until
from tests.stories.chatting import ADMIN, ZHOU, Chatting


class Monitor(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.heard.append(self.path)  # type: ignore[attr-defined]
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def monitor() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Monitor)
    server.heard = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_step_that_does_not_come_is_raised_once(house: House) -> None:
    chat = Chatting(house)
    chat.emergency()
    assert raise_late(house) == 0
    house.clock.move_to(house.clock.now() + timedelta(minutes=9))  # due after 5, and nobody kept it
    assert raise_late(house) == 1 and raise_late(house) == 0
    chat.work()
    late = [m for m in chat.recorders["wecom"].sent if m.recipient == ADMIN]
    assert len(late) == 1 and "提醒链延误" in late[0].text
    chat.conserved()


def test_an_alert_that_was_taken_is_not_late(house: House) -> None:
    chat = Chatting(house)
    chat.emergency()
    chat.presses(ZHOU, "接单")
    house.clock.move_to(house.clock.now() + timedelta(hours=1))
    assert raise_late(house) == 0


def test_the_clock_tells_the_monitor_that_it_lives(house: House, monitor: HTTPServer) -> None:
    clock = ClockWork(house, heartbeat=f"http://127.0.0.1:{monitor.server_port}/alive")
    clock.start()
    try:
        until(lambda: monitor.heard)  # type: ignore[attr-defined]
    finally:
        clock.stop()
    assert monitor.heard == ["/alive"]  # type: ignore[attr-defined]


def test_a_monitor_that_is_away_or_broken_hurts_nobody(monitor: HTTPServer) -> None:
    assert not beat("http://127.0.0.1:9/nobody")
    assert not beat(f"http://127.0.0.1:{monitor.server_port}/broken")
    assert not beat("nonsense")
