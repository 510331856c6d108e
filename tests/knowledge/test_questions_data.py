"""The questions and answers shipped as reference data: schema, coverage, wording, safety."""

import re
from collections import Counter

from core.categories import CATEGORIES
from core.knowledge.files import shipped_articles, shipped_questions

QUESTIONS = list(shipped_questions())


def test_there_are_enough_of_every_product() -> None:
    counts = Counter(question.category for question in QUESTIONS)
    assert set(counts) == set(CATEGORIES)
    assert len(QUESTIONS) >= 150 and min(counts.values()) >= 12


def test_each_is_whole_and_short() -> None:
    assert len({q.id for q in QUESTIONS}) == len(QUESTIONS)
    for q in QUESTIONS:
        assert re.fullmatch(r"[a-z0-9-]+", q.id) and q.source, q.id
        assert len(q.similar) >= 2 and 10 <= len(q.answer) <= 150 and len(q.question) <= 40, q.id
        assert re.search(r"[。）]$", q.answer), q.id
        assert all(isinstance(text, str) for text in (q.question, *q.similar, q.answer)), q.id


def test_each_is_there_in_both_languages() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    for q in QUESTIONS:
        assert q.question_en and q.answer_en and not han.search(q.question_en + q.answer_en), q.id
        assert re.search(r"[.)]$", q.answer_en) and len(q.answer_en) <= 400, q.id
        english = [text for text in q.similar if text.isascii()]
        assert len(english) >= 2 and len(q.similar) - len(english) >= 6, q.id


def test_no_wording_leads_to_two_answers() -> None:
    wordings = Counter(text for q in QUESTIONS for text in (q.question, *q.similar))
    assert [text for text, count in wordings.items() if count > 1] == []


def test_a_source_that_names_an_article_names_one_that_exists() -> None:
    slugs = {article.slug for article in shipped_articles()}
    named = [q.source.removeprefix("自助文章 ") for q in QUESTIONS if q.source.startswith("自助文章")]
    assert named and set(named) <= slugs


def test_nobody_is_told_to_do_what_is_dangerous() -> None:
    for q in QUESTIONS:
        told = re.search(r"(?<!不要)(?<!请不要)(?:自己|自行)(?:加氟|拆内胆|接线|改管|拆机壳)", q.answer)
        assert told is None, q.id
    gas = next(q for q in QUESTIONS if q.id == "heater-gas-smell").answer
    assert "关燃气" in gas and "不要开关任何电器" in gas and "到屋外" in gas
