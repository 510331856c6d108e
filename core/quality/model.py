"""Incidents 群发故障: one cause, many tickets; and the hourly counts that a day is compared with."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime

STATES = ("open", "told", "closed")
_NOT_CLOSED = text("state <> 'closed'")


class Incident(Base):
    """``key`` is what it was noticed by; tickets that match any of ``keys`` join while it is not closed."""

    __tablename__ = "incidents"
    __table_args__ = (
        # Two clocks may see the same spike; one of them opens it.
        Index("ix_incidents_key", "key", unique=True, sqlite_where=_NOT_CLOSED, postgresql_where=_NOT_CLOSED),
        Index("ix_incidents_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    keys: Mapped[list[str]] = mapped_column(JSON, default=list)
    kind: Mapped[str] = mapped_column(Text)  # model | brand | area | manual
    state: Mapped[str] = mapped_column(Text, default="open")
    since: Mapped[datetime] = mapped_column(UtcDateTime)  # tickets opened from here on may belong to it
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[str] = mapped_column(Text)
    window_hours: Mapped[int | None]
    observed: Mapped[int] = mapped_column(default=0)  # customers within the window when it was opened
    expected: Mapped[float | None]
    p: Mapped[float | None]  # how likely so many are on a usual day
    alerts: Mapped[int] = mapped_column(default=0)
    alerted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    alerted_size: Mapped[int] = mapped_column(default=0)  # tickets at the newest alert
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_by: Mapped[str | None] = mapped_column(Text)
    telling: Mapped[str | None] = mapped_column(Text)  # what staff add to the message to customers
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(Text)
    cause: Mapped[str | None] = mapped_column(Text)


class IncidentTicket(Base):
    """A ticket in an incident. It stays when the ticket is taken out, so that it does not join again by itself."""

    __tablename__ = "incident_tickets"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"), primary_key=True, index=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Text)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # told, or why not: opted_out | no_chat | ended | same_customer | closed | removed; None: not yet decided
    outcome: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FaultHour(Base):
    """How many tickets of a key were opened in an hour that is over; key ``*`` is the whole house."""

    __tablename__ = "fault_hours"
    __table_args__ = (Index("ix_fault_hours_hour", "hour"),)

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int]


class FaultWatch(Base):
    """One row: until when hours are counted. Its lock lets one watch look at a time."""

    __tablename__ = "fault_watch"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)  # no history before this
    counted_to: Mapped[datetime] = mapped_column(UtcDateTime)
