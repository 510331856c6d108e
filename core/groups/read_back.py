"""Looking whether a group's owner has sent what he was asked to: an outbox row, so that a crash or an outage loses none."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.groups.confirm import KIND, UNSENT, WAITING, known, remember, working
from core.groups.confirmed import write
from core.house import House
from core.messaging.outbox import OutboxMessage, say
from core.promise.model import Promise

READ_BACK = "read_back"  # the order


def keep_group_confirm(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Order a look. What it finds says when the next one is due; a look that gets lost is ordered anew."""
    message = session.get(OutboxMessage, row.payload["message"])
    state = known(message) if message is not None else {}
    if message is None or state.get("state") != WAITING:
        row.reason = str(state.get("state") or "the message is gone")
        return None
    if row.attempt >= house.book.policy(KIND)["looks"]:
        remember(message, state=UNSENT, at=now.isoformat())
        write(session, message, "group_unsent", at=now, why="never")
        row.reason = UNSENT
        return None
    _look(session, message, state, key=f"{row.key}:{row.attempt}", at=now)
    return working(house, now, house.book.policy(KIND)["late_minutes"])


def _look(session: Session, message: OutboxMessage, state: dict[str, Any], *, key: str, at: datetime) -> None:
    what = {"of": message.id, "msgid": state["msgid"], "owner": state["owner"], "look": state["told"] + 1}
    say(
        session,
        at=at,
        channel=message.channel,
        account=message.account,
        recipient=look_at(message.recipient, state["msgid"]),
        text="",
        key=key,
        weight="notice",
        extra={"group": message.extra["group"], "do": READ_BACK, **what},
    )


def look_at(chat: str, msgid: str) -> str:
    """A lane of its own: nothing that is said in the group waits for a look."""
    return f"{chat}/{msgid}"
