"""A multinomial logistic regression over string features: trained by scikit-learn, served by look-ups."""

import json
from pathlib import Path
from typing import Dict, List, Tuple

import numpy as np

from .features import BLOCKS

Features = Dict[str, List[str]]


class Linear:
    """``weights`` has one row a feature and one column a label; ``temperature`` calibrates the softmax."""

    def __init__(self, labels: List[str], vocabulary: Dict[str, int], weights, bias, temperature: float = 1.0):
        self.labels, self.vocabulary, self.temperature = labels, vocabulary, temperature
        self.weights, self.bias = weights, bias

    def scores(self, features: Features) -> np.ndarray:
        """One probability a label, in the order of ``labels``."""
        indices, values = vector(features, self.vocabulary)
        logits = (self.bias + values @ self.weights[indices]) / self.temperature
        shares = np.exp(logits - logits.max())
        return shares / shares.sum()

    def ranking(self, features: Features) -> List[Tuple[str, float]]:
        """Labels with their probabilities, most likely first."""
        shares = self.scores(features)
        return [(self.labels[i], float(shares[i])) for i in np.argsort(-shares)]

    def save(self, path: Path) -> None:
        """Writes ``path``.npz and ``path``.json; nothing in them is executable."""
        np.savez(path.with_suffix(".npz"), weights=self.weights, bias=self.bias)
        table = {"labels": self.labels, "temperature": self.temperature, "vocabulary": list(self.vocabulary)}
        path.with_suffix(".json").write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Linear":
        """Reads what ``save`` wrote."""
        table = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        arrays = np.load(path.with_suffix(".npz"), allow_pickle=False)
        vocabulary = {name: i for i, name in enumerate(table["vocabulary"])}
        return cls(table["labels"], vocabulary, arrays["weights"], arrays["bias"], table["temperature"])


def vector(features: Features, vocabulary: Dict[str, int]) -> Tuple[List[int], np.ndarray]:
    """Indices and values of the known features; each block has the length its scale says."""
    indices, values = [], []
    for block, scale in BLOCKS.items():
        known = [vocabulary[f] for f in set(features[block]) if f in vocabulary]
        indices += known
        values += [scale / len(known) ** 0.5] * len(known) if known else []
    return indices, np.array(values, dtype=np.float32)
