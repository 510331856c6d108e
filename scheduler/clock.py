"""The clock: APScheduler ticks, due rows are the promises. Nothing is kept in the scheduler itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from core.election import Election
from core.escalation.watch import raise_late
from core.house import House
from core.messaging.post import Bell
from core.programme.round import begin
from core.promise.claim import Span
from core.promise.sweep import BATCH, late_after, sweep
from core.quality.watch import look
from scheduler.handlers import HANDLERS
from scheduler.heartbeat import beat

HEARTBEAT_SECONDS = 60.0
_log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """One line of the job table; ``seconds`` between ticks; ``shared`` when every process does its part of it."""

    run: Callable[[House, Callable[[], None]], object]
    seconds: float
    shared: bool = False


def sweep_due(house: House) -> int:
    """Keep every promise that is due now, in due order, however late it is."""
    total = 0
    while count := sweep(house, HANDLERS, now=house.clock.now()):
        total += count
        if count < BATCH:
            break
    return total


def _nobody() -> None:
    """Nobody waits for what is kept."""


def sweep_on_time(house: House, kept: Callable[[], None] = _nobody) -> int:
    """Keep what has just fallen due; a backlog beside it does not hold it up."""
    total = 0
    while True:
        now = house.clock.now()
        count = sweep(
            house, HANDLERS, now=now, span=Span(until=now, after=now - late_after(house)), kept=kept
        )
        total += count
        if count < BATCH:
            return total


def sweep_late(house: House, kept: Callable[[], None] = _nobody) -> int:
    """Keep the oldest of what fell due while everything was down: a second's share, so that nobody is flooded."""
    now, share = house.clock.now(), house.book.policy("promises")["late_per_second"]
    return sweep(house, HANDLERS, now=now, limit=share, span=Span(until=now - late_after(house)), kept=kept)


def late_chains(house: House, kept: Callable[[], None] = _nobody) -> None:
    """Raise escalation chains whose next step is late."""
    if raise_late(house):
        kept()


def watch_faults(house: House, kept: Callable[[], None] = _nobody) -> None:
    """Look for faults that come oftener than they used to."""
    if look(house):
        kept()


def begin_round(house: House, kept: Callable[[], None] = _nobody) -> None:
    """Promise today's round of the follow-up programme, where yesterday's has not."""
    if begin(house):
        kept()


JOBS = {
    "sweep": Job(sweep_on_time, seconds=0.25, shared=True),
    "sweep_late": Job(sweep_late, seconds=1.0),
    "late_chains": Job(late_chains, seconds=30.0),
    "quality": Job(watch_faults, seconds=120.0),
    "programme": Job(begin_round, seconds=60.0),
}


class ClockWork:
    """Runs the jobs while this process is the elected clock. ``heartbeat``: an address that hears of it each minute."""

    def __init__(self, house: House, *, after: Bell | None = None, heartbeat: str = "") -> None:
        self._house, self._heartbeat = house, heartbeat
        self._kept = after.ring if after else _nobody
        self._election = Election(house.database)
        self._scheduler = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        for name, job in JOBS.items():
            self._scheduler.add_job(self._tick, IntervalTrigger(seconds=job.seconds), args=[job], id=name)
        if self._heartbeat:
            every = IntervalTrigger(seconds=HEARTBEAT_SECONDS)
            self._scheduler.add_job(self._beat, every, id="heartbeat", next_run_time=datetime.now(UTC))
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=True)
        self._election.resign()

    def _beat(self) -> None:
        """Only the elected clock speaks: a standby that lives must not hide that nobody keeps promises."""
        try:
            if self._election.won():
                beat(self._heartbeat)
        except Exception:  # the database is away: then the monitor rightly hears nothing
            _log.warning("heartbeat left out: the election cannot be asked")

    def _tick(self, job: Job) -> None:
        try:
            if self._may(job):
                job.run(self._house, self._kept)
        except Exception:  # the next tick tries again; what is due stays due
            _log.exception("tick failed")

    def _may(self, job: Job) -> bool:
        # An SQLite file has one writer at a time: helpers would only wait for each other.
        elected = self._election.won()
        return elected or (job.shared and not self._house.database.is_sqlite)
