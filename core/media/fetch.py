"""Fetching a file that a message came with: claimed by lease, fetched with no session open."""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import select

from core.database import Database
from core.media.model import Media
from core.media.store import MediaStore
from core.messaging.channel import Channel, Later, Never
from core.messaging.lease import Lease, backoff, bury, finish, release
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

MOST_ATTEMPTS = 12
MOST_BYTES = 20 * 1024 * 1024
_log = structlog.get_logger()


def fetch_one(database: Database, channels: Mapping[str, Channel], store: MediaStore, row: Media) -> None:
    """One claimed file; the row ends done or dead, and a dead one is told on the ticket."""
    lease = Lease(row.id, row.owner or "", row.attempt)
    try:
        channel: Any = channels.get(row.channel)
        if channel is None or not hasattr(channel, "fetch"):
            raise Later(f"channel {row.channel} is not configured", delay=60)
        fetched = channel.fetch(row.provider_id, MOST_BYTES)
        if len(fetched.content) > MOST_BYTES:
            raise Never(f"larger than {MOST_BYTES} bytes", lost=False)
        kept = store.put(fetched.content)
    except Never as refused:
        _give_up(database, row, lease, str(refused))
    except Exception as error:
        _retry(database, row, lease, error)
    else:
        values = {"path": kept.path, "mime": kept.mime, "size": kept.size, "sha256": kept.sha256}
        with database.session() as session:
            finish(session, Media, lease, name=fetched.name or row.name, **values)
            session.commit()


def _retry(database: Database, row: Media, lease: Lease, error: Exception) -> None:
    if row.attempt >= MOST_ATTEMPTS:
        _give_up(database, row, lease, f"given up after {row.attempt} tries: {error}")
        return
    delay = error.delay if isinstance(error, Later) and error.delay is not None else backoff(row.attempt)
    with database.session() as session:
        release(session, Media, lease, error=f"{type(error).__name__}: {error}", seconds=delay)
        session.commit()


def _give_up(database: Database, row: Media, lease: Lease, reason: str) -> None:
    _log.warning("file cannot be fetched", media=row.id, channel=row.channel, reason=reason)
    with database.session() as session:
        ticket_id = session.scalar(select(Media.ticket_id).where(Media.id == row.id))
        if bury(session, Media, lease, error=reason) and ticket_id:
            ticket = session.get_one(Ticket, ticket_id)
            text = f"{row.kind}: {reason}"
            note(session, ticket, verb="file_lost", at=row.said_at, actor="frontdoor", channel=row.channel,
                 text=text, audience="staff")  # fmt: skip
        session.commit()
