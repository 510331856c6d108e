"""What arrived, exactly once: the webhook row is the message."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint, bindparam, select, text
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.locks import folded
from core.messaging.lease import Leased, waiting_indexes
from core.messaging.moment import database_clock

# Kinds that belong to no conversation: kept, but nobody we do not talk to becomes a customer by them.
DOOR = ("join_request", "member", "bot_member", "group_code")  # of groups: core/groups/door.py
OVERHEARD = "overheard"  # said in a group to nobody in particular; without an answer its words are not kept
APART = ("silent", "moved", "group_news", *DOOR)
_LOCK = text(
    "SELECT pg_advisory_xact_lock(:space, lane) FROM (SELECT unnest(CAST(:lanes AS int[])) AS lane ORDER BY 1) AS ordered"
)
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
    patience: float = 0.0  # seconds that the webhook will wait to answer in the same breath

    @property
    def lane(self) -> str:
        return f"{self.channel}:{self.account}:{self.conversation or self.sender}"


class InboxMessage(Leased, Base):
    """One message that arrived, once: its lease, what was understood, and what came of it."""

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
    # Until then (the database's clock) the webhook itself may carry the answer back; the outbox leaves it alone.
    answer_by: Mapped[datetime | None] = mapped_column(UtcDateTime)


def clean(value: str) -> str:
    """Text both engines can store: PostgreSQL refuses NUL, and lone surrogates are no text at all."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


@cache
def _store_statement(dialect: str) -> Any:
    insert, table = sqlite_insert if dialect == "sqlite" else pg_insert, InboxMessage.metadata.tables["inbox"]
    row = insert(table).values(due_at=database_clock(), answer_by=database_clock(bindparam("patience")))
    columns = (table.c.id, table.c.channel, table.c.account, table.c.external_id)
    return row.on_conflict_do_nothing().returning(*columns)


def receive(session: Session, inbound: Inbound, *, at: datetime) -> tuple[int, bool]:
    """Store an arrival; returns (row id, is new). Seen and stored are one statement, so retries are harmless."""
    return receive_all(session, [inbound], at=at)[0]


def receive_all(session: Session, arrivals: Sequence[Inbound], *, at: datetime) -> list[tuple[int, bool]]:
    """Store several arrivals in their order, as ``receive`` does with one."""
    rows = [_values(inbound, at) for inbound in arrivals]
    _queue_up(session, {row["lane"] for row in rows})
    statement = _store_statement(session.get_bind().dialect.name)
    # One statement with all rows, which both engines insert in the order given: ids follow the order of arrival.
    new = session.execute(statement, rows)
    stored = {(row.channel, row.account, row.external_id): row.id for row in new}
    found, seen = [], set[tuple[str, ...]]()
    for row in rows:
        key = _key(row)
        found.append((stored[key], key not in seen) if key in stored else (_known(session, key), False))
        seen.add(key)
    return found


def lease_new(
    session: Session, inbound: Inbound, *, at: datetime, owner: str, seconds: float
) -> InboxMessage | None:
    """Store an arrival that its webhook works off itself, leased from the start; None when it is there already.

    For lanes where nothing else arrives at the same time, such as a call whose row the caller holds.
    """
    values = _values(inbound, at) | {"status": "leased", "owner": owner, "attempt": 1, "seconds": seconds}
    stored = session.execute(_lease_statement(session.get_bind().dialect.name), values).first()
    if stored is None:
        return None
    kept = {name: value for name, value in values.items() if name not in ("seconds", "patience")}
    return InboxMessage(id=stored.id, answer_by=stored.answer_by, **kept)


@cache
def _lease_statement(dialect: str) -> Any:
    insert, table = sqlite_insert if dialect == "sqlite" else pg_insert, InboxMessage.metadata.tables["inbox"]
    row = insert(table).values(
        due_at=database_clock(bindparam("seconds")),
        answer_by=database_clock(bindparam("patience")),
        owner=bindparam("owner"),
    )
    return row.on_conflict_do_nothing().returning(table.c.id, table.c.answer_by)


def _values(inbound: Inbound, at: datetime) -> dict[str, Any]:
    return {
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
        "patience": inbound.patience,
    }


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    return row["channel"], row["account"], row["external_id"]


def _known(session: Session, key: tuple[str, ...]) -> int:
    columns = (InboxMessage.channel, InboxMessage.account, InboxMessage.external_id)
    same = [column == value for column, value in zip(columns, key, strict=True)]
    return session.scalars(select(InboxMessage.id).where(*same)).one()


def _queue_up(session: Session, lanes: set[str]) -> None:
    """One arrival of a lane commits before the next gets its id, so that ids are in the order of arrival.

    Otherwise a worker could see the second message while the first, with the lower id, is not committed yet.
    Lanes are taken in one order by everybody, or two who store several block each other.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(_LOCK, {"space": _LANES, "lanes": sorted(folded(lane) for lane in lanes)})
