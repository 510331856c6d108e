"""Self-help articles 自助排查, house wording 规范用语, and the versions of everything staff may edit."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class Article(Base):
    """Steps that a customer can try for a fault. ``offered``, ``solved`` and ``not_solved`` are counts: they decide which
    of several is offered first, unless one is ``pinned``."""

    __tablename__ = "articles"
    __table_args__ = (Index("ix_articles_category", "category"),)

    slug: Mapped[str] = mapped_column(Text, primary_key=True)
    category: Mapped[str] = mapped_column(Text)
    symptoms: Mapped[list[str]] = mapped_column(JSON, default=list)
    error_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    brands: Mapped[list[str]] = mapped_column(JSON, default=list)
    models: Mapped[list[str]] = mapped_column(JSON, default=list)
    title: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str | None] = mapped_column(Text)
    steps: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Number of a step, from "1" → id of its picture.
    pictures: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    voice: Mapped[str] = mapped_column(Text, default="")  # the whole advice in at most 15 s of speech
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    # In English, step by step and warning by warning; the pictures are the same (core/knowledge/telling.py).
    steps_en: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    voice_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    warnings_en: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    pinned: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    offered: Mapped[int] = mapped_column(default=0)
    solved: Mapped[int] = mapped_column(default=0)
    not_solved: Mapped[int] = mapped_column(default=0)


class StepPicture(Base):
    """The picture of a step, in the database with its text: every process has it, and old versions keep theirs."""

    __tablename__ = "step_pictures"

    id: Mapped[str] = mapped_column(Text, primary_key=True)  # SHA-256 of the content
    mime: Mapped[str] = mapped_column(Text)
    width: Mapped[int]  # pixels
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Question(Base):
    """A question with its answer 问答; each of the similar questions finds it as well."""

    __tablename__ = "questions"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    category: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    similar: Mapped[list[str]] = mapped_column(JSON, default=list)
    answer: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(
        Text
    )  # an article's slug, a manual's chapter, the person who answered
    question_en: Mapped[str | None] = mapped_column(Text)
    answer_en: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)


class Wording(Base):
    """One sentence of the house in one language; overrides the text shipped in reference/wording/."""

    __tablename__ = "wording"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Revision(Base):
    """One saved version of an edited row (H3)."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("subject", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(Text)  # "article:ac-no-cooling"
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class ReferenceVersion(Base):
    """Grows with every edit, so that each process knows when its copy of the reference data is stale."""

    __tablename__ = "reference_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    shipped: Mapped[str | None] = mapped_column(Text)  # hash of the shipped files that were loaded last
