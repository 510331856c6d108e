"""A question that was asked 提问 of the house, in private or in a Q&A group, and what became of it (G3)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.customer.model import Customer
from core.database import Base, UtcDateTime
from core.ticket.model import Ticket

BY_ARTICLE, WAITING, ANSWERED, CONFIRMED, WITHDRAWN = (
    "answered_by_article",
    "waiting",
    "answered",
    "confirmed",
    "withdrawn",
)
STATES = (BY_ARTICLE, WAITING, ANSWERED, CONFIRMED, WITHDRAWN)
# Who asks what somebody already waits for joins them: one question is put to the trainer once.
_WAITS_FIRST = text("state = 'waiting' AND same_as_id IS NULL")
_WRITES = text("writer IS NOT NULL")  # looked for with every message from Telegram


class AskedQuestion(Base):
    """``ticket`` carries the promise of an answer; who asks the same meanwhile (``same_as_id``) shares it."""

    __tablename__ = "asked_questions"
    __table_args__ = (
        Index(
            "ix_asked_questions_waiting",
            "alike",
            unique=True,
            sqlite_where=_WAITS_FIRST,
            postgresql_where=_WAITS_FIRST,
        ),
        Index("ix_asked_questions_writer", "writer", sqlite_where=_WRITES, postgresql_where=_WRITES),
        Index("ix_asked_questions_state", "state", "id"),
        Index("ix_asked_questions_ticket", "ticket_id"),
        Index("ix_asked_questions_same_as", "same_as_id"),
        Index("ix_asked_questions_customer", "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("qa_groups.id"))  # None: asked in private
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    quote: Mapped[str | None] = mapped_column(Text)  # the inbox row it was asked in
    text: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    alike: Mapped[str] = mapped_column(Text)  # whom it was put to at first, and its words, plain
    state: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("asked_questions.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    trainer: Mapped[str | None] = mapped_column(Text)  # who is to answer it; None: the desk
    found: Mapped[str | None] = mapped_column(Text)  # "question:ID" or "article:SLUG" that answered it
    solved: Mapped[bool | None]  # what the asker said of the answer
    needs_none: Mapped[str | None] = mapped_column(Text)  # why nobody need answer it (needless.py)
    needs_none_by: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answers: Mapped[int] = mapped_column(default=0)  # above 1 it was corrected
    keep: Mapped[bool | None]  # whether it shall answer the next asker; None: the trainer has not said
    learned: Mapped[str | None] = mapped_column(Text)  # the question (core/knowledge) that keeps it
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    writer: Mapped[str | None] = mapped_column(Text)  # pressed a button: their next words belong here
    writes: Mapped[str | None] = mapped_column(Text)  # "answer", "wording", "hand_over" or "no_answer"
    writer_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    customer: Mapped[Customer] = relationship()
    ticket: Mapped[Ticket | None] = relationship()

    @property
    def put_to(self) -> str:
        """Whom it was put to at first, whoever has it now; empty: the desk. Whoever asks them the same joins it."""
        return self.alike.partition("|")[0]
