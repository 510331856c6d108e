"""The real ASGI app on a database of a test, with its workers, spoken to over HTTP."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import func, select

from app.settings import Settings
from app.web import create_app
from app.wiring import Frontdoor
from core.messaging.inbox import InboxMessage
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from scheduler.demo import advance
from tests.serving import serving
from tests.waiting import PATIENCE, until

__all__ = ["Desk", "at_once", "running", "until"]


class Desk:
    """One running web process: ``client`` speaks to it, ``front`` is its inside."""

    def __init__(self, front: Frontdoor, address: str) -> None:
        self.front, self.address = front, address
        self.client = httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False)

    def post(self, visitor: str, key: str, text: str) -> httpx.Response:
        return self.client.post("/webchat/messages", json={"visitor": visitor, "id": key, "text": text})

    def rows(self, model: Any, *conditions: Any) -> list[Any]:
        with self.front.house.database.reading() as session:
            return list(session.scalars(select(model).where(*conditions).order_by(model.id)))

    def quiet(self, seconds: float = PATIENCE) -> None:
        """Wait until everything that arrived is answered and sent."""
        until(lambda: not any(self._waiting(model) for model in (InboxMessage, OutboxMessage)), seconds)

    def passes(self, span: str) -> None:
        """Business time goes on, until what fell due is kept, by whoever of the house's clocks, and said."""
        house = self.front.house
        advance(house, span)
        due = Promise.status == "pending", Promise.due_at <= house.clock.now()
        until(lambda: not self.rows(Promise, *due))
        self.front.outbox_bell.ring()
        self.quiet()

    def _waiting(self, model: Any) -> int:
        with self.front.house.database.reading() as session:
            return (
                session.scalar(select(func.count()).select_from(model).where(model.status.in_(WAITING))) or 0
            )


@contextmanager
def running(url: str, **settings: Any) -> Iterator[Desk]:
    """A real uvicorn on a free port, in a thread of its own."""
    app = create_app(Settings(database_url=url, demo=True, **settings))
    try:
        with serving(app) as address:
            yield Desk(app.state.front, address)
    finally:
        app.state.front.house.database.close()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run all of them in threads that start together; their results in order."""
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        gate.wait()
        results[place] = call()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
