"""Outlets 服务网点 and brand hotlines: reference data the staff may edit."""

from typing import Any

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class Outlet(Base):
    """A service outlet. Codes are six-digit adcodes; coordinates are degrees and may be the city's."""

    __tablename__ = "outlets"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text, index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)  # categories; empty means all
    active: Mapped[bool] = mapped_column(default=True)

    def can(self, category: str | None) -> bool:
        """An outlet without a list takes everything."""
        return not self.skills or category in self.skills


class Hotline(Base):
    """A brand's own number for one category."""

    __tablename__ = "hotlines"
    __table_args__ = (UniqueConstraint("brand", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)  # the Chinese word of the directory: 电视, 空调
    hotline: Mapped[str] = mapped_column(Text)


class Policy(Base):
    """A policy the staff may edit: one JSON value per name; defaults ship in reference/policies.yaml."""

    __tablename__ = "policies"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
