"""Loads the shipped reference data into the database, and single files on the operator's word."""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import Session

from core.knowledge.book import REFERENCE, YAML_LOADER, shipped_policies, shipped_wording
from core.knowledge.model import Article, Question, ReferenceVersion, Revision, Wording
from core.programme.model import FollowUpPlan
from core.programme.shipped import shipped_rows
from core.service.model import Hotline, Outlet, Policy
from core.service.regions import locate


class BadReference(Exception):
    """文件 {file} 第 {line} 行有问题:{why}。没有导入任何内容。"""

    def __init__(self, *, file: str, line: int, why: str) -> None:
        super().__init__(f"{file}, line {line}: {why}; nothing was imported")
        self.file, self.line, self.why = file, line, why


# What is counted or switched by us stays, whatever a new release ships.
_OURS = ("offered", "solved", "not_solved", "pinned", "active")


def load_shipped(session: Session) -> None:
    """Add what is missing and renew what nobody edited; what the staff changed stays theirs."""
    edited = set(session.scalars(select(Revision.subject).distinct()))
    _bring(session, _outlets(REFERENCE / "outlets.csv"), lambda row: f"outlet:{row.id}", edited)
    _bring(session, shipped_articles(), lambda row: f"article:{row.slug}", edited)
    _bring(session, shipped_questions(), lambda row: f"question:{row.id}", edited)
    _bring(session, _policies(), lambda row: f"policy:{row.name}", edited)
    _bring(session, (FollowUpPlan(**row) for row in shipped_rows()), lambda row: f"plan:{row.name}", edited)
    _bring(session, _wordings(), lambda row: f"wording:{row.language}:{row.key}", edited)
    if session.scalar(select(Hotline.id).limit(1)) is None:
        session.add_all(_hotlines(REFERENCE / "hotlines.csv"))
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
    for row in rows:
        if isinstance(row, Hotline):
            same = (Hotline.brand == row.brand) & (Hotline.category == row.category)
            session.execute(delete(Hotline).where(same))
        session.merge(row)
        session.flush()
    touch(session)
    return len(rows)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadReference(file=path.name, line=1, why="not UTF-8") from error
    reader = csv.DictReader(text.splitlines())
    missing = [c for c in columns if c not in (reader.fieldnames or [])]
    if missing:
        raise BadReference(file=path.name, line=1, why=f"columns missing: {', '.join(missing)}")
    for line, row in enumerate(reader, start=2):
        empty = [c for c in columns if not (row[c] or "").strip()]
        if empty:
            raise BadReference(file=path.name, line=line, why=f"empty: {', '.join(empty)}")
        yield line, {k: (v or "").strip() for k, v in row.items() if k}


def _outlets(path: Path) -> Iterator[Outlet]:
    for line, row in _rows(path, ("id", "name", "address")):
        if not row["id"].isdigit():
            raise BadReference(file=path.name, line=line, why=f"id is not a number: {row['id']}")
        by_address, by_name = locate(row["address"]), locate(row["name"])
        # A branch's name often says the county that its address leaves out.
        finer = (
            by_name if by_name and by_name.county and not (by_address and by_address.county) else by_address
        )
        region = finer or by_name
        yield Outlet(
            id=int(row["id"]),
            name=row["name"],
            address=row["address"],
            phone=row.get("phone") or None,
            region=region.code if region else None,
            latitude=region.latitude if region else None,
            longitude=region.longitude if region else None,
            skills=[s for s in (row.get("skills") or "").split("|") if s],
            active=True,
        )


def _hotlines(path: Path) -> Iterator[Hotline]:
    for _, row in _rows(path, ("brand", "category", "hotline")):
        yield Hotline(**{column: row[column] for column in ("brand", "category", "hotline")})


def _articles(path: Path) -> Iterator[Article]:
    try:
        entries = yaml.load(path.read_text("utf-8"), Loader=YAML_LOADER) or []
        for entry in entries:
            yield Article(**entry)
    except (yaml.YAMLError, TypeError) as error:
        raise BadReference(file=path.name, line=1, why=str(error).splitlines()[0]) from error


def shipped_articles() -> Iterator[Article]:
    """Every article of this release."""
    for path in sorted((REFERENCE / "articles").glob("*.yaml")):
        yield from _articles(path)


def shipped_questions() -> Iterator[Question]:
    """Every question of this release; the file's name is the category."""
    for path in sorted((REFERENCE / "questions").glob("*.yaml")):
        for entry in yaml.load(path.read_text("utf-8"), Loader=YAML_LOADER):
            yield Question(category=path.stem, **entry)


READERS: dict[str, Callable[[Path], Iterator[Any]]] = {
    "outlets": _outlets,
    "hotlines": _hotlines,
    "articles": _articles,
}
