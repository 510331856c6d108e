"""The reception: webhooks hand in what arrived and wait until it is on disk; what comes together is stored together.

One commit costs more than everything else a webhook does, so arrivals of the same few milliseconds share one.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

from core.database import Database
from core.messaging.faults import reach
from core.messaging.inbox import Inbound, receive_all
from core.messaging.post import Bell

GATHER = 0.016  # seconds that the first of a batch waits for company
MOST = 64


@dataclass(frozen=True)
class Stored:
    """Where an arrival lies in the inbox, and whether it is new or a repetition."""

    id: int
    new: bool


class Reception:
    """Stores arrivals on a thread of its own. Raises what the database raises: then nothing was stored."""

    def __init__(self, database: Database, now: Callable[[], datetime], bell: Bell) -> None:
        self._database, self._now, self._bell = database, now, bell
        self._waiting: queue.SimpleQueue[tuple[Inbound, Future[Stored]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, inbound: Inbound) -> "Future[Stored]":
        """The future ends when the row is committed, or with what the database said."""
        self._start()
        future: Future[Stored] = Future()
        self._waiting.put((inbound, future))
        return future

    async def take(self, inbound: Inbound) -> Stored:
        """Wait until the arrival is committed."""
        return await asyncio.wrap_future(self.submit(inbound))

    def close(self) -> None:
        """Store what waits, then end."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(timeout=10)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="reception", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        gathering = threading.Event()
        while (first := self._waiting.get()) is not None:
            gathering.wait(GATHER)
            batch, ended = [first], False
            while len(batch) < MOST and not self._waiting.empty():
                one = self._waiting.get()
                if one is None:
                    ended = True
                    break
                batch.append(one)
            self._store(batch)
            if ended:
                return

    def _store(self, batch: list[tuple[Inbound, "Future[Stored]"]]) -> None:
        try:
            with self._database.session() as session:
                stored = receive_all(session, [inbound for inbound, _ in batch], at=self._now())
                session.commit()
        except Exception as error:
            if len(batch) > 1:  # one bad arrival must not turn the others away
                for one in batch:
                    self._store([one])
            else:
                batch[0][1].set_exception(error)
            return
        reach("inbox.committed")
        self._bell.ring()
        for (_, future), (row, new) in zip(batch, stored, strict=True):
            future.set_result(Stored(row, new))
