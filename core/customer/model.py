"""The customer archive 用户档案: a person, how to reach them, what they own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, UtcDateTime


class Customer(Base):
    """A person. ``phone`` is what they told us; it identifies them only once ``phone_verified_at`` is set."""

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_phone", "phone"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)  # E.164
    phone_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, default="zh")
    contract: Mapped[str | None] = mapped_column(
        Text
    )  # whose service levels apply (policy sla); None: standard
    consent_version: Mapped[str | None] = mapped_column(Text)
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opted_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Identity(Base):
    """One account of a person on one channel."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("channel", "account", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    channel: Mapped[str] = mapped_column(Text)
    account: Mapped[str] = mapped_column(Text, default="")
    external_id: Mapped[str] = mapped_column(Text)
    display_name: Mapped[str | None] = mapped_column(Text)
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # blocked us or unsubscribed
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    customer: Mapped[Customer] = relationship(lazy="joined", innerjoin=True)


class Conversation(Base):
    """One chat with one person. ``state`` is the dialogue's memory; the row lock serialises its turns."""

    __tablename__ = "conversations"

    id: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(Text, unique=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("identities.id"), index=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    last_heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    identity: Mapped[Identity] = relationship(lazy="joined", innerjoin=True)


class Device(Base):
    """An appliance a customer owns. A purchase date is kept with its precision: day, month or year."""

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    category: Mapped[str] = mapped_column(Text)
    brand: Mapped[str | None] = mapped_column(Text)
    model: Mapped[str | None] = mapped_column(Text)
    purchase_date: Mapped[date | None]
    purchase_precision: Mapped[str | None] = mapped_column(Text)
    invoice_no: Mapped[str | None] = mapped_column(Text)
    serial: Mapped[str | None] = mapped_column(Text)
    sold_on: Mapped[date | None]  # by us, as registered; what a customer tells is the purchase date
    delivered_on: Mapped[date | None]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # no longer used: nobody asks about it
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
