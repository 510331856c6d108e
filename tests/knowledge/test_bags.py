"""How much two sayings have in common, whatever their order."""

from dataclasses import replace

import numpy as np
import pytest

from core.knowledge.bags import Bags
from core.knowledge.search import Index, Signs
from core.knowledge.shelf import Entry
from core.knowledge.terms import HouseWords

WORTH = np.array([1.0, 2.0, 3.0, 4.0], dtype=np.float32)


@pytest.mark.parametrize(
    ("asked", "unknown", "same"),
    [
        ([0, 1], 0.0, 1.0),
        ([1, 0], 0.0, 1.0),
        ([0], 0.0, 2 * 1 / (1 + 3)),
        ([0, 1, 3], 0.0, 2 * 3 / (7 + 3)),
        ([0, 1], 3.0, 2 * 3 / (6 + 3)),
        ([], 2.0, 0.0),
        ([], 0.0, 0.0),
    ],
)
def test_the_share_goes_by_what_the_terms_are_worth(asked: list[int], unknown: float, same: float) -> None:
    assert Bags([[0, 1]]).same(asked, unknown, WORTH, range(0, 1)) == pytest.approx(same)


def test_the_likest_wording_counts_and_only_of_those_given() -> None:
    bags = Bags([[0, 1], [], [2], [3, 2]])
    assert bags.same([2], 0.0, WORTH, range(0, 2)) == 0
    assert bags.same([2], 0.0, WORTH, range(0, 4)) == 1
    assert bags.same([2], 0.0, WORTH, range(3, 4)) == pytest.approx(2 * 3 / (3 + 7))


def sameness(question: str, category: str | None = None) -> float:
    entries = [
        Entry("filter", "tv", "电视", "滤网怎么清洗"),
        Entry("lock", "tv", "电视", "电视童锁怎么解除"),
        Entry("other", "other", "", "遥控配对"),
    ]
    whole = {"filter": "电视 滤网清洗", "lock": "电视童锁解除", "other": "遥控配对"}
    found = Index(entries, whole, HouseWords(["怎么"], [])).find(question, category=category)
    assert found is not None
    return found.signs.same


@pytest.mark.parametrize("question", ["怎么清洗滤网", "电视滤网清洗", "清洗电视滤网怎么"])
def test_order_the_products_name_and_silent_words_do_not_matter(question: str) -> None:
    assert sameness(question) == pytest.approx(1)


def test_a_wording_that_names_the_product_wants_it_named_or_known() -> None:
    """Washing machines have a child lock, too."""
    assert sameness("怎么解除童锁") < 0.9
    assert sameness("怎么解除电视童锁") == sameness("怎么解除童锁", "tv") == pytest.approx(1)


def test_the_very_same_said_of_another_matter_is_not_sure() -> None:
    one = Signs(covered=0.1, margin=0.1, clear=0.1, length=1.0, same=1.0, apart=0.5)
    weights = {"weights": {"bias": -5.0}}
    assert one.confidence(weights) > 0.95
    assert replace(one, apart=0.05).confidence(weights) < 0.1
    assert replace(one, same=0.85).confidence(weights) < 0.1


def test_short_questions_gain_by_being_the_same_and_long_ones_do_not() -> None:
    short = Signs(covered=0.1, margin=0.1, clear=0.1, length=1.6, same=0.8)
    assert short.brief > replace(short, same=0.5).brief > 0
    assert short.brief > replace(short, length=2.0).brief > replace(short, length=2.5).brief == 0


def test_another_word_does() -> None:
    assert sameness("怎么清洗滤网外壳") < sameness("怎么清洗滤网") - 0.1
