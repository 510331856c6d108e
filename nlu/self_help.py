"""Which self-help article an answer leads to, as the product would choose it; for measuring only."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from core.dialogue import facts
from core.dialogue.meaning import Entity, Meaning
from core.knowledge.files import shipped_articles
from core.knowledge.model import Article
from core.knowledge.recommend import Fault, first_best

Sentence = dict[str, Any]


@lru_cache(maxsize=1)
def _shipped() -> tuple[Article, ...]:
    return tuple(shipped_articles())


def with_articles(gold: Sequence[Sentence], found: Sequence[Sentence]) -> list[Sentence]:
    """The answers, with the ``article`` offered first where the gold sentence names one; its category is known."""
    return [
        f | {"article": offered(f, g["category"])} if "article" in g else f
        for g, f in zip(gold, found, strict=True)
    ]


def offered(answer: Sentence, category: str) -> str | None:
    """The slug of the first article, None where none is offered."""
    entities = tuple(Entity(e["type"], e["value"], e["start"], e["end"]) for e in answer["entities"])
    meaning = Meaning(answer["text"], answer["intent"], answer["confidence"], entities, answer["symptom"])
    slots = facts.read(meaning, today=date(2026, 11, 22)).slots
    if meaning.intent != "report_fault" or meaning.symptom is None:
        return None
    fault = Fault(meaning.symptom, slots.get("error_code"), slots.get("brand"), slots.get("model"))
    articles = [a for a in _shipped() if a.category == category]
    article = first_best(articles, fault, answer.get("nearly", ()))
    return article.slug if article else None
