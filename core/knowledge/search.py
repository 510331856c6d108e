"""The index over questions and articles: which answers are nearest to a question, and how sure a hit is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.knowledge.bags import Bags
from core.knowledge.postings import Postings, Vocabulary
from core.knowledge.senses import vector
from core.knowledge.shelf import Entry
from core.knowledge.terms import HouseWords, asked_terms, is_single, runs, singles, terms

_WHOLE = 1.5  # weight of an answer's whole text beside its best wording; best of 0.3, 0.6, 1, 1.5 where a wording is left out
_FAR = 1e6  # more than any score: what is asked in the very words of a wording comes first
_SENSE = (
    60  # weight of like meaning (−1 to 1) beside them; docs/retrieval.md has the others that were measured
)
# The words of a wording in another order, with or without the product's name, are hardly ever about something else, however
# little a short question shows otherwise: of the questions and left-out wordings from 0.9 on 98 % are right (docs/retrieval.md).
_SAME, _APART, _REORDERED = 0.9, 0.1, 0.98
_BRIEF = math.log1p(8)  # a question of fewer characters is short


@dataclass(frozen=True)
class Signs:
    """What the confidence is made of."""

    covered: float  # share of what was asked, by characters, that the answer has
    margin: float  # lead over the second answer, as a share of the score
    clear: float  # lead over the fourth: a question that fits many is about none of them
    length: float  # logarithm of the characters asked, a Latin word as two: two that fit say less than twenty
    exact: bool = False  # asked in the very words of a wording
    same: float = (
        0.0  # share that the question and one wording of the answer have in common, in whatever order
    )
    apart: float = 0.0  # how much more that is than with any wording of the second and third answer
    alike: float | None = None  # how near the meanings are; None where it was found by words alone

    @property
    def brief(self) -> float:
        """How short a question is that is much like a wording: its few characters leave it little lead over others."""
        return float(self.same**2 * max(0.0, _BRIEF - self.length))

    def confidence(self, policy: Mapping[str, Any]) -> float:
        """0 to 1, logistic; the weights are in the policy ``search``."""
        if self.exact:
            return 1.0
        weights = policy["weights" if self.alike is None else "weights_by_sense"]
        drawn = sum(weights[name] * (getattr(self, name) or 0.0) for name in weights if name != "bias")
        likely = 1 / (1 + math.exp(-(drawn + weights["bias"])))
        return max(likely, _REORDERED) if self.same >= _SAME and self.apart >= _APART else likely


@dataclass(frozen=True)
class Found:
    """What a search found, sure or not, and the signs of which its confidence is made."""

    keys: tuple[str, ...]  # best first
    signs: Signs


class Index:
    """Read-only once built, so that threads may share it; it keeps keys and numbers, no text.

    ``whole`` is the whole text of each key: all wordings, the answer, the product's name. ``senses`` may come later:
    a row for each key, what its wordings mean; without it answers are found by words alone.
    """

    def __init__(self, entries: Sequence[Entry], whole: Mapping[str, str], words: HouseWords) -> None:
        self._words, self._keys = words, list(whole)
        self._known = known = Vocabulary()
        self.senses: Any | None = None
        place = {key: number for number, key in enumerate(self._keys)}
        entries = sorted(entries, key=lambda entry: place[entry.key])
        wordings = [known.numbers(terms(entry.text, words)) for entry in entries]
        texts = [known.numbers(terms(text, words)) for text in whole.values()]
        self._wordings, self._whole = Postings(wordings, known), Postings(texts, known)
        self._said = np.array([self._exactly(entry.said) for entry in entries], dtype=np.int64)
        self._answer_of = np.array([place[entry.key] for entry in entries], dtype=np.int32)
        self._starts = np.flatnonzero(np.diff(self._answer_of, prepend=-1))  # each answer's first wording
        self._bags = Bags([set(self._singles(entry.said)) for entry in entries])
        labels = {(entry.category, entry.label) for entry in entries}
        self._labels = {category: frozenset(self._singles(label)) for category, label in labels}
        self._products = [entries[first].category for first in self._starts]
        self._fits = {
            category: np.array([product in (category, "other") for product in self._products])
            for category in set(self._products)
        }

    def find(
        self, question: str, *, category: str | None = None, most: int = 3, sense: bytes = b""
    ) -> Found | None:
        """The best different answers, of one category or of all; None when nothing at all is shared.

        ``sense`` is what the encoder says of the question, if it was asked.
        """
        said = list(asked_terms(question, self._words, self._known))
        asked = [self._known[term] for term in said if term in self._known]
        scores = np.maximum.reduceat(self._wordings.scores(asked), self._starts)
        scores = scores + _WHOLE * self._whole.scores(asked)
        alike = self._alike(sense)
        if alike is not None:
            scores = np.maximum(scores + _SENSE * alike, 0)
        exact = self._answer_of[self._said == self._exactly(question)]
        scores[exact] += _FAR
        if category in self._fits:
            scores = scores * self._fits[category]
        near = self._nearest(scores, max(most, 4))
        if not len(near):
            return None
        best = scores[near] - _FAR * (scores[near] > _FAR)
        same = [self._same(said, answer, category) for answer in near[:3]]
        signs = self._signs(said, near[0], best, same, exact=near[0] in exact, alike=alike)
        return Found(tuple(self._keys[answer] for answer in near[:most]), signs)

    def _alike(self, sense: bytes) -> Any | None:
        senses = self.senses
        return None if senses is None or not sense else senses @ vector(sense)

    def _singles(self, text: str) -> list[int]:
        return [self._known[term] for term in singles(text, self._words)]

    def _same(self, said: Sequence[str], answer: int, category: str | None) -> float:
        """``same`` of one answer. The product's name counts neither where only the question has it, nor where it is known."""
        single = [term for term in said if is_single(term)]
        asked = {self._known[term] for term in single if term in self._known}
        unknown = self._wordings.rarest * len({term for term in single if term not in self._known})
        product, label = self._products[answer], self._labels[self._products[answer]]
        ends = [*self._starts[answer + 1 : answer + 2], len(self._said)]
        wordings = range(self._starts[answer], ends[0])
        ways = [asked, asked - label] if label and label <= asked else [asked]
        ways += [asked | label] if category == product else []
        return max(self._bags.same(way, unknown, self._wordings.worth, wordings) for way in ways)

    def _exactly(self, text: str) -> int:
        """A number for the words of a text, the same for texts that differ in marks and silent words only."""
        return hash("".join(run for run in runs(text, self._words)))

    def _nearest(self, scores: Any, most: int) -> Any:
        """The answers with the best scores, best first."""
        near = np.argpartition(scores, -most)[-most:] if most < len(scores) else np.arange(len(scores))
        near = near[scores[near] > 0]
        return near[np.argsort(-scores[near], kind="stable")]

    def _signs(
        self,
        said: Sequence[str],
        answer: int,
        best: Any,
        same: Sequence[float],
        *,
        exact: bool,
        alike: Any | None,
    ) -> Signs:
        single = [term for term in said if is_single(term)]
        asked = [self._known[term] for term in single if term in self._known]
        possible = self._whole.possible(asked, unknown=len(single) - len(asked))
        first, second, _, fourth = [*map(float, best[:4]), 0.0, 0.0, 0.0][:4]
        return Signs(
            covered=float(self._whole.scores(asked)[answer]) / (possible or 1.0),
            margin=1 - second / first,
            clear=1 - fourth / first,
            length=math.log1p(sum(1 if len(term) == 1 else 2 for term in single)),
            exact=exact,
            same=same[0],
            apart=same[0] - max(same[1:], default=0.0),
            alike=None if alike is None else float(alike[answer]),
        )
