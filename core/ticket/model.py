"""The ticket 工单: one record, whichever channel it came through."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.customer.model import Customer
from core.database import Base, UtcDateTime

KINDS = [
    "repair",
    "installation",
    "consultation",
    "complaint",
    "suggestion",
    "training",
    "inspection",
    "return",
]
ANSWER = "answer"  # what the asker of a question wants (core/asked/)
SEVERITIES = ("normal", "serious", "urgent")
_OPEN = "state NOT IN ('closed', 'cancelled', 'merged')"


class Ticket(Base):
    """One matter of one customer. What is None is not known; ``number`` is what people say and key."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index(
            "ix_tickets_open_customer", "customer_id", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)
        ),
        Index("ix_tickets_open_outlet", "outlet_id", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_tickets_open_kind", "kind", "id", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_tickets_open_due", "due_at", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_tickets_state", "state", "id"),
        Index("ix_tickets_customer", "customer_id", "id"),
        Index("ix_tickets_phone", "phone", "id"),
        Index("ix_tickets_assignee", "assignee", "id"),
        Index("ix_tickets_category", "category", "symptom", "id"),
        Index("ix_tickets_opened", "opened_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text, default="repair")
    state: Mapped[str] = mapped_column(Text, default="filed")
    severity: Mapped[str] = mapped_column(Text, default="normal")
    flagged: Mapped[bool] = mapped_column(default=False)  # 专案
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    name: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)  # adcode
    category: Mapped[str | None] = mapped_column(Text)
    brand: Mapped[str | None] = mapped_column(Text)
    model: Mapped[str | None] = mapped_column(Text)
    symptom: Mapped[str | None] = mapped_column(Text)
    error_code: Mapped[str | None] = mapped_column(Text)
    non_quality: Mapped[bool | None]
    description: Mapped[str | None] = mapped_column(Text)
    wants: Mapped[str | None] = mapped_column(Text)
    purchase_date: Mapped[date | None]
    purchase_precision: Mapped[str | None] = mapped_column(Text)
    invoice_no: Mapped[str | None] = mapped_column(Text)
    warranty: Mapped[str] = mapped_column(Text, default="unknown")  # in | out | unknown
    warranty_reason: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    fee: Mapped[float | None]  # yuan, as quoted to the customer
    fee_consent: Mapped[str | None] = mapped_column(Text)  # asked | given | refused
    fee_consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlets.id"))
    outlet_reason: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    assignee: Mapped[str | None] = mapped_column(Text)
    department: Mapped[str | None] = mapped_column(Text)  # complaints: D1
    appointment_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_via: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contract: Mapped[str | None] = mapped_column(Text)  # a line of the policy sla; None: the standard one
    waits_for: Mapped[str | None] = mapped_column(Text)  # "customer": asked for another time, or staff say so
    rating: Mapped[int | None]
    round: Mapped[int] = mapped_column(default=1)  # grows with every reopening, so promises are new ones
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    article: Mapped[str | None] = mapped_column(Text)  # slug of the self-help offered
    nlu: Mapped[str | None] = mapped_column(Text)  # "pending" when the keyword fallback understood it
    customer: Mapped[Customer] = relationship(lazy="select")
    timeline: Mapped[list["TimelineEntry"]] = relationship(order_by="TimelineEntry.id", lazy="select")


class TimelineEntry(Base):
    """One thing that happened to a ticket. ``audience`` says who may read it: customer or staff."""

    __tablename__ = "timeline"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(Text)
    verb: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text, default="customer")
    note: Mapped[str | None] = mapped_column(Text)
    from_state: Mapped[str | None] = mapped_column(Text)
    to_state: Mapped[str | None] = mapped_column(Text)


class TicketCounter(Base):
    """The last sequence number of each day; its row lock hands out numbers one by one."""

    __tablename__ = "ticket_counters"

    day: Mapped[str] = mapped_column(Text, primary_key=True)  # yymmdd in the business time zone
    last: Mapped[int]
