"""What holds for one product is not said of another."""

import pytest

from core.asked.ask import searched
from core.house import House
from core.knowledge.questions import Unanswered, answer, of_another


@pytest.mark.parametrize(
    ("category", "question", "another"),
    [
        ("refrigerator", "一级能效和三级能效的空调差多少钱", True),
        ("air_conditioner", "空调和冰箱能插一个插座吗", False),
        ("refrigerator", "空调和冰箱能插一个插座吗", False),
        ("other", "空调的发票在哪里开", False),
        ("refrigerator", "有异味怎么办", False),
    ],
)
def test_of_products_that_are_named(category: str, question: str, another: bool) -> None:
    assert of_another(category, question) is another


@pytest.mark.parametrize(
    ("question", "category"), [("洗碗机用什么盐", "other"), ("回音壁怎么接电视", "tv"), ("用什么盐", "tv")]
)
def test_an_appliance_that_is_not_ours_has_no_answer_of_ours(question: str, category: str) -> None:
    assert searched(question, "tv") == category


def test_it_is_not_answered_but_shown_as_near(house: House) -> None:
    with house.database.reading() as session:
        found = answer(session, house, "空调一级能效和三级能效差多少电费")
    assert isinstance(found, Unanswered) and found.nearest
