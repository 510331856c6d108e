"""What monitors read at /metrics: counted at the scrape from the database, so every process tells the same."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select, text

from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from core.ticket.lifecycle import ENDED
from core.ticket.model import Ticket

_WAITING = text("status IN ('pending', 'leased')")
_DEAD = text("status = 'dead'")


class FrontdoorCollector(Collector):
    """Every figure here is answered by a partial index, however many rows have ended."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What Prometheus asks for, counted in the database at this moment."""
        now = self._house.clock.now()
        waiting = GaugeMetricFamily(
            "frontdoor_messages_waiting", "Messages not worked off yet", labels=["table"]
        )
        dead = GaugeMetricFamily(
            "frontdoor_dead_letters", "Messages set aside with a reason", labels=["table"]
        )
        with self._house.database.reading() as session:
            for model in (InboxMessage, OutboxMessage):
                table = model.__tablename__
                waiting.add_metric([table], session.scalar(select(func.count(model.id)).where(_WAITING)) or 0)
                dead.add_metric([table], session.scalar(select(func.count(model.id)).where(_DEAD)) or 0)
            overdue = select(func.count()).where(Promise.status == "pending", Promise.due_at <= now)
            late = GaugeMetricFamily("frontdoor_promises_overdue", "Promises due and not kept yet")
            late.add_metric([], session.scalar(overdue) or 0)
            states = (
                select(Ticket.state, func.count()).where(Ticket.state.not_in(ENDED)).group_by(Ticket.state)
            )
            open_tickets = GaugeMetricFamily("frontdoor_open_tickets", "Open tickets", labels=["state"])
            for state, count in session.execute(states):
                open_tickets.add_metric([state], count)
        yield from (waiting, dead, late, open_tickets)
