"""What can be found, and this process's index over it: made when first asked, made anew when somebody edited it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.house import House
from core.knowledge.book import Book
from core.knowledge.model import Article, Question, ReferenceVersion
from core.knowledge.terms import HouseWords

if TYPE_CHECKING:
    from core.knowledge.filling import Filling
    from core.knowledge.search import Index


@dataclass(frozen=True)
class Entry:
    """One wording by which an answer may be found."""

    key: str  # of the answer: "question:ID" or "article:SLUG"
    category: str
    label: str  # the category's word
    said: str

    @property
    def text(self) -> str:
        """What is searched: a question that names the product finds its answers sooner."""
        return f"{self.label} {self.said}"


@dataclass(frozen=True)
class _Shelf:
    version: int
    words: HouseWords
    hash: str
    index: Index
    said: dict[str, list[str]]  # the wordings of each answer


_shelves: WeakKeyDictionary[Book, _Shelf] = WeakKeyDictionary()
_fillings: WeakKeyDictionary[Book, Filling] = WeakKeyDictionary()
_building: WeakKeyDictionary[Book, threading.Lock] = WeakKeyDictionary()


def index(session: Session, house: House) -> Index:
    """This process's index. One asker makes it anew after an edit; the others go on with the one there is."""
    shelf = _current(session, house)
    if house.encode is not None and shelf.index.senses is None:
        from core.knowledge.filling import Filling

        filling = _fillings.setdefault(house.book, Filling(house.encode, house.senses))
        filling.begin(shelf.index, shelf.said)
    return shelf.index


def ready(house: House) -> None:
    """Make the index if there is none yet: it takes seconds, in which a transaction would let nobody else write."""
    if house.book not in _shelves:
        with house.database.reading() as session:
            _current(session, house)


def _current(session: Session, house: House) -> _Shelf:
    version = session.scalar(select(func.max(ReferenceVersion.version))) or 0
    policy = house.book.policy("search")
    words = HouseWords(policy["silent"], policy["same"])
    shelf = _shelves.get(house.book)
    # The book may hear of edited words a moment after the version has grown.
    if shelf is not None and (shelf.version, shelf.words) == (version, words):
        return shelf
    building = _building.setdefault(house.book, threading.Lock())
    if not building.acquire(blocking=shelf is None):
        assert shelf is not None
        return shelf
    try:
        shelf = _renewed(session, house.book, _shelves.get(house.book), version, words)
        _shelves[house.book] = shelf
        return shelf
    finally:
        building.release()


def _renewed(session: Session, book: Book, shelf: _Shelf | None, version: int, words: HouseWords) -> _Shelf:
    """The shelf of a version; the index stays where the edit was to something else, such as an outlet."""
    from core.knowledge.search import Index  # numpy and bm25s, 25 MB: only where questions are asked

    if shelf is not None and (shelf.version, shelf.words) == (version, words):
        return shelf  # another thread was quicker
    questions = session.scalars(select(Question).where(Question.active).order_by(Question.id))
    articles = session.scalars(select(Article).where(Article.active).order_by(Article.slug))
    entries, whole = shelved(questions, articles, category_words(book))
    now = _hash(words, entries, whole.values())
    if shelf is not None and shelf.hash == now:
        return replace(shelf, version=version)
    said: dict[str, list[str]] = {}
    for entry in entries:
        said.setdefault(entry.key, []).append(entry.said)
    return _Shelf(version, words, now, Index(entries, whole, words), said)


def _hash(words: HouseWords, entries: Iterable[Entry], texts: Iterable[str]) -> str:
    hashed = hashlib.sha256(repr(words).encode())
    for entry in entries:
        hashed.update(repr(entry).encode())
    for text in texts:
        hashed.update(text.encode() + b"\0")
    return hashed.hexdigest()


def shelved(
    questions: Iterable[Question], articles: Iterable[Article], label: Callable[[str], str]
) -> tuple[list[Entry], dict[str, str]]:
    """Every wording by which something may be found, and each answer's whole text; ``label`` names a category."""
    entries: list[Entry] = []
    whole: dict[str, str] = {}
    for row in questions:
        key, wordings = f"question:{row.id}", [row.question, *(row.similar or ())]
        wordings += [row.question_en] if row.question_en else []
        entries += [Entry(key, row.category, label(row.category), text) for text in wordings]
        whole[key] = " ".join([label(row.category), *wordings, row.answer, row.answer_en or ""])
    for article in articles:
        key = f"article:{article.slug}"
        entries.append(Entry(key, article.category, label(article.category), article.title))
        whole[key] = " ".join([label(article.category), article.title, *article.steps])
    return entries, whole


def category_words(book: Book) -> Callable[[str], str]:
    """The word for a category; for what belongs to none, none."""
    return lambda category: "" if category == "other" else book.label("category", category)
