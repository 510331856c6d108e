"""Training of a ``Linear`` with scikit-learn, and its calibration on folds it has not seen."""

from collections import Counter
from typing import List, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from .linear import Features, Linear, vector

RARE = 2  # a feature seen less often says more about one sentence than about the language


def fit(features: List[Features], labels: List[str], families: Sequence[int], seed: int,
        strength: float = 150.0) -> Linear:
    """Trains on all; ``families`` keeps the variants of one sentence in one fold for the calibration."""
    vocabulary = _vocabulary(features)
    matrix = _matrix(features, vocabulary)
    names = sorted(set(labels))
    weights, bias = _solve(matrix, labels, names, seed, strength)
    model = Linear(names, vocabulary, weights, bias)
    model.temperature = _temperature(matrix, labels, names, families, seed, strength)
    return model


def _vocabulary(features: List[Features]) -> dict:
    counts = Counter(f for one in features for block in one.values() for f in set(block))
    return {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= RARE))}


def _matrix(features: List[Features], vocabulary: dict) -> csr_matrix:
    rows = [vector(one, vocabulary) for one in features]
    pointers = np.cumsum([0] + [len(indices) for indices, _ in rows])
    flat = np.concatenate([np.asarray(indices, dtype=np.int32) for indices, _ in rows])
    return csr_matrix((np.concatenate([v for _, v in rows]), flat, pointers), (len(rows), len(vocabulary)))


def _solve(matrix, labels, names, seed, strength, most=120):
    """Weights (features × labels) and bias; two labels are solved as one and mirrored."""
    solver = LogisticRegression(C=strength, max_iter=most, tol=1e-3, random_state=seed)
    solver.fit(matrix, labels)
    assert list(solver.classes_) == names
    weights, bias = solver.coef_.T.astype(np.float32), solver.intercept_.astype(np.float32)
    if len(names) == 2:
        return np.hstack([-weights / 2, weights / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    return weights, bias


def _temperature(matrix, labels, names, families, seed, strength) -> float:
    """The softmax temperature that makes confidence honest on a held-out third."""
    held = np.asarray(families) % 3 == seed % 3
    labels = np.asarray(labels)
    if set(labels[~held]) != set(names):
        return 1.0
    weights, bias = _solve(matrix[~held], list(labels[~held]), names, seed, strength, most=50)
    logits = matrix[held] @ weights + bias
    truth = np.searchsorted(names, labels[held])
    grid = np.arange(0.4, 3.05, 0.05)
    return float(min(grid, key=lambda t: _loss(logits / t, truth)))


def _loss(logits, truth) -> float:
    logits = logits - logits.max(axis=1, keepdims=True)
    chosen = logits[np.arange(len(truth)), truth]
    return float((np.log(np.exp(logits).sum(axis=1)) - chosen).mean())
