"""What arrived, exactly once: the webhook row is the message."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint, func, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.messaging.lease import Leased, waiting_indexes
from core.messaging.moment import database_clock

_LANES = 0x6C616E65  # "lane": the name space of the advisory locks of _queue_up


@dataclass(frozen=True)
class Inbound:
    """One arrival from any channel. ``external_id`` is the provider's message key, ``sender`` the person."""

    channel: str
    account: str
    external_id: str
    sender: str
    text: str = ""
    conversation: str = ""  # where it was said, when that is not the private chat with the sender
    name: str | None = None
    kind: str = "text"
    payload: dict[str, Any] = field(default_factory=dict)

    @property
    def lane(self) -> str:
        return f"{self.channel}:{self.account}:{self.conversation or self.sender}"


class InboxMessage(Leased, Base):
    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "account", "external_id"), *waiting_indexes("inbox"))

    channel: Mapped[str] = mapped_column(Text)
    account: Mapped[str] = mapped_column(Text)
    external_id: Mapped[str] = mapped_column(Text)
    sender: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="text")
    text: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    outcome: Mapped[str | None] = mapped_column(Text)  # what the turn was understood as, for the file


def clean(value: str) -> str:
    """Text both engines can store: PostgreSQL refuses NUL, and lone surrogates are no text at all."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


@cache
def _store_statement(dialect: str) -> Any:
    insert, table = sqlite_insert if dialect == "sqlite" else pg_insert, InboxMessage.metadata.tables["inbox"]
    return insert(table).values(due_at=database_clock()).on_conflict_do_nothing().returning(table.c.id)


def receive(session: Session, inbound: Inbound, *, at: datetime) -> tuple[int, bool]:
    """Store an arrival; returns (row id, is new). Seen and stored are one statement, so retries are harmless."""
    values = {
        "channel": inbound.channel,
        "account": inbound.account,
        "external_id": clean(inbound.external_id),
        "lane": clean(inbound.lane),
        "sender": clean(inbound.sender),
        "name": clean(inbound.name) if inbound.name else None,
        "kind": inbound.kind,
        "text": clean(inbound.text),
        "payload": inbound.payload,
        "received_at": at,
        "status": "pending",
        "attempt": 0,
    }
    _queue_up(session, clean(inbound.lane))
    new_id = session.scalar(_store_statement(session.get_bind().dialect.name), values)
    if new_id is not None:
        return new_id, True
    key = (InboxMessage.channel, InboxMessage.account, InboxMessage.external_id)
    same = [column == values[column.key] for column in key]
    return session.scalars(select(InboxMessage.id).where(*same)).one(), False


def _queue_up(session: Session, lane: str) -> None:
    """One arrival of a lane commits before the next gets its id, so that ids are in the order of arrival.

    Otherwise a worker could see the second message while the first, with the lower id, is not committed yet.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(_LANES, func.hashtext(lane))))
