"""Staff accounts: who may do what in the console, and who is called when something burns."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime

ROLES = ["viewer", "agent", "dispatcher", "technician", "trainer", "manager", "admin", "auditor"]


class Staff(Base):
    """An account. ``name`` is how the roster, tickets and timelines know somebody."""

    __tablename__ = "staff"
    __table_args__ = (
        Index("ix_staff_wecom", "wecom_id", unique=True),
        Index("ix_staff_telegram", "telegram_id", unique=True),
        Index("ix_staff_email", "email", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    role: Mapped[str] = mapped_column(Text, default="viewer")
    password_hash: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    on_duty: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(Text, default="zh")
    wecom_id: Mapped[str | None] = mapped_column(Text)
    telegram_id: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoginAttempt(Base):
    """Failed log-ins per name and per address, for throttling."""

    __tablename__ = "login_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(Text, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reveal(Base):
    """Who looked at a masked phone or address, when, on which ticket (I1)."""

    __tablename__ = "reveals"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text, index=True)
    field: Mapped[str] = mapped_column(Text)
