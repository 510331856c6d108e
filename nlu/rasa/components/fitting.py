"""Training of a ``Linear`` with scikit-learn, and its calibration on sentences it has not seen."""

from collections import Counter, defaultdict
from typing import List, NamedTuple, Sequence

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC

from .folds import FOLDS
from .linear import Features, Linear, vector

RARE = 2  # a feature of fewer sentences says more about them than about the language
# Of unseen sentences that are no emergency this share is raised by the model alone; the rules raise as many again.
FALSE_ALARMS = 0.003


class Examples(NamedTuple):
    """Features and labels, and for each the written sentence it comes from and that one's fold."""

    features: List[Features]
    labels: List[str]
    families: Sequence[int]
    folds: Sequence[int]


def fit(given: Examples, seed: int, strength: float, balanced: bool = False) -> Linear:
    """Trains on all; ``balanced`` gives every label the same say. Confidence is not honest yet."""
    vocabulary, names = _vocabulary(given), sorted(set(given.labels))
    matrix, labels = _matrix(given.features, vocabulary), np.array(given.labels)
    return Linear(names, vocabulary, *_solve(matrix, labels, names, (seed, strength, balanced)))


def fit_calibrated(given: Examples, seed: int, strength: float, balanced: bool = False) -> Linear:
    """Trains on all, and sets temperature and alarm on what models of the other folds say of each fold.

    The folds are of written sentences: variants would flatter. All of them and the whole are solved side by side.
    """
    vocabulary, names = _vocabulary(given), sorted(set(given.labels))
    written = _written(given)
    matrix, labels = _matrix(written.features, vocabulary), np.array(written.labels)
    splits = _splits(labels, names, np.array(written.folds))
    whole = _matrix(given.features, vocabulary), np.array(given.labels)
    jobs = [whole, *((matrix[rest], labels[rest]) for _, rest in splits)]
    first, *others = _solve_each(jobs, names, (seed, strength, balanced))
    model = Linear(names, vocabulary, *first)
    margins = np.concatenate([matrix[held] @ w + bias for (held, _), (w, bias) in zip(splits, others)])
    _calibrate(model, margins, np.searchsorted(names, labels[np.concatenate([held for held, _ in splits])]))
    return model


def _calibrate(model: Linear, margins, truth) -> None:
    model.temperature = min(np.arange(0.1, 2.0, 0.02), key=lambda t: _loss(margins / t, truth))
    dangerous = truth == model.labels.index("emergency")
    model.alarm = _alarm(margins / model.temperature, dangerous, model.labels)


def _written(given: Examples) -> Examples:
    """The first of each family is the written one, its variants come after."""
    kept = sorted({family: at for at, family in reversed(list(enumerate(given.families)))}.values())
    return Examples(*([column[at] for at in kept] for column in given))


def _vocabulary(given: Examples) -> dict:
    by_family = defaultdict(set)
    for one, family in zip(given.features, given.families):
        by_family[family].update(f for block in one.blocks.values() for f in block)
    counts = Counter(f for found in by_family.values() for f in found)
    return {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= RARE))}


def _matrix(features: List[Features], vocabulary: dict) -> csr_matrix:
    rows = [vector(one, vocabulary) for one in features]
    pointers = np.cumsum([0] + [len(indices) for indices, _ in rows])
    flat = np.concatenate([np.asarray(indices, dtype=np.int32) for indices, _ in rows])
    sparse = csr_matrix((np.concatenate([v for _, v in rows]), flat, pointers), (len(rows), len(vocabulary)))
    return hstack([sparse, csr_matrix(np.stack([one.sense for one in features]))]).tocsr()


def _solve(matrix, labels, names, how):
    """Weights (features × labels) and bias; two labels are solved as one and mirrored."""
    seed, strength, balanced = how
    weight = "balanced" if balanced else None
    solver = LinearSVC(C=strength, random_state=seed, max_iter=300, class_weight=weight).fit(matrix, labels)
    assert list(solver.classes_) == names
    weights, bias = solver.coef_.T.astype(np.float32), solver.intercept_.astype(np.float32)
    if len(names) == 2:
        return np.hstack([-weights / 2, weights / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    return weights, bias


def _solve_each(jobs, names, how):
    # Without max_nbytes the children would get arrays that they may not write to, and liblinear writes.
    return Parallel(n_jobs=2, max_nbytes=None)(delayed(_solve)(*job, names, how) for job in jobs)


def _splits(labels, names, folds):
    """Which examples are held out and which are learnt from, fold by fold."""
    splits = [(np.where(folds == fold)[0], np.where(folds != fold)[0]) for fold in range(FOLDS)]
    return [(held, rest) for held, rest in splits if len(held) and sorted(set(labels[rest])) == names]


def _alarm(logits, dangerous, names) -> float:
    """The probability of an emergency from which on it is one, and below which it is not."""
    shares = _softmax(logits)[:, names.index("emergency")]
    harmless = np.sort(shares[~dangerous])
    return float(min(0.9, max(0.1, harmless[int(len(harmless) * (1 - FALSE_ALARMS))])))


def _softmax(logits):
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def _loss(logits, truth) -> float:
    logits = logits - logits.max(axis=1, keepdims=True)
    chosen = logits[np.arange(len(truth)), truth]
    return float((np.log(np.exp(logits).sum(axis=1)) - chosen).mean())
