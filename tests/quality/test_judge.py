"""The judgement: a decision table, the tail against exact arithmetic, and what must hold for all numbers."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.knowledge.book import shipped_policies
from core.quality.judge import History, Spike, Usual, expected, judge
from core.quality.key import keys_of, same_place
from core.quality.tail import tail

POLICY = shipped_policies()["quality"]

TABLE = [
    # observed, hours, weeks, slots, total, profile, today → verdict
    (2, 6, 8, (0,) * 8, 0, 1.0, 1.0, "too_few"),
    (9, 6, 1, (0,), 0, 1.0, 1.0, "no_history"),
    (3, 6, 8, (0,) * 8, 0, 1.0, 1.0, "spike"),  # never seen before, and three at once
    (3, 6, 8, (1,) * 8, 220, 1.0, 1.0, "expected"),  # one is usual here
    (5, 6, 8, (1,) * 8, 220, 1.0, 1.0, "expected"),
    (12, 6, 8, (1,) * 8, 220, 1.0, 1.0, "spike"),
    (60, 24, 8, (50,) * 8, 2800, 1.0, 1.0, "expected"),
    (250, 24, 8, (50,) * 8, 2800, 1.0, 1.0, "spike"),  # five times the usual
    (12, 6, 8, (1,) * 8, 220, 1.0, 3.0, "expected"),  # the whole house is three times as busy
]


@pytest.mark.parametrize("observed, hours, weeks, slots, total, profile, today, verdict", TABLE)
def test_decision_table(observed, hours, weeks, slots, total, profile, today, verdict) -> None:  # type: ignore[no-untyped-def]
    found = judge(observed, History(hours, weeks, slots, total, profile, today), POLICY)
    assert (found.why if isinstance(found, Usual) else "spike") == verdict


def slow_tail(k: int, mean: Fraction, shape: int) -> Fraction:
    """1 − the sum of the first k terms, without a rounding anywhere."""
    stay = Fraction(shape) / (mean + shape)
    return 1 - sum(comb(i + shape - 1, i) * stay**shape * (1 - stay) ** i for i in range(k))


@given(st.integers(0, 40), st.fractions("1/50", 20, max_denominator=50), st.integers(1, 12))
def test_the_tail_equals_exact_arithmetic(k: int, mean: Fraction, shape: int) -> None:
    exact = float(slow_tail(k, mean, shape))
    assert tail(k, mean=float(mean), shape=float(shape)) == pytest.approx(exact, rel=1e-9, abs=1e-300)


@given(st.integers(0, 300), st.floats(0.001, 80), st.floats(0.3, 50))
def test_the_tail_is_a_probability_and_falls(k: int, mean: float, shape: float) -> None:
    here, next_ = tail(k, mean=mean, shape=shape), tail(k + 1, mean=mean, shape=shape)
    assert 0.0 <= next_ <= here + 1e-12 <= 1.0 + 1e-12


@given(st.integers(3, 200), st.lists(st.integers(0, 30), min_size=8, max_size=8), st.integers(0, 3000))
def test_more_is_never_less_unusual(observed: int, slots: list[int], total: int) -> None:
    past = History(6, 8, tuple(slots), max(total, sum(slots)))
    if isinstance(judge(observed, past, POLICY), Spike):
        assert isinstance(judge(observed + 1, past, POLICY), Spike)
    assert expected(past, 4) > 0


def test_keys_of_a_ticket() -> None:
    def keys(**facts: str) -> list[str]:
        blank = dict.fromkeys(("model", "brand", "category", "symptom", "area"))
        return keys_of(**{**blank, **facts})

    assert keys(model="kfr-35gw", symptom="no_cooling") == ["model:KFR35GW:no_cooling"]
    assert keys(brand="美的", category="tv", symptom="noise") == ["brand:美的/tv:noise"]
    assert keys(area="510107", symptom="noise") == ["area:510107:noise", "area:510100:noise"]
    assert keys(area="510000", symptom="noise") == [] == keys(model="X", area="510107")
    assert same_place("area:510107:a", "area:510107:b") and same_place("area:510107:a", "area:510100:b")
    assert not same_place("area:510107:a", "area:510104:a") and not same_place("area:510107:a", "model:X:a")
