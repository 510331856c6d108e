"""Speaking in a group: one outbox row in the group's own lane, so what is said there keeps its order.

How many a provider takes in a minute is its channel's business: Telegram's 20 per group are kept by
``bot/telegram/limits.py``, and its ``retry_after`` by the lease.
"""

from typing import Any

from sqlalchemy.orm import Session

from core.groups.model import QaGroup
from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage, say

# The group's channel → the way out that reaches it.
WAYS = {"telegram": "telegram", "wecom": "wecom_group", "web": "webchat"}
_REPLIES = ("telegram", "web")  # these show what an answer refers to by themselves


def post(
    session: Session,
    house: House,
    group_id: int,
    text: str,
    *,
    quote: str | None,
    key: str | None = None,
    extra: dict[str, Any] | None = None,
) -> OutboxMessage | None:
    """Say something to everybody in an open group; None when the group is not open, or ``key`` was said before.

    ``quote`` is what the text answers, as the group handed it to ``ask()``: the number of the inbox row.
    """
    group = session.get_one(QaGroup, group_id)
    if group.state != "open" or group.external_id is None:
        return None
    asked = session.get(InboxMessage, int(quote)) if quote and quote.isdigit() else None
    return say(
        session,
        at=house.clock.now(),
        channel=WAYS[group.channel],
        account=group.account,
        recipient=group.external_id,
        text=text if asked is None or group.channel in _REPLIES else _quoted(house, asked.text, text),
        key=key,
        reply_to=asked.id if asked else None,
        weight="notice",
        extra={**(extra or {}), "group": group.id, **_reply(asked)},
    )


def _reply(asked: InboxMessage | None) -> dict[str, Any]:
    number = asked.payload.get("message") if asked else None
    return {"reply": number} if number else {}


def _quoted(house: House, asked: str, text: str) -> str:
    short = " ".join(asked.split())
    return house.book.text("qa_group.quoted", words=short[:80] + ("…" if len(short) > 80 else ""), text=text)
