"""Photos, voice and other files that customers send: a row at once, the bytes a moment later."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime
from core.messaging.lease import Leased, waiting_indexes

KINDS = ("image", "voice", "video", "file")


class Media(Leased, Base):
    """One file. ``lane`` is its own, so that one stuck file holds nobody up; ``path`` is below the media folder."""

    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("inbox_id", "provider_id"), *waiting_indexes("media"))

    # The message it came with; a foreign key would tie the retention of the two tables together.
    inbox_id: Mapped[int] = mapped_column()
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    channel: Mapped[str] = mapped_column(Text)
    provider_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)  # business time
    name: Mapped[str | None] = mapped_column(Text)
    mime: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(Text)
    path: Mapped[str | None] = mapped_column(Text)
