"""Proving a phone number by a code that is sent to another channel of its owner."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class PhoneProof(Base):
    """One claim of an identity to a number. Only the hash of the code is kept."""

    __tablename__ = "phone_proofs"

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("identities.id"), index=True)
    phone: Mapped[str] = mapped_column(Text, index=True)  # E.164
    code_hash: Mapped[str] = mapped_column(Text)
    sent_to: Mapped[int] = mapped_column(ForeignKey("identities.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(Text)  # proved | wrong | expired | replaced
