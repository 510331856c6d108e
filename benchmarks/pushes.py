"""From due to first push: ten thousand pushes fall due within a minute, and one of two providers never answers."""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from benchmarks.desk import house_at
from benchmarks.result import Row, absolute, plain
from core.customer.model import Customer
from core.house import House
from core.promise.model import Promise, promise
from core.staff.model import Staff
from core.ticket.model import Ticket
from tests.engines import Cluster, postgres_binaries
from tests.providers.wecom.server import WeComServer

PUSHES, SECONDS = int(os.environ.get("FRONTDOOR_BENCH_PUSHES", "10000")), 60.0
RATE = 10_000 / SECONDS  # fewer pushes take less time, at the same rate
REACHED, STRANDED = 500, 50  # staff on WeCom, which answers, and on Telegram, which does not
FAILING = STRANDED / (REACHED + STRANDED)
PROCESSES, AHEAD, AFTER = 2, 12.0, 10.0  # seconds to start up, and for stragglers


def run() -> list[Row]:
    binaries = postgres_binaries()
    if binaries is None:
        return []
    running = Cluster(binaries, durable=True)
    try:
        with tempfile.TemporaryDirectory() as home:
            return _measure(running.new_database(), Path(home))
    finally:
        running.remove()


def _measure(url: str, home: Path) -> list[Row]:
    house = house_at(url)
    _staff(house)
    tickets, start = _tickets(house), datetime.now(UTC) + timedelta(seconds=AHEAD)
    dues = {n: start + timedelta(seconds=n / RATE) for n in range(PUSHES)}
    _plan(house, tickets, dues)
    providers = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.refusing"], stdin=-1, stdout=-1, text=True
    )
    assert providers.stdout and providers.stdin
    answering, silent = json.loads(providers.stdout.readline())
    workers = [_worker(url, home, answering, silent, n) for n in range(PROCESSES)]
    last = start + timedelta(seconds=PUSHES / RATE + AFTER)
    time.sleep(max(0.0, (last - datetime.now(UTC)).total_seconds()))
    spent = sum(_cpu(worker.pid) for worker in workers)
    for worker in workers:
        worker.kill()
        worker.wait()
    providers.stdin.close()
    came, knocked = (
        {int(n): at for n, at in arrivals.items()} for arrivals in json.loads(providers.stdout.read())
    )
    _show_lag(house)
    house.database.close()
    return _rows(dues, came, knocked, spent)


def _rows(
    dues: dict[int, datetime], came: dict[int, float], knocked: dict[int, float], cpu: float
) -> list[Row]:
    healthy = [n for n in dues if not _stranded(n)]
    waits = sorted(came.get(n, float("inf")) - dues[n].timestamp() for n in healthy)
    tries = sorted(at - dues[n].timestamp() for n, at in {**came, **knocked}.items() if _stranded(n))
    name = f"{PUSHES:,} pushes in {PUSHES / RATE:.0f} s, one of two channels hangs, PostgreSQL"
    rows = [
        absolute(f"from due to first push, 99th of 100, {name}", _at(waits, 0.99), "s", most=2),
        plain("from due to first push, median, the same", _at(waits, 0.5), "s"),
        absolute("pushes on the channel that answers that did not arrive", len(healthy) - len(set(came) & set(healthy)), "", most=0),
        plain("CPU of clock and workers for a push, the same", 1000 * cpu / PUSHES, "ms"),
    ]  # fmt: skip
    if tries:
        rows.append(
            plain("from due to the first knock at the channel that hangs, median", _at(tries, 0.5), "s")
        )
    return rows


def _at(waits: list[float], share: float) -> float:
    return waits[int(share * (len(waits) - 1))]


def _stranded(n: int) -> bool:
    return n % (REACHED + STRANDED) >= REACHED


def _name(n: int) -> str:
    return f"员工{n % (REACHED + STRANDED):03}"


def _staff(house: House) -> None:
    with house.database.session() as session:
        for n in range(REACHED + STRANDED):
            chat = {"telegram_id": str(70_000_000 + n)} if _stranded(n) else {"wecom_id": f"bench{n}"}
            session.add(Staff(name=_name(n), role="technician", created_at=house.clock.now(), **chat))
        session.commit()


def _tickets(house: House) -> list[int]:
    """One for each push, each with its assignee, as in a house where everybody is late at the same time."""
    now = house.clock.now()
    with house.database.session() as session:
        customers = [Customer(created_at=now, language="zh") for _ in range(1000)]
        session.add_all(customers)
        session.flush()
        blank = {"kind": "repair", "state": "accepted", "opened_at": now, "opened_via": "webchat"}
        rows = [
            {**blank, "number": f"26112{n:05}", "customer_id": customers[n % 1000].id, "assignee": _name(n)}
            for n in range(PUSHES)
        ]
        session.execute(insert(Ticket), rows)
        session.commit()
        return list(session.scalars(select(Ticket.id).order_by(Ticket.number)))


def _plan(house: House, tickets: list[int], dues: dict[int, datetime]) -> None:
    """Everybody asked to be told again (push_again), and the moment comes."""
    rows = [
        {
            "key": f"push_again:bench:{n}",
            "kind": "push_again",
            "due_at": due,
            "ticket_id": tickets[n],
            "payload": {"name": _name(n), "text": f"P{n}Q", "state": "accepted", "assignee": _name(n)},
        }
        for n, due in dues.items()
    ]
    with house.database.session() as session:
        promise(session, *rows)
        session.commit()
    with house.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _worker(url: str, home: Path, answering: int, silent: int, number: int) -> "subprocess.Popen[bytes]":
    with WeComServer() as local:
        settings = {f"FRONTDOOR_{name.upper()}": value for name, value in local.settings.items()}
    settings |= {
        "FRONTDOOR_HOME": str(home),
        "FRONTDOOR_DATABASE_URL": url,
        "FRONTDOOR_NLU_URL": "off",
        "FRONTDOOR_WECOM_API_URL": f"http://127.0.0.1:{answering}",
        "FRONTDOOR_TELEGRAM_TOKEN": "123456789:bench",
        "FRONTDOOR_TELEGRAM_API_URL": f"http://127.0.0.1:{silent}",
    }
    ours = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDOOR_")}
    log = (home / f"log-{number}").open("wb")
    command = [sys.executable, "-m", "app.cli", "scheduler"]
    return subprocess.Popen(command, env=ours | settings, stdout=log, stderr=log)


def _cpu(pid: int) -> float:
    """CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _show_lag(house: House) -> None:
    """How long after its time each promise was taken up: tells the clock's part from the sender's."""
    with house.database.reading() as session:
        rows = session.execute(select(Promise.due_at, Promise.ended_at).where(Promise.ended_at.is_not(None)))
        lags = sorted((ended - due).total_seconds() for due, ended in rows)
    if lags:
        print(
            f"  kept {len(lags)}, lag of the clock p50 {_at(lags, 0.5):.2f} s, p99 {_at(lags, 0.99):.2f} s",
            file=sys.stderr,
        )
