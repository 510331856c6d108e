"""Recordings of the telephone are kept for so many days; then the sound is gone, and the file says so."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.media.model import Media
from core.media.store import MediaStore
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

MOST = 200  # in one transaction


def expire_recordings(session: Session, store: MediaStore, *, days: int, now: datetime) -> int:
    """Remove what is older; returns how many. The row stays, so that the file shows that there was a recording."""
    old = (Media.channel == "voice") & Media.path.is_not(None) & (Media.said_at < now - timedelta(days=days))
    rows = session.scalars(select(Media).where(old).limit(MOST)).all()
    for row in rows:
        path, row.path, row.error = row.path, None, "expired"
        session.flush()
        shared = session.scalar(select(func.count()).select_from(Media).where(Media.path == path))
        if path and not shared:
            store.remove(path)
        ticket = session.get(Ticket, row.ticket_id) if row.ticket_id else None
        if ticket is not None:
            note(session, ticket, verb="recording_lost", at=now, actor="frontdoor", channel="voice",
                 text=f"{days} d", audience="staff")  # fmt: skip
    return len(rows)
