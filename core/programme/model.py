"""The follow-up programme as staff edit it, and the products that are newly on the market."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class FollowUpPlan(Base):
    """One plan 回访计划; what the columns mean is said where they are read (core/programme/plan.py)."""

    __tablename__ = "follow_up_plans"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text, default="")
    trigger: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text, default="ask")  # ask | visit | report
    rhythm: Mapped[dict[str, Any]] = mapped_column(JSON)  # {"at": [...], "every": [{"each", "until"}]}
    within: Mapped[str] = mapped_column(Text)  # "3 days"
    clock: Mapped[str] = mapped_column(Text, default="10:00")
    starts_on: Mapped[str | None] = mapped_column(Text)  # ISO date; of a calendar plan
    who: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    questions: Mapped[list[str]] = mapped_column(JSON, default=list)
    text: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    channels: Mapped[list[str]] = mapped_column(JSON, default=list)
    stops: Mapped[list[str]] = mapped_column(JSON, default=list)
    spare_holidays: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class ProductLaunch(Base):
    """A product newly on the market; until ``watched_until`` its owners are asked and its reports are daily (E2)."""

    __tablename__ = "product_launches"

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(Text)
    brand: Mapped[str | None] = mapped_column(Text)
    model: Mapped[str | None] = mapped_column(Text)  # None: every model of the brand and category
    launched_on: Mapped[date]
    watched_until: Mapped[date]
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
