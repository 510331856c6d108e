"""BM25 by bm25s over numbered terms: nothing is kept but its arrays, 8 bytes for a term of a text."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any

import bm25s
import numpy as np


class Vocabulary(dict[str, int]):
    """Each term's number; one not met before gets the next."""

    def __missing__(self, term: str) -> int:
        self[term] = number = len(self)
        return number

    def numbers(self, terms: Iterable[str]) -> array[int]:
        """A text as numbers: 4 bytes a term, where a list of strings takes some 70."""
        return array("i", map(self.__getitem__, terms))


class Postings:
    """Which text has which term, and what that is worth; read-only, so that threads may share it.

    ``worth`` is the most that each term adds to a text's score; ``rarest`` the most of all.
    """

    def __init__(self, texts: Sequence[array[int]], vocabulary: Vocabulary) -> None:
        self._model = bm25s.BM25(method="lucene")
        kept: dict[str, Any] = self._model.build_index_from_ids(
            unique_token_ids=list(range(len(vocabulary))), corpus_token_ids=texts, show_progress=False
        )
        self._model.scores = kept
        starts = kept["indptr"][:-1]
        used = np.flatnonzero(np.diff(kept["indptr"]))
        self.worth = np.zeros(len(vocabulary), dtype=np.float32)
        self.worth[used] = np.maximum.reduceat(kept["data"], starts[used])
        self.rarest = float(self.worth.max())

    def scores(self, asked: Sequence[int]) -> Any:
        """What each text is worth to a question."""
        return self._model.get_scores_from_ids(asked)

    def possible(self, asked: Sequence[int], unknown: int = 0) -> float:
        """The score of a text that had every term; one that no text has counts as much as the rarest."""
        worth = self.worth[list(asked)]
        return float(worth.sum()) + self.rarest * (unknown + int((worth == 0).sum()))
