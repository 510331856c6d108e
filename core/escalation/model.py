"""An alert chain 升级链: who is told of one matter, one after the other, until somebody takes it; and every step of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime

RUNNING, ACKNOWLEDGED, EXHAUSTED, CALLED_OFF = "running", "acknowledged", "exhausted", "called_off"
_RUNNING = text("state = 'running'")


class AlertChain(Base):
    """``snapshot`` is the ladder as it was when the alert was raised; nobody's later edit changes it (C3)."""

    __tablename__ = "alert_chains"
    __table_args__ = (
        Index("ix_alert_chains_running", "next_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_alert_chains_ticket", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)  # the push's business key
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    audience: Mapped[str] = mapped_column(Text)
    wording: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict
    )  # what its words say beside the ticket's
    # {"steps": [{person, channel, recipient, account, wait}], "rounds", "pause", "snoozes"}; minutes
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Text, default=RUNNING)
    round: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=-1)  # the step it has come to
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    since: Mapped[datetime] = mapped_column(UtcDateTime)  # when it came to that step
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snoozes: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(Text)  # who took it
    reason: Mapped[str | None] = mapped_column(Text)  # why it was called off
    late_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the auditor has raised that it hangs

    @property
    def steps(self) -> list[dict[str, Any]]:
        """As worked out when the alert began: person, channel, recipient, wait in minutes."""
        steps: list[dict[str, Any]] = self.snapshot["steps"]
        return steps

    @property
    def promise_key(self) -> str:
        """Of the one promise that moves the chain on."""
        return f"chain_step:{self.id}"


class AlertStep(Base):
    """One telling of one person on one channel: in flight, until it was either sent or has failed."""

    __tablename__ = "alert_steps"
    __table_args__ = (UniqueConstraint("chain_id", "round", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("alert_chains.id"))
    round: Mapped[int]
    position: Mapped[int]
    person: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    outbox_id: Mapped[int | None]  # no foreign key: the outbox is cleared earlier than this record
    triggered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Text)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
