"""The index over questions and articles: BM25 by bm25s, and how sure a hit is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import bm25s
import numpy as np

from core.knowledge.terms import HouseWords, terms

_LOOKED_AT = 60  # best entries from which the best different answers are taken
_WHOLE = 0.6  # weight of an answer's whole text beside the one wording; best of 0, 0.3, 0.6, 1 on the development set


@dataclass(frozen=True)
class Entry:
    """One wording by which an answer may be found."""

    key: str  # of the answer: "question:ID" or "article:SLUG"
    category: str
    text: str


@dataclass(frozen=True)
class Signs:
    """What the confidence is made of: share of the characters asked that the answer has, lead over the next, score."""

    covered: float
    margin: float
    score: float

    def confidence(self, weights: Mapping[str, float]) -> float:
        """0 to 1, logistic; the weights are the policy ``search``."""
        drawn = sum(weights[name] * getattr(self, name) for name in ("covered", "margin", "score"))
        return 1 / (1 + math.exp(-(drawn + weights["bias"])))


@dataclass(frozen=True)
class Found:
    keys: tuple[str, ...]  # best first
    signs: Signs


class _Bm25:
    """BM25 over texts, and the most that each term can bring."""

    def __init__(self, texts: Sequence[str], words: HouseWords) -> None:
        self._model = bm25s.BM25(method="lucene")
        self._model.index([terms(text, words) or ["∅"] for text in texts], show_progress=False)
        kept: dict[str, Any] = self._model.scores
        self._most = np.maximum.reduceat(kept["data"], kept["indptr"][:-1])
        self._unknown = float(self._most.max())
        self._size = len(texts)

    def scores(self, asked: Sequence[str]) -> Any:
        """The score of each text; zeros where no term is known."""
        known = [term for term in asked if term in self._model.vocab_dict]
        return self._model.get_scores(known) if known else np.zeros(self._size, dtype=np.float32)

    def possible(self, asked: Sequence[str]) -> float:
        """The score of a text that had every term; a term that no text has counts as much as the rarest."""
        places = (self._model.vocab_dict.get(term) for term in asked)
        return sum(self._unknown if place is None else float(self._most[place]) for place in places)


class Index:
    """Read-only once built, so that threads may share it.

    ``whole`` is the whole text of each key: all wordings, the answer, the product's name.
    """

    def __init__(self, entries: Sequence[Entry], whole: Mapping[str, str], words: HouseWords) -> None:
        self._entries, self._words = entries, words
        self._wordings = _Bm25([entry.text for entry in entries], words)
        self._whole = _Bm25(list(whole.values()), words)
        place = {key: number for number, key in enumerate(whole)}
        self._answer_of = np.array([place[entry.key] for entry in entries])
        self._fits = {
            category: np.array([entry.category in (category, "other") for entry in entries], dtype=np.float32)
            for category in {entry.category for entry in entries}
        }

    def find(self, question: str, *, category: str | None = None, most: int = 3) -> Found | None:
        """The best different answers, of one category or of all; None when nothing at all is shared."""
        asked = terms(question, self._words)
        scores = self._wordings.scores(asked) + _WHOLE * self._whole.scores(asked)[self._answer_of]
        if category in self._fits:
            scores = scores * self._fits[category]
        best: dict[str, tuple[float, int]] = {}
        for place in self._nearest(scores):
            best.setdefault(self._entries[place].key, (float(scores[place]), int(self._answer_of[place])))
        if not best:
            return None
        return Found(tuple(best)[:most], self._signs(asked, list(best.values())))

    def _nearest(self, scores: Any) -> Any:
        looked_at = min(_LOOKED_AT, len(scores))
        near = np.argpartition(scores, len(scores) - looked_at)[-looked_at:]
        near = near[scores[near] > 0]
        return near[np.argsort(-scores[near], kind="stable")]

    def _signs(self, asked: list[str], best: list[tuple[float, int]]) -> Signs:
        # Only single characters and Latin words: a pair or a sound missed says little about the matter.
        single = [term for term in asked if len(term) == 1 or (term.isascii() and term[0] != "~")]
        score, answer = best[0]
        covered = float(self._whole.scores(single)[answer]) / (self._whole.possible(single) or 1.0)
        second = best[1][0] if len(best) > 1 else 0.0
        return Signs(covered, 1 - second / score, score)
