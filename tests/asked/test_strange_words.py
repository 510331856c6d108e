"""Questions nobody expects: ten thousand characters, emoji alone, right to left, invisible. They are answered or asked back."""

import pytest

from core.asked.ask import LONGEST
from tests.asked.conftest import ANSWER, QUESTION, SUN, Asking


def test_ten_thousand_characters_are_one_question_and_one_push(asking: Asking) -> None:
    asking.attended("wu", "吴敏", "13800138001")
    said = asking.says(f"{QUESTION}，" * 500, who="wu")
    (row,) = asking.asked()
    assert row.state == "waiting" and row.text.startswith(QUESTION) and len(row.text) == LONGEST, said
    assert len(asking.cards("提问待答")) == 1
    assert "已发给 1 处" in asking.types(SUN, f"#{asking.number()} 回答 {ANSWER}")
    answer = asking.heard("wu")
    assert ANSWER in answer and len(answer) < 1000
    asking.conserved()


@pytest.mark.parametrize(
    "words",
    [
        "😀",
        "👨‍👩‍👧‍👦🎉",
        "\u200b",
        "\u202e\u202c",
        "？？？",
        "؟كيف أضبط الساعة",
        "\u202e？么怎换切牌班\u202c",
    ],
)
def test_strange_words_are_answered_and_put_to_nobody_unread(asking: Asking, words: str) -> None:
    asking.attended("wu", "吴敏", "13800138001")
    assert asking.says(words, who="wu")
    assert "孙老师" in asking.says(QUESTION, who="wu")
    assert len(asking.cards("提问待答")) == 1 + sum(row.text != QUESTION for row in asking.asked())
    asking.conserved()
