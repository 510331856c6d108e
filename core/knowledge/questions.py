"""Answers to questions in the customer's own words, from the pairs and the articles; and learning new ones."""

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.dialogue.lexicon import categories_of
from core.house import House
from core.knowledge import shelf
from core.knowledge.model import Article, Question
from core.knowledge.revisions import contents, keep
from core.knowledge.telling import telling

# Characters. The confidence was measured on shorter questions, and grows with each word: a long tale fits anything.
LONGEST = 200


@dataclass(frozen=True)
class Pair:
    """One answer as it would be said."""

    key: str  # "question:ID" or "article:SLUG"
    category: str
    question: str
    answer: str


@dataclass(frozen=True)
class Answered:
    """``source`` is what the answer names as its origin; ``also`` are the next best, ``confidence`` is 0 to 1."""

    pair: Pair
    source: str
    confidence: float
    also: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Unanswered:
    """A person is to be asked. ``nearest``, best first, may be offered meanwhile from ``search.offer`` on."""

    why: str  # "unsure" or "nothing_like_it"
    nearest: tuple[Pair, ...] = ()
    confidence: float = 0.0


def answer(
    session: Session,
    house: House,
    question: str,
    *,
    category: str | None = None,
    language: str = "zh",
    sense: bytes = b"",
) -> Answered | Unanswered:
    """What the house knows to say to a question; below the policy ``search.sure`` it says nothing.

    ``sense`` is the question as the sentence encoder heard it (``Meaning.sense``); without it words alone decide.
    """
    policy = house.book.policy("search")
    found = shelf.index(session, house).find(question, category=category, sense=sense)
    if found is None:
        return Unanswered("nothing_like_it")
    sources, pairs = zip(*(_read(session, key, language) for key in found.keys), strict=True)
    confidence = found.signs.confidence(policy)
    unsure = confidence < policy["sure"] or len(question) > LONGEST
    if unsure or of_another(pairs[0].category, question):
        return Unanswered("unsure", pairs, confidence)
    return Answered(pairs[0], sources[0], confidence, pairs[1:])


def of_another(category: str, question: str) -> bool:
    """Whether the question names products and not the one that the answer is about."""
    named = categories_of(question)
    return bool(named) and category not in (*named, "other")


def sense_of(house: House, text: str) -> bytes:
    """A text as the sentence encoder hears it, for who asks without a message; may take a while, so in no transaction."""
    told = house.encode([text]) if house.encode is not None else None
    return told[0] if told else b""


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


def pair_of(session: Session, key: str, language: str = "zh") -> tuple[str, Pair] | None:
    """The source and the pair behind a key that was shown before; None when it is out of use by now."""
    kind, _, name = key.partition(":")
    row = session.get(Article, name) if kind == "article" else session.get(Question, name)
    return _read(session, key, language) if row is not None and row.active else None


def _read(session: Session, key: str, language: str) -> tuple[str, Pair]:
    """The source and the pair of one key."""
    kind, name = key.split(":", 1)
    if kind == "article":
        article = session.get_one(Article, name)
        told = telling(article, language) or telling(article, "zh")
        assert told is not None  # every article is in Chinese
        steps = "\n".join(f"· {step}" for step in (*told.steps, *told.warnings))
        return told.title, Pair(key, article.category, told.title, steps)
    row = session.get_one(Question, name)
    english = language == "en" and row.answer_en
    said = row.answer_en if english and row.answer_en else row.answer
    asked = row.question_en if english and row.question_en else row.question
    return row.source, Pair(key, row.category, asked, said)
