"""A sentence to look at again 待标注: masked, with what the model made of it and what a person says it means."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class NluReview(Base):
    """A sentence for a person to label, masked before it is stored."""

    __tablename__ = "nlu_reviews"
    __table_args__ = (Index("ix_nlu_reviews_status", "status", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)  # phones, addresses, names and numbers masked, see mask.py
    meaning: Mapped[dict[str, Any]] = mapped_column(
        JSON
    )  # intent, symptom, non_quality as the model had them
    confidence: Mapped[float]
    why: Mapped[str] = mapped_column(Text)  # low_confidence | staff_corrected
    status: Mapped[str] = mapped_column(Text, default="open")  # open | labelled | dismissed
    label: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # the shape of meaning
    by: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)  # when said; once decided, when decided
