"""Questions put to the shipped answers, as TSV: the answer's id or "-" where nothing should be answered."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.asked.ask import searched
from core.knowledge.book import Book, shipped_policies
from core.knowledge.files import shipped_articles, shipped_questions
from core.knowledge.questions import of_another
from core.knowledge.search import Found, Index
from core.knowledge.senses import Encode, Senses
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


def shipped_index(encode: Encode | None = None) -> Index:
    """The index of this release; with an encoder it knows what each answer means."""
    entries, whole = shipped_held()
    index = Index(entries, whole, house_words())
    if encode is not None:
        said: dict[str, list[str]] = {key: [] for key in whole}
        for entry in entries:
            said[entry.key].append(entry.said)
        index.senses = Senses(encode).of(said)
        assert index.senses is not None, "the encoder does not answer"
    return index


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

    categories = {entry.key: entry.category for entry in shipped_held()[0]}

    def sure(question: Asked, found: Found | None) -> bool:
        """As ``answer()`` decides."""
        if found is None or of_another(categories[found.keys[0]], question.text):
            return False
        return found.signs.confidence(policy) >= policy["sure"]

    pairs = list(zip(questions, finds, strict=True))
    good = [(q, f) for q, f in pairs if q.right]
    bad = [(q, f) for q, f in pairs if not q.right]
    hit = [f is not None and f.keys[0] in q.right for q, f in good]
    near = [f is not None and bool(q.right & set(f.keys)) for q, f in good]
    said = [sure(q, f) for q, f in good]
    return Figures(
        sum(hit) / len(good),
        sum(near) / len(good),
        sum(h and s for h, s in zip(hit, said, strict=True)) / len(good),
        sum(s and not h for h, s in zip(hit, said, strict=True)) / len(good),
        sum(sure(q, f) for q, f in bad) / max(len(bad), 1),
    )


def found_by(index: Index, questions: Sequence[Asked], encode: Encode | None = None) -> list[Found | None]:
    """What is found by words, and by meaning too where there is an encoder."""
    senses = [(encode([question.text]) or [b""])[0] if encode else b"" for question in questions]
    return [
        index.find(asked.text, category=searched(asked.text, None), sense=sense)
        for asked, sense in zip(questions, senses, strict=True)
    ]
