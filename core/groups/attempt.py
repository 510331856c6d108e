"""Asking a group's owner is written down before it is done: if nobody hears its end, we must look before we ask again.

Kept with the message while it is so, ``OutboxMessage.extra["confirm"]``: ``since`` and ``tried``, the first attempt and
the latest one. In real time, for it is compared with the provider's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, select

from core.groups.confirm import known, remember
from core.groups.model import QaGroup
from core.groups.post import WAYS
from core.house import House
from core.messaging.channel import Outgoing
from core.messaging.outbox import OutboxMessage

SINCE, TRIED = "since", "tried"


@dataclass(frozen=True)
class Alike:
    """What else of ours says the same: the provider's numbers we know, and whether one more has an attempt without an end."""

    numbers: Collection[str]
    unsure: bool


def about_to_ask(house: House, number: int, *, now: datetime) -> None:
    """Committed before the provider is called."""
    with house.database.session() as session:
        message = session.get_one(OutboxMessage, number)
        first = known(message).get(SINCE) or now.isoformat()
        remember(message, **{SINCE: first, TRIED: now.isoformat()})
        session.commit()


def alike(house: House, message: Outgoing, channel: str) -> Alike:
    """The same answer may be for several groups of one owner: what is another message's is not this one's."""
    lane = literal(f"{WAYS[channel]}:") + QaGroup.account + ":" + QaGroup.external_id
    ours = select(lane).where(QaGroup.channel == channel, QaGroup.external_id.is_not(None))
    others = select(OutboxMessage).where(
        OutboxMessage.lane.in_(ours), OutboxMessage.text == message.text, OutboxMessage.id != message.id
    )
    with house.database.reading() as session:
        states = [known(row) for row in session.scalars(others)]
    numbers = {state["msgid"] for state in states if state.get("msgid")}
    return Alike(numbers, any(state.get(SINCE) for state in states))
