"""How likely a count is: the upper tail of the negative binomial, summed exactly from its first term."""

from math import exp, lgamma, log, log1p


def tail(k: int, *, mean: float, shape: float) -> float:
    """P(X ≥ k) for a negative binomial of this mean and shape (variance mean + mean²/shape).

    It is what a Poisson count looks like when its rate is known only as a gamma of ``shape``.
    """
    if k <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    ratio = mean / (mean + shape)
    term = exp(
        lgamma(shape + k) - lgamma(shape) - lgamma(k + 1) - shape * log1p(mean / shape) + k * log(ratio)
    )
    # Below the mode the terms still grow; there the rest of the sum is shorter.
    if k < mean:
        return max(0.0, 1.0 - _below(k, mean=mean, shape=shape))
    total, i = 0.0, k
    while term > total * 1e-16 and term > 0.0:
        total += term
        term *= (shape + i) / (i + 1) * ratio
        i += 1
    return min(1.0, total)


def _below(k: int, *, mean: float, shape: float) -> float:
    ratio = mean / (mean + shape)
    term, total = exp(-shape * log1p(mean / shape)), 0.0
    for i in range(k):
        total += term
        term *= (shape + i) / (i + 1) * ratio
    return total
