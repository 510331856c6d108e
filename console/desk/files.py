"""Photos, voice and other files of a ticket and of its customer: what is there, what is on its way, what is lost."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Conversation, Identity
from core.media.model import Media
from core.ticket.model import Ticket

MOST = 60
# What a browser may open in place; everything else is only ever saved. No SVG, no HTML: they could run.
PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
SOUNDS = ("audio/ogg", "audio/mpeg", "audio/wav")


@dataclass(frozen=True)
class File:
    """``show``: picture, sound or save; ``state``: fetched, pending or lost (with ``reason``)."""

    id: int
    kind: str
    name: str
    at: datetime
    size: int | None
    state: str
    show: str
    reason: str | None
    mime: str | None
    here: bool  # of this ticket, and not of another one or of none


def files(session: Session, ticket: Ticket, *, own: bool) -> list[File]:
    """This ticket's first; for those who see their own tickets only, nothing else."""
    rows = session.scalars(
        select(Media).where(_theirs(ticket, own)).order_by(Media.id.desc()).limit(MOST)
    ).all()
    found = [_file(row, ticket) for row in rows]
    return sorted(found, key=lambda file: (not file.here, -file.id))


def one(session: Session, ticket: Ticket, number: int, *, own: bool) -> Media | None:
    """A fetched file, if it belongs to this ticket's file."""
    return session.scalars(
        select(Media).where(Media.id == number, _theirs(ticket, own), Media.path.is_not(None))
    ).first()


def _theirs(ticket: Ticket, own: bool):  # type: ignore[no-untyped-def]
    if own:
        return Media.ticket_id == ticket.id
    chats = select(Conversation.id).join(Identity).where(Identity.customer_id == ticket.customer_id)
    return (Media.ticket_id == ticket.id) | Media.conversation_id.in_(chats)


def _file(row: Media, ticket: Ticket) -> File:
    state = {"done": "fetched", "dead": "lost"}.get(row.status, "pending")
    show = "picture" if row.mime in PICTURES else "sound" if row.mime in SOUNDS else "save"
    return File(
        row.id,
        row.kind,
        file_name(row),
        row.said_at,
        row.size,
        state,
        show,
        row.error if state == "lost" else None,
        row.mime,
        row.ticket_id == ticket.id,
    )


def file_name(row: Media) -> str:
    """A name that is safe to save under: the sender's without paths and marks, with the ending of what it really is."""
    ending = (row.path or "").rpartition(".")[2] or "bin"
    said = re.sub(
        r"[^\w\u4e00-\u9fff.\- ]", "_", (row.name or "").replace("\\", "/").rpartition("/")[2]
    ).strip(". ")
    stem = said.rpartition(".")[0] or said
    return f"{(stem or f'{row.kind}-{row.id}')[:80]}.{ending}"
