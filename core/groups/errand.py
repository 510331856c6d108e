"""What is to be done about a group at its provider: an outbox row before it is a request, like all that leaves the house.

It has a lane, a lease and retries, and ends as a dead letter. Its channel does it, and hands what came of it to
``told.py``, which is one transaction each; done twice it comes to the same.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.groups.model import QaGroup
from core.groups.post import WAYS
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage, say

# Make and take back a way in; see who is in the group; find one that somebody made by hand.
MAKE_WAY, TAKE_WAY, LOOK, FIND = "make_way", "take_way", "look", "find"


def errand(
    session: Session, group: QaGroup, do: str, *, key: str, at: datetime, **what: Any
) -> OutboxMessage | None:
    """Queue it in the group's lane; None when ``key`` was queued before."""
    to = group.external_id or group.token
    return errand_at(session, group.channel, to, do, key=key, at=at, group=group.id, **what)


def errand_at(
    session: Session, channel: str, to: str, do: str, *, key: str, at: datetime, **what: Any
) -> OutboxMessage | None:
    """The same about a group that may not be ours. Its text is what staff read of a dead letter."""
    way, extra = WAYS[channel], {"do": do, **what}
    return say(session, at=at, channel=way, recipient=to, text=do, key=key, weight="notice", extra=extra)


def troubles(session: Session, group: QaGroup) -> list[str]:
    """What the provider last said about errands that are not done, newest first."""
    names = [name for name in (group.external_id, group.token) if name]
    stuck = select(OutboxMessage.error).where(
        OutboxMessage.lane.in_(f"{WAYS[group.channel]}:{group.account}:{name}" for name in names),
        OutboxMessage.status.in_((*WAITING, "dead")),
        OutboxMessage.error.is_not(None),
    )
    return [error for error in session.scalars(stuck.order_by(OutboxMessage.id.desc()).limit(3)) if error]
