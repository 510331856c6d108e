"""What the encoder's first layers say of a word piece, kept for the pieces in use."""

from itertools import chain
from typing import Dict, List

import numpy as np

ORDERS = ((2, 0), (3, 1), (5, 2))  # width and pieces to the left of the three convolutions
GAP = 2  # empty rows between sentences, so that no window sees a neighbour
KEPT = 1500  # word pieces remembered: 23 MB; what is said often stays, what is rare makes room
SIZE, WIDTH = 512, 256


class Pieces:
    """A row a word piece in ``pieces``, ``plain`` and ``first``; row 0 is the gap and says 0."""

    def __init__(self, net) -> None:
        self._net, self._turn = net, 0
        self._at: Dict[int, int] = {}
        self._used = np.zeros(KEPT, dtype=np.int64)
        self._free = list(range(KEPT - 1, 0, -1))
        self.pieces = np.zeros((KEPT, SIZE), dtype=np.float32)
        self.plain = np.zeros((KEPT, len(ORDERS) * WIDTH), dtype=np.float32)
        self.first = [np.zeros((KEPT, width * WIDTH), dtype=np.float32) for width, _ in ORDERS]

    def rows(self, sentences: List[List[int]]) -> np.ndarray:
        """The rows of all pieces with gaps around each sentence; pieces not met before are worked out."""
        asked = set(chain.from_iterable(sentences))
        self._turn += 1
        self._used[[self._at[piece] for piece in asked if piece in self._at]] = self._turn
        fresh = sorted(asked - self._at.keys())
        if fresh:
            self._make_room(len(fresh))
            self._learn(np.array(fresh), np.array([self._free.pop() for _ in fresh]))
        gap = [0] * GAP
        return np.array([*chain.from_iterable([*gap, *map(self._at.__getitem__, s)] for s in sentences), *gap])

    def _make_room(self, count: int) -> None:
        """Forgets the pieces longest out of use, a fifth at once because looking for them costs."""
        if count <= len(self._free):
            return
        oldest = sorted(self._at, key=lambda piece: self._used[self._at[piece]])
        self._free += [self._at.pop(piece) for piece in oldest[:max(count, KEPT // 5)]]

    def _learn(self, fresh: np.ndarray, rows: np.ndarray) -> None:
        net, chunk = self._net, fresh % len(self._net.scale)
        pieces = net.table[fresh] * net.scale[chunk, None] + net.lo[chunk, None]
        plain = levelled(pieces @ net.proj_W + net.proj_b, net.ln_g_all, net.ln_b_all, net.eps)
        self.pieces[rows], self.plain[rows], self._used[rows] = pieces, plain, self._turn
        for at, weights in enumerate(net.w1):
            own = plain[:, at * WIDTH:(at + 1) * WIDTH]
            self.first[at][rows] = np.concatenate([own @ w for w in weights.reshape(-1, WIDTH, WIDTH)], axis=1)
        self._at.update(zip(fresh.tolist(), rows.tolist()))


def levelled(rows: np.ndarray, scale: np.ndarray, shift: np.ndarray, least: float) -> np.ndarray:
    """Layer normalisation."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    spread = np.sqrt((rows * rows).mean(axis=1, keepdims=True) + least)
    return rows / spread * scale + shift
