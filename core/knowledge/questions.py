"""Answers to questions in the customer's own words, from the pairs and the articles; and learning new ones."""

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.house import House
from core.knowledge.book import Book
from core.knowledge.model import Article, Question, ReferenceVersion
from core.knowledge.revisions import contents, keep
from core.knowledge.search import Entry, Index
from core.knowledge.terms import HouseWords


@dataclass(frozen=True)
class Pair:
    """One answer as it would be said."""

    key: str  # "question:ID" or "article:SLUG"
    category: str
    question: str
    answer: str


@dataclass(frozen=True)
class Answered:
    pair: Pair
    source: str
    confidence: float
    also: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Unanswered:
    why: str  # "unsure" or "nothing_like_it"
    nearest: tuple[Pair, ...] = ()
    confidence: float = 0.0


@dataclass(frozen=True)
class _Shelf:
    version: int
    words: HouseWords
    hash: str
    index: Index


_shelves: WeakKeyDictionary[Book, _Shelf] = WeakKeyDictionary()
_building = threading.Lock()


def answer(
    session: Session, house: House, question: str, *, category: str | None = None, language: str = "zh"
) -> Answered | Unanswered:
    """What the house knows to say to a question; below the policy ``search.sure`` it says nothing."""
    policy = house.book.policy("search")
    found = _index(session, house).find(question, category=category)
    if found is None:
        return Unanswered("nothing_like_it")
    sources, pairs = zip(*(_read(session, key, language) for key in found.keys), strict=True)
    confidence = found.signs.confidence(policy["weights"])
    if confidence < policy["sure"]:
        return Unanswered("unsure", pairs, confidence)
    return Answered(pairs[0], sources[0], confidence, pairs[1:])


def learn(
    session: Session,
    question: str,
    answer: str,
    *,
    product: str,
    by: str,
    source: str,
    similar_to: str | None = None,
) -> Question:
    """Keep a confirmed answer, or add the question to the pair ``similar_to``; the next asker is answered by it."""
    row = session.get(Question, similar_to) if similar_to else None
    before = contents(row) if row else None
    if row is None:
        key = f"learned-{hashlib.sha256(f'{product}:{question}'.encode()).hexdigest()[:12]}"
        row = session.merge(
            Question(id=key, category=product, question=question, similar=[], answer=answer, source=source)
        )
    elif question not in (row.question, *row.similar):
        row.similar = [*row.similar, question]
    session.flush()
    keep(session, f"question:{row.id}", contents(row), by=by, before=before)
    return row


def shelved(
    questions: Iterable[Question], articles: Iterable[Article], label: Callable[[str], str]
) -> tuple[list[Entry], dict[str, str]]:
    """Every wording by which something may be found, and each answer's whole text; ``label`` names a category."""
    entries: list[Entry] = []
    whole: dict[str, str] = {}
    for row in questions:
        key, wordings = f"question:{row.id}", [row.question, *(row.similar or ())]
        wordings += [row.question_en] if row.question_en else []
        entries += [Entry(key, row.category, f"{label(row.category)} {text}") for text in wordings]
        whole[key] = " ".join([label(row.category), *wordings, row.answer])
    for article in articles:
        key = f"article:{article.slug}"
        entries.append(Entry(key, article.category, f"{label(article.category)} {article.title}"))
        whole[key] = " ".join([label(article.category), article.title, *article.steps])
    return entries, whole


def category_words(book: Book) -> Callable[[str], str]:
    """The word for a category; for what belongs to none, none."""
    return lambda category: "" if category == "other" else book.label("category", category)


def _index(session: Session, house: House) -> Index:
    """This process's index, made anew when somebody has edited what is in it."""
    version = session.scalar(select(func.max(ReferenceVersion.version))) or 0
    shelf = _shelves.get(house.book)
    policy = house.book.policy("search")
    words = HouseWords(policy["silent"], policy["same"])
    # The book may hear of edited words a moment after the version has grown.
    if shelf is not None and (shelf.version, shelf.words) == (version, words):
        return shelf.index
    with _building:
        questions = session.scalars(select(Question).where(Question.active).order_by(Question.id))
        articles = session.scalars(select(Article).where(Article.active).order_by(Article.slug))
        held = shelved(questions, articles, category_words(house.book))
        now = hashlib.sha256(repr((words, held)).encode()).hexdigest()
        index = shelf.index if shelf is not None and shelf.hash == now else Index(*held, words)
        _shelves[house.book] = _Shelf(version, words, now, index)
        return index


def _read(session: Session, key: str, language: str) -> tuple[str, Pair]:
    """The source and the pair of one key."""
    kind, name = key.split(":", 1)
    if kind == "article":
        article = session.get_one(Article, name)
        steps = "\n".join(f"· {step}" for step in (*article.steps, *article.warnings))
        return article.title, Pair(key, article.category, article.title, steps)
    row = session.get_one(Question, name)
    english = language == "en" and row.answer_en
    said = row.answer_en if english and row.answer_en else row.answer
    asked = row.question_en if english and row.question_en else row.question
    return row.source, Pair(key, row.category, asked, said)
