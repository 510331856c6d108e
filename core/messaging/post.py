"""The post room: threads that claim what waits and work it off, woken by a bell or by the clock on the wall."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from core.database import Database
from core.messaging.faults import reach
from core.messaging.lease import claim, reclaim
from core.messaging.premises import enter, leave

_log = structlog.get_logger()


class Bell:
    """Rung when something new waits; a missed ring only costs the next poll."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._branches: list[Bell] = []

    def branch(self) -> "Bell":
        """A bell for one of several workers: rung along with this one, and by itself it wakes nobody else."""
        self._branches.append(Bell())
        return self._branches[-1]

    def ring(self) -> None:
        """Wake whoever waits, here and at the branches."""
        self._event.set()
        for bell in self._branches:
            bell.ring()

    def wait(self, seconds: float) -> None:
        """Until it rings, at most so many seconds; a ring before we came counts."""
        self._event.wait(seconds)
        self._event.clear()


class Pump:
    """Claims rows of one table and hands each to ``work`` on a pool of ``slots`` threads.

    ``durable`` claims are on disk before the work begins: needed where the work leaves the house.
    ``after`` is rung when a row was worked off, because its lane may have a successor.
    ``share`` is the condition on the rows that this one works off; without it, all.
    """

    def __init__(
        self,
        database: Database,
        model: Any,
        work: Callable[[Any], object],
        *,
        owner: str,
        slots: int,
        lease_seconds: float,
        bell: Bell,
        durable: bool,
        after: tuple[Bell, ...] = (),
        poll_seconds: float = 0.25,
        share: Any = None,
    ) -> None:
        self._database, self._model, self._work = database, model, work
        # A process that comes back with the old one's name and number is not its heir.
        self._owner, self._slots, self._lease = f"{owner}:{uuid.uuid4().hex[:8]}", slots, lease_seconds
        self._bell, self._after, self._poll = bell, after, poll_seconds
        self._durable, self._share = durable, share
        self._free = threading.Semaphore(slots)
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix=model.__tablename__)
        self._stopping = threading.Event()
        self._inside = False
        self._in_hand: set[int] = set()
        self._doubtful = False  # the database went away: it may say we hold what we never got or have let go
        self._thread = threading.Thread(target=self._run, name=f"{model.__tablename__}-pump", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in hand, then end; what is not claimed waits for the next start."""
        self._stopping.set()
        self._bell.ring()
        self._thread.join(timeout=10)
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._inside:
            leave(self._database)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._inside = self._inside or enter(self._database, self._model)
                busy = self._pump()
            except DBAPIError as error:  # the database is away or locked: what waits is safe there
                _log.warning("database not reachable, trying again", error=str(error.orig))
                self._doubtful = True
                self._stopping.wait(1.0)
                continue
            except Exception:  # a worker that dies of a surprise would let everybody wait
                _log.exception("claiming failed, trying again", table=self._model.__tablename__)
                self._stopping.wait(1.0)
                continue
            if not busy:
                self._bell.wait(self._poll)

    def _pump(self) -> bool:
        self._free.acquire()
        free = 1
        while free < self._slots and self._free.acquire(blocking=False):
            free += 1
        rows: list[Any] = []
        try:
            with self._database.session(durable=self._durable) as session:
                if self._doubtful:
                    reclaim(session, self._model, owner=self._owner, but=tuple(self._in_hand))
                taken = claim(
                    session,
                    self._model,
                    owner=self._owner,
                    limit=free,
                    seconds=self._lease,
                    share=self._share,
                )
                session.commit()
                rows = taken  # only now: a commit that failed has given us nothing to work off
                self._in_hand.update(row.id for row in rows)
                self._doubtful = False
        finally:
            for _ in range(free - len(rows)):
                self._free.release()
        if rows:
            reach(f"{self._model.__tablename__}.claimed")
        for row in rows:
            self._pool.submit(self._one, row)
        return bool(rows)

    def _one(self, row: Any) -> None:
        try:
            self._work(row)
            reach(f"{self._model.__tablename__}.worked")
        except Exception:  # the row keeps its lease until we ask the database what it thinks we hold
            self._doubtful = True
            _log.exception("work failed", table=self._model.__tablename__, row=row.id)
        finally:
            self._in_hand.discard(row.id)
            self._free.release()
            self._bell.ring()
            for bell in self._after:
                bell.ring()
