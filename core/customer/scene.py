"""What a QR code or deep link carries: an opaque token, never a customer's or a product's own number."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime

# Letters that every provider lets through: WeChat 1-64 characters, Telegram A-Z a-z 0-9 _ -.
LENGTH = 12


class Scene(Base):
    """``purpose`` says what scanning does: product, bind, staff, training, check_in. ``once`` is spent by the first who scans."""

    __tablename__ = "scenes"
    __table_args__ = (Index("ix_scenes_purpose", "purpose", "created_at"),)

    token: Mapped[str] = mapped_column(Text, primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    once: Mapped[bool] = mapped_column(default=True)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # business time
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("identities.id"))
    scans: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BadScene(Exception):
    """A token that cannot be used; ``why`` is unknown, expired or used."""

    def __init__(self, why: str) -> None:
        super().__init__(f"scene token: {why}")
        self.why = why


def issue(
    session: Session,
    purpose: str,
    payload: dict[str, Any],
    *,
    at: datetime,
    expires_at: datetime | None = None,
    once: bool = True,
) -> str:
    """A new token."""
    token = secrets.token_urlsafe(LENGTH)
    scene = Scene(
        token=token, purpose=purpose, payload=payload, once=once, expires_at=expires_at, created_at=at
    )
    session.add(scene)
    session.flush()
    return token


def redeem(session: Session, token: str, *, identity_id: int, at: datetime) -> Scene:
    """What a token stands for, spending it where it serves once. The same person may come again. BadScene."""
    scene = session.scalars(select(Scene).where(Scene.token == token).with_for_update()).first()
    if scene is None:
        raise BadScene("unknown")
    if scene.expires_at is not None and scene.expires_at <= at:
        raise BadScene("expired")
    if scene.once and scene.used_by not in (None, identity_id):
        raise BadScene("used")
    scene.scans += 1
    if scene.once and scene.used_by is None:
        scene.used_at, scene.used_by = at, identity_id
    return scene
