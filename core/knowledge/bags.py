"""How much of a question and of one wording is the same, in whatever order it is said: 怎么清洗滤网, 滤网怎么洗."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np


class Bags:
    """The numbered single terms of each wording; read-only, so that threads may share it. 4 bytes a term."""

    def __init__(self, wordings: Sequence[Collection[int]]) -> None:
        # Every wording ends with a term that is worth nothing, so that none is empty.
        self._terms = np.array([term for one in wordings for term in (*one, -1)], dtype=np.int32)
        self._starts = np.cumsum([0, *(len(one) + 1 for one in wordings)])

    def same(self, asked: Collection[int], unknown: float, worth: Any, wordings: range) -> float:
        """The best Dice coefficient (0 to 1) of a question with some wordings, each term by its ``worth``.

        ``unknown`` is what the question has besides, in terms that nobody wrote.
        """
        terms = self._terms[self._starts[wordings.start] : self._starts[wordings.stop]]
        starts = self._starts[wordings.start : wordings.stop] - self._starts[wordings.start]
        values = np.where(terms < 0, 0.0, worth[terms])
        shared = np.add.reduceat(np.where(np.isin(terms, list(asked)), values, 0.0), starts)
        whole = float(worth[list(asked)].sum()) + unknown + np.add.reduceat(values, starts)
        return float((2 * shared / np.maximum(whole, 1e-9)).max())
