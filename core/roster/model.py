"""Shifts and absences: what was planned. Who is on duty follows from both (duty.py)."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class Shift(Base):
    """``staff`` is on duty from ``starts_at`` up to, not including, ``ends_at``. Who had it before is kept."""

    __tablename__ = "shifts"
    # What is over ends before now: the few that are running or to come are found from the end of the index.
    __table_args__ = (Index("ix_shifts_ends_at", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(Text)
    swapped_from: Mapped[str | None] = mapped_column(Text)
    swapped_by: Mapped[str | None] = mapped_column(Text)
    swapped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Absence(Base):
    """``staff`` is away; on their shifts ``deputy`` stands in for them, where one is named."""

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_ends_at", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deputy: Mapped[str | None] = mapped_column(Text)
