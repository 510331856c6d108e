"""Not faster than a provider allows: how many messages a lane has sent in the last seconds, in all processes."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from core.database import Database
from core.messaging.channel import Outgoing
from core.messaging.outbox import OutboxMessage


class Pace:
    """At most ``most`` messages per ``seconds`` to one recipient. A lane sends one at a time, so looking is enough."""

    def __init__(self, database: Database, *, most: int, seconds: float) -> None:
        self._database, self._most, self._seconds = database, most, seconds

    def wait(self, channel: str, message: Outgoing) -> float:
        """Seconds until this message may go; 0 for now."""
        lane = f"{channel}:{message.account}:{message.recipient}"
        before = select(OutboxMessage.ended_at).where(
            OutboxMessage.lane == lane, OutboxMessage.id < message.id, OutboxMessage.status == "done"
        )
        nth = before.order_by(OutboxMessage.id.desc()).offset(self._most - 1).limit(1)
        with self._database.reading() as session:
            ended = session.scalar(nth)
        if ended is None:
            return 0.0
        free = ended + timedelta(seconds=self._seconds) - datetime.now(UTC)
        return max(0.0, free.total_seconds())
