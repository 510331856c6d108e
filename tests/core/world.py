"""A house whose workers are turned by hand and may lose their power between any two steps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from sqlalchemy import update

from core.dialogue.turn import take_turn
from core.messaging.channel import Later, Never, Outgoing
from core.messaging.delivery import send_one
from core.messaging.inbox import InboxMessage
from core.messaging.lease import WAITING, claim
from core.messaging.outbox import OutboxMessage
from core.promise.sweep import sweep
from core.ticket.actions import Order, act
from scheduler.handlers import HANDLERS
from tests.play import Recorder, Story

MOODS = ("well", "later", "never", "breaks", "cut")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class PowerCut(BaseException):
    """The process is gone: no handler of ours runs, as with kill -9."""


class Moody(Recorder):
    """A channel that is down, refuses, or breaks after it delivered, as the test wants."""

    mood: str = "well"

    def send(self, message: Outgoing) -> str:
        if self.mood == "later":
            raise Later("down", delay=0)
        if self.mood == "never":
            raise Never("blocked us")
        receipt = super().send(message)
        if self.mood == "breaks":
            raise RuntimeError("the connection broke after the delivery")
        if self.mood == "cut":
            raise PowerCut
        return receipt


@contextmanager
def cut(target: str) -> Iterator[None]:
    """The power fails when ``target`` has been called, before its transaction commits."""
    module, _, name = target.rpartition(".")
    real = getattr(__import__(module, fromlist=[name]), name)

    def then_dark(*args: Any, **values: Any) -> None:
        real(*args, **values)
        raise PowerCut

    with patch(target, then_dark):
        yield


class World(Story):
    def __init__(self, house: Any) -> None:
        super().__init__(house)
        self.recorders = {name: Moody(name) for name in self.recorders}

    def take(self, model: Any, limit: int = 10) -> list[Any]:
        with self.house.database.session() as session:
            rows = claim(session, model, owner="test", limit=limit, seconds=300)
            session.commit()
        return rows

    def leases_end(self) -> None:
        """Time passes for the queues: backoffs and the leases of the dead are over."""
        with self.house.database.session() as session:
            for model in (InboxMessage, OutboxMessage):
                session.execute(update(model).where(model.status.in_(WAITING)).values(due_at=LONG_AGO))
            session.commit()

    def turns(self) -> None:
        for row in self.take(InboxMessage):
            take_turn(self.house, row, self.understand)

    def sends(self) -> None:
        for row in self.take(OutboxMessage):
            send_one(self.house, self.recorders, row)

    def dies(self, work: Callable[[], object]) -> None:
        """Do something that may end in a power cut, and come back when the leases have ended."""
        try:
            work()
        except PowerCut:
            self.leases_end()

    def sweeps_until_dark(self) -> None:
        """The clock's process dies after keeping a promise and before its commit."""
        with patch("core.promise.sweep.reach", self._dark):
            self.dies(lambda: sweep(self.house, HANDLERS, now=self.house.clock.now()))

    @staticmethod
    def _dark(point: str) -> None:
        if point == "sweep.keeping":
            raise PowerCut

    def order(self, verb: str, number: str, **extra: Any) -> None:
        """Staff act, and nobody delivers yet. Raises what the core refuses."""
        with self.house.database.session() as session:
            act(session, self.house, Order(number, verb, by="李工", at=self.house.clock.now(), **extra))
            session.commit()

    def heals(self) -> None:
        """Everything works again and catches up."""
        for recorder in self.recorders.values():
            recorder.mood = "well"
        for _ in range(60):
            self.leases_end()
            self.turns()
            self.sends()
            if not self.waiting():
                return
        raise AssertionError("the queues never run dry")

    def waiting(self) -> int:
        with self.house.database.reading() as session:
            return sum(
                session.query(model).where(model.status.in_(WAITING)).count()
                for model in (InboxMessage, OutboxMessage)
            )
