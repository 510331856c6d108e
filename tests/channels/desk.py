"""The real ASGI app on a database of a test, with its workers, spoken to over HTTP."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from sqlalchemy import func, select

from app.settings import Settings
from app.web import create_app
from app.wiring import Frontdoor
from core.messaging.inbox import InboxMessage
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage

PATIENCE = 60  # seconds until a test gives up; never what is measured


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

    def quiet(self) -> None:
        """Wait until everything that arrived is answered and sent."""
        until(lambda: not any(self._waiting(model) for model in (InboxMessage, OutboxMessage)))

    def _waiting(self, model: Any) -> int:
        with self.front.house.database.reading() as session:
            return (
                session.scalar(select(func.count()).select_from(model).where(model.status.in_(WAITING))) or 0
            )


def until(holds: Callable[[], object]) -> None:
    """Wait for something that must come, however busy the machine is."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


@contextmanager
def running(url: str, **settings: Any) -> Iterator[Desk]:
    """A real uvicorn on a free port, in a thread of its own."""
    app = create_app(Settings(database_url=url, demo=True, **settings))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Desk(app.state.front, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join()
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
