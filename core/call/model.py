"""One call: a row, so that any process can take the next step and a restart loses nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class Call(Base):
    """One call, theirs or ours: where it stands (``state``, ``step``) and the last document it was given."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_identity", "identity_id", "id"),
        Index("ix_calls_conversation", "conversation_id"),
        Index("ix_calls_running", "ended_at", "id"),
        Index("ix_calls_direction", "direction", "started_at"),
    )

    # Every write counts it up: a step that was worked out from memory is kept only if nothing happened meanwhile.
    changes: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": changes}  # noqa: RUF012 - read once by SQLAlchemy

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(Text, unique=True)  # the provider's; "order:…" until it has told us
    provider: Mapped[str] = mapped_column(Text, default="twilio")
    direction: Mapped[str] = mapped_column(Text, default="inbound")  # inbound | outbound
    from_number: Mapped[str] = mapped_column(Text)  # as the provider gave it: E.164, SIP address or empty
    to_number: Mapped[str] = mapped_column(Text)
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identities.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))  # what an outbound call is about
    purpose: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, default="zh")
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[str] = mapped_column(Text, default="in-progress")  # the provider's last word
    step: Mapped[int] = mapped_column(default=0)  # the number of the step that we wait for
    document: Mapped[str] = mapped_column(
        Text, default=""
    )  # what was answered last: a repeated step gets it again
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)  # business time
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seconds: Mapped[int | None]  # as billed by the provider
    outcome: Mapped[str | None] = mapped_column(
        Text
    )  # inbound: ivr/beside.py; outbound: core/call/outcomes.py
    # Of a call that we place: its business key, the try, the expected price, whom of the staff it is for, and facts.
    order: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def ours(self) -> str:
        """Our own number in this call."""
        return self.from_number if self.direction == "outbound" else self.to_number

    @property
    def theirs(self) -> str:
        """The other end's number, as the provider gave it."""
        return self.to_number if self.direction == "outbound" else self.from_number


class EditedMenu(Base):
    """One language's menu as the staff changed it; without a row the shipped one holds."""

    __tablename__ = "menus"

    language: Mapped[str] = mapped_column(Text, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
