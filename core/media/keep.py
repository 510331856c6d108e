"""Keeping what came with a message: which rows, for which ticket."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.media.model import KINDS, Media
from core.messaging.inbox import InboxMessage
from core.messaging.moment import database_clock
from core.ticket.model import Ticket


def keep_media(
    session: Session, message: InboxMessage, *, conversation_id: int, ticket_id: int | None, at: datetime
) -> list[Media]:
    """A row for every file of a message (``payload["media"]``: id, kind, name), to be fetched at once."""
    rows = [
        Media(
            lane=f"media:{message.id}:{place}",
            due_at=database_clock(),
            inbox_id=message.id,
            conversation_id=conversation_id,
            ticket_id=ticket_id,
            channel=message.channel,
            provider_id=str(one["id"]),
            kind=one["kind"] if one["kind"] in KINDS else "file",
            name=one.get("name"),
            said_at=at,
        )
        for place, one in enumerate(_distinct(message.payload.get("media") or []))
    ]
    session.add_all(rows)
    return rows


def _distinct(files: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({str(one["id"]): one for one in files if one.get("id")}.values())


def attach(session: Session, ticket: Ticket, conversation_id: int, *, since: datetime) -> int:
    """Give what was sent before the ticket was filed to the ticket; returns how many files."""
    session.flush()
    result = session.execute(
        update(Media)
        .where(Media.conversation_id == conversation_id, Media.ticket_id.is_(None), Media.said_at >= since)
        .values(ticket_id=ticket.id),
        execution_options={"synchronize_session": False},
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
