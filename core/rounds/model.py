"""Inspection rounds 巡检 (B9): a list of places or devices to be visited, each visit with its day, who goes and what was found."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.customer.model import Customer, Device
from core.database import Base, UtcDateTime
from core.ticket.model import Ticket

KINDS = ("sampled", "checked", "full")  # 抽检: some of all; 点检: a list that was given; 普检: all
ROUND_STATES = ("going", "ended", "cancelled")
VISIT_STATES = ("planned", "visited", "missed", "cancelled")
VERDICTS = ("good", "finding")


class Round(Base):
    """One round. ``whole`` is how many there were to choose from, so that a sample shows what it is a sample of."""

    __tablename__ = "rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)  # of the devices that are looked at
    whole: Mapped[int]
    state: Mapped[str] = mapped_column(Text, default="going")
    first_day: Mapped[date] = mapped_column(Date, index=True)
    last_day: Mapped[date] = mapped_column(Date)
    by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoundVisit(Base):
    """One place of a round. A school from a typed list has no customer until a finding there becomes a ticket."""

    __tablename__ = "round_visits"
    __table_args__ = (
        Index("ix_round_visits_round", "round_id"),
        Index("ix_round_visits_day", "day"),
        Index("ix_round_visits_goes", "goes"),
        Index("ix_round_visits_customer", "customer_id"),
        Index("ix_round_visits_ticket", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    name: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)  # E.164
    address: Mapped[str | None] = mapped_column(Text)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    day: Mapped[date] = mapped_column(Date)
    goes: Mapped[str | None] = mapped_column(Text)  # name of a member of staff
    state: Mapped[str] = mapped_column(Text, default="planned")
    verdict: Mapped[str | None] = mapped_column(Text)
    findings: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str | None] = mapped_column(Text)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    revision: Mapped[int] = mapped_column(
        default=0
    )  # counts the times it was moved, given away or called off
    round: Mapped[Round] = relationship(lazy="joined", innerjoin=True)
    customer: Mapped[Customer | None] = relationship()
    device: Mapped[Device | None] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
