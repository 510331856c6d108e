"""No text in its owner's hands is forgotten: until it ended, a promise reads it back (audit)."""

from typing import Any

from sqlalchemy import Text, cast, exists, literal, select
from sqlalchemy.orm import Session

from core.groups.confirm import CONFIRM, KIND, WAITING
from core.groups.post import WAYS
from core.messaging.outbox import OutboxMessage
from core.promise.model import PENDING, Promise

RULE = "a text in the hands of a group's owner is read back"


def unread(session: Session, *, limit: int) -> list[dict[str, Any]]:
    """Messages that wait for the owner of a group, and that nothing will look after."""
    state = OutboxMessage.extra[(CONFIRM, "state")].as_string()
    looked_after = exists().where(PENDING, Promise.key == literal(f"{KIND}:") + cast(OutboxMessage.id, Text))
    lost = select(OutboxMessage.id).where(
        OutboxMessage.channel == WAYS["wecom"], state == WAITING, ~looked_after
    )
    return [{"rule": RULE, "outbox": number} for number in session.scalars(lost.limit(limit))]
