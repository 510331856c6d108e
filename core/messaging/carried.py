"""An answer that the webhook carries back itself, in the same breath, instead of a pump sending it.

``answer_by`` keeps the pumps away for a moment. The webhook claims the row as a pump would, answers, and ends it
only then: whoever dies in between leaves a lease that runs out, and the answer goes the usual way.
"""

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session, aliased

from core.messaging.inbox import InboxMessage
from core.messaging.lease import WAITING, Lease, finish
from core.messaging.moment import database_clock
from core.messaging.outbox import OutboxMessage

LEASE_SECONDS = 10.0  # writing a response takes milliseconds; after this a pump sends the answer


@dataclass(frozen=True)
class Look:
    """What became of an arrival so far: its answer, or whether one may still come."""

    answer: OutboxMessage | None
    open: bool


def look(session: Session, inbox_id: int) -> Look:
    """Without claiming anything."""
    asked = {"asked": inbox_id}
    # First: a turn that ends between the two would be over, and without an answer.
    status = session.scalar(_STATUS, asked)
    answer = session.scalars(_ANSWER, asked).first()
    if answer is not None:
        return Look(answer, answer.status in WAITING)
    return Look(None, status in WAITING)


def claim_answer(session: Session, answer_id: int, *, owner: str) -> OutboxMessage | None:
    """Take an answer that is still kept for us; None when a pump has it or something in its lane comes first."""
    earlier = aliased(OutboxMessage)
    blocked = exists().where(
        earlier.lane == OutboxMessage.lane, earlier.id < OutboxMessage.id, earlier.status.in_(WAITING)
    )
    mine = OutboxMessage.id == answer_id, OutboxMessage.status == "pending"
    statement = (
        update(OutboxMessage)
        .where(*mine, OutboxMessage.due_at > database_clock(), ~blocked)
        .values(
            status="leased",
            owner=owner,
            attempt=OutboxMessage.attempt + 1,
            due_at=database_clock(LEASE_SECONDS),
        )
        .returning(OutboxMessage)
    )
    options = {"synchronize_session": False}
    return session.scalars(statement, execution_options=options).first()


def let_go(session: Session, answer: OutboxMessage) -> None:
    """Not carried after all: a pump may have it at once."""
    held = OutboxMessage.id == answer.id, OutboxMessage.owner == answer.owner
    values: dict[str, Any] = {"status": "pending", "owner": None, "due_at": database_clock()}
    session.execute(update(OutboxMessage).where(*held, OutboxMessage.status == "leased").values(**values))


def carried(session: Session, answer: OutboxMessage, receipt: str) -> bool:
    """It was answered. False: it took so long that a pump has taken over."""
    lease = Lease(answer.id, answer.owner or "", answer.attempt)
    return finish(session, OutboxMessage, lease, receipt=receipt)


def carried_again(session: Session, inbox_id: int, *, prefix: str, after: float) -> OutboxMessage | None:
    """The answer of an arrival that is repeated although it was carried back ``after`` seconds ago or earlier.

    The provider never got it, or it would not ask again.
    """
    values = {"asked": inbox_id, "prefix": f"{prefix}%", "ago": -after}
    return session.scalars(_CARRIED_BEFORE, values).first()


# Built once: every repetition of a webhook asks, and building it costs more than running it.
_CARRIED_BEFORE = select(OutboxMessage).where(
    OutboxMessage.reply_to == bindparam("asked"),
    OutboxMessage.status == "done",
    OutboxMessage.receipt.like(bindparam("prefix")),
    OutboxMessage.ended_at <= database_clock(bindparam("ago")),
)
_ANSWER = select(OutboxMessage).where(OutboxMessage.reply_to == bindparam("asked"))
_STATUS = select(InboxMessage.status).where(InboxMessage.id == bindparam("asked"))


class Answered:
    """Wakes the webhooks of this process whose message was dealt with; those of others look by themselves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}

    def ring(self, inbox_id: int) -> None:
        """From any thread."""
        with self._lock:
            waiting = tuple(self._waiting.get(inbox_id, ()))
        for loop, event in waiting:
            with suppress(RuntimeError):  # that loop has ended, and its webhook with it
                loop.call_soon_threadsafe(event.set)

    def wait_for(self, inbox_id: int) -> asyncio.Event:
        """Set when this message was dealt with; ``forget`` must follow."""
        event = asyncio.Event()
        with self._lock:
            self._waiting.setdefault(inbox_id, set()).add((asyncio.get_running_loop(), event))
        return event

    def forget(self, inbox_id: int, event: asyncio.Event) -> None:
        with self._lock:
            rest = {pair for pair in self._waiting.get(inbox_id, ()) if pair[1] is not event}
            if rest:
                self._waiting[inbox_id] = rest
            else:
                self._waiting.pop(inbox_id, None)
