"""The passive reply: the answer in the response to the webhook that brought the question. It costs no quota."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import structlog
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session
from wechatpy.replies import TextReply

from bot.wechat.text import fits, shown
from bot.wechat.xml import plain
from core.database import Database
from core.messaging.carried import Answered, carried, carried_again, claim_answer, let_go, look
from core.messaging.faults import reach
from core.messaging.outbox import OutboxMessage, say

PATIENCE = 0.8  # seconds after its arrival that a message may wait for its answer; WeChat waits five
LOOK_EVERY = 0.1  # seconds between looks at the database, for turns that other processes take
SEATS = 16  # webhooks of one process that wait at the same time
BUSY = 20  # arrivals in one second; with more, nobody waits
REPEATED = 3.5  # seconds after a passive reply; a repetition now means that WeChat never got it
RECEIPT = "passive:"
_log = structlog.get_logger()


class Seats:
    """Who may wait. Under load nobody does: an acknowledgement is worth more than a free message."""

    def __init__(
        self, seats: int = SEATS, busy: int = BUSY, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._free, self._now = seats, now
        self._arrivals: deque[float] = deque(maxlen=busy + 1)

    def take(self) -> bool:
        """Called for every arrival; True must be followed by ``leave``."""
        self._arrivals.append(self._now())
        full = len(self._arrivals) == self._arrivals.maxlen
        if self._free == 0 or (full and self._arrivals[-1] - self._arrivals[0] < 1.0):
            return False
        self._free -= 1
        return True

    def leave(self) -> None:
        """Whoever waited is gone, with an answer or without."""
        self._free += 1


class Passive:
    """Waits for the answer of one arrival and hands it to the webhook, at most once."""

    def __init__(self, database: Database, answered: Answered, owner: str) -> None:
        self._database, self._answered, self._owner = database, answered, owner

    async def answer(self, inbox_id: int, until: float) -> OutboxMessage | None:
        """The answer, claimed for us; None when there is none in time (``until`` is monotonic) or it is not ours."""
        event = self._answered.wait_for(inbox_id)
        try:
            while True:
                event.clear()
                found, again = await run_in_threadpool(self._try, inbox_id)
                rest = until - time.monotonic()
                if found is not None or not again or rest <= 0:
                    return found
                await _woken(event, min(LOOK_EVERY, rest))
        finally:
            self._answered.forget(inbox_id, event)

    def _try(self, inbox_id: int) -> tuple[OutboxMessage | None, bool]:
        """The claimed answer, and whether to look again."""
        with self._database.reading() as session:
            seen = look(session, inbox_id)
        if seen.answer is None:
            return None, seen.open
        if not carries(seen.answer):
            return None, False
        with self._database.session() as session:
            row = claim_answer(session, seen.answer.id, owner=self._owner)
            session.commit()
        if row is not None:
            reach("passive.claimed")
        return row, row is None and seen.open

    def repeated(self, inbox_id: int) -> OutboxMessage | None:
        """What a message that comes once more was answered, where that answer must have got lost."""
        with self._database.reading() as session:
            return carried_again(session, inbox_id, prefix=RECEIPT, after=REPEATED)

    def done(self, row: OutboxMessage) -> None:
        """The response is written. Until here a crash leaves the answer to the pumps."""
        reach("passive.answered")
        with self._database.session() as session:
            if not carried(session, row, f"{RECEIPT}{row.id}"):
                _log.warning("a passive reply took so long that a pump sent it too", outbox=row.id)
            elif "picture" in row.extra:
                _picture_follows(session, row)
            session.commit()

    def give_up(self, row: OutboxMessage) -> None:
        """Not answered after all."""
        with self._database.session() as session:
            let_go(session, row)
            session.commit()


async def _woken(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def carries(row: OutboxMessage) -> bool:
    """Whether an answer can be a passive reply: one bubble, and nothing but words. A picture follows by itself."""
    return not row.extra.get("edit") and fits(words(row)) and bool(words(row))


def _picture_follows(session: Session, row: OutboxMessage) -> None:
    """In the same transaction as the end of its words, so that it is neither lost nor sent twice."""
    to = {"channel": row.channel, "account": row.account, "recipient": row.recipient}
    extra, key = {"picture": row.extra["picture"], "alone": True}, f"picture:{row.id}"
    say(session, at=row.said_at, text="", conversation_id=row.conversation_id, key=key, extra=extra, **to)


def words(row: OutboxMessage) -> str:
    return shown(row.text, [(choice["key"], choice["label"]) for choice in row.choices])


def reply(row: OutboxMessage, *, account: str, openid: str, now: float) -> str:
    """The XML; wechatpy puts the words between CDATA marks without looking at them."""
    content, source, target = (_inside(part) for part in (words(row), account, openid))
    return str(TextReply(content=content, source=source, target=target, time=int(now)).render())


def _inside(text: str) -> str:
    return plain(text).replace("]]>", "]]]]><![CDATA[>")
