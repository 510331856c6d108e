"""Reads the files of reference data: outlets, hotlines, articles with their pictures, questions."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from core.knowledge.book import REFERENCE, YAML_LOADER
from core.knowledge.model import Article, Question
from core.knowledge.pictures import keep_picture, picture_id, step_picture
from core.knowledge.telling import telling
from core.service.model import Hotline, Outlet
from core.service.regions import locate


class BadReference(Exception):
    """文件 {file} 第 {line} 行有问题:{why}。没有导入任何内容。"""

    def __init__(self, *, file: str, line: int, why: str) -> None:
        super().__init__(f"{file}, line {line}: {why}; nothing was imported")
        self.file, self.line, self.why = file, line, why


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


def outlets(path: Path) -> Iterator[Outlet]:
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


def hotlines(path: Path) -> Iterator[Hotline]:
    for _, row in _rows(path, ("brand", "category", "hotline")):
        yield Hotline(**{column: row[column] for column in ("brand", "category", "hotline")})


def articles(path: Path) -> Iterator[Article]:
    try:
        entries = yaml.load(path.read_text("utf-8"), Loader=YAML_LOADER) or []
        for entry in entries:
            names = entry.pop("pictures", {})
            pictures = {str(step): picture_id(_picture(path, name)) for step, name in names.items()}
            # What a file does not say in English is not told in English, whatever was there before.
            unsaid = {"warnings": [], "steps_en": [], "voice_en": "", "warnings_en": []}
            yield _whole(path, Article(**{**unsaid, **entry}, pictures=pictures))
    except (yaml.YAMLError, TypeError) as error:
        raise BadReference(file=path.name, line=1, why=str(error).splitlines()[0]) from error


def _whole(path: Path, article: Article) -> Article:
    """English may be left out, but not a part of it; BadReference."""
    if (article.steps_en or article.warnings_en) and telling(article, "en") is None:
        why = f"{article.slug}: title_en is missing, or steps_en or warnings_en differ in number from the Chinese"
        raise BadReference(file=path.name, line=1, why=why)
    return article


def _picture(path: Path, name: str) -> Path:
    """The file of a name in an article's ``pictures``: beside the article's file, else one of ours. BadReference."""
    if re.fullmatch(r"[A-Za-z0-9_-]+", str(name)):
        for folder in (path.parent / "pictures", REFERENCE / "pictures"):
            for kind in ("png", "jpg", "webp"):
                if (found := folder / f"{name}.{kind}").is_file():
                    return found
    raise BadReference(file=path.name, line=1, why=f"no picture {name}")


def keep_pictures(session: Session, *paths: Path) -> None:
    """Store what the articles of these files show."""
    for path in paths:
        entries = yaml.load(path.read_text("utf-8"), Loader=YAML_LOADER) or []
        for name in sorted({n for entry in entries for n in entry.get("pictures", {}).values()}):
            file = _picture(path, name)
            try:
                keep_picture(session, step_picture(file.read_bytes()))
            except OSError as error:
                raise BadReference(file=file.name, line=1, why="no picture") from error


def shipped_articles() -> Iterator[Article]:
    """Every article of this release."""
    for path in sorted((REFERENCE / "articles").glob("*.yaml")):
        yield from articles(path)


def shipped_questions() -> Iterator[Question]:
    """Every question of this release; the file's name is the category."""
    for path in sorted((REFERENCE / "questions").glob("*.yaml")):
        for entry in yaml.load(path.read_text("utf-8"), Loader=YAML_LOADER):
            yield Question(category=path.stem, **entry)


READERS: dict[str, Callable[[Path], Iterator[Any]]] = {
    "outlets": outlets,
    "hotlines": hotlines,
    "articles": articles,
}
