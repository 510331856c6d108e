"""A linear model over string features and senses: trained by scikit-learn, served by look-ups."""

import json
from pathlib import Path
from typing import Dict, List, NamedTuple, Tuple

import numpy as np

from .features import BLOCKS


class Features(NamedTuple):
    """Strings by block, and the sense of the words as one vector."""

    blocks: Dict[str, List[str]]
    sense: np.ndarray

    def fingerprint(self) -> str:
        """They follow from the reading, whose text Rasa hashes."""
        return "features"


class Linear:
    """``weights`` has a row a feature (the sense last) and a column a label; ``temperature`` calibrates the softmax.

    From ``alarm`` on an emergency is one, and below it is not, whatever is likeliest.
    """

    def __init__(self, labels: List[str], vocabulary: Dict[str, int], weights, bias, temperature: float = 1.0,
                 alarm: float = 1.0):
        self.labels, self.vocabulary, self.temperature, self.alarm = labels, vocabulary, temperature, alarm
        self.weights, self.bias = weights, bias

    def ranking(self, features: Features) -> List[Tuple[str, float]]:
        """Labels with their probabilities, most likely first."""
        indices, values = vector(features, self.vocabulary)
        known = values @ self.weights[indices] + features.sense @ self.weights[len(self.vocabulary):]
        logits = (self.bias + known) / self.temperature
        shares = np.exp(logits - logits.max())
        shares = shares / shares.sum()
        return [(self.labels[i], float(shares[i])) for i in np.argsort(-shares)]

    def save(self, path: Path) -> None:
        """Writes ``path``.npz and ``path``.json; nothing in them is executable."""
        np.savez(path.with_suffix(".npz"), weights=self.weights.astype(np.float32), bias=self.bias)
        table = {"labels": self.labels, "temperature": float(self.temperature), "alarm": self.alarm,
                 "vocabulary": list(self.vocabulary)}
        path.with_suffix(".json").write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Linear":
        """Reads what ``save`` wrote."""
        table = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        arrays = np.load(path.with_suffix(".npz"), allow_pickle=False)
        vocabulary = {name: i for i, name in enumerate(table["vocabulary"])}
        return cls(table["labels"], vocabulary, arrays["weights"], arrays["bias"], table["temperature"],
                   table["alarm"])


def vector(features: Features, vocabulary: Dict[str, int]) -> Tuple[List[int], np.ndarray]:
    """Indices and values of the known strings; each block has the length its scale says."""
    indices, values = [], []
    for block, scale in BLOCKS.items():
        known = sorted({at for f in features.blocks[block] if (at := vocabulary.get(f)) is not None})
        indices += known
        values += [scale / len(known) ** 0.5] * len(known) if known else []
    return indices, np.array(values, dtype=np.float32)
