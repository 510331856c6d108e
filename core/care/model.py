"""What follow-up leaves behind: one row for each case of asking, each contact, and each call that a person must make."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.customer.model import Customer
from core.database import Base, UtcDateTime
from core.ticket.model import Ticket

_OPEN = text("state = 'open'")


class FollowUp(Base):
    """One case of asking a customer, from what gave cause for it to its outcome; the figures are counted from these rows."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        Index("ix_follow_ups_started", "started_at"),
        Index("ix_follow_ups_customer", "customer_id"),
        Index("ix_follow_ups_ticket", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(
        Text, unique=True
    )  # "2611220001:1": ticket and round; or a plan's occurrence
    plan: Mapped[str] = mapped_column(Text)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    assignee: Mapped[str | None] = mapped_column(Text)  # whose work is judged
    category: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)  # asked by then, it counts as kept
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the first time
    asked_via: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)  # fixed | not_fixed | unreachable | refused | stopped
    score: Mapped[int | None]
    comment: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # the first answer; changes count from here
    tries: Mapped[int] = mapped_column(default=0)  # calls of persons that nobody took
    device_id: Mapped[int | None]  # no foreign key: a device told twice may be taken off the file
    asked_with: Mapped[str | None] = mapped_column(Text)  # key of the case or promise that asked for it too
    # [[ISO time, what happened]]: put off, asked, taken along, stopped. A case without a ticket has no other timeline.
    history: Mapped[list[list[str]]] = mapped_column(JSON, default=list)


class Contact(Base):
    """A customer was written to or called without having asked for it: what the weekly cap counts."""

    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_customer", "customer_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)  # of the promise that was kept


class CallTask(Base):
    """The last hop: a person calls the customer, says the words of the house and writes down what came of it."""

    __tablename__ = "call_tasks"
    __table_args__ = (
        Index("ix_call_tasks_open", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_call_tasks_ticket", "ticket_id"),
        Index("ix_call_tasks_customer", "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    follow_up: Mapped[str | None] = mapped_column(Text)  # key of the case it settles
    purpose: Mapped[str] = mapped_column(
        Text
    )  # survey | appointment | message | training | training_news | the name of a plan
    phone: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)  # the words of the house, in the customer's language
    why: Mapped[str] = mapped_column(Text)  # why the machine does not ask
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(Text, default="open")  # open | done | called_off
    outcome: Mapped[str | None] = mapped_column(Text)  # core/care/outcome.py
    tries: Mapped[int] = mapped_column(default=0)
    taken_by: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    customer: Mapped[Customer] = relationship(lazy="joined", innerjoin=True)
    ticket: Mapped[Ticket | None] = relationship(lazy="select")
