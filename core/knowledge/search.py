"""The index over questions and articles: BM25 by bm25s, and how sure a hit is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bm25s
import numpy as np

from core.knowledge.terms import HouseWords, terms

_LOOKED_AT = 60  # best entries from which the best different answers are taken


@dataclass(frozen=True)
class Entry:
    """One wording by which an answer may be found."""

    key: str  # of the answer: "question:ID" or "article:SLUG"
    category: str
    text: str


@dataclass(frozen=True)
class Signs:
    """What the confidence is made of: share of the question found, lead over the next answer, score."""

    covered: float
    margin: float
    score: float

    def confidence(self, weights: dict[str, float]) -> float:
        """0 to 1, logistic; the weights are the policy ``search``."""
        drawn = sum(weights[name] * getattr(self, name) for name in ("covered", "margin", "score"))
        return 1 / (1 + math.exp(-(drawn + weights["bias"])))


@dataclass(frozen=True)
class Found:
    keys: tuple[str, ...]  # best first
    signs: Signs


class Index:
    """Read-only once built, so that threads may share it."""

    def __init__(self, entries: Sequence[Entry], words: HouseWords) -> None:
        self._entries, self._words = entries, words
        self._model = bm25s.BM25(method="lucene")
        self._model.index([terms(entry.text, words) or ["∅"] for entry in entries], show_progress=False)
        kept: dict[str, Any] = self._model.scores
        # The most that a term can bring: what an entry made of the question alone would score.
        self._most = np.maximum.reduceat(kept["data"], kept["indptr"][:-1])
        self._unknown = float(self._most.max())
        self._fits = {
            category: np.array([entry.category in (category, "other") for entry in entries], dtype=np.float32)
            for category in {entry.category for entry in entries}
        }

    def find(self, question: str, *, category: str | None = None, most: int = 3) -> Found | None:
        """The best different answers, of one category or of all; None when nothing at all is shared."""
        asked = terms(question, self._words)
        known = [term for term in asked if term in self._model.vocab_dict]
        if not known:
            return None
        scores = self._model.get_scores(known, weight_mask=self._fits.get(category or ""))
        looked_at = min(_LOOKED_AT, len(scores) - 1)
        near = np.argpartition(scores, -looked_at)[-looked_at:]
        best: dict[str, float] = {}
        for place in near[np.argsort(-scores[near], kind="stable")]:
            if scores[place] > 0:
                best.setdefault(self._entries[place].key, float(scores[place]))
        if not best:
            return None
        keys = tuple(best)[:most]
        return Found(keys, self._signs(asked, known, [best[key] for key in keys]))

    def _signs(self, asked: list[str], known: list[str], scores: list[float]) -> Signs:
        possible = sum(float(self._most[self._model.vocab_dict[term]]) for term in known)
        possible += self._unknown * (len(asked) - len(known))
        second = scores[1] if len(scores) > 1 else 0.0
        return Signs(scores[0] / possible, 1 - second / scores[0], scores[0])
