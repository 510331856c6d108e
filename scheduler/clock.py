"""The clock: APScheduler ticks, due rows are the promises. Nothing is kept in the scheduler itself."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from core.election import Election
from core.house import House
from core.messaging.post import Bell
from core.promise.sweep import sweep
from scheduler.handlers import HANDLERS

_log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """One line of the job table; ``seconds`` between ticks."""

    run: Callable[[House], object]
    seconds: float


def sweep_due(house: House) -> int:
    """Keep every promise that is due now, in due order."""
    total = 0
    while count := sweep(house, HANDLERS, now=house.clock.now()):
        total += count
        if count < 200:
            break
    return total


JOBS = {
    "sweep": Job(sweep_due, seconds=1.0),
}


class ClockWork:
    """Runs the jobs while this process is the elected clock."""

    def __init__(self, house: House, *, after: Bell | None = None) -> None:
        self._house, self._after = house, after
        self._election = Election(house.database)
        self._scheduler = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        for name, job in JOBS.items():
            self._scheduler.add_job(self._tick, IntervalTrigger(seconds=job.seconds), args=[job], id=name)
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=True)
        self._election.resign()

    def _tick(self, job: Job) -> None:
        try:
            if self._election.won() and job.run(self._house) and self._after:
                self._after.ring()
        except Exception:  # the next tick tries again; what is due stays due
            _log.exception("tick failed")
