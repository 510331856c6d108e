"""A thousand messages leave in order per customer, also while the channel of one customer hangs."""

import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.desk import house_at
from benchmarks.result import Row, absolute, beside, median
from core.house import House
from core.messaging.channel import Outgoing
from core.messaging.delivery import send_one
from core.messaging.outbox import OutboxMessage, say
from core.messaging.post import Bell, Pump
from tests.engines import cluster, new_sqlite

CUSTOMERS, EACH = 100, 10
STUCK = "customer-0"
PROVIDER = 0.005  # seconds that a provider takes for a message
PATIENCE = 300.0
ROUNDS = 3


class Provider:
    """Takes its time, keeps what it was given, and hangs for one customer until let go."""

    name = "webchat"

    def __init__(self, *, hangs: bool) -> None:
        self.hangs, self.release = hangs, threading.Event()
        self.given: dict[str, list[int]] = defaultdict(list)
        self.count, self._lock = 0, threading.Lock()

    def send(self, message: Outgoing) -> str:
        if self.hangs and message.recipient == STUCK:
            self.release.wait(PATIENCE)
        time.sleep(PROVIDER)
        with self._lock:
            self.given[message.recipient].append(int(message.text))
            self.count += 1
        return message.key


def run() -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder, cluster() as running:
        rows += _engine("SQLite", new_sqlite(Path(folder)))
        if running is not None:
            rows += _engine("PostgreSQL", running.new_database())
    return rows


def _engine(engine: str, url: str) -> list[Row]:
    house = house_at(url)
    rounds = [(_leave(house, hangs=False), _leave(house, hangs=True)) for _ in range(ROUNDS)]
    free, stuck = (median(found[hung][0] for found in rounds) for hung in (0, 1))
    disorder = sum(came[1] for found in rounds for came in found)
    house.database.close()
    name = f"{CUSTOMERS * EACH} queued messages leave while one customer's channel hangs, {engine}"
    return [
        beside(name, stuck, "s", "nobody hangs", free, most=1.4),
        absolute(f"messages out of order or missing, {engine}", disorder, "", most=0),
    ]


def _leave(house: House, *, hangs: bool) -> tuple[float, int]:
    """Seconds until everybody but the stuck customer has everything, and how many came out of order or not at all."""
    with house.database.session() as session:
        for number in range(EACH):
            for customer in range(CUSTOMERS):
                say(
                    session,
                    at=house.clock.now(),
                    channel="webchat",
                    recipient=f"customer-{customer}",
                    text=str(number),
                )
        session.commit()
    provider = Provider(hangs=hangs)
    pump = Pump(
        house.database,
        OutboxMessage,
        lambda row: send_one(house, {"webchat": provider}, row),
        owner="bench",
        slots=8,
        lease_seconds=60,
        bell=Bell(),
        durable=True,
    )
    started = time.perf_counter()
    pump.start()
    _wait(provider, (CUSTOMERS - hangs) * EACH)
    seconds = time.perf_counter() - started
    provider.release.set()
    _wait(provider, CUSTOMERS * EACH)
    pump.stop()
    right = list(range(EACH))
    return seconds, sum(EACH for numbers in provider.given.values() if numbers != right)


def _wait(provider: Provider, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while provider.count < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{provider.count} of {count} messages left")
        time.sleep(0.01)
