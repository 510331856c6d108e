"""Loads the shipped reference data into the database, and single files on the operator's word."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import Session

from core.knowledge.book import REFERENCE, shipped_policies, shipped_wording
from core.knowledge.files import (
    READERS,
    hotlines,
    keep_pictures,
    outlets,
    shipped_articles,
    shipped_questions,
)
from core.knowledge.model import ReferenceVersion, Revision, Wording
from core.programme.model import FollowUpPlan
from core.programme.shipped import shipped_rows
from core.service.model import Hotline, Policy

# What is counted or switched by us stays, whatever a new release ships.
_OURS = ("offered", "solved", "not_solved", "pinned", "active")


def load_shipped(session: Session) -> None:
    """Add what is missing and renew what nobody edited; what the staff changed stays theirs."""
    edited = set(session.scalars(select(Revision.subject).distinct()))
    _bring(session, outlets(REFERENCE / "outlets.csv"), lambda row: f"outlet:{row.id}", edited)
    keep_pictures(session, *(REFERENCE / "articles").glob("*.yaml"))
    _bring(session, shipped_articles(), lambda row: f"article:{row.slug}", edited)
    _bring(session, shipped_questions(), lambda row: f"question:{row.id}", edited)
    _bring(session, _policies(), lambda row: f"policy:{row.name}", edited)
    _bring(session, (FollowUpPlan(**row) for row in shipped_rows()), lambda row: f"plan:{row.name}", edited)
    _bring(session, _wordings(), lambda row: f"wording:{row.language}:{row.key}", edited)
    if session.scalar(select(Hotline.id).limit(1)) is None:
        session.add_all(hotlines(REFERENCE / "hotlines.csv"))
    touch(session)
    session.flush()
    session.get_one(ReferenceVersion, 1).shipped = shipped_hash()


def _bring(session: Session, rows: Iterable[Any], subject: Callable[[Any], str], edited: set[str]) -> None:
    shipped = list(rows)
    keys = inspect(type(shipped[0])).primary_key
    present = {
        tuple(getattr(row, key.key) for key in keys): row for row in session.scalars(select(type(shipped[0])))
    }
    for row in shipped:
        mine = present.get(tuple(getattr(row, key.key) for key in keys))
        if mine is None:
            session.add(row)
        elif subject(row) not in edited:
            _renew(mine, row)


def _renew(mine: Any, shipped: Any) -> None:
    for column in inspect(type(mine)).mapper.column_attrs:
        value = getattr(shipped, column.key)
        if column.key not in _OURS and value is not None and getattr(mine, column.key) != value:
            setattr(mine, column.key, value)


def _policies() -> Iterator[Policy]:
    return (Policy(name=name, value=value) for name, value in shipped_policies().items())


def _wordings() -> Iterator[Wording]:
    for language, words in shipped_wording().items():
        yield from (Wording(key=key, language=language, text=text) for key, text in words.items())


def shipped_hash() -> str:
    """One hash over the shipped reference files."""
    whole = hashlib.sha256()
    for path in sorted(p for p in REFERENCE.rglob("*") if p.is_file()):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()


def touch(session: Session) -> None:
    """Tell every process that reference data changed."""
    row = session.get(ReferenceVersion, 1)
    if row is None:
        session.add(ReferenceVersion(id=1, version=1))
    else:
        row.version += 1


def import_file(session: Session, what: str, path: Path) -> int:
    """Bring in outlets, hotlines or articles from a file; existing rows are replaced. Returns the count."""
    rows = list(READERS[what](path))
    if what == "articles":
        keep_pictures(session, path)
    for row in rows:
        if isinstance(row, Hotline):
            same = (Hotline.brand == row.brand) & (Hotline.category == row.category)
            session.execute(delete(Hotline).where(same))
        session.merge(row)
        session.flush()
    touch(session)
    return len(rows)
