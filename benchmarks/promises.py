"""Promises by the hundred thousand: planned and kept beside APScheduler's own job store, and swept among a million.

Beside APScheduler neither side does any work: what is measured is holding a promise and keeping it. What a whole
follow-up costs stands in a line of its own.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import delete, func, insert, select, text

from benchmarks.desk import house_at
from benchmarks.result import Row, absolute, beside, median, plain
from core.care.model import Contact
from core.care.plan import plan_care
from core.customer.model import Conversation, Customer, Identity
from core.database import Database
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise, promise
from core.promise.sweep import sweep
from core.ticket.model import Ticket
from scheduler.handlers import HANDLERS
from tests.engines import cluster, new_sqlite

FOLLOW_UPS, TICKETS, AT_ONCE = 100_000, 1_000, 1_000
PEER_JOBS = 1_000
CROWDS, DUE, ROUNDS = (10_000, 1_000_000), 1_000, 7
START = datetime(2026, 11, 26, 2, tzinfo=UTC)
_ran = [0]


def run() -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder, cluster() as running:
        rows += _engine("SQLite", new_sqlite(Path(folder)))
        if running is not None:
            rows += _engine("PostgreSQL", running.new_database())
    return rows


def _engine(engine: str, url: str) -> list[Row]:
    house = house_at(url)
    tickets = _tickets(house)
    ours, theirs, whole = _follow_ups(house, tickets), _peer(house.database), _whole(house)
    few, many = (_crowd(house, tickets, size) for size in CROWDS)
    before = _memory()
    _sweep_all(house, many=ROUNDS * DUE, tickets=tickets)
    grown = _memory() - before
    house.database.close()
    return [
        _at_least(f"follow-ups planned and kept, 100,000 of them, {engine}", ours, f"APScheduler's job store, {PEER_JOBS:,} jobs as a sample", theirs, least=10),
        plain(f"whole follow-ups: case, decision, message, contact, timeline, {engine}", whole, "a second"),
        beside(f"sweep of 1,000 due among 1,000,000 pending, {engine}", many, "ms", "among 10,000", few, most=1.2),
        absolute(f"memory grown by sweeping 7,000 more among 1,000,000, {engine}", grown, "MB", most=10),
    ]  # fmt: skip


def _at_least(name: str, value: float, other: str, other_value: float, *, least: float) -> Row:
    ratio = value / other_value
    return Row(name, round(value), "a second", other, round(other_value), round(ratio, 1), f"≥ {least:g} ×", ratio >= least)  # fmt: skip


def keep(*_: object) -> None:
    """What a promise or a job does here, on both sides."""
    _ran[0] += 1


def _tickets(house: House) -> list[int]:
    """Tickets of customers who have a chat, so that a sweep has something to lock."""
    with house.database.session() as session:
        for number in range(1, TICKETS + 1):
            customer = Customer(created_at=START)
            session.add(customer)
            session.flush()
            who = Identity(customer_id=customer.id, channel="webchat", account="", external_id=f"v{number}", created_at=START)  # fmt: skip
            session.add(who)
            session.flush()
            session.add(Conversation(lane=f"webchat::v{number}", identity_id=who.id, created_at=START))
            session.add(
                Ticket(
                    number=f"261126{number:04}",
                    customer_id=customer.id,
                    kind="repair",
                    state="done",
                    opened_at=START,
                    opened_via="webchat",
                )
            )
        session.commit()
        return list(session.scalars(Ticket.__table__.select().with_only_columns(Ticket.id)))


def _plan(house: House, tickets: list[int], name: str, count: int, due: Callable[[int], datetime]) -> None:
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(count, start + AT_ONCE))
        with house.database.session() as session:
            promise(session, *({"key": f"{name}:{n}", "kind": "bench", "due_at": due(n), "ticket_id": tickets[n % len(tickets)]} for n in numbers))  # fmt: skip
            session.commit()


def _follow_ups(house: House, tickets: list[int]) -> float:
    """Follow-ups a second, from the first that is planned to the last that is kept."""
    _ran[0], started = 0, time.perf_counter()
    _plan(house, tickets, "follow_up", FOLLOW_UPS, lambda n: START + timedelta(seconds=n / 100))
    _clear(house, START + timedelta(days=1))
    if _ran[0] != FOLLOW_UPS:
        raise RuntimeError(f"{_ran[0]} of {FOLLOW_UPS} were kept")
    return FOLLOW_UPS / (time.perf_counter() - started)


def _clear(house: House, now: datetime) -> None:
    while sweep(house, {"bench": keep}, now=now, limit=DUE):
        pass


def _whole(house: House) -> float:
    """Follow-ups a second with all that belongs to one, as after so many finished repairs; each customer is asked once."""
    started = time.perf_counter()
    with house.database.session() as session:
        for ticket in session.scalars(select(Ticket)):
            plan_care(session, house, ticket, at=START)
        session.commit()
    while sweep(house, HANDLERS, now=START + timedelta(days=1), limit=DUE):
        pass
    seconds = time.perf_counter() - started
    with house.database.reading() as session:
        said, asked = (session.scalar(select(func.count(row.id))) for row in (OutboxMessage, Contact))
    if (said, asked) != (TICKETS, TICKETS):
        raise RuntimeError(f"{said} messages and {asked} contacts of {TICKETS} follow-ups")
    return TICKETS / seconds


def _peer(database: Database) -> float:
    """Jobs a second of APScheduler with its SQLAlchemy store in the same database."""
    _ran[0] = 0
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=database.engine)},
        executors={"default": {"type": "threadpool", "max_workers": 1}},
        job_defaults={"misfire_grace_time": None},
    )
    scheduler.start(paused=True)
    started = time.perf_counter()
    for _ in range(PEER_JOBS):
        scheduler.add_job(keep, "date", run_date=datetime.now(UTC))
    scheduler.resume()
    while _ran[0] < PEER_JOBS or scheduler.get_jobs():
        time.sleep(0.02)
    seconds = time.perf_counter() - started
    scheduler.shutdown()
    return PEER_JOBS / seconds


def _crowd(house: House, tickets: list[int], size: int) -> float:
    """Milliseconds of one sweep of 1,000 due rows while ``size`` others wait for a later day."""
    with house.database.session() as session:
        session.execute(delete(Promise))
        blank: dict[str, Any] = {
            "kind": "bench",
            "status": "pending",
            "late": False,
            "attempt": 0,
            "payload": {},
        }
        for start in range(0, size, 20_000):
            session.execute(insert(Promise.__table__), [{**blank, "key": f"crowd:{n}", "due_at": START + timedelta(days=30, seconds=n)} for n in range(start, start + min(size, 20_000))])  # fmt: skip
        session.commit()
    with house.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not house.database.is_sqlite:
            connection.execute(text("VACUUM ANALYZE promises"))
    return median(_sweep(house, tickets, f"{size}:{n}") for n in range(ROUNDS))


def _sweep(house: House, tickets: list[int], name: str) -> float:
    _plan(house, tickets, f"due:{name}", DUE, lambda n: START + timedelta(seconds=n))
    started = time.perf_counter()
    count = sweep(house, {"bench": keep}, now=START + timedelta(days=1), limit=DUE)
    if count != DUE:
        raise RuntimeError(f"{count} of {DUE} were kept")
    return (time.perf_counter() - started) * 1000


def _sweep_all(house: House, *, many: int, tickets: list[int]) -> None:
    _plan(house, tickets, "memory", many, lambda n: START + timedelta(seconds=n))
    _clear(house, START + timedelta(days=1))


def _memory() -> float:
    """What this process holds now, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
