"""What we ask a provider to do at a group's door. An order is an outbox row, so that a crash forgets none, what
fails is tried again, and what the provider says of waiting is obeyed."""

from typing import Any

from sqlalchemy.orm import Session

from core.groups.model import QaGroup
from core.groups.post import WAYS
from core.house import House
from core.messaging.channel import Never
from core.messaging.outbox import OutboxMessage, say


class Shut(Never):
    """The provider lets us do nothing there; ``why`` is no_rights, removed (we are not in it) or deleted."""

    def __init__(self, reason: str, why: str) -> None:
        super().__init__(reason, lost=False)
        self.why = why


def order(
    session: Session,
    house: House,
    group: QaGroup,
    do: str,
    *,
    person: str = "",
    key: str | None = None,
    after: OutboxMessage | None = None,
    **values: Any,
) -> OutboxMessage | None:
    """``do`` is link, unlink, silence, leave (of the group), or admit, refuse, remove (of a ``person``).

    Orders about persons have lanes of their own: five hundred at once do not wait for each other. All others keep
    their order with what is said in the group. ``after``: not before this was said, or cannot be.
    """
    assert group.external_id is not None
    session.flush()  # what is to come first has the smaller number
    row = say(
        session,
        at=house.clock.now(),
        channel=WAYS[group.channel],
        account=group.account,
        recipient=f"{group.external_id}/{person}" if person else group.external_id,
        text="",
        key=key,
        weight="notice",
        extra={"group": group.id, "do": do, "person": person, **values},
    )
    if row is not None and after is not None:
        row.lane = after.lane
    return row
