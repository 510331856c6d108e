"""What a web chat shows: what was heard and said, in order."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage

MOST = 200


def page(session: Session, house: House, *, visitor: str, after: float) -> dict[str, Any]:
    """Messages delivered after the id ``after``, each answer preceded by what it answers."""
    lane = f"webchat::{visitor}"
    delivered = (
        select(OutboxMessage)
        .where(OutboxMessage.lane == lane, OutboxMessage.status == "done", OutboxMessage.id > after)
        .order_by(OutboxMessage.id.desc() if after == 0 else OutboxMessage.id)
        .limit(MOST)
    )
    rows = sorted(session.scalars(delivered), key=lambda row: row.id)
    asked = [row.reply_to for row in rows if row.reply_to]
    heard = (
        {m.id: m for m in session.scalars(select(InboxMessage).where(InboxMessage.id.in_(asked)))}
        if asked
        else {}
    )
    messages: list[dict[str, Any]] = []
    for row in rows:
        question = heard.get(row.reply_to or 0)
        if question is not None and question.kind != "scan":  # without words there is nothing to show
            messages.append(_in(house, question, row.id - 0.5))
        messages.append(_out(house, row))
    return {"messages": messages, "processed": processed(session, lane)}


def processed(session: Session, lane: str) -> int:
    """The highest inbox id of a lane up to which everything has been dealt with."""
    mine = InboxMessage.lane == lane
    waiting = session.scalar(select(func.min(InboxMessage.id)).where(mine, InboxMessage.status.in_(WAITING)))
    if waiting is not None:
        return waiting - 1
    return session.scalar(select(func.max(InboxMessage.id)).where(mine)) or 0


def _in(house: House, row: InboxMessage, place: float) -> dict[str, Any]:
    client_id = row.external_id.split(":", 1)[1]
    at = house.local(row.received_at).isoformat(timespec="seconds")
    return {"id": place, "direction": "in", "text": row.text, "choices": [], "at": at, "client_id": client_id}


def _out(house: House, row: OutboxMessage) -> dict[str, Any]:
    at = house.local(row.said_at).isoformat(timespec="seconds")
    return {
        "id": row.id,
        "direction": "out",
        "text": row.text,
        "choices": row.choices,
        "at": at,
        "reply_to": row.reply_to,
        "picture": picture(row.extra),
    }


def picture(extra: dict[str, Any]) -> dict[str, Any] | None:
    """Where a browser finds it, and its size in pixels, so that nothing jumps when it comes."""
    shown = extra.get("picture")
    if not shown:
        return None
    return {"url": f"/webchat/pictures/{shown['id']}", "width": shown["width"], "height": shown["height"]}
