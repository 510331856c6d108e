"""kill -9 between any two steps of a real server: nothing acknowledged is missing, nothing happens twice."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.customer.model import Customer
from core.messaging.inbox import InboxMessage
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from core.ticket.model import Ticket
from tests.channels.desk import until
from tests.power import Power

pytestmark = pytest.mark.timeout(900)  # long by nature, and longer beside a busy neighbour
MESSAGES = {
    "m1": "洗衣机漏电了",
    "m2": "13800138000",
    "m3": "成都市武侯区天府大道1号",
    "m4": "转人工",
}
ON_THE_WAY = (
    "inbox.committed",
    "inbox.committed:3",
    "inbox.claimed",
    "inbox.claimed:4",
    "inbox.finishing",
    "inbox.finishing:2",
    "inbox.worked",
    "outbox.claimed:2",
    "send.before",
    "send.after",
    "send.after:5",
    "outbox.finishing",
    "outbox.worked",
)
IN_THE_SWEEP = ("sweep.claimed", "sweep.keeping:1", "sweep.marked", "sweep.kept:1", "sweep.keeping:2")


@pytest.fixture
def power(tmp_path: Path) -> Iterator[Power]:
    supply = Power(tmp_path / "home")
    yield supply
    supply.off()
    supply.house.database.close()


def told(power: Power, visitor: str) -> bool:
    """A customer tells everything, in order; True when all of it was acknowledged."""
    return all(power.post(visitor, key, text) for key, text in MESSAGES.items())


def rows(power: Power, model: type) -> list:
    with power.house.database.reading() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def quiet(power: Power) -> bool:
    queues = (InboxMessage, OutboxMessage)
    return not any(row.status in WAITING for model in queues for row in rows(power, model))


def everything_once(power: Power, visitors: list[str]) -> None:
    heard, said = rows(power, InboxMessage), rows(power, OutboxMessage)
    assert {row.status for row in heard} == {row.status for row in said} == {"done"}
    for visitor in visitors:
        mine = [row for row in heard if row.sender == visitor]
        assert [row.text for row in mine] == list(MESSAGES.values())
        answers = [row.reply_to for row in said if row.recipient == visitor and row.reply_to]
        assert answers == [row.id for row in mine]
    keys = Counter(row.key for row in said if row.key)
    assert set(keys.values()) == {1}
    assert len(rows(power, Customer)) == len(visitors)
    kinds = Counter((ticket.customer_id, ticket.wants) for ticket in rows(power, Ticket))
    assert set(kinds.values()) == {1} and Counter(wants for _, wants in kinds) == dict.fromkeys(
        (None, "person"), len(visitors)
    )
    assert {p.status for p in rows(power, Promise)} <= {"pending", "done", "cancelled"}
    assert power.audit() == 0


def test_killed_at_every_step_of_a_message(power: Power) -> None:
    """One life after another, each ended at another step while somebody is telling; what was cut off is repeated."""
    visitors = [f"visitor-{n:04}" for n in range(len(ON_THE_WAY))]
    for life, point in enumerate(ON_THE_WAY):
        power.on(kill_at=point)
        for visitor in visitors[: life + 1]:
            told(power, visitor)
        until(power.died)
    power.on()
    # A provider repeats what was not acknowledged, and some repeat the rest too.
    assert all(told(power, visitor) for visitor in visitors)
    until(lambda: quiet(power))
    everything_once(power, visitors)


def test_killed_while_promises_are_kept(power: Power) -> None:
    visitor = "visitor-0001"
    power.on()
    assert told(power, visitor)
    until(lambda: quiet(power))
    power.off()
    for ticket in rows(power, Ticket):
        power.staff("done", ticket.number)
    for point in IN_THE_SWEEP:
        power.on(kill_at=point)
        power.advance("10h")
        until(lambda: power.died() or (power.advance("10h") and power.died()))
    power.on()
    until(lambda: power.advance("10h") and quiet(power) and len(surveys(power)) == 2)
    assert len({key.split(":")[1] for key in surveys(power)}) == 2
    everything_once(power, [visitor])


def surveys(power: Power) -> list[str]:
    return [
        row.key for row in rows(power, OutboxMessage) if (row.key or "").startswith(("survey:", "follow_up:"))
    ]
