"""The index over questions and articles: which answers are nearest to a question, and how sure a hit is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.knowledge.postings import Postings, Vocabulary
from core.knowledge.shelf import Entry
from core.knowledge.terms import HouseWords, asked_terms, is_single, runs, terms

_LOOKED_AT = 60  # best entries from which the best different answers are taken
_WHOLE = 1.5  # weight of an answer's whole text beside the one wording; best of 0.3, 0.6, 1, 1.5 where a wording is left out


@dataclass(frozen=True)
class Signs:
    """What the confidence is made of."""

    covered: float  # share of what was asked, by characters, that the answer has
    margin: float  # lead over the second answer, as a share of the score
    clear: float  # lead over the fourth: a question that fits many is about none of them
    length: float  # logarithm of the characters asked, a Latin word as two: two that fit say less than twenty
    exact: bool = False  # asked in the very words of a wording

    def confidence(self, weights: Mapping[str, float]) -> float:
        """0 to 1, logistic; the weights are the policy ``search``."""
        if self.exact:
            return 1.0
        drawn = sum(weights[name] * getattr(self, name) for name in ("covered", "margin", "clear", "length"))
        return 1 / (1 + math.exp(-(drawn + weights["bias"])))


@dataclass(frozen=True)
class Found:
    keys: tuple[str, ...]  # best first
    signs: Signs


class Index:
    """Read-only once built, so that threads may share it; it keeps keys and numbers, no text.

    ``whole`` is the whole text of each key: all wordings, the answer, the product's name.
    """

    def __init__(self, entries: Sequence[Entry], whole: Mapping[str, str], words: HouseWords) -> None:
        self._words, self._keys = words, list(whole)
        self._known = known = Vocabulary()
        wordings = [known.numbers(terms(entry.text, words)) for entry in entries]
        texts = [known.numbers(terms(text, words)) for text in whole.values()]
        self._wordings, self._whole = Postings(wordings, known), Postings(texts, known)
        self._said = np.array([self._exactly(entry.said) for entry in entries], dtype=np.int64)
        place = {key: number for number, key in enumerate(self._keys)}
        self._answer_of = np.array([place[entry.key] for entry in entries], dtype=np.int32)
        self._fits = {
            category: np.array([entry.category in (category, "other") for entry in entries])
            for category in {entry.category for entry in entries}
        }

    def find(self, question: str, *, category: str | None = None, most: int = 3) -> Found | None:
        """The best different answers, of one category or of all; None when nothing at all is shared."""
        said = list(asked_terms(question, self._words, self._known))
        asked = [self._known[term] for term in said if term in self._known]
        scores = self._wordings.scores(asked) + _WHOLE * self._whole.scores(asked)[self._answer_of]
        if category in self._fits:
            scores = scores * self._fits[category]
        exactly = self._exactly(question)
        near = sorted(self._nearest(scores), key=lambda entry: self._said[entry] != exactly)
        best: dict[int, float] = {}
        for entry in near:
            best.setdefault(int(self._answer_of[entry]), float(scores[entry]))
        if not best:
            return None
        signs = self._signs(said, best, exact=bool(self._said[near[0]] == exactly))
        return Found(tuple(self._keys[answer] for answer in best)[:most], signs)

    def _exactly(self, text: str) -> int:
        """A number for the words of a text, the same for texts that differ in marks and silent words only."""
        return hash("".join(run for run in runs(text, self._words)))

    def _nearest(self, scores: Any) -> Any:
        looked_at = min(_LOOKED_AT, len(scores))
        near = np.argpartition(scores, len(scores) - looked_at)[-looked_at:]
        near = near[scores[near] > 0]
        return near[np.argsort(-scores[near], kind="stable")]

    def _signs(self, said: Sequence[str], best: Mapping[int, float], *, exact: bool) -> Signs:
        single = [term for term in said if is_single(term)]
        asked = [self._known[term] for term in single if term in self._known]
        answer, scores = next(iter(best)), [*best.values(), 0.0, 0.0, 0.0]
        possible = self._whole.possible(asked, unknown=len(single) - len(asked))
        return Signs(
            covered=float(self._whole.scores(asked)[answer]) / (possible or 1.0),
            margin=1 - scores[1] / scores[0],
            clear=1 - scores[3] / scores[0],
            length=math.log1p(sum(1 if len(term) == 1 else 2 for term in single)),
            exact=exact,
        )
