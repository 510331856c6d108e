"""How well questions worded differently are answered; the figures are in docs/retrieval.md, the floors just below."""

import subprocess
import sys

import pytest

from core.knowledge.book import shipped_policies
from core.knowledge.search import Index
from tests.knowledge.asked import Asked, Figures, asked, figures, found_by, shipped_index


@pytest.fixture(scope="module")
def index() -> Index:
    return shipped_index()


def measured(index: Index, questions: list[Asked]) -> Figures:
    return figures(questions, found_by(index, questions))


def test_the_test_set_is_what_the_issue_asks_for() -> None:
    questions = asked("test")
    assert sum(bool(q.right) for q in questions) >= 220 and sum(not q.right for q in questions) >= 80
    assert not {q.text for q in questions} & {q.text for q in asked("development")}


def test_strangers_who_were_never_tuned_for_find_it_too(index: Index) -> None:
    questions = asked("third")
    assert sum(bool(q.right) for q in questions) >= 100 and sum(not q.right for q in questions) >= 50
    found = measured(index, questions)
    assert found.first >= 0.78 and found.three >= 0.95 and found.false <= 0.05 and found.mistaken <= 0.05


@pytest.mark.parametrize("question", ["电视怎么投屏", "空调怎么清洗滤网", "发票怎么开", "打印机墨盒怎么换"])
def test_plain_words_in_another_order_are_sure(index: Index, question: str) -> None:
    (found,) = found_by(index, [Asked(question, frozenset())])
    assert found is not None and found.signs.confidence(shipped_policies()["search"]) > 0.95


def test_english_questions_are_found_and_nothing_wrong_is_said(index: Index) -> None:
    found = measured(index, asked("english"))
    assert found.three >= 0.75 and found.false <= 0.05 and found.mistaken <= 0.05


def test_the_very_words_of_a_wording_are_sure_however_short(index: Index) -> None:
    found = index.find("请问 截屏按什么键？")
    assert found is not None and found.keys[0] == "question:pc-screenshot"
    assert found.signs.exact and found.signs.confidence({}) == 1


def test_what_nobody_asks_loads_no_search_library() -> None:
    code = "import sys, console.site, core.dialogue.turn; print({'bm25s', 'pypinyin'} & set(sys.modules))"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=180
    )
    assert said.stdout.strip() == "set()"


def test_the_right_answer_comes_first(index: Index) -> None:
    found = measured(index, asked("test"))
    assert found.first >= 0.92 and found.three >= 0.98


def test_what_cannot_be_answered_is_not(index: Index) -> None:
    found = measured(index, asked("test"))
    assert found.false <= 0.05 and found.answered >= 0.70 and found.mistaken <= 0.03


def test_characters_of_the_same_sound_are_understood(index: Index) -> None:
    found = index.find("打印机西鼓更换")
    assert found is not None and found.keys[0] == "question:printer-change-toner"


def test_a_category_excludes_the_others(index: Index) -> None:
    anywhere, washers = index.find("怎么清洗"), index.find("怎么清洗", category="washing_machine")
    assert anywhere is not None and washers is not None
    assert all(key.split(":")[1].startswith(("washer", "svc", "train")) for key in washers.keys)


@pytest.mark.parametrize("text", ["", "？？？", "🙂", "zzzqqq"])
def test_nothing_shared_is_nothing_found(index: Index, text: str) -> None:
    assert index.find(text) is None
