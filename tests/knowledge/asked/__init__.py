"""Questions put to the shipped answers, as TSV: the answer's id or "-" where nothing should be answered."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.knowledge.book import Book, shipped_policies
from core.knowledge.reference import shipped_articles, shipped_questions
from core.knowledge.search import Found, Index
from core.knowledge.shelf import Entry, category_words, shelved
from core.knowledge.terms import HouseWords

NOTHING = "-"


@dataclass(frozen=True)
class Asked:
    text: str
    right: frozenset[str]  # keys that answer it; none where it is unanswerable


def asked(name: str) -> list[Asked]:
    """The set ``development`` or ``test``; the article that a pair names as its source is as right as the pair."""
    sources = {q.id: q.source for q in shipped_questions()}

    def right(name: str) -> frozenset[str]:
        if name == NOTHING:
            return frozenset()
        article = sources[name].removeprefix("自助文章 ")
        return frozenset({f"question:{name}", f"article:{article}"})

    with (Path(__file__).parent / f"{name}.tsv").open(encoding="utf-8") as file:
        return [Asked(text, right(name)) for name, text in csv.reader(file, delimiter="\t")]


def house_words() -> HouseWords:
    policy = shipped_policies()["search"]
    return HouseWords(policy["silent"], policy["same"])


def shipped_held() -> tuple[list[Entry], dict[str, str]]:
    """The entries and whole texts of this release."""
    return shelved(shipped_questions(), shipped_articles(), category_words(Book()))


def shipped_index() -> Index:
    return Index(*shipped_held(), house_words())


@dataclass(frozen=True)
class Figures:
    """Shares of the answerable (first, in three, answered rightly and wrongly) and of the unanswerable (answered)."""

    first: float
    three: float
    answered: float
    mistaken: float
    false: float


def figures(questions: Sequence[Asked], finds: Sequence[Found | None]) -> Figures:
    """How well the answers that were found fit, with the shipped confidence line."""
    policy = shipped_policies()["search"]

    def sure(found: Found | None) -> bool:
        return found is not None and found.signs.confidence(policy["weights"]) >= policy["sure"]

    pairs = list(zip(questions, finds, strict=True))
    good = [(q, f) for q, f in pairs if q.right]
    bad = [f for q, f in pairs if not q.right]
    hit = [f is not None and f.keys[0] in q.right for q, f in good]
    near = [f is not None and bool(q.right & set(f.keys)) for q, f in good]
    said = [sure(f) for _, f in good]
    return Figures(
        sum(hit) / len(good),
        sum(near) / len(good),
        sum(h and s for h, s in zip(hit, said, strict=True)) / len(good),
        sum(s and not h for h, s in zip(hit, said, strict=True)) / len(good),
        sum(map(sure, bad)) / len(bad),
    )


def found_by(index: Index, questions: Sequence[Asked]) -> list[Found | None]:
    return [index.find(question.text) for question in questions]
