"""Three real clocks on one database: the one that works is killed (-9), and another keeps what is due, once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.care.model import Contact
from core.clock import Clock
from core.election import Election
from core.house import House
from core.messaging.audit import audit
from core.messaging.lease import WAITING
from core.messaging.moment import database_clock
from core.messaging.outbox import OutboxMessage
from core.promise.listing import counts, pending
from core.promise.model import Promise
from tests.channels.desk import until
from tests.play import Story

TAKEN_OVER_WITHIN = 30.0  # seconds; half a lease
CUSTOMERS = 4


class Clocks:
    """``frontdoor scheduler`` processes beside each other."""

    def __init__(self, url: str, home: Path) -> None:
        home.mkdir()
        self._url, self._home = url, home
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *, kill_at: str = "") -> subprocess.Popen[bytes]:
        process = self.launch(kill_at=kill_at)
        self.until_running(process)
        return process

    def launch(self, *, kill_at: str = "") -> subprocess.Popen[bytes]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDOOR_")}
        settings = {
            "FRONTDOOR_HOME": str(self._home),
            "FRONTDOOR_DATABASE_URL": self._url,
            "FRONTDOOR_NLU_URL": "off",
            "FRONTDOOR_DEMO": "1",
            "FRONTDOOR_TEST_KILL_AT": kill_at,
        }
        log = self._home / f"log-{len(self.processes)}"
        command = [sys.executable, "-m", "app.cli", "scheduler"]
        process = subprocess.Popen(
            command, env={**ours, **settings}, stdout=log.open("wb"), stderr=subprocess.STDOUT
        )
        self.processes.append(process)
        return process

    def until_running(self, process: subprocess.Popen[bytes]) -> None:
        log = self._home / f"log-{self.processes.index(process)}"
        until(lambda: "are running" in log.read_text() or process.poll() is not None)

    def kill(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def clocks(house: House, tmp_path: Path) -> Iterator[Clocks]:
    running = Clocks(house.database.url, tmp_path / "clocks")
    yield running
    running.kill()


@pytest.mark.parametrize("point", ["sweep.claimed", "sweep.keeping:2", "sweep.marked", "sweep.kept"])
def test_another_clock_goes_on_where_one_was_killed(house: House, clocks: Clocks, point: str) -> None:
    house = House(house.database, Clock(house.database, demo=True), house.book, house.zone)
    _repairs_done(house)
    first = clocks.start(kill_at=point)
    until(lambda: _is_elected(house))
    others = [clocks.start() for _ in range(2)]
    _move_to_a_morning(house)
    until(lambda: first.poll() is not None)
    assert first.returncode == -signal.SIGKILL
    died = time.monotonic()
    until(lambda: not _due(house))
    assert time.monotonic() - died < TAKEN_OVER_WITHIN
    assert [process.poll() for process in others] == [None, None]
    with house.database.reading() as session:
        keys = Counter(session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.is_not(None))))
        kept = session.scalars(select(Promise).where(Promise.kind == "follow_up")).all()
        found = counts(session, now=house.clock.now())
        waiting = pending(session, house, now=house.clock.now(), limit=100)
    assert set(keys.values()) == {1}
    assert sum(key.startswith(("follow_up:", "survey:")) for key in keys) == CUSTOMERS
    assert [(row.status, row.late) for row in kept] == [("done", True)] * CUSTOMERS
    assert found["due"] == 0 and found["late"] >= CUSTOMERS and found["pending"] == len(waiting) > 0


def test_three_started_together_keep_each_promise_once(house: House, clocks: Clocks) -> None:
    """What is due waits for all three at their first tick; nobody was there before them."""
    house = House(house.database, Clock(house.database, demo=True), house.book, house.zone)
    _repairs_done(house)
    _move_to_a_morning(house)
    started = [clocks.launch() for _ in range(3)]
    for process in started:
        clocks.until_running(process)
    until(lambda: not _due(house))
    assert [process.poll() for process in started] == [None] * 3
    with house.database.reading() as session:
        keys = Counter(session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.is_not(None))))
        kept = session.scalars(select(Promise).where(Promise.kind == "follow_up")).all()
        contacts = Counter(session.scalars(select(Contact.key)))
        report = audit(session, now=house.clock.now())
    assert set(keys.values()) == set(contacts.values()) == {1} and len(contacts) == CUSTOMERS
    assert [(row.status, row.attempt) for row in kept] == [("done", 1)] * CUSTOMERS
    assert report["ok"], report["violations"]


@pytest.mark.parametrize("point", ["outbox.claimed", "send.before", "send.after", "outbox.finishing:2"])
def test_what_a_killed_sender_had_in_hand_is_sent_by_another(
    house: House, clocks: Clocks, point: str
) -> None:
    """On-time work, as it falls due: the process that sends dies, and nothing of it is lost or asked twice."""
    if house.database.is_sqlite:
        pytest.skip("one process works an SQLite file; tests/test_kill.py has its power cuts")
    house = House(house.database, Clock(house.database, demo=True), house.book, house.zone)
    _repairs_done(house)
    _move_to_a_morning(house)
    first = clocks.start(kill_at=point)
    until(lambda: first.poll() is not None)
    assert first.returncode == -signal.SIGKILL
    for _ in range(2):
        clocks.start()
    _leases_end(house)
    until(lambda: not _due(house) and not _unsent(house))
    with house.database.reading() as session:
        keys = Counter(session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.is_not(None))))
        ended = Counter(session.scalars(select(OutboxMessage.status)))
        report = audit(session, now=house.clock.now())
    assert set(keys.values()) == {1} and set(ended) == {"done"}
    assert sum(key.startswith(("follow_up:", "survey:")) for key in keys) == CUSTOMERS
    assert report["ok"], report["violations"]


def _is_elected(house: House) -> bool:
    """Somebody is the clock: nobody else can win the office."""
    asked = Election(house.database)
    won = asked.won()
    asked.resign()
    return not won


def _leases_end(house: House) -> None:
    """The dead process held its rows for a minute; that minute is over now."""
    with house.database.session() as session:
        held = update(OutboxMessage).where(OutboxMessage.status == "leased")
        session.execute(held.values(due_at=database_clock()))
        session.commit()


def _unsent(house: House) -> int:
    with house.database.reading() as session:
        query = select(OutboxMessage.id).where(OutboxMessage.status.in_(WAITING))
        return len(session.scalars(query).all())


def _repairs_done(house: House) -> None:
    story = Story(house)
    for number in range(CUSTOMERS):
        phone = f"1380013800{number}"
        story.says(f"洗衣机漏电了，{phone}，成都市武侯区天府大道1号", who=f"客户{number}")
    for ticket in story.tickets():
        story.staff("done", ticket["number"])


def _move_to_a_morning(house: House) -> None:
    day = house.local(house.clock.now() + timedelta(days=2))
    house.clock.move_to(day.replace(hour=10, minute=30))


def _due(house: House) -> int:
    with house.database.reading() as session:
        return counts(session, now=house.clock.now())["due"]
